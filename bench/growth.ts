import { ProgressBar } from '../src/local/progress-bar.js'
import { Administrator } from './support/administrator.js'
import { runBench } from './support/bench.js'
import { FORGETFUL } from './support/forgetful.js'
import { type Operation, Operations } from './support/operations.js'
import { readOptions } from './support/options.js'
import { Population } from './support/population.js'
import { machine } from './support/report.js'
import type { Service } from './support/service.js'
import { hasOneCost, reportSizes, rowsOf, Tries } from './support/sizes.js'
import { countUnits } from './support/units.js'

const { thousands, rounds, quick } = readOptions(
  'What each operation costs with few users and with many: requests and units of DynamoDB, and milliseconds.',
  {
    thousands: { value: 100, description: 'thousands of users at the end' },
    rounds: { value: 9, description: 'times that each operation is done at each size' },
  },
  { quick: 'writes to bench/results/quick/' },
)

/** Thousands of users at which all is measured, up to the end that was asked for. */
const SIZES = [1, 100, 1000]

/** A service with so many users, and what is done there. */
interface Town {
  readonly thousands: number
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
  await runBench(FORGETFUL, async ({ service }) => {
    await withTowns(rest, run, [...opened, await openTown(size, service)])
  })
}

async function openTown(size: number, service: Service): Promise<Town> {
  const units = countUnits(service.client)
  const bar = new ProgressBar(process.stderr, size * 1000)
  await (await Population.begin(service)).growTo(size * 1000, bar)
  bar.end()
  const administrator = await Administrator.appoint(service)
  const operations = new Operations(service)
  const all = () => [...operations.all(), ...administrator.deeds()]
  return { thousands: size, operations: all, tries: new Tries(units) }
}

async function measureAll({ operations, tries }: Town, counts: boolean): Promise<void> {
  for (const { name, operate } of operations()) await tries.do(counts ? name : undefined, operate)
}

/** Ends with 1 where an operation costs more with more users. */
function report(towns: readonly Town[]): void {
  const rows = rowsOf(towns.map(({ tries }) => tries))
  const sizes = towns.map((town) => ({
    title: `${usersOf(town)} users`,
    short: `at ${usersOf(town)}`,
  }))
  const about = { name: 'growth', title: 'What operations cost as users grow', rounds }
  reportSizes(about, { sizes, rows, isQuick: quick })
  const differ = rows.filter((row) => !hasOneCost(row))
  for (const { name } of differ) console.error(`${name} does not cost the same at each size.`)
  if (differ.length > 0) process.exitCode = 1
}

/** Such as 1,000,000. */
function usersOf({ thousands }: Town): string {
  return (thousands * 1000).toLocaleString('en')
}
