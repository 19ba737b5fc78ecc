import { readdirSync, readFileSync } from 'node:fs'
import { COUNTED } from '../../src/events/metrics.js'
import { ITEM_KINDS } from './item-kinds.js'
import { ALLOWED } from './policy.js'
import { readTranscript } from './transcript.js'

/** What the suite covers today, rounded down: a change may raise it and must not lower it. */
const FLOOR = { lines: 99, branches: 95, functions: 98 }

interface Summary {
  readonly total: Readonly<Record<keyof typeof FLOOR, { readonly pct: number }>>
}

if (process.argv.includes('--coverage')) {
  const path = new URL('../../.tap/report/coverage-summary.json', import.meta.url)
  const { total } = JSON.parse(readFileSync(path, 'utf8')) as Summary
  for (const [name, floor] of Object.entries(FLOOR)) {
    const { pct } = total[name as keyof typeof FLOOR]
    console.log(`# coverage of ${name}: ${pct} % (floor ${floor} %)`)
    if (pct < floor) process.exitCode = 1
  }
}

const SECURITY = /^(authn|authz|sensitive|excess|malicious)_/
const transcript = readTranscript()

/** What nothing in the suite needs, the function need not be allowed. */
const used = new Set(transcript.flatMap((entry) => (entry.kind === 'action' ? entry.name : [])))
const unused = [...ALLOWED].filter((name) => !used.has(name))
console.log(`# ${used.size} kinds of access to tables, ${unused.length} allowed and never used`)
for (const name of unused) console.log(`# never used: ${name}`)

/** Of what nothing writes, no test can say that an erase takes it away. Restores are in `prove`. */
const written = new Set(transcript.flatMap((entry) => (entry.kind === 'item' ? entry.name : [])))
const unwritten = [...ITEM_KINDS.keys()].filter(
  (name) => name !== 'users RESTORATION' && !written.has(name),
)
for (const name of unwritten) console.log(`# never written: ${name}`)

/** A curve of an event that nothing logs would be flat for ever. An app that can't start has no log of ours. */
const logged = transcript.flatMap((entry) => (entry.kind === 'log' ? entry.line : []))
const unheard = [...COUNTED.keys()].filter(
  (event) => event !== 'start_fail' && !logged.some((line) => line.includes(`"event":"${event}"`)),
)
for (const event of unheard) console.log(`# counted and never logged: ${event}`)

/** Who was it (ASVS 16.2.1): each security event of a request has the client's address and program. */
const anonymous = logged
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line) as Record<string, unknown>)
  .filter(({ event, requestId }) => requestId !== undefined && SECURITY.test(String(event)))
  .filter(({ ip, userAgent }) => ip === undefined || userAgent === undefined)
  .map(({ event }) => String(event))
for (const event of new Set(anonymous)) console.log(`# without a client: ${event}`)

/**
 * Folders whose files `.taprc` or a script of package.json names. The others are imported by `test/*.test.ts`, and
 * these, where `.taprc` does not name them, by `test/app` or `test/prove`.
 */
const NAMED = /^(app|entry|package|prove|runtime)\//
const [, alone = ''] = /^ +- test\/\{(.+)\}\.test\.ts$/m.exec(readFileSync('.taprc', 'utf8')) ?? []
const isTest = (path: string) => path.endsWith('.test.ts') && !path.includes('node_modules')
const tests = readdirSync('test', { recursive: true }).map(String).filter(isTest)
const importedBy = (importers: readonly string[]) =>
  importers
    .flatMap((path) => [...readFileSync(`test/${path}`, 'utf8').matchAll(/'\.\.?\/(.+)\.js'/g)])
    .map(([, path]) => `${path}.ts`)
const isAtRoot = (path: string) => !path.includes('/')
const run = [
  ...alone.split(',').map((name) => `${name}.test.ts`),
  ...importedBy(tests.filter((path) => /^(app|prove)\//.test(path))),
]
const imported = importedBy(tests.filter(isAtRoot))
const forgotten = tests.filter(
  (path) => !NAMED.test(path) && !(isAtRoot(path) ? run : imported).includes(path),
)
for (const path of forgotten) console.log(`# never run: test/${path}`)

const faults = [unused, unwritten, unheard, forgotten, anonymous]
if (faults.some(({ length }) => length > 0)) process.exitCode = 1
