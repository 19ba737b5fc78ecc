import t from 'tap'
import { Database } from '../../src/dynamodb/database.js'
import { systemRandom } from '../../src/lib/random.js'
import { AttemptCounter } from '../../src/limits/attempts.js'
import { startService } from '../support/service.js'

t.test(
  'an answer that crosses with an attempt taken back says nothing of the window',
  async (t) => {
    const { client, config, clock } = await startService(t)
    const database = new Database(client)
    let arrive = (): void => undefined
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    let isLate = false
    const update = database.update.bind(database)
    database.update = async (input) => {
      const answer = await update(input)
      if (isLate) {
        isLate = false
        await arrived
      }
      return answer
    }
    const counter = new AttemptCounter({
      ...{ database, table: config.tables.rateLimits, max: 1, windowMs: 60_000 },
      ...{ clock, random: systemRandom },
    })
    const client1 = 'a'.repeat(8)
    const first = await counter.count('crossing', client1)
    t.ok(first.admitted)
    isLate = true
    const refused = counter.count('crossing', client1)
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the update above clears it
    while (isLate) await new Promise(setImmediate)
    await counter.takeBack(first)
    arrive()
    t.notOk((await refused).admitted, 'it was full when it was asked')
    t.ok((await counter.count('crossing', client1)).admitted, 'and is not any more')
  },
)
