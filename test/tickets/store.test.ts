import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { Database } from '../../src/dynamodb/database.js'
import { createClient } from '../../src/dynamodb/client.js'
import { systemRandom } from '../../src/lib/random.js'
import { newTicket, TicketStore } from '../../src/tickets/store.js'
import { MINUTE, testClock } from '../support/clock.js'
import { startProxy } from '../support/proxy.js'
import { startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

t.test('a ticket in the store', async (t) => {
  const clock = testClock()
  const service = await startService(t, { clock })
  const proxy = await startProxy(t)
  const { tickets: table, users: usersTable } = service.config.tables
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = createClient({ endpoint: proxy.endpoint, region: 'local', credentials })
  t.teardown(() => client.destroy())
  const shaky = new Database(client)
  const open = (database: Database) =>
    new TicketStore({ database, table, usersTable, clock, random: systemRandom })
  const tickets = open(service.services.database)
  const record = { userId: 'ada', addressDigest: 'a-digest', epoch: 3 }

  const issue = async (): Promise<string> => {
    const ticket = newTicket(systemRandom)
    await tickets.put('freeing', ticket, record, clock() + 10 * MINUTE)
    return ticket
  }

  t.test('a ticket is good once, and for what it was made for', async (t) => {
    const ticket = await issue()
    t.match(ticket, /^[\w-]{43}$/, '256 bits')
    t.match(await tickets.find('freeing', ticket), record)
    t.match(await tickets.find('freeing', ticket), record, 'a look does not use it up')
    t.match(await tickets.consume('freeing', ticket), record)
    t.equal(await tickets.consume('freeing', ticket), undefined)
    t.equal(await tickets.find('freeing', ticket), undefined)
    t.equal(await tickets.consume('freeing', newTicket(systemRandom)), undefined, 'one of nobody')
  })

  t.test('a ticket of one kind opens no other door', async (t) => {
    const ticket = await issue()
    t.equal(await tickets.find('social-arrival', ticket), undefined)
    t.equal(await tickets.consume('social-arrival', ticket), undefined)
    t.ok(await tickets.consumeSealed('social-flow', ticket, clock() + MINUTE))
    t.match(await tickets.consume('freeing', ticket), record)
  })

  t.test('a ticket has one winner of fifty at once', async (t) => {
    const ticket = await issue()
    const won = await parallel(50, () => tickets.consume('freeing', ticket))
    t.equal(won.filter((found) => found !== undefined).length, 1)

    const sealed = newTicket(systemRandom)
    const end = clock() + MINUTE
    const used = await parallel(50, () => tickets.consumeSealed('social-flow', sealed, end))
    t.equal(used.filter((isFirst) => isFirst).length, 1)
    t.equal(await tickets.find('social-flow', sealed), undefined, 'its use is no ticket')
    t.equal(await tickets.consume('social-flow', sealed), undefined)
  })

  t.test('a ticket ends by the clock, whether DynamoDB has deleted it or not', async (t) => {
    const ticket = await issue()
    clock.advance(10 * MINUTE - 1)
    t.match(await tickets.find('freeing', ticket), record, 'to its last millisecond')
    clock.advance(1)
    t.equal(await tickets.find('freeing', ticket), undefined)
    t.equal(await tickets.consume('freeing', ticket), undefined)
  })

  t.test('a ticket is its winner’s, whose first answer was lost', async (t) => {
    const lossy = open(shaky)
    const ticket = await issue()
    const sealed = newTicket(systemRandom)
    let sent = 0
    const loseFirst = () => (sent++ === 0 ? 'lose-answer' : 'pass')
    proxy.decide(loseFirst)
    t.match(await lossy.consume('freeing', ticket), record)
    t.equal(sent, 2, 'it was sent again')
    sent = 0
    t.ok(await lossy.consumeSealed('social-flow', sealed, clock() + MINUTE))
    t.equal(sent, 2, 'it was sent again')
    t.equal(await lossy.consume('freeing', ticket), undefined)
    t.notOk(await lossy.consumeSealed('social-flow', sealed, clock() + MINUTE))
  })

  t.test('a ticket’s secret is not in the table', async (t) => {
    const used = await issue()
    await tickets.consume('freeing', used)
    const issued = [await issue(), used]
    const { Items = [] } = await service.client.send(new ScanCommand({ TableName: table }))
    t.ok(Items.length >= issued.length)
    for (const ticket of issued) t.notOk(JSON.stringify(Items).includes(ticket))
    for (const { ttl, expiresAt } of Items) {
      t.ok(Number(ttl?.N) * 1000 >= Number(expiresAt?.N), 'none is deleted early')
    }
  })
})
