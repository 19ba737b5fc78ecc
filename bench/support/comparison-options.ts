import { parseArgs } from 'node:util'
import { type Scenario, SCENARIOS } from '../scenarios.js'
import { WARM_UP } from './contest.js'

export interface ComparisonOptions {
  /** Of `scenarios.ts`. */
  readonly scenarios: readonly string[]
  readonly withStartUp: boolean
  readonly rounds: number
  /** The length of a slice over what its scenario says. */
  readonly share: number
  readonly isQuick: boolean
}

const START_UP = 'start-up'
const NAMES = [...Object.keys(SCENARIOS), START_UP]

const ROUNDS = 9
const QUICK_ROUNDS = 3
const QUICK_SHARE = 0.2
/** Seconds that a contender takes to start, to make its users and to be proved right: about so many. */
const PREPARATION = 10
/** Seconds of `start-up.ts`: bundling, and one round. */
const BUNDLING = 20
const STARTS = 3

const HELP = `Measures Latchkey beside a bare server and beside peers, and writes bench/results/.

  --only <scenario>  measures this one; may be given again: ${NAMES.join(', ')}
  --rounds <n>       timed rounds (${ROUNDS})
  --quick            a minute or two, which show that it runs; the figures are not to be quoted, and go to bench/results/quick/
  --help             prints this

Other benches: npm --prefix bench run`

/** Prints the help and ends the process for `--help`, and for a command line that is wrong. */
export function readComparisonOptions(): ComparisonOptions {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: NAMES },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(HELP)
      process.exit()
    }
    const unknown = values.only.find((name) => !NAMES.includes(name))
    if (unknown !== undefined) throw new Error(`There is no scenario ${unknown}`)
    const { rounds = String(values.quick ? QUICK_ROUNDS : ROUNDS) } = values
    if (!/^[1-9]\d{0,2}$/.test(rounds)) throw new Error('--rounds takes a number from 1 to 999')
    return {
      scenarios: values.only.filter((name) => name in SCENARIOS),
      withStartUp: values.only.includes(START_UP),
      rounds: Number(rounds),
      share: values.quick ? QUICK_SHARE : 1,
      isQuick: values.quick,
    }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}

/** How long a run takes at most, in minutes, where no slice ends early. */
export function expectedMinutes(options: ComparisonOptions): number {
  const rounds = options.rounds + WARM_UP
  const seconds = options.scenarios.map((name) => {
    const { contenders, seconds: slice } = SCENARIOS[name] as Scenario
    return contenders.length * (PREPARATION + rounds * slice * options.share)
  })
  if (options.withStartUp) seconds.push(BUNDLING + rounds * STARTS)
  return seconds.reduce((sum, each) => sum + each, 0) / 60
}
