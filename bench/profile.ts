import { type Bench, runBench, type Server } from './support/bench.js'
import { Connection, request } from './support/connection.js'
import { load } from './support/load.js'
import { createHolders, forgeriesOf, type Holder } from './support/holders.js'
import { readOptions } from './support/options.js'
import { machine, median, printTable } from './support/report.js'

const HOLDERS = 1000
const CONNECTIONS = 32
/** Rounds that do not count: the compiler is still at work in them. */
const WARM_UP = 2

/** In the order of a round, with the share of the bare rate that each must reach and the one wished for. */
const VARIANTS = {
  bare: { goal: 1, target: 1 },
  cached: { goal: 0.45, target: 0.65 },
  uncached: { goal: 0.25, target: 0.3 },
} as const

type Variant = keyof typeof VARIANTS

interface Contender {
  readonly variant: Variant
  readonly server: Server
  readonly connections: readonly Connection[]
}

interface Slice {
  readonly perSecond: number
  readonly cpuMicroseconds: number
}

type Round = Readonly<Record<Variant, Slice>>

const { rounds, seconds } = readOptions(
  'Rate of GET /api/profile, against a bare Fastify route with the same answer.',
  {
    rounds: { value: 9, description: 'timed rounds' },
    seconds: { value: 3, description: 'seconds for each variant in a round' },
  },
)

await runBench({}, async (bench) => {
  console.log(machine())
  const holders = await createHolders(bench.service, HOLDERS)
  const contenders: Contender[] = []
  for (const variant of Object.keys(VARIANTS) as Variant[]) {
    contenders.push(await prepare(bench, variant, holders))
  }
  const requests = holders.map(({ token }) => profileRequest(token))
  for (let round = 0; round < WARM_UP; round++) await timeRound(contenders, requests)
  const results: Round[] = []
  while (results.length < rounds) results.push(await timeRound(contenders, requests))
  report(results)
})

function profileRequest(token: string): Buffer {
  return request('GET /api/profile', { authorization: `Bearer ${token}` })
}

async function prepare(
  bench: Bench,
  variant: Variant,
  holders: readonly Holder[],
): Promise<Contender> {
  const sample = holders[0] as Holder
  const server = await bench.start(variant, { BARE_PROFILE: JSON.stringify(sample.profile) })
  const connecting = Array.from({ length: CONNECTIONS }, () => Connection.open(server.port))
  const connections = await Promise.all(connecting)
  const connection = connections[0] as Connection
  if (variant === 'bare') {
    await checkProfile(connection, sample)
  } else {
    for (const holder of holders) await checkProfile(connection, holder)
    await checkRefusals(connection, sample)
  }
  return { variant, server, connections }
}

async function checkProfile(
  connection: Connection,
  { token, profile: user }: Holder,
): Promise<void> {
  const { status, body } = await connection.exchange(profileRequest(token))
  if (status !== 200 || body !== JSON.stringify({ user })) {
    throw new Error(`A genuine token was answered with ${status} ${body}`)
  }
}

async function checkRefusals(connection: Connection, holder: Holder): Promise<void> {
  for (const [forgery, token] of Object.entries(forgeriesOf(holder))) {
    const { status } = await connection.exchange(profileRequest(token))
    if (status !== 401) throw new Error(`A token with ${forgery} was answered with ${status}`)
  }
}

async function timeRound(
  contenders: readonly Contender[],
  requests: readonly Buffer[],
): Promise<Round> {
  const slices: [Variant, Slice][] = []
  for (const contender of contenders) {
    slices.push([contender.variant, await timeSlice(contender, requests)])
  }
  return Object.fromEntries(slices) as Round
}

async function timeSlice(
  { variant, server, connections }: Contender,
  requests: readonly Buffer[],
): Promise<Slice> {
  const before = await server.usage()
  const start = performance.now()
  const answers = await load(connections, requests, start + seconds * 1000)
  const elapsed = performance.now() - start
  const after = await server.usage()
  const checks = after.signatureChecks - before.signatureChecks
  if (variant === 'uncached' && checks !== answers) {
    throw new Error(`${answers} answers took ${checks} signature checks: something is remembered`)
  }
  return {
    perSecond: (answers * 1000) / elapsed,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / answers,
  }
}

function report(rounds: readonly Round[]): void {
  const rows = Object.entries(VARIANTS).map(([name, { goal, target }]) => {
    const variant = name as Variant
    const typical = (figure: keyof Slice) => median(rounds.map((round) => round[variant][figure]))
    const ratios = rounds.map((round) => round[variant].perSecond / round.bare.perSecond)
    const ratio = median(ratios)
    if (ratio < goal) process.exitCode = 1
    return [
      variant,
      typical('perSecond').toFixed(0),
      typical('cpuMicroseconds').toFixed(1),
      ...[ratio, Math.min(...ratios), Math.max(...ratios), goal, target].map((n) => n.toFixed(2)),
    ]
  })
  const header = ['', 'answers/s', 'CPU us', 'of bare', 'least', 'most', 'goal', 'target']
  printTable(header, rows)
}
