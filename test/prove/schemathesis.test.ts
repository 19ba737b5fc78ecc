import t from 'tap'
import { bounds } from '../support/bounds.js'
import { runAdmin, type ServerProcess, startServer } from '../support/process.js'
import { ToolsMissing } from '../support/python-environment.js'
import { API_KEY_SCOPES, RESOURCES } from '../support/resources.js'
import type { Account } from '../support/service.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { CALLERS, operationsOf } from './schemathesis/callers.js'
import { EXCEPTIONS } from './schemathesis/exceptions.js'
import { runSchemathesis } from './schemathesis/run.js'
import { installSchemathesis } from './schemathesis/tool.js'

/** Limits that no run reaches. */
const UNLIMITED = {
  RATE_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_WINDOW_SECONDS: '1',
  RATE_LIMIT_PER_ACCOUNT: '100',
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: '1',
  RATE_LIMIT_FAILURES_PER_ADDRESS: '5000',
  API_KEYS_PER_OWNER: '1000',
}

/** The same requests each time; others with `--full`, or with a seed that `PROVE_SEED` names. */
const SEED = Number(process.env.PROVE_SEED ?? (bounds.isFull ? Date.now() % 2 ** 31 : 1))
const EXAMPLES = Number(process.env.PROVE_EXAMPLES ?? (bounds.isFull ? 40 : 2))

/** For an operation that has not met one of its exceptions. */
const MORE_EXAMPLES = 500

/** Warnings after which a part of the document was not read as it is meant. */
const MISREAD = [
  'unsupported_regex',
  'unresolvable_reference',
  'missing_deserializer',
  'rate_limited',
]

const program = await installSchemathesis().catch((error: unknown) => {
  if (error instanceof ToolsMissing) return error
  throw error
})

t.test(
  'the service does what its OpenAPI document says, and says what it does (schemathesis)',
  { skip: program instanceof ToolsMissing && program.message },
  async (t) => {
    const { API_KEY_LEAK_PUBLIC_KEY = '' } = optionalRoutes()
    const env = { ...UNLIMITED, RESOURCES, API_KEY_SCOPES, API_KEY_LEAK_PUBLIC_KEY }
    const server = await startServer(t, { env })
    const operations = operationsOf((await server.get('/openapi.json')).body)
    const administrator = await newAdministrator(t, server)
    const used = new Set<string>()
    const run = async (caller: string, examples: number, only?: readonly string[]) => {
      t.comment(`${caller}, seed ${SEED}, ${examples} examples`)
      const { report, findings, ...outcome } = await runSchemathesis(t, {
        program: program as string,
        url: server.url,
        scopes: ['data:read', 'token:introspect'],
        ...{ caller, operations, administrator, only },
        ...{ seed: SEED, examples, isFull: bounds.isFull },
      })
      for (const use of outcome.used) used.add(use)
      t.same(findings, '', `${caller}: ${report.test_cases.generated} requests, 0 differences`)
      t.match(report, { complete: true, failures: [], errors: [] })
      t.equal(report.operations.tested, report.operations.selected, `${caller}: all of them`)
      for (const warning of MISREAD) t.same(report.warnings[warning], [], `${caller}: ${warning}`)
    }
    for (const caller of Object.keys(CALLERS)) await run(caller, EXAMPLES)
    // The few requests of a bounded run need not meet each exception.
    if (!bounds.isFull) return
    const missed = [...new Set(unusedOf(used).map(([operation]) => operation))]
    for (const caller of missed.length > 0 ? Object.keys(CALLERS) : []) {
      await run(caller, MORE_EXAMPLES, missed)
    }
    t.same(unusedOf(used), [], 'no exception without a request that needs it')
  },
)

/** Operations, each with an exception that none of its requests has needed. */
const unusedOf = (used: ReadonlySet<string>) =>
  EXCEPTIONS.flatMap(({ says, operations }) =>
    operations.filter((name) => !used.has(`${name} ${says}`)).map((name) => [name, says] as const),
  )

async function newAdministrator(
  t: Parameters<typeof runAdmin>[0],
  server: ServerProcess,
): Promise<Account> {
  const { account } = await server.signUp()
  const { code, stderr } = await runAdmin(t, ['promote', account.id], { dataDir: server.dataDir })
  if (code !== 0) throw new Error(stderr)
  return account
}
