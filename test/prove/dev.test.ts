import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, readFileSync, symlinkSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { enginePids, soon } from '../support/engine-process.js'
import { temporaryFolder } from '../support/engine.js'
import { NO_COVERAGE } from '../support/process.js'

const REPOSITORY = join(import.meta.dirname, '../..')

/** A copy that may be changed while it runs. */
function copyService(): string {
  const root = temporaryFolder()
  for (const name of ['src', 'packages', 'package.json', 'tsconfig.json']) {
    cpSync(join(REPOSITORY, name), join(root, name), { recursive: true })
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  return root
}

t.test('npm run dev starts again when a file changes, and Ctrl-C ends it all', async (t) => {
  const root = copyService()
  const dataDir = join(root, 'data')
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly dev: string }
  }
  const [, ...args] = manifest.scripts.dev.split(' ')
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...NO_COVERAGE, PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'ignore'],
    // A terminal sends Ctrl-C to the whole group.
    detached: true,
  })
  const group = -(child.pid ?? 0)
  const exited = once(child, 'exit')
  t.teardown(() => {
    if (child.exitCode === null) process.kill(group, 'SIGKILL')
  })
  const starts: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('Latchkey is listening')) starts.push(line)
  })
  t.ok(await soon(() => starts.length === 1), 'starts')
  appendFileSync(join(root, 'src/lib/clock.ts'), '\n')
  t.ok(await soon(() => starts.length === 2), 'starts again')
  process.kill(group, 'SIGINT')
  await exited
  t.ok(await soon(() => enginePids(dataDir).length === 0), 'no engine stays')
})
