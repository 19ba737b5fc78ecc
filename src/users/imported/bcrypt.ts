import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { bcryptSource } from './bcrypt-source.js'

/** What the thread does beside the library, which it gets as `bcrypt`. */
const COMPARE = `
const { parentPort, workerData } = require('node:worker_threads')
parentPort.postMessage(bcrypt.compareSync(workerData.password, workerData.digest))`

/** The library finds neither `define` nor a `module` of the thread's own. */
const thread = (library: string): string =>
  `const bcrypt=(()=>{const module={exports:{}};(function(module,exports,define){${library}\n})(module,module.exports);return module.exports})()${COMPARE}`

/**
 * Compares a password with a digest of bcrypt, in a thread of its own: Node has no bcrypt, and one in JavaScript holds up
 * everything else for half a second at the highest cost. bcrypt looks at the first 72 bytes of UTF-8 alone. In C a
 * password ends at U+0000, and some systems refuse such a one; here it is always wrong.
 */
export async function verifyBcrypt(digest: string, password: string): Promise<boolean> {
  const isWhole = !password.includes('\0')
  const worker = new Worker(thread(await bcryptSource()), {
    eval: true,
    // It needs nothing of what this process was started with.
    execArgv: [],
    env: {},
    workerData: { digest, password },
  })
  try {
    const [matches] = (await once(worker, 'message')) as [boolean]
    return matches && isWhole
  } finally {
    await worker.terminate()
  }
}
