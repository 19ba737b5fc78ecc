import { randomBytes } from 'node:crypto'
import type { Context } from 'aws-lambda'
import t from 'tap'
import { WORKER_ACTIONS } from '../../infra/permissions/table-actions.js'
import { createClient } from '../../src/dynamodb/client.js'
import { erasedKey } from '../../src/dynamodb/tombstones.js'
import { Database } from '../../src/dynamodb/database.js'
import type { Message, MessageKey } from '../../src/email/message.js'
import { Outbox } from '../../src/email/outbox.js'
import { systemClock } from '../../src/lib/clock.js'
import { systemRandom } from '../../src/lib/random.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { linkTicket, mailCode, type TicketKey } from '../../src/tickets/mail-secrets.js'
import { ACCEPTED, type AwsAnswer, startAwsApi } from '../support/aws-api.js'
import { ISSUER } from '../support/contract.js'
import { sharedEngine } from '../support/engine.js'
import { soon } from '../support/engine-process.js'
import { queueRecord, startMailQueue, streamRecord } from '../support/mail-queue.js'
import { type EngineCall, startProxy } from '../support/proxy.js'
import { startSecretsManager } from '../support/secrets-manager.js'
import { newTableNames } from '../support/tables.js'
import { recordSecret } from '../support/transcript.js'

/** The function as it is deployed: it reads its environment once, when it is loaded. */
const manager = await startSecretsManager(t)
const proxy = await startProxy(t)
const operations = new Set<string>()
const pass = ({ operation }: EngineCall) => {
  operations.add(operation)
  return 'pass' as const
}
proxy.decide(pass)
const ses = await startAwsApi(t, () => ACCEPTED)
const queue = await startMailQueue(t)
const tables = newTableNames()
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
  AWS_ENDPOINT_URL_SESV2: ses.endpoint,
  AWS_ENDPOINT_URL_SQS: queue.api.endpoint,
  ISSUER,
  EVENTS_TABLE: tables.events,
  TICKET_KEYS_SECRET: 'ticket-keys',
  MAIL_FROM: 'auth@example.com',
  MAIL_QUEUE_URL: queue.url,
  SES_CONFIGURATION_SET: 'latchkey',
  BRAND_NAME: 'Orders',
  // Powertools print through the console that is watched here, and not past it.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
})
const { endpoint } = await sharedEngine()
const client = createClient({ region: 'eu-west-1', endpoint })
await createMissingTables(client, tables)
t.teardown(() => client.destroy())
const database = new Database(client)
const outbox = new Outbox({ table: tables.events, clock: systemClock, random: systemRandom })

const ticketKey: TicketKey = { id: '0a1b2c3d', secret: randomBytes(32).toString('base64url') }
recordSecret('key', ticketKey.secret)
const ring = { keys: [{ ...ticketKey, publishedAt: 0, usedFrom: 0 }] }
const stored = new Map([['v', JSON.stringify({ revision: 1, ring })]])
manager.versions.set('ticket-keys', stored)

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

/** A mail that a use case has written. */
async function write(more: Partial<Message> = {}): Promise<MessageKey> {
  const address = `${randomBytes(4).toString('hex')}@example.org`
  const ticket = {
    kind: 'password-reset',
    id: randomBytes(16).toString('base64url'),
    keyId: ticketKey.id,
    userId: 'user',
    address,
  } as const
  const { Put } = outbox.item({
    kind: 'password-reset',
    to: address,
    isDecoy: false,
    language: 'en',
    ticket,
    ...more,
  })
  await database.put(Put)
  const { userId, eventId } = Put.Item as MessageKey
  recordSecret('token', linkTicket(ticketKey, ticket))
  return { userId, eventId }
}

const itemOf = async (key: MessageKey) => (await database.get(tables.events, { ...key })) ?? {}

const sqsRecordOf = (key: MessageKey) => queueRecord(JSON.stringify(key))

const whileSes = async <T>(answer: AwsAnswer, work: () => Promise<T>): Promise<T> => {
  ses.answer = () => answer
  try {
    return await work()
  } finally {
    ses.answer = () => ACCEPTED
  }
}

t.test(
  'the mail worker sends a new message by stream and queue to SES, with code and link',
  async (t) => {
    const key = await write()
    const message = (await itemOf(key)) as unknown as Message
    t.same(await invoke([streamRecord(key)]), [])
    t.same(queue.bodies.splice(0), [JSON.stringify(key)], 'the key alone: no address, no secret')
    const [call] = queue.api.calls
    t.equal(call?.headers['x-amz-target'], 'AmazonSQS.SendMessageBatch')
    t.match(call?.body, { QueueUrl: queue.url })
    t.match(
      call?.headers.authorization,
      /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-west-1\/sqs\//,
    )

    const before = ses.calls.length
    t.same(await invoke([sqsRecordOf(key)]), [])
    const sent = ses.calls.slice(before)
    t.equal(sent.length, 1)
    const [{ body } = { body: {} }] = sent
    t.match(body, {
      FromEmailAddress: '"Orders" <auth@example.com>',
      Destination: { ToAddresses: [message.to] },
      ConfigurationSetName: 'latchkey',
    })
    const { ticket } = message
    if (!ticket) throw new Error('it has a ticket')
    const text: string = body.Content.Simple.Body.Text.Data
    const digits = text.replaceAll(/\D/g, '')
    t.ok(digits.includes(mailCode(ticketKey, ticket)), 'its code')
    t.ok(text.includes(linkTicket(ticketKey, ticket)), 'its link')
    t.match(await itemOf(key), { sentAt: /^\d{4}-/ })

    t.same(await invoke([sqsRecordOf(key)]), [], 'which SQS may bring twice')
    t.equal(ses.calls.length, before + 1)
    t.notMatch(printed.join('\n'), message.to)
    t.match(printed.join('\n'), '"MailSent"')
  },
)

t.test('SES decides whether a mail of the worker comes again', async (t) => {
  const refusal = (status: number, type: string) => ({
    status,
    type,
    body: { message: `${type} for ada@example.org` },
  })
  for (const answer of [
    refusal(429, 'TooManyRequestsException'),
    refusal(400, 'SendingPausedException'),
    refusal(400, 'AccountSuspendedException'),
    refusal(503, 'ServiceUnavailable'),
  ]) {
    const record = sqsRecordOf(await write())
    t.same(await whileSes(answer, () => invoke([record])), [record.messageId], answer.type)
    t.same(await invoke([record]), [], 'and the next try sends it')
  }
  const key = await write()
  const record = sqsRecordOf(key)
  t.same(await whileSes(refusal(400, 'MessageRejected'), () => invoke([record])), [])
  t.match(await itemOf(key), { refusedAt: /^\d{4}-/ })
  const before = ses.calls.length
  t.same(await invoke([record]), [])
  t.equal(ses.calls.length, before, 'a refused mail is not tried again')
  t.notMatch(printed.join('\n'), /@example\.org/, 'no line has an address')
})

t.test('of several mails of the worker only those that fail come again', async (t) => {
  const [good, bad] = [await write(), await write()]
  const { to } = (await itemOf(bad)) as unknown as Message
  const records = [sqsRecordOf(good), sqsRecordOf(bad)] as const
  ses.answer = ({ body }) =>
    (body as { Destination: { ToAddresses: string[] } }).Destination.ToAddresses[0] === to
      ? { status: 500 }
      : ACCEPTED
  t.same(await invoke(records), [records[1].messageId])
  ses.answer = () => ACCEPTED
  t.match(await itemOf(good), { sentAt: /^\d{4}-/ })

  const streamed = [streamRecord(good), streamRecord(bad)] as const
  queue.refused.add(1)
  t.same(await invoke(streamed), [streamed[1].dynamodb.SequenceNumber])
  queue.refused.clear()
  queue.bodies.splice(0)
})

t.test('while something is away the worker’s mails come again, and nothing is lost', async (t) => {
  const key = await write()
  const [streamed, queued] = [streamRecord(key), sqsRecordOf(key)]
  const { answer } = queue.api
  queue.api.answer = () => ({ status: 500 })
  t.same(await invoke([streamed]), [streamed.dynamodb.SequenceNumber])
  queue.api.answer = answer
  t.match(printed.join('\n'), '"mail_queue_fail"')

  proxy.decide(() => 'fail')
  t.same(await invoke([queued]), [queued.messageId])
  proxy.decide(pass)
  t.match(printed.join('\n'), '"dependency_failed"')

  t.same(await whileSes('hang', () => invoke([queued], 600)), [queued.messageId], 'in time')
  t.same(await invoke([queued]), [queued.messageId], 'while the first try has it')
  t.ok(await soon(async () => (await invoke([queued])).length === 0))
})

t.test(
  'what is no message of ours holds up no mail of the worker, and is not lost in silence',
  async (t) => {
    const key = await write()
    const trail = { userId: 'a-user', eventId: '2026-01-01#event' }
    const lines = printed.length
    const odd = [streamRecord(trail), streamRecord(key, 'MODIFY'), { eventSource: 'aws:dynamodb' }]
    t.same(await invoke([...odd, streamRecord(key)]), [], 'the stream goes on')
    t.same(queue.bodies.splice(0), [JSON.stringify(key)])
    t.match(printed.slice(lines).join('\n'), /"event_unknown"/)

    const before = ses.calls.length
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '"MAIL#x"',
      JSON.stringify(trail),
      '{"userId":{}}',
    ]) {
      const poisoned = queueRecord(body)
      t.same(
        await invoke([poisoned]),
        [poisoned.messageId],
        `${body} goes to the dead-letter queue`,
      )
    }
    const gone = sqsRecordOf({ userId: 'MAIL#gone', eventId: '2026-01-01T00:00:00.000Z#gone' })
    t.same(await invoke([gone]), [], 'a message that was deleted is done')
    t.equal(ses.calls.length, before)

    for (const event of [
      {},
      null,
      'ping',
      [],
      { Records: [] },
      { Records: [{ eventSource: 'aws:s3' }] },
    ]) {
      const failures = await handler(event, contextFor(20_000))
      t.same(failures, { batchItemFailures: [] }, `${JSON.stringify(event)} does not come again`)
    }
  },
)

t.test('the mail worker drops a decoy', async (t) => {
  const key = await write({ isDecoy: true })
  const before = ses.calls.length
  t.same(await invoke([sqsRecordOf(key)]), [])
  t.equal(ses.calls.length, before)
})

t.test('the mail worker forgets a mail to a person who was erased meanwhile', async (t) => {
  const userId = randomBytes(8).toString('hex')
  const key = await write({ account: userId })
  const erasedAt = new Date().toISOString()
  await database.put({ TableName: tables.events, Item: { ...erasedKey(userId), erasedAt } })
  const before = ses.calls.length
  t.same(await invoke([sqsRecordOf(key)]), [])
  t.equal(ses.calls.length, before)
  t.same(await itemOf(key), {})
  t.match(printed.join('\n'), /"reason":\s*"erased"/)
})

t.test('the mail worker does to the table what its policy allows, and nothing else', (t) => {
  t.same([...operations].sort(), WORKER_ACTIONS.events)
  t.end()
})
