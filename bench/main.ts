import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expectedMinutes, readComparisonOptions } from './support/comparison-options.js'

const BENCH = import.meta.dirname

const options = readComparisonOptions()
if (!isInstalled()) {
  const { status } = spawnSync('npm', ['ci'], { cwd: BENCH, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}
const { NODE_24 } = await import('./support/node.js')
// Ctrl-C reaches what runs now too, which stops what it has started; then this process ends.
const interruption = new AbortController()
process.on('SIGINT', () => interruption.abort())

const start = performance.now()
console.log(`This takes up to ${Math.ceil(expectedMinutes(options))} minutes.`)
if (options.scenarios.length > 0) await run('compare.ts', process.argv.slice(2))
if (options.withStartUp && !interruption.signal.aborted) {
  const quick = options.isQuick ? ['--quick'] : []
  await run('start-up.ts', ['--rounds', String(options.rounds), ...quick])
}
console.log(`It took ${((performance.now() - start) / 60_000).toFixed(1)} minutes.`)

/** Fails this process where the other fails. */
async function run(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(NODE_24, ['--import', 'tsx', join(BENCH, file), ...args], {
    stdio: 'inherit',
  })
  const stop = () => {
    interruption.abort()
    child.kill()
  }
  process.once('SIGTERM', stop)
  const [code] = (await once(child, 'exit')) as [number | null]
  process.off('SIGTERM', stop)
  if (code !== 0) process.exitCode = code ?? 1
}

/** Whether what is installed is what the lock file says. */
function isInstalled(): boolean {
  const changed = (file: string) =>
    statSync(join(BENCH, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return changed('node_modules/.package-lock.json') >= changed('package-lock.json')
}
