import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
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
/** Seconds that a file may take. */
const PATIENCE = 600

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
  console.log(
    `${files.length} files, ${count.toLocaleString('en')} requests a fuzz${full ? ', no bounds' : ''}`,
  )
  const startedAt = Date.now()
  const code = await runTap(files, full ? 0 : PATIENCE, {
    [VARIABLES.requests]: String(count),
    [VARIABLES.full]: String(full),
  })
  console.log(`# prove: ${Math.round((Date.now() - startedAt) / 1000)} s, exit code ${code}`)
  return code
}

function filesOf(names: readonly string[]): string[] {
  const folder = relative(process.cwd(), import.meta.dirname)
  const known = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
  const chosen = names.map((name) => `${basename(name).replace(/(\.test)?(\.ts)?$/, '')}.test.ts`)
  const unknown = chosen.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new Error(
      `There is no ${unknown}. There are: ${known.join(', ').replaceAll('.test.ts', '')}.`,
    )
  }
  return (chosen.length > 0 ? chosen : known).map((name) => join(folder, name))
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
