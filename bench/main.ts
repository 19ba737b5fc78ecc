import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readComparisonOptions } from './support/comparison-options.js'

const BENCH = import.meta.dirname

readComparisonOptions()
if (!isInstalled()) {
  const { status } = spawnSync('npm', ['ci'], { cwd: BENCH, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}
const { NODE_24 } = await import('./support/node.js')
// Ctrl-C reaches the comparison too, which stops what it has started; then this process ends.
process.on('SIGINT', () => undefined)
const compare = spawn(
  NODE_24,
  ['--import', 'tsx', join(BENCH, 'compare.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.on('SIGTERM', () => compare.kill())
const [code] = (await once(compare, 'exit')) as [number | null]
process.exitCode = code ?? 1

/** Whether what is installed is what the lock file says. */
function isInstalled(): boolean {
  const changed = (file: string) =>
    statSync(join(BENCH, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return changed('node_modules/.package-lock.json') >= changed('package-lock.json')
}
