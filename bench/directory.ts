import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { profileItem } from '../src/dynamodb/user-items.js'
import { newId, systemRandom } from '../src/lib/random.js'
import { Directory } from '../src/users/directory.js'
import { runBench } from './support/bench.js'
import { readOptions } from './support/options.js'
import { machine, printTable } from './support/report.js'
import { countUnits, type Units } from './support/spent.js'

const { few, thousands } = readOptions(
  'What administrators cost with few users and with many: requests and read and write units of DynamoDB.',
  {
    few: { value: 1000, description: 'users of the first round' },
    thousands: { value: 100, description: 'thousands of users of the second round' },
  },
)

/** A user who is looked at. */
interface Target {
  readonly id: string
  readonly email: string
}

const BATCH = 25
const AT_ONCE = 8
const ROUNDS = 5
const PASSWORD = 'a password of one account alone'
/** Nothing is believed that was read before. */
const SETTINGS = {
  VERIFICATION_CACHE_SECONDS: '0',
  RATE_LIMIT_PER_ADDRESS: '100000',
  LOG_LEVEL: 'error',
}

console.log(machine())
await runBench(SETTINGS, async ({ service }) => {
  const { app, client, config, services } = service
  const units = countUnits(client)
  const { users } = services
  const admin = await users.register({ email: 'admin@example.com', password: PASSWORD })
  await users.store.change(admin.id, { role: 'admin' })
  const login = { email: admin.email, password: PASSWORD }
  const signedIn = await app.inject({ method: 'POST', url: '/api/auth/login', payload: login })
  const headers = {
    authorization: `Bearer ${signedIn.json<{ accessToken: string }>().accessToken}`,
  }

  const ask = async (method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object) => {
    const url = `/api/admin/users${path}`
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) })
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`)
    return answer
  }
  const asks = (
    target: Target,
    last: string,
  ): Readonly<Record<string, () => Promise<unknown>>> => ({
    'first page': () => ask('GET', ''),
    'last page': () => ask('GET', `?cursor=${last}`),
    'disabled users': () => ask('GET', '?status=disabled'),
    'search, 20 found': () => ask('POST', '/search', { query: 'person' }),
    'search, one found': () => ask('POST', '/search', { query: target.email }),
    show: () => ask('GET', `/${target.id}`),
    sessions: () => ask('GET', `/${target.id}/sessions`),
    keys: () => ask('GET', `/${target.id}/keys`),
    disable: () => ask('PATCH', `/${target.id}`, { status: 'disabled' }),
    enable: () => ask('PATCH', `/${target.id}`, { status: 'active' }),
  })

  let made = 0
  const rounds = new Map<number, Map<string, string>>()
  for (const size of [few, thousands * 1000]) {
    const start = performance.now()
    await fill(client, config.tables.users, made, size)
    made = size
    const seconds = Math.round((performance.now() - start) / 1000)
    const counted = await new Directory(services.database, config.tables.users).count()
    console.log(`${counted} users, the last of them made in ${seconds} s`)
    const costs = new Map<string, string>()
    // What was done to it before is in its trail, which some of these read.
    const target = await users.register({ email: `target${size}@example.com`, password: PASSWORD })
    const operations = asks(target, cursorBefore(20))
    for (const [name, operate] of Object.entries(operations)) {
      const tries: string[] = []
      for (let round = 0; round < ROUNDS; round++) {
        if (name === 'disable') await operations.enable?.()
        if (name === 'enable') await operations.disable?.()
        tries.push(await costOf(units, operate))
      }
      costs.set(name, mostFrequent(tries))
    }
    rounds.set(size, costs)
  }
  const sizes = [...rounds.keys()]
  const names = [...(rounds.get(few)?.keys() ?? [])]
  const rows = names.map((name) => [
    name,
    ...sizes.map((size) => rounds.get(size)?.get(name) ?? ''),
  ])
  printTable(['requests, read and write units', ...sizes.map((size) => `${size} users`)], rows)
  const differ = rows.filter(([, ...costs]) => new Set(costs).size > 1)
  if (differ.length > 0) process.exitCode = 1
})

/** Now and then a request takes a block of permits for its address along, which is not what is measured. */
function mostFrequent(costs: readonly string[]): string {
  const times = (cost: string) => costs.filter((each) => each === cost).length
  return costs.toSorted((a, b) => times(b) - times(a))[0] ?? ''
}

async function costOf(units: Units, operate: () => Promise<unknown>): Promise<string> {
  const before = { ...units }
  await operate()
  const of = (name: keyof Units) => units[name] - before[name]
  return `${of('requests')}, ${of('readUnits')}, ${of('writeUnits')}`
}

/** When an account was made: long ago, one a second. */
function madeAt(number: number): string {
  return new Date(Date.UTC(2020) + number * 1000).toISOString()
}

/** The cursor after which the oldest accounts are left. */
function cursorBefore(left: number): string {
  return Buffer.from(`${madeAt(left)}#0`).toString('base64url')
}

/** Makes accounts as the service does, so many at a time as DynamoDB takes. */
async function fill(
  client: DynamoDBClient,
  table: string,
  from: number,
  to: number,
): Promise<void> {
  let next = from
  const writeOn = async () => {
    while (next < to) {
      const first = next
      next += BATCH
      const requests = Array.from({ length: Math.min(BATCH, to - first) }, (_, at) => ({
        PutRequest: { Item: marshall(profileItem(person(first + at))) },
      }))
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, writeOn))
}

function person(number: number) {
  return {
    id: newId(systemRandom),
    email: `person${String(number).padStart(7, '0')}@example.com`,
    name: `Person ${number}`,
    role: 'user',
    status: number % 5 === 0 ? ('disabled' as const) : ('active' as const),
    epoch: 0,
    createdAt: madeAt(number),
  }
}
