import { runBench } from './support/bench.js'
import { FORGETFUL } from './support/forgetful.js'
import { readOptions } from './support/options.js'
import { PersonWithSessions } from './support/person-with-sessions.js'
import { machine } from './support/report.js'
import { reportSizes, rowsOf, Tries } from './support/sizes.js'
import { countUnits } from './support/units.js'

const { rounds, quick } = readOptions(
  'What a person with 100 sessions costs beside one with a single session: requests and units of DynamoDB, and milliseconds.',
  { rounds: { value: 9, description: 'times that each operation is done' } },
  { quick: 'writes to bench/results/quick/' },
)

/** The most that one person may have is 100, with the one that a sign-in opens. */
const SIZES = [1, 100]

console.log(machine())
await runBench(FORGETFUL, async ({ service }) => {
  const units = countUnits(service.client)
  const all = SIZES.map((size) => ({ size, tries: new Tries(units) }))
  // In turn, so that what else the machine does is the same for both.
  for (let round = -1; round < rounds; round++) {
    for (const { size, tries } of all)
      await new PersonWithSessions(service, tries, round >= 0).live(size)
  }
  reportSizes(
    { name: 'sessions', title: 'A person with one session, and one with 100', rounds },
    {
      sizes: SIZES.map((size) => ({
        title: size === 1 ? 'one session' : `${size} sessions`,
        short: `with ${size}`,
      })),
      rows: rowsOf(all.map(({ tries }) => tries)),
      isQuick: quick,
    },
  )
})
