import { newId, systemRandom } from '../src/lib/random.js'
import { type Bench, runBench, type Server } from './support/bench.js'
import { rounded } from './support/comparison.js'
import { Connection, request } from './support/connection.js'
import { readOptions } from './support/options.js'
import { machine, printTable } from './support/report.js'
import { resultsFolder, settingOf, writeResult } from './support/results.js'
import type { Units } from './support/units.js'

const { seconds, limit, quick } = readOptions(
  'One API key at full speed: what one process and four verify, what the store sees of it, and whether the limit of the key holds.',
  {
    seconds: { value: 10, description: 'length of each run' },
    limit: { value: 5000, description: 'calls a day that the limited key may make' },
  },
  { quick: 'writes to bench/results/quick/' },
)

const PROCESSES = 4
/** Of all processes together. */
const CONNECTIONS = 20
const DAY_SECONDS = 86_400

/** What one run has made of the key. */
interface Row {
  readonly name: string
  readonly allowed: number
  readonly refused: number
  readonly perSecond: number
  /** Of the store. */
  readonly requests: number
  readonly readUnits: number
  readonly writeUnits: number
  /** Calls that may be allowed at most. */
  readonly limit?: number
}

await runBench({ LOG_LEVEL: 'error' }, async (bench) => {
  console.log(machine())
  const servers: Server[] = []
  while (servers.length < PROCESSES) servers.push(await bench.start('own/latchkey', 'counted'))
  const rateLimit = { limit, windowSeconds: DAY_SECONDS }
  const rows = [
    await call('one process', servers.slice(0, 1), await newKey(bench)),
    await call('four processes', servers, await newKey(bench)),
    {
      ...(await call(`four, ${limit} calls a day`, servers, await newKey(bench, { rateLimit }))),
      limit,
    },
  ]
  report(rows)
  if (rows.some((row) => verdictOf(row) === 'exceeded')) process.exitCode = 1
})

async function newKey({ service }: Bench, settings = {}): Promise<string> {
  const email = `owner-${newId(systemRandom)}@example.com`
  const owner = await service.services.users.register({
    email,
    password: 'long enough for a bench',
  })
  return (await service.services.apiKeys.generate({}, owner, { name: 'bench', ...settings })).secret
}

/** Each connection calls again when it has its answer. */
async function call(name: string, servers: readonly Server[], key: string): Promise<Row> {
  const asking = request('GET /api/data', { 'x-api-key': key })
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) =>
      Connection.open((servers[index % servers.length] as Server).scene.port),
    ),
  )
  const before = await unitsOf(servers)
  const start = performance.now()
  const counts = { allowed: 0, refused: 0 }
  const drive = async (connection: Connection) => {
    while (performance.now() - start < seconds * 1000) {
      const { status, body } = await connection.exchange(asking)
      if (status !== 200 && status !== 429)
        throw new Error(`A key was answered with ${status} ${body}`)
      counts[status === 200 ? 'allowed' : 'refused']++
    }
  }
  await Promise.all(connections.map(drive))
  const elapsed = (performance.now() - start) / 1000
  const after = await unitsOf(servers)
  for (const connection of connections) connection.close()
  const spent = (figure: keyof Units) => after[figure] - before[figure]
  return {
    ...{ name, ...counts },
    perSecond: rounded((counts.allowed + counts.refused) / elapsed, 0),
    requests: spent('requests'),
    readUnits: spent('readUnits'),
    writeUnits: spent('writeUnits'),
  }
}

async function unitsOf(servers: readonly Server[]): Promise<Units> {
  const all: Units[] = []
  for (const { usage } of servers) all.push((await usage()).units)
  const sum = (figure: keyof Units) => all.reduce((total, units) => total + units[figure], 0)
  return { requests: sum('requests'), readUnits: sum('readUnits'), writeUnits: sum('writeUnits') }
}

function verdictOf({ allowed, refused, limit: most }: Row): string {
  if (most === undefined) return ''
  if (allowed > most) return 'exceeded'
  return refused > 0 ? 'held' : 'not reached'
}

function report(rows: readonly Row[]): void {
  const header = [
    '',
    'calls/s',
    'allowed',
    'refused',
    'requests',
    'read units',
    'write units',
    'limit',
  ]
  const lines = rows.map((row) => [
    row.name,
    ...[row.perSecond, row.allowed, row.refused, row.requests, row.readUnits, row.writeUnits].map(
      String,
    ),
    verdictOf(row),
  ])
  printTable(header, lines)
  const setting = settingOf({ rounds: 1, connections: CONNECTIONS })
  writeResult(
    resultsFolder(quick),
    { name: 'one-key', title: 'One API key at full speed', setting, rows },
    {
      table: [header, ...lines],
      subtitle: `calls a second in ${seconds} seconds; Node ${setting.node}, ${setting.machine}, ${setting.date}`,
      lines: rows.map((row) => ({
        name: row.name,
        values: [row.perSecond],
        said: `${row.perSecond} calls/s; ${row.requests} requests, ${row.writeUnits} write units in all`,
      })),
    },
  )
}
