import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { VARIABLES } from '../support/bounds.js'

const HELP = `Usage: npm run prove -- [options] [name...]

Runs test/prove: generated matrices, fuzz, models, other people's clients, long browser runs, templates.
A name such as "ratchet" runs one file.

Options:
  --requests <n>  requests that each fuzz sends (default: 20000)
  --full          no bounds: up to a million requests, every case of each matrix
  --help          print this text`

const REQUESTS = { bounded: 20_000, full: 1_000_000 }
const FOLDER = relative(process.cwd(), import.meta.dirname)
/** Seconds that a process may take. */
const PATIENCE = 900

/** Files that a process runs, one after the other: it loads some 900 modules first, which takes 4 s of a core. */
const TOGETHER = 3
/** These run several of their tests at once, set variables of their process, or take a minute by themselves. */
const ALONE = new Set([
  ...['audiences', 'mail', 'server'],
  ...['faults-accounts', 'faults-machines', 'faults-pages', 'load', 'schemathesis'],
])

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      requests: { type: 'string' },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) console.log(HELP)
  else process.exitCode = await prove(values.full, values.requests, positionals)
} catch (error) {
  console.error(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}

/** @returns the exit code. */
async function prove(full: boolean, requests: string | undefined, names: string[]) {
  // npm keeps what stands before the two dashes for itself.
  if (process.env.npm_config_full !== undefined || process.env.npm_config_requests !== undefined) {
    throw new Error('Options follow two dashes: npm run prove -- --requests 20000')
  }
  const count = Number(requests ?? REQUESTS[full ? 'full' : 'bounded'])
  if (!Number.isInteger(count) || count < 1) throw new Error('--requests: must be a whole number.')
  const files = filesOf(names)
  const processes = names.length > 0 ? files.map(pathOf) : grouped(files)
  console.log(
    `${files.length} files, ${count.toLocaleString('en')} requests a fuzz${full ? ', no bounds' : ''}`,
  )
  const startedAt = Date.now()
  const code = await runTap(processes, full ? 0 : PATIENCE, {
    [VARIABLES.requests]: String(count),
    [VARIABLES.full]: String(full),
  })
  console.log(`# prove: ${Math.round((Date.now() - startedAt) / 1000)} s, exit code ${code}`)
  return code
}

function pathOf(name: string): string {
  return join(FOLDER, `${name}.test.ts`)
}

/** @returns their names, such as `ratchet`. */
function filesOf(names: readonly string[]): string[] {
  const known = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => basename(name, '.test.ts'))
  const chosen = names.map((name) => basename(name).replace(/(\.test)?(\.ts)?$/, ''))
  const unknown = chosen.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new Error(`There is no ${unknown}. There are: ${known.join(', ')}.`)
  }
  return chosen.length > 0 ? chosen : known
}

/** Writes a file for each process that is to run several. @returns the paths of all. */
function grouped(names: readonly string[]): string[] {
  const folder = '.tap/prove'
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const others = names.filter((name) => !ALONE.has(name))
  const groups = Array.from({ length: Math.ceil(others.length / TOGETHER) }, (_, index) =>
    others.slice(index * TOGETHER, (index + 1) * TOGETHER),
  )
  const paths = groups.map((group) => {
    const path = join(folder, `${group.join('+')}.test.ts`)
    writeFileSync(path, group.map((name) => `import '../../${pathOf(name)}'\n`).join(''))
    return path
  })
  return [...paths, ...names.filter((name) => ALONE.has(name)).map(pathOf)]
}

/** tap shows the progress. Two at a time: many of these start processes of their own. Ctrl-C reaches it as well, and what it has started. */
async function runTap(files: string[], timeout: number, env: Record<string, string>) {
  const child = spawn('tap', ['--jobs=2', `--timeout=${timeout}`, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  const stops: string[] = []
  process.on('SIGINT', (signal) => stops.push(signal))
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  return stops.length > 0 ? 130 : code
}
