import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { runBench } from './support/bench.js'
import { readOptions } from './support/options.js'
import { machine, median, printTable } from './support/report.js'
import type { Service } from './support/service.js'

/** Dollars for a million of each, us-east-1, on demand, without free tiers, as published in December 2025. */
const PRICES = {
  /** HTTP API, the first 300 million a month. */
  apiCall: 1,
  invocation: 0.2,
  /** Of a function with `APP_MEMORY_MB` on arm64, at $0.0000133334 for a GB and second. */
  millisecond: 0.0133334,
  readUnit: 0.125,
  writeUnit: 0.625,
} as const

/** A function has a whole processor at 1,769 MB, and the app has 1,024. */
const SHARE_OF_PROCESSOR = 1024 / 1769
/** What a call to DynamoDB takes within a region, milliseconds. */
const ROUND_TRIP = 5

const { rounds } = readOptions(
  'What each operation costs on AWS: requests and units of DynamoDB, milliseconds of Lambda, dollars for a million.',
  { rounds: { value: 15, description: 'times that each operation is done' } },
)

/** What DynamoDB has done, as it counts it itself. */
interface Units {
  requests: number
  read: number
  write: number
}

interface Spent extends Units {
  readonly milliseconds: number
}

const PASSWORD = 'long enough for a bench'

/** An instance believes nothing that it has read, so that every call reads: the dearest case. */
const SETTINGS = {
  VERIFICATION_CACHE_SECONDS: '0',
  RATE_LIMIT_PER_ADDRESS: '100000',
  LOG_LEVEL: 'error',
}

await runBench(SETTINGS, async ({ service }) => {
  console.log(machine())
  const units = countUnits(service.client)
  const operations = prepare(service)
  const spent = new Map<string, Spent[]>()
  for (let round = -1; round < rounds; round++) {
    for (const [name, operate] of Object.entries(operations)) {
      const before = { ...units }
      const { user: start } = process.cpuUsage()
      await operate()
      const one = {
        requests: units.requests - before.requests,
        read: units.read - before.read,
        write: units.write - before.write,
        milliseconds: (process.cpuUsage().user - start) / 1000,
      }
      if (round >= 0) spent.set(name, [...(spent.get(name) ?? []), one])
    }
  }
  report(spent)
})

/** Asks DynamoDB with each request what it has consumed. */
function countUnits(client: DynamoDBClient): Units {
  const units = { requests: 0, read: 0, write: 0 }
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' })
      const result = await next(args)
      const { ConsumedCapacity: consumed = [] } = result.output as {
        ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[]
      }
      const total = [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
      const isRead = /^(Get|BatchGet|Query)/.test(String(context.commandName))
      units.requests++
      units[isRead ? 'read' : 'write'] += total
      return result
    },
    { step: 'initialize', name: 'countUnits' },
  )
  return units
}

/** As much of an answer as the next operation needs. */
interface Answer {
  readonly accessToken: string
  readonly refreshToken: string
  readonly apiKey: string
  readonly key: { readonly id: string }
}

/** The operations, each of which leaves behind what the next one needs. */
function prepare({ app }: Service): Record<string, () => Promise<unknown>> {
  let email = ''
  let tokens = { accessToken: '', refreshToken: '' }
  let key = { apiKey: '', id: '' }
  const call = async (
    method: 'GET' | 'POST',
    url: string,
    payload?: object | string,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) })
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`)
    return answer.json<Answer>()
  }
  const bearer = () => ({ authorization: `Bearer ${tokens.accessToken}` })
  const basic = () => `Basic ${Buffer.from(`${key.id}:${key.apiKey}`).toString('base64')}`
  return {
    'sign-up': () => {
      email = `${randomUUID()}@example.com`
      return call('POST', '/api/auth/register', { email, password: PASSWORD })
    },
    'sign-in from a new device': () =>
      call('POST', '/api/auth/login', { email, password: PASSWORD }),
    'sign-in': async () => {
      tokens = await call('POST', '/api/auth/login', { email, password: PASSWORD })
    },
    refresh: async () => {
      const { refreshToken } = tokens
      tokens = await call('POST', '/api/auth/refresh', { refreshToken })
    },
    profile: () => call('GET', '/api/profile', undefined, bearer()),
    'access token alone': () => call('GET', '/api/protected', undefined, bearer()),
    'new API key': async () => {
      const made = await call('POST', '/api/apikeys/generate', { name: 'k' }, bearer())
      key = { apiKey: made.apiKey, id: made.key.id }
    },
    'call with an API key': () => call('GET', '/api/data', undefined, { 'x-api-key': key.apiKey }),
    'key for a token': () =>
      call('POST', '/oauth/token', 'grant_type=client_credentials', {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic(),
      }),
    sessions: () => call('GET', '/api/auth/sessions', undefined, bearer()),
    logout: () => call('POST', '/api/auth/logout', undefined, bearer()),
    'keys of tokens': () => call('GET', '/.well-known/jwks.json'),
  }
}

function report(spent: ReadonlyMap<string, readonly Spent[]>): void {
  const rows = [...spent].map(([name, all]) => {
    const of = (figure: keyof Spent) => median(all.map((one) => one[figure]))
    const billed = of('milliseconds') / SHARE_OF_PROCESSOR + of('requests') * ROUND_TRIP
    const tables = of('read') * PRICES.readUnit + of('write') * PRICES.writeUnit
    const compute = PRICES.invocation + Math.ceil(billed) * PRICES.millisecond
    const total = PRICES.apiCall + compute + tables
    return [
      name,
      of('requests').toFixed(0),
      of('read').toFixed(1),
      of('write').toFixed(1),
      billed.toFixed(0),
      tables.toFixed(2),
      compute.toFixed(2),
      total.toFixed(2),
    ]
  })
  const header = ['', 'requests', 'read units', 'write units', 'ms', '$ tables', '$ function', '$']
  printTable(header, rows)
}
