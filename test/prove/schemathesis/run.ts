import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { temporaryFolder } from '../../support/engine.js'
import { CALLERS, type Operation } from './callers.js'
import { EXCEPTIONS } from './exceptions.js'

export interface Run {
  /** Path of schemathesis. */
  readonly program: string
  /** Base URL of the service. */
  readonly url: string
  readonly caller: string
  readonly operations: readonly Operation[]
  /** Who is an administrator of the service. */
  readonly administrator: { readonly email: string; readonly password: string }
  /** Scopes of the keys that partners have. */
  readonly scopes: readonly string[]
  readonly seed: number
  /** Cases that an operation gets in each phase. */
  readonly examples: number
  /** Whether each caller asks all operations in depth, and not only those that let it in. */
  readonly isFull: boolean
  /** Names of operations: no other is asked, and none leads to another. */
  readonly only?: readonly string[] | undefined
}

/** What schemathesis says at its end (`--report json`), of which this is a part. */
interface Report {
  readonly complete: boolean
  readonly operations: { readonly selected: number; readonly tested: number }
  readonly test_cases: { readonly generated: number }
  readonly failures: readonly unknown[]
  readonly errors: readonly unknown[]
  readonly warnings: Readonly<Record<string, readonly unknown[]>>
}

export interface Outcome {
  readonly report: Report
  /** Its findings as text, each with a curl line; empty where there is none. */
  readonly findings: string
  /** Exceptions that it needed, as the operation and what the refusal says. */
  readonly used: readonly string[]
}

/** One caller's run over all operations. */
export async function runSchemathesis(t: Test, run: Run): Promise<Outcome> {
  const folder = temporaryFolder()
  const [report, used] = [join(folder, 'report.json'), join(folder, 'used')]
  writeFileSync(join(folder, 'schemathesis.toml'), configOf(run))
  const { url, caller, administrator, scopes, only = [] } = run
  const settings = { url, caller, administrator, scopes, exceptions: EXCEPTIONS, used }
  const child = spawn(
    run.program,
    [
      ...['run', `${url}/openapi.json`, '--no-color', '--continue-on-failure'],
      ...['--seed', String(run.seed), '--output-sanitize', 'false'],
      ...['--report', 'json', '--report-json-path', report],
      ...only.flatMap((name) => ['--include-name', name]),
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        LATCHKEY_PROVE: JSON.stringify(settings),
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  t.teardown(() => child.kill())
  const closed = once(child, 'close')
  const lines: string[] = []
  for await (const raw of createInterface({ input: child.stdout })) {
    const line = raw.replaceAll(CONTROL, '')
    lines.push(line)
    if (PHASE.test(line)) t.comment(`${caller}: ${line.trim()}`)
  }
  await closed
  if (!existsSync(report)) throw new Error(lines.join('\n'))
  return {
    report: JSON.parse(readFileSync(report, 'utf8')) as Report,
    findings: findingsOf(lines),
    used: existsSync(used) ? [...new Set(readFileSync(used, 'utf8').trim().split('\n'))] : [],
  }
}

/** What moves the cursor of a terminal. */
const CONTROL = /\u001b\[\d*[A-Z]/g

/** Such as ` ✅  Coverage (in 12.30s)`. */
const PHASE = /\(in [\d.]+s\)$/

/** The sections of what is wrong, up to those of warnings and of sums. */
function findingsOf(lines: readonly string[]): string {
  const start = lines.findIndex((line) => /^=+ (ERRORS|FAILURES) =+$/.test(line))
  const end = lines.findIndex((line) => /^=+ (WARNINGS|SUMMARY) =+$/.test(line))
  return start < 0 ? '' : lines.slice(start, end < start ? undefined : end).join('\n')
}

/** See https://schemathesis.readthedocs.io/en/stable/reference/configuration/ */
function configOf({ caller, operations, examples, isFull, only }: Run): string {
  const letsIn = CALLERS[caller] as (operation: Operation) => boolean
  const refused = operations.filter((operation) => !letsIn(operation)).map(({ name }) => name)
  return `hooks = "hooks"
workers = 1
request-timeout = 30

[auth]
auto-signup = false

[generation]
database = "none"
max-examples = ${examples}

# A body, or an address, that is too long is refused for that.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, 431, "5xx"]

[phases.stateful]
enabled = ${WITH_LINKS.has(caller) && only === undefined}
${isFull || refused.length === 0 ? '' : bounded(caller, refused)}`
}

/** They make what a later request names; the others have no way from one to the next. */
const WITH_LINKS = new Set(['person', 'administrator'])

/**
 * Without a credential each operation is asked a little; another caller whom it refuses hears the same whatever is sent,
 * which `prove/credentials` has all combinations of.
 */
const bounded = (caller: string, names: readonly string[]): string => `
[[operations]]
include-name = ${JSON.stringify(names)}
${
  caller === 'no credential'
    ? `generation.max-examples = 1
phases.examples.enabled = false
phases.coverage.enabled = false`
    : 'enabled = false'
}
`
