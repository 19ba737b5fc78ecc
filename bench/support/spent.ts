import { runBench } from './bench.js'
import { FORGETFUL } from './forgetful.js'
import { Operations } from './operations.js'
import { median } from './report.js'
import { countUnits } from './units.js'

/** What an operation needs, the median of its rounds. */
export interface Spent {
  /** Of the API, each of which is one of the function too. */
  readonly calls: number
  /** Of DynamoDB. */
  readonly requests: number
  readonly readUnits: number
  readonly writeUnits: number
  /** Of the function, as Lambda would bill them. */
  readonly milliseconds: number
}

/** A function has a whole processor at 1,769 MB, and the app has 1,024. */
const SHARE_OF_PROCESSOR = 1024 / 1769
/** What a call to DynamoDB takes within a region, milliseconds. */
const ROUND_TRIP = 5

/** Does each operation `rounds` times, after once that does not count. */
export async function countOperations(rounds: number): Promise<ReadonlyMap<string, Spent>> {
  const counted = new Map<string, Spent[]>()
  await runBench(FORGETFUL, async ({ service }) => {
    const units = countUnits(service.client)
    const operations = new Operations(service)
    for (let round = -1; round < rounds; round++) {
      for (const { name, operate } of operations.all()) {
        const before = { ...units, calls: operations.calls }
        const { user: start } = process.cpuUsage()
        await operate()
        const requests = units.requests - before.requests
        const processor = (process.cpuUsage().user - start) / 1000
        const one = {
          calls: operations.calls - before.calls,
          requests,
          readUnits: units.readUnits - before.readUnits,
          writeUnits: units.writeUnits - before.writeUnits,
          milliseconds: processor / SHARE_OF_PROCESSOR + requests * ROUND_TRIP,
        }
        if (round >= 0 && name !== undefined) counted.set(name, [...(counted.get(name) ?? []), one])
      }
    }
  })
  return new Map([...counted].map(([name, all]) => [name, medians(all)]))
}

function medians(all: readonly Spent[]): Spent {
  const of = (figure: keyof Spent) => median(all.map((one) => one[figure]))
  return {
    calls: of('calls'),
    requests: of('requests'),
    readUnits: of('readUnits'),
    writeUnits: of('writeUnits'),
    milliseconds: of('milliseconds'),
  }
}
