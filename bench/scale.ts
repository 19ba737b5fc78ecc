import { readOptions } from './support/options.js'
import { costOf } from './support/prices.js'
import { machine, printTable } from './support/report.js'
import { countOperations, type Spent } from './support/spent.js'

const {
  rounds,
  refreshes,
  'sign-ins': signIns,
  peak,
} = readOptions(
  'Which limit of AWS comes first as users grow, computed from the counted requests of each operation.',
  {
    rounds: { value: 5, description: 'times that each operation is done' },
    refreshes: { value: 400, description: 'that a person makes a month' },
    'sign-ins': { value: 2, description: 'of a person a month, a tenth of them from new devices' },
    peak: { value: 3, description: "times the month's mean, in the busiest seconds" },
  },
)

const MONTH_SECONDS = 30 * 86_400
const SIZES = [1e3, 1e5, 1e7]

/** How often a person does what, within a time. */
type Usage = Readonly<Record<string, number>>

const MONTH: Usage = {
  refresh: refreshes,
  'sign-in': signIns * 0.9,
  'sign-in from a new device': signIns * 0.1,
}
/** After keys were replaced or tables restored. */
const ALL_AGAIN: Usage = { 'sign-in from a new device': 1 }

/** What AWS gives an account or a table before it is asked for more; `of` is what one operation uses of it. */
interface Limit {
  readonly name: string
  readonly limit: number
  readonly of: (spent: Spent) => number
}

const calls = (spent: Spent) => spent.calls
const writes = (spent: Spent) => spent.writeUnits
const reads = (spent: Spent) => spent.readUnits
const instances = (spent: Spent) => spent.milliseconds / 1000

const LIMITS: readonly Limit[] = [
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  { name: 'calls: the account, in 13 small regions', limit: 2500, of: calls },
  { name: 'calls: the account, elsewhere', limit: 10_000, of: calls },
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  { name: 'instances at once: the account', limit: 1000, of: instances },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
  { name: 'write units: tables that were never busier', limit: 4000, of: writes },
  { name: 'read units: tables that were never busier', limit: 12_000, of: reads },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
  { name: 'write units: a table', limit: 40_000, of: writes },
  { name: 'read units: a table', limit: 40_000, of: reads },
]

const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })

console.log(machine())
const counted = await countOperations(rounds)
/** Of one person who does all that. */
const together = (usage: Usage, of: (spent: Spent) => number): number =>
  Object.entries(usage).reduce((sum, [name, times]) => {
    const spent = counted.get(name)
    if (!spent) throw new Error(`No operation is called ${name}`)
    return sum + times * of(spent)
  }, 0)

/** All write units are reckoned as those of one table, which is the worst case. */
function printLimits(title: string, usage: Usage, seconds: number): void {
  const rows = LIMITS.map(({ name, limit, of }) => ({
    name,
    limit,
    each: together(usage, of) / seconds,
  }))
    .toSorted((a, b) => a.limit / a.each - b.limit / b.each)
    .map(({ name, limit, each }) => [
      name,
      ...SIZES.map((users) => short.format(users * each)),
      short.format(limit),
      short.format(limit / each),
    ])
  printTable([title, ...SIZES.map((users) => `${users}`), 'limit', 'reached at users'], rows)
}

printLimits("a second, at the month's busiest", MONTH, MONTH_SECONDS / peak)
printLimits('a second, while all sign in within an hour', ALL_AGAIN, 3600)
const dollars = together(MONTH, (spent) => costOf(spent).total) / 1e6
printTable(
  ['a month', ...SIZES.map((users) => `${users}`)],
  [['dollars for calls', ...SIZES.map((users) => short.format(users * dollars))]],
)
