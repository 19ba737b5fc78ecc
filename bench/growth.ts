import { ProgressBar } from '../src/local/progress-bar.js'
import { Administrator } from './support/administrator.js'
import { runBench } from './support/bench.js'
import { type Operation, Operations } from './support/operations.js'
import { readOptions } from './support/options.js'
import { Population } from './support/population.js'
import { machine, median, printTable } from './support/report.js'
import type { Service } from './support/service.js'
import { countUnits, type Units } from './support/spent.js'

const { thousands, rounds } = readOptions(
  'What each operation costs with few users and with many: requests and units of DynamoDB, and milliseconds.',
  {
    thousands: { value: 100, description: 'thousands of users at the end' },
    rounds: { value: 9, description: 'times that each operation is done at each size' },
  },
)

/** Thousands of users at which all is measured, up to the end that was asked for. */
const SIZES = [1, 100, 1000]
/** Nothing is believed that was read before. */
const SETTINGS = {
  // Passkeys belong to a name.
  ISSUER: 'http://localhost',
  VERIFICATION_CACHE_SECONDS: '0',
  RATE_LIMIT_PER_ADDRESS: '100000',
  LOG_LEVEL: 'error',
}

/** What one operation has taken. */
interface Taken {
  /** Requests, read units and write units, which growth must not change. */
  readonly cost: string
  readonly milliseconds: number
}

type Tries = Map<string, Taken[]>

/** A service with so many users, and what is done there. */
interface Town {
  readonly thousands: number
  readonly units: Units
  readonly operations: () => readonly Operation[]
  readonly tries: Tries
}

console.log(machine())
await withTowns([...SIZES.filter((some) => some < thousands), thousands], async (towns) => {
  // In turn, so that what else the machine does is the same for all.
  for (let round = -1; round < rounds; round++) {
    for (const town of towns) await measureAll(town, round >= 0)
  }
  report(towns)
})

/** Opens a service for each size, all at once. */
async function withTowns(
  sizes: readonly number[],
  run: (towns: readonly Town[]) => Promise<void>,
  opened: readonly Town[] = [],
): Promise<void> {
  const [size, ...rest] = sizes
  if (size === undefined) return run(opened)
  await runBench(SETTINGS, async ({ service }) => {
    await withTowns(rest, run, [...opened, await openTown(size, service)])
  })
}

async function openTown(size: number, service: Service): Promise<Town> {
  const units = countUnits(service.client)
  const bar = new ProgressBar(process.stderr, size * 1000)
  await (await Population.begin(service)).growTo(size * 1000, bar)
  bar.end()
  const administrator = await Administrator.signIn(service)
  const operations = new Operations(service)
  const all = () => [...operations.all(), ...administrator.deeds()]
  return { thousands: size, units, operations: all, tries: new Map() }
}

async function measureAll({ units, operations, tries }: Town, counts: boolean): Promise<void> {
  for (const { name, operate } of operations()) {
    const taken = await measure(units, operate)
    if (counts && name !== undefined) tries.set(name, [...(tries.get(name) ?? []), taken])
  }
}

async function measure(units: Units, operate: () => Promise<unknown>): Promise<Taken> {
  const before = { ...units }
  const start = performance.now()
  await operate()
  const milliseconds = performance.now() - start
  const of = (name: keyof Units) => units[name] - before[name]
  return { cost: `${of('requests')}, ${of('readUnits')}, ${of('writeUnits')}`, milliseconds }
}

/** Ends with 1 where an operation costs more with more users. */
function report(towns: readonly Town[]): void {
  const names = [...(towns[0]?.tries.keys() ?? [])]
  const rows = names.map((name) => {
    const tries = towns.map((town) => town.tries.get(name) ?? [])
    const costs = tries.map((all) => mostFrequent(all.map(({ cost }) => cost)))
    const times = tries.map((all) => median(all.map(({ milliseconds }) => milliseconds)))
    return { name, costs, times }
  })
  const usersOf = (town: Town) => `${town.thousands},000 users`
  printTable(
    [
      'requests, read and write units',
      ...towns.map(usersOf),
      ...towns.map((town) => `ms at ${town.thousands},000`),
    ],
    rows.map(({ name, costs, times }) => [name, ...costs, ...times.map((time) => time.toFixed(1))]),
  )
  const differ = rows.filter(({ costs }) => new Set(costs).size > 1)
  for (const { name } of differ) console.error(`${name} does not cost the same at each size.`)
  if (differ.length > 0) process.exitCode = 1
}

/** Now and then a request takes a block of permits for its address along, which is not what is measured. */
function mostFrequent(costs: readonly string[]): string {
  const times = (cost: string) => costs.filter((each) => each === cost).length
  return costs.toSorted((a, b) => times(b) - times(a))[0] ?? ''
}
