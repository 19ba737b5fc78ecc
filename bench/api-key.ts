import { runBench } from './support/bench.js'
import { Connection, request } from './support/connection.js'
import { load } from './support/load.js'
import { readOptions } from './support/options.js'
import { machine, median, printTable } from './support/report.js'

const CONNECTIONS = 32
const WARM_UP = 2
const GOAL = 0.5

const { rounds, seconds } = readOptions(
  'Rate of GET /api/data with a valid API key, against the same route without authentication.',
  {
    rounds: { value: 9, description: 'timed rounds' },
    seconds: { value: 3, description: 'seconds for each route in a round' },
  },
)

await runBench({}, async ({ service: { services }, start }) => {
  console.log(machine())
  const owner = await services.users.register({
    email: 'owner@example.com',
    password: 'long enough for a bench',
  })
  const { secret, key } = await services.apiKeys.generate({}, owner, { name: 'bench' })
  const { port } = await start('keyed', { KEY_ID: key.keyId })
  const connecting = Array.from({ length: CONNECTIONS }, () => Connection.open(port))
  const connections = await Promise.all(connecting)

  const open = request('GET /open/data', {})
  const keyed = request('GET /api/data', { 'x-api-key': secret })
  await check(connections[0] as Connection, secret)
  const rate = async (what: Buffer) =>
    (await load(connections, [what], performance.now() + seconds * 1000)) / seconds

  const rates: { open: number; keyed: number }[] = []
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const measured = { open: await rate(open), keyed: await rate(keyed) }
    if (round >= WARM_UP) rates.push(measured)
  }
  report(rates)
})

/** A key with another secret, and none, must be refused before anything is timed. */
async function check(connection: Connection, secret: string): Promise<void> {
  const expected: [number, Record<string, string>][] = [
    [200, { 'x-api-key': secret }],
    [401, { 'x-api-key': secret.slice(0, -1) }],
    [401, {}],
  ]
  for (const [status, headers] of expected) {
    const answer = await connection.exchange(request('GET /api/data', headers))
    if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}`)
  }
}

function report(rates: readonly { open: number; keyed: number }[]): void {
  const ratios = rates.map(({ open, keyed }) => keyed / open)
  const ratio = median(ratios)
  printTable(
    ['', 'answers/s', 'of open', 'least', 'most', 'goal'],
    [
      ['open', median(rates.map(({ open }) => open)).toFixed(0), '1.00', '', '', ''],
      [
        'keyed',
        median(rates.map(({ keyed }) => keyed)).toFixed(0),
        ...[ratio, Math.min(...ratios), Math.max(...ratios), GOAL].map((n) => n.toFixed(2)),
      ],
    ],
  )
  if (ratio < GOAL) process.exitCode = 1
}
