import { parseArgs } from 'node:util'
import { SCENARIOS } from '../scenarios.js'

export interface ComparisonOptions {
  readonly scenarios: readonly string[]
  readonly rounds: number
  readonly isQuick: boolean
}

const ROUNDS = 9
const QUICK_ROUNDS = 3

const HELP = `Measures Latchkey beside a bare server and beside peers, and writes bench/results/.

  --only <scenario>  measures this one; may be given again: ${Object.keys(SCENARIOS).join(', ')}
  --rounds <n>       timed rounds (${ROUNDS})
  --quick            a minute or two, which show that it runs; the figures are not to be quoted, and go to bench/results/quick/
  --help             prints this

Other benches: npm --prefix bench run`

/** Prints the help and ends the process for `--help`, and for a command line that is wrong. */
export function readComparisonOptions(): ComparisonOptions {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(HELP)
      process.exit()
    }
    const unknown = values.only.find((name) => !(name in SCENARIOS))
    if (unknown !== undefined) throw new Error(`There is no scenario ${unknown}`)
    const { rounds = String(values.quick ? QUICK_ROUNDS : ROUNDS) } = values
    if (!/^[1-9]\d{0,2}$/.test(rounds)) throw new Error('--rounds takes a number from 1 to 999')
    return { scenarios: values.only, rounds: Number(rounds), isQuick: values.quick }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}
