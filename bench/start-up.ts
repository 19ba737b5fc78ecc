import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundle, bundleEntry } from '../infra/bundle/bundle.js'
import { functionFolder } from '../infra/constructs/function-folder.js'
import type { StoredRing } from '../src/keyring/store.js'
import { runBench } from './support/bench.js'
import { createHolders } from './support/holders.js'
import { type FirstAnswer, startInstance } from './support/instance.js'
import { NODE_24 } from './support/node.js'
import { readOptions } from './support/options.js'
import { rounded } from './support/comparison.js'
import { machine, median, printTable } from './support/report.js'
import { resultsFolder, settingOf, writeResult } from './support/results.js'
import type { Environment, Service } from './support/service.js'

/** Rounds that do not count: files come from the disk in them. */
const WARM_UP = 2

interface Variant {
  /** Path of the bundle. */
  readonly bundle: string
  readonly event: object
  readonly environment?: Environment
  readonly answers: Partial<FirstAnswer>
  /** Highest ratio to `bare` that is good enough. */
  readonly goal?: number
  /** Most memory after the first answer, megabytes. */
  readonly memoryGoal?: number
}

const { rounds, quick } = readOptions(
  'Time from the start of a process (Node 24) to the first answered event, against a handler that only makes a DynamoDB client.',
  { rounds: { value: 15, description: 'timed rounds, one start of each variant in each' } },
  { quick: 'writes to bench/results/quick/, and misses no goal' },
)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-up-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Secrets Manager and the issuer's address, as far as a start needs them. */
let serve: (path: string) => Promise<string> = () => Promise.reject(new Error('nothing yet'))
const server = createServer((request, response) => {
  void serve(request.url ?? '').then((body) => response.end(body))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

await runBench({ ISSUER: address }, async ({ service }) => {
  console.log(`${machine()}; instances on Node 24 (${NODE_24})`)
  const { revision, ring } = (await service.keyStores.keyRing.read()) as StoredRing
  const secret = JSON.stringify({ revision, ring })
  serve = async (path) =>
    path === '/'
      ? JSON.stringify({ ARN: 'key-ring', Name: 'key-ring', SecretString: secret })
      : (await service.app.inject(path)).body
  const variants = await prepare(service)
  const results: Record<string, FirstAnswer>[] = []
  for (let round = -WARM_UP; round < rounds; round++) {
    const result = await startEach(variants)
    if (round >= 0) results.push(result)
  }
  report(variants, results)
})
server.close()

async function prepare({ services, endpoint }: Service): Promise<Record<string, Variant>> {
  const [holder] = await createHolders({ services }, 1)
  const owner = { email: 'owner@example.com', password: 'long enough for a bench' }
  const user = await services.users.register(owner)
  const { secret } = await services.apiKeys.generate({}, user, { name: 'bench' })
  const bearer = { authorization: `Bearer ${holder?.token ?? ''}` }

  const environment = {
    ISSUER: address,
    KEY_RING_SECRET: 'key-ring',
    TICKET_KEYS_SECRET: 'ticket-keys',
    DATA_KEYS_SECRET: 'data-keys',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: address,
  }
  await Promise.all([bundle('app'), bundle('authorizer')])
  const handlers = join(import.meta.dirname, 'support/handlers')
  const bundled = (name: string) => join(folder, name, 'index.mjs')
  await bundleEntry(join(handlers, 'empty.ts'), join(folder, 'empty'))
  await bundleEntry(join(handlers, 'bare.ts'), join(folder, 'lean'))
  await bundleByDefault(join(handlers, 'bare.ts'), join(folder, 'bare/index.cjs'))
  const service = { bundle: join(functionFolder('app'), 'index.mjs'), environment }
  const authorizer = { bundle: join(functionFolder('authorizer'), 'index.mjs') }
  return {
    empty: { bundle: bundled('empty'), event: get({}), answers: { status: 200 } },
    bare: {
      bundle: join(folder, 'bare/index.cjs'),
      event: get({}),
      environment,
      answers: { status: 200 },
    },
    'bare, our bundle': {
      bundle: bundled('lean'),
      event: get({}),
      environment,
      answers: { status: 200 },
    },
    app: { ...service, event: get(bearer), answers: { status: 200 }, goal: 1.6, memoryGoal: 80 },
    'app, refusing': { ...service, event: get({}), answers: { status: 401 } },
    authorizer: {
      ...authorizer,
      // The holder's token is Latchkey's own.
      environment: {
        ...environment,
        ACCEPTS: 'jwt',
        RESOURCE: 'https://orders.example.com',
        LEGACY_AUDIENCE: 'latchkey',
      },
      event: get(bearer),
      answers: { isAuthorized: true },
      goal: 0.7,
      memoryGoal: 60,
    },
    'authorizer of keys': {
      ...authorizer,
      environment: { ...environment, ACCEPTS: 'api-key' },
      event: get({ 'x-api-key': secret }),
      answers: { isAuthorized: true },
    },
  }
}

/** As CDK's `NodejsFunction` bundles by itself when it is told to minify and to bring the SDK along. */
async function bundleByDefault(entry: string, outfile: string): Promise<void> {
  await build({ entryPoints: [entry], outfile, bundle: true, minify: true, platform: 'node' })
}

/** Both a call and a question of an authorizer. */
function get(headers: Readonly<Record<string, string>>) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/api/protected',
    rawQueryString: '',
    headers,
    requestContext: {
      http: { method: 'GET', path: '/api/protected', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' },
      requestId: 'bench',
    },
    isBase64Encoded: false,
  }
}

async function startEach(variants: Readonly<Record<string, Variant>>) {
  const result: Record<string, FirstAnswer> = {}
  for (const [name, { bundle: path, event, environment = {}, answers }] of Object.entries(
    variants,
  )) {
    const first = await startInstance(path, event, environment)
    for (const [what, expected] of Object.entries(answers)) {
      if (first[what as keyof FirstAnswer] === expected) continue
      throw new Error(`${name} answered ${JSON.stringify(first)}`)
    }
    result[name] = first
  }
  return result
}

/** What a variant has taken. */
interface Row {
  readonly name: string
  readonly milliseconds: number
  /** Median, least and most, of the time over that of `bare` in the same round. */
  readonly ratio: number
  readonly least: number
  readonly most: number
  readonly goal?: number | undefined
  readonly megabytes: number
  readonly memoryGoal?: number | undefined
}

function report(
  variants: Readonly<Record<string, Variant>>,
  results: readonly Readonly<Record<string, FirstAnswer>>[],
): void {
  const milliseconds = (name: string) => results.map((round) => round[name]?.milliseconds ?? NaN)
  const bare = milliseconds('bare')
  const rows = Object.entries(variants).map(([name, { goal, memoryGoal }]): Row => {
    const times = milliseconds(name)
    const ratios = times.map((time, index) => time / (bare[index] as number))
    const memory = results.map((round) => round[name]?.residentKilobytes ?? NaN)
    return {
      name,
      milliseconds: rounded(median(times), 1),
      ratio: rounded(median(ratios), 3),
      least: rounded(Math.min(...ratios), 3),
      most: rounded(Math.max(...ratios), 3),
      goal,
      megabytes: rounded(median(memory) / 1000, 1),
      memoryGoal,
    }
  })
  const isMissed = ({ ratio, goal = Infinity, megabytes, memoryGoal = Infinity }: Row) =>
    ratio > goal || megabytes > memoryGoal
  if (!quick && rows.some(isMissed)) process.exitCode = 1
  const header = ['', 'median ms', 'of bare', 'least', 'most', 'goal', 'MB', 'goal']
  const lines = rows.map((row) => [
    row.name,
    row.milliseconds.toFixed(0),
    ...[row.ratio, row.least, row.most].map((ratio) => ratio.toFixed(2)),
    row.goal?.toFixed(1) ?? '',
    row.megabytes.toFixed(0),
    row.memoryGoal?.toFixed(0) ?? '',
  ])
  printTable(header, lines)
  const node = execFileSync(NODE_24, ['--version'], { encoding: 'utf8' }).trim()
  const setting = settingOf({ node, rounds })
  const { date, machine: where } = setting
  writeResult(
    resultsFolder(quick),
    {
      ...{ name: 'start-up', title: 'From the spawn of a process to its first answer', setting },
      rows,
    },
    {
      table: [header, ...lines],
      subtitle: `time over that of a bare DynamoDB handler, median of ${rounds} rounds; Node ${node}, ${where}, ${date}`,
      lines: rows.map((row) => ({
        name: row.name,
        values: [row.ratio],
        range: row,
        goal: row.goal,
        said: `${row.milliseconds.toFixed(0)} ms, ${row.ratio.toFixed(2)}${row.goal === undefined ? '' : `, goal ${row.goal}`}`,
      })),
    },
  )
}
