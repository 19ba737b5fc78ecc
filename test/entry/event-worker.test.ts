import type { Context } from 'aws-lambda'
import t from 'tap'
import { Value } from 'typebox/value'
import { EVENT_WORKER_ACTIONS } from '../../infra/permissions/table-actions.js'
import { CloudEvent, LAST_NUMBER, SENT_EVENTS } from '../../src/cloud-events/schema.js'
import { numbersKey } from '../../src/cloud-events/subject-numbers.js'
import { createClient } from '../../src/dynamodb/client.js'
import { Database } from '../../src/dynamodb/database.js'
import { erasedKey } from '../../src/dynamodb/tombstones.js'
import { replayEvents } from '../../src/entry/admin-replay.js'
import type { EventKey, TrailItem } from '../../src/events/trail.js'
import { sharedEngine } from '../support/engine.js'
import { soon } from '../support/engine-process.js'
import { eventOf, startEventBridge } from '../support/event-bridge.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { queueRecord, startMailQueue, streamRecord } from '../support/mail-queue.js'
import { type EngineCall, startProxy } from '../support/proxy.js'
import { type Account, ISSUER, startService } from '../support/service.js'
import { trailItems } from '../support/trail.js'

/** The function as it is deployed: it reads its environment once, when it is loaded. */
const service = await startService(t)
const table = service.config.tables.events
const proxy = await startProxy(t)
const actions = new Set<string>()
const pass = ({ operation }: EngineCall) => {
  actions.add(operation === 'TransactWriteItems' ? 'UpdateItem' : operation)
  return 'pass' as const
}
proxy.decide(pass)
const bridge = await startEventBridge(t)
const queue = await startMailQueue(t)
const BUS = 'arn:aws:events:eu-west-1:123456789012:event-bus/latchkey'
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGE: bridge.api.endpoint,
  AWS_ENDPOINT_URL_SQS: queue.api.endpoint,
  ISSUER,
  EVENTS_TABLE: table,
  EVENT_BUS_ARN: BUS,
  EVENT_QUEUE_URL: queue.url,
  // Powertools print through the console that is watched here, and not past it.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
})
const client = createClient({ region: 'eu-west-1', endpoint: (await sharedEngine()).endpoint })
t.teardown(() => client.destroy())
const database = new Database(client)

const printed: string[] = []
for (const name of ['log', 'info', 'warn', 'error'] as const) {
  console[name] = (...parts: unknown[]) => void printed.push(parts.join(' '))
}
const { handler } = await import('../../src/entry/worker.js')

const contextFor = (milliseconds: number) =>
  ({ getRemainingTimeInMillis: () => milliseconds, functionName: 'latchkey-worker' }) as Context

/** Invokes the function. @returns what it says must come again. */
async function invoke(records: readonly object[], milliseconds = 20_000): Promise<string[]> {
  const { batchItemFailures } = await handler({ Records: records }, contextFor(milliseconds))
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
}

const keyOf = ({ userId, eventId }: EventKey): EventKey => ({ userId, eventId })
const trailOf = async ({ id }: Pick<Account, 'id'>): Promise<TrailItem[]> =>
  (await trailItems(service)).filter(({ userId }) => userId === id)
const streamOf = (items: readonly EventKey[]) => items.map((item) => streamRecord(keyOf(item)))
const sqsRecordOf = (key: EventKey) => queueRecord(JSON.stringify(keyOf(key)))

/** What the queue holds by now goes to the function, as SQS hands it over. */
async function drain(): Promise<string[]> {
  const failed: string[] = []
  const bodies = queue.bodies.splice(0)
  for (let at = 0; at < bodies.length; at += 10) {
    failed.push(...(await invoke(bodies.slice(at, at + 10).map(queueRecord))))
  }
  return failed
}

const takenOf = (subject: string) =>
  bridge.taken.map(eventOf).filter((event) => event.subject === subject)

/** A person, and what has happened to them. */
async function newPerson() {
  const account = await service.signUp()
  await service.signIn(account)
  const { accessToken: token } = await service.signIn(account)
  return { account, token, items: await trailOf(account) }
}

t.test(
  'the event worker sends each event of the trail as a CloudEvent with ids and no address',
  async (t) => {
    const admin = await newAdmin(service)
    const owner = await newOwner(service)
    const { account } = owner
    const key = await owner.generate()
    await owner.patch(key.id, { name: 'a name of mine' })
    const wrong = { email: account.email, password: 'another one of theirs' }
    await service.post('/api/auth/login', wrong)
    const { accessToken: token } = await service.signIn(admin.account)
    const path = `/api/admin/users/${account.id}`
    await service.call('PATCH', path, { token, body: { status: 'disabled' } })
    const items = await trailOf(account)
    t.ok(items.some(({ times }) => times !== undefined))
    t.same(await invoke(streamOf(items)), [])
    t.notMatch(queue.bodies.join(''), account.email, 'the queue has keys alone')
    t.same(await drain(), [])

    const kept = items.filter(({ times }) => times === undefined)
    const sent = takenOf(account.id)
    t.same(
      sent.map(({ id, type, time }) => [id, type, time]).sort(),
      kept.map(({ eventId, event, at }) => [eventId, `latchkey.${event}`, at]).sort(),
      'a refusal that is counted stays in the trail',
    )
    for (const event of sent) {
      t.ok(Value.Check(CloudEvent, event), JSON.stringify([...Value.Errors(CloudEvent, event)]))
      t.match(event, { specversion: '1.0', source: ISSUER, datacontenttype: 'application/json' })
    }
    t.same(
      sent.map(({ subjectnumber }) => subjectnumber).sort((one, other) => one - other),
      sent.map((_, place) => place + 1),
      'numbered without a gap',
    )
    const byNumber = [...sent].sort((one, other) => one.subjectnumber - other.subjectnumber)
    const times = byNumber.map(({ time }) => time)
    t.same(times, [...times].sort(), 'in the order in which it happened')
    t.match(
      sent.find(({ type }) => type === 'latchkey.sensitive_create'),
      { data: { actor: 'self', keyId: key.id } },
    )
    const all = JSON.stringify(bridge.taken)
    for (const secret of [account.email, 'a name of mine', '203.0.113', 'userAgent', '"ip"']) {
      t.notMatch(all, secret)
    }
    for (const entry of bridge.taken) {
      t.match(entry, { EventBusName: BUS, Source: 'latchkey' })
      t.equal(entry.DetailType, eventOf(entry).type)
      t.equal(entry.Time * 1000, Date.parse(eventOf(entry).time))
    }
    const [call] = bridge.api.calls
    t.equal(call?.headers['x-amz-target'], 'AWSEvents.PutEvents')
    t.match(call?.headers.authorization, /Credential=test\/\d{8}\/eu-west-1\/events\//)
    t.ok(bridge.api.calls.every(({ body }) => body.Entries.length <= 10))
  },
)

t.test('a repeated event of the worker has the id and the number of the first', async (t) => {
  const { account, items } = await newPerson()
  await invoke(streamOf(items))
  await drain()
  const first = takenOf(account.id)
  t.equal(first.length, items.length)
  t.same(await invoke(streamOf([...items].reverse())), [], 'the stream brings it again')
  await drain()
  t.same(await invoke([sqsRecordOf(items[0] as TrailItem), sqsRecordOf(items[0] as TrailItem)]), [])
  const all = takenOf(account.id)
  t.ok(all.length > first.length)
  for (const event of all) {
    t.same(
      event,
      first.find(({ id }) => id === event.id),
    )
  }
})

t.test('EventBridge decides by the event what of the worker comes again', async (t) => {
  const { items } = await newPerson()
  const records = items.map(sqsRecordOf)
  const [good, ...bad] = items
  for (const code of ['ThrottlingException', 'InternalFailure', 'AccessDeniedException']) {
    for (const { eventId } of bad) bridge.refused.set(eventId, code)
    t.same(
      (await invoke(records)).sort(),
      records
        .slice(1)
        .map(({ messageId }) => messageId)
        .sort(),
    )
    t.match(printed.at(-1), code)
  }
  bridge.refused.clear()
  t.same(await invoke(records), [])
  t.ok(bridge.taken.filter((entry) => eventOf(entry).id === good?.eventId).length > 1)

  const { answer } = bridge.api
  for (const refusal of [
    { status: 400, type: 'ThrottlingException' },
    { status: 500 },
    { status: 400, body: { __type: 'com.amazon#ResourceNotFoundException' } },
    { body: {} },
    { body: { FailedEntryCount: 0, Entries: [{ EventId: 'one' }] } },
  ]) {
    bridge.api.answer = () => refusal
    const [first, ...others] = records
    const failed = await invoke(records)
    for (const { messageId } of others) t.ok(failed.includes(messageId), JSON.stringify(refusal))
    t.equal(failed.includes(first?.messageId ?? ''), !('Entries' in (refusal.body ?? {})))
  }
  bridge.api.answer = () => 'hang'
  t.equal((await invoke(records, 600)).length, records.length, 'in time')
  bridge.api.answer = answer
  t.same(await invoke(records), [])
  t.match(printed.join('\n'), 'EventBridge answered 400 ResourceNotFoundException')
})

t.test('while something is away the worker’s events come again, and nothing is lost', async (t) => {
  const { account, items } = await newPerson()
  const records = streamOf(items)
  const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber)
  const { answer } = queue.api
  queue.api.answer = () => ({ status: 500 })
  t.same(await invoke(records), numbers)
  queue.api.answer = answer
  t.match(printed.join('\n'), '"events_queue_fail"')

  queue.refused.add(1)
  t.equal((await invoke(records)).length, 1, 'the queue has taken all but one')
  queue.refused.clear()
  queue.bodies.splice(0)

  proxy.decide(() => 'fail')
  t.same(await invoke(records), numbers)
  t.same((await invoke(items.map(sqsRecordOf))).length, items.length)
  proxy.decide(pass)
  t.same(await invoke(records), [])
  t.same(await drain(), [])
  t.equal(takenOf(account.id).length, items.length)
})

t.test(
  'an event worker that ends after the put and before its answer sends once more',
  async (t) => {
    const { account, items } = await newPerson()
    const { answer } = bridge.api
    bridge.api.answer = (call) => {
      answer(call)
      return 'hang'
    }
    const records = items.map(sqsRecordOf)
    t.equal(
      (await invoke(records, 3_000)).length,
      records.length,
      'its end is a failure to the queue',
    )
    t.equal(takenOf(account.id).length, items.length, 'and EventBridge has them')
    bridge.api.answer = answer
    t.same(await invoke(records), [])
    const ids = takenOf(account.id).map(({ id }) => id)
    t.equal(ids.length, 2 * items.length)
    t.equal(new Set(ids).size, items.length)
  },
)

t.test(
  'a number of a subject is given once, also when an answer is lost in the middle',
  async (t) => {
    const { account, items } = await newPerson()
    for (const fate of ['lose-answer', 'throttle'] as const) {
      let times = 0
      proxy.decide((call) => {
        const isFirst = call.operation === 'TransactWriteItems' && times++ === 0
        return isFirst ? fate : pass(call)
      })
      await invoke(streamOf(items))
    }
    proxy.decide(pass)
    t.ok(await soon(async () => (await invoke(streamOf(items))).length === 0))
    // The stream of a shard that has ended and its successor's may be read at once.
    const { items: others, account: other } = await newPerson()
    await Promise.all(Array.from({ length: 5 }, () => invoke(streamOf(others))))
    t.ok(await soon(async () => (await invoke(streamOf(others))).length === 0))
    for (const { id } of [account, other]) {
      const given = (await trailOf({ id })).map(
        (item) => (item as { subjectNumber?: number }).subjectNumber,
      )
      t.same(
        given.sort(),
        given.map((_, place) => place + 1),
      )
      t.equal((await database.get(table, { ...numbersKey(id) }))?.last, given.length)
    }
  },
)

t.test('an erased person leaves the event worker one event, of the id alone', async (t) => {
  queue.bodies.splice(0)
  const { account, token, items } = await newPerson()
  await invoke(streamOf(items.slice(1)))
  t.equal((await service.delete('/api/account', { token })).status, 204)
  t.same(await database.get(table, { ...numbersKey(account.id) }), undefined)
  const before = bridge.taken.length
  t.same(await drain(), [], 'what was queued')
  t.same(await invoke(streamOf(items)), [], 'what was in the stream')
  t.same(await invoke(items.map(sqsRecordOf)), [])
  const renamed = (await trailItems(service)).filter(({ userId }) => userId.startsWith('erased-'))
  t.ok(renamed.length > 0)
  t.same(await invoke(streamOf(renamed)), [], 'what the trail keeps under a random name')
  t.same(queue.bodies, [])
  t.equal(bridge.taken.length, before, 'nothing of it is sent')
  t.same(await database.get(table, { ...numbersKey(account.id) }), undefined)

  const tombstone = erasedKey(account.id)
  t.same(await invoke(streamOf([tombstone])), [])
  t.same(await drain(), [])
  const [event, ...more] = takenOf(account.id)
  t.same(more, [])
  const { erasedAt } = (await database.get(table, { ...tombstone })) as { erasedAt: string }
  t.same(event, {
    specversion: '1.0',
    source: ISSUER,
    type: 'latchkey.account_erased',
    datacontenttype: 'application/json',
    id: `${erasedAt}#${account.id}`,
    subject: account.id,
    time: erasedAt,
    subjectnumber: LAST_NUMBER,
    data: {},
  })
  t.ok(Value.Check(CloudEvent, event))
  t.notMatch(JSON.stringify(bridge.taken.slice(before)), account.email)
})

t.test('what is no event of a user holds up none, and is not lost in silence', async (t) => {
  const { items } = await newPerson()
  const [item] = items as [TrailItem]
  const mail = { userId: 'MAIL#user', eventId: item.eventId }
  const odd = [streamRecord(mail), streamRecord(item, 'MODIFY'), { eventSource: 'aws:dynamodb' }]
  t.same(await invoke([...odd, streamRecord(item)]), [])
  t.same(queue.bodies.splice(0), [JSON.stringify(keyOf(item))])
  const before = bridge.taken.length
  for (const body of ['', '{', 'null', '[]', JSON.stringify(mail), '{"userId":{}}']) {
    const poisoned = queueRecord(body)
    t.same(await invoke([poisoned]), [poisoned.messageId], `${body} goes to the dead-letter queue`)
  }
  const gone = sqsRecordOf({ ...item, eventId: '2026-01-01T00:00:00.000Z#gone' })
  t.same(await invoke([gone]), [], 'an event that is not kept any more is done')
  t.equal(bridge.taken.length, before)
  t.match(printed.join('\n'), '"event_unknown"')
  for (const event of [{}, null, 'ping', [], { Records: [{ eventSource: 'aws:s3' }] }]) {
    t.same(await handler(event, contextFor(20_000)), { batchItemFailures: [] })
  }
  t.ok(SENT_EVENTS.length > 30)
})

t.test('operators send the events of a span again from their items', async (t) => {
  const first = await newPerson()
  await invoke(streamOf(first.items))
  await drain()
  const gone = await newPerson()
  await service.delete('/api/account', { token: gone.token })
  service.clock.advance(60_000)
  const until = new Date(service.clock())
  service.clock.advance(60_000)
  const later = await newPerson()
  const before = bridge.taken.length
  const since = new Date(first.items[0]?.at ?? '')
  const options = { client, table, queueUrl: queue.url, since, until }
  queue.refused.add(0)
  await t.rejects(replayEvents(options), /Run the command again/)
  queue.refused.clear()
  queue.bodies.splice(0)
  await replayEvents(options)
  t.match(printed.at(-1), / events since .* are in the queue/)
  t.same(await drain(), [])
  const sent = bridge.taken.slice(before).map(eventOf)
  const idsOf = ({ id }: Account) =>
    sent.filter(({ subject }) => subject === id).map((event) => event.id)
  t.same(idsOf(first.account).sort(), first.items.map(({ eventId }) => eventId).sort())
  t.match(idsOf(gone.account), [new RegExp(`#${gone.account.id}$`)], 'of a tombstone')
  t.same(idsOf(later.account), [])
  for (const event of takenOf(first.account.id)) {
    t.same(
      event,
      sent.find(({ id }) => id === event.id),
    )
  }
  await t.rejects(replayEvents({ ...options, queueUrl: undefined }), /sends no events/)
})

t.test('the event worker does to the table what its policy allows, and nothing else', (t) => {
  t.same([...actions].sort(), EVENT_WORKER_ACTIONS.events)
  t.notMatch(printed.join('\n'), /@example\.(com|org)/, 'no line has an address')
  t.end()
})
