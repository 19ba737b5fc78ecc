import t, { type Test } from 'tap'
import { MailDelivery } from '../../src/email/delivery.js'
import { type Mail, type Mailer, MailRefused } from '../../src/email/mailer.js'
import type { Message, MessageKey } from '../../src/email/message.js'
import { Outbox } from '../../src/email/outbox.js'
import { systemRandom } from '../../src/lib/random.js'
import { linkTicket, mailCode, type MailTicket } from '../../src/tickets/mail-secrets.js'
import { Database } from '../../src/dynamodb/database.js'
import { fastifyLogger } from '../../src/events/logger.js'
import { DAY, MINUTE, testClock } from '../support/clock.js'
import { CapturingLogger } from '../support/logger.js'
import { startService } from '../support/service.js'
import { tally } from '../support/tally.js'

const ISSUER = 'https://auth.example.com'
const FROM = 'auth@example.com'
const NOTICE: Message = {
  kind: 'api-key-created',
  to: 'ada@example.com',
  isDecoy: false,
  language: 'en',
  facts: { keyName: 'billing export' },
}

t.test('mail delivery', async (t) => {
  const service = await startService(t)
  const { client, config, services } = service
  const table = config.tables.events
  const database = new Database(client)

  /** A worker, and what it has sent. */
  const open = (options: { fails?: (attempt: number) => Error | undefined; never?: true } = {}) => {
    let begin = (): void => undefined
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const clock = testClock()
    const logger = new CapturingLogger({ serviceName: 'latchkey', logLevel: 'debug' })
    const sent: Mail[] = []
    let attempts = 0
    const mailer: Mailer = {
      async send(mail) {
        attempts += 1
        begin()
        if (options.never) await new Promise(() => undefined)
        const failure = options.fails?.(attempts)
        if (failure) throw failure
        sent.push(mail)
      },
    }
    const delivery = new MailDelivery({
      database,
      table,
      ticketKeys: services.ticketKeys,
      mailer,
      issuer: ISSUER,
      brand: config.brand,
      from: FROM,
      clock,
      random: systemRandom,
      log: fastifyLogger(logger),
    })
    const outbox = new Outbox({ table, clock, random: systemRandom })
    const post = async (message: Message): Promise<MessageKey> => {
      const { Put } = outbox.item(message)
      await database.transact({ TransactItems: [{ Put }] })
      const { userId, eventId } = Put.Item
      return { userId, eventId }
    }
    const read = async (key: MessageKey) => (await database.get(table, { ...key })) ?? {}
    return { clock, delivery, post, read, sent, begun, events: () => logger.lines }
  }
  const ticketFor = async (kind: MailTicket['kind']): Promise<MailTicket> => ({
    kind,
    id: systemRandom(16).toString('base64url'),
    keyId: (await services.ticketKeys.current()).id,
    userId: 'a-user',
    address: 'ada@example.com',
  })

  t.test('mail delivery sends a message, and marks it', async (t) => {
    const { delivery, post, read, sent, clock, events } = open()
    const key = await post(NOTICE)
    const { id } = await read(key)
    t.equal(await delivery.deliver(key), 'sent')
    t.match(sent, [
      {
        from: { name: 'Latchkey', address: FROM },
        to: 'ada@example.com',
        subject: 'An API key was created',
        text: 'Key: billing export',
        messageId: `${String(id)}@example.com`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': /OOF/ },
      },
    ])
    const stored = await read(key)
    t.equal(stored.sentAt, new Date(clock()).toISOString())
    t.notMatch(JSON.stringify(stored), 'ada@example.com', 'the address is forgotten')
    t.equal(await delivery.deliver(key), 'already-sent')
    t.equal(sent.length, 1)
    t.match(events(), [{ event: 'mail_sent', messageId: id, kind: 'api-key-created' }])
    noAddress(t, events())
  })

  t.test('mail delivery derives link and code by the key that the ticket names', async (t) => {
    const { delivery, post, sent } = open()
    const ticket = await ticketFor('password-reset')
    const made = await services.ticketKeys.byId(ticket.keyId ?? '')
    t.ok(made)
    if (!made) return
    const key = await post({ ...NOTICE, kind: 'password-reset', ticket })
    t.equal(await delivery.deliver(key), 'sent')
    const code = mailCode(made, ticket)
    t.match(sent[0]?.text, `${code.slice(0, 4)} ${code.slice(4)}`)
    t.match(sent[0]?.text, `${ISSUER}/reset#ticket=${linkTicket(made, ticket)}`)
  })

  t.test(
    'mail delivery refuses a message whose ticket key is gone, once and for all',
    async (t) => {
      const { delivery, post, sent, events } = open()
      const ticket = { ...(await ticketFor('sign-in')), keyId: 'ffffffff' }
      const key = await post({ ...NOTICE, kind: 'sign-in', ticket })
      t.equal(await delivery.deliver(key), 'refused')
      t.equal(await delivery.deliver(key), 'refused')
      t.equal(sent.length, 0)
      t.match(events(), [{ event: 'mail_refused', level: 'ERROR', reason: 'ticket_key_gone' }])
      t.equal(events().length, 1)
    },
  )

  t.test(
    'mail delivery drops decoys without a word, and forgets whom a stranger named',
    async (t) => {
      const { delivery, post, read, sent, events } = open()
      const key = await post({ ...NOTICE, isDecoy: true })
      t.equal(await delivery.deliver(key), 'dropped')
      t.equal(await delivery.deliver(key), 'dropped')
      t.equal(sent.length, 0)
      t.same(events(), [])
      t.notMatch(JSON.stringify(await read(key)), 'ada@example.com')
    },
  )

  t.test('mail delivery drops what it finds no message of', async (t) => {
    const { delivery, sent } = open()
    t.equal(await delivery.deliver({ userId: 'MAIL#none', eventId: 'none' }), 'dropped')
    t.equal(sent.length, 0)
  })

  t.test(
    'mail delivery sends no link that has expired, and no news after three days',
    async (t) => {
      const { delivery, post, sent, clock, events } = open()
      const late = await post({ ...NOTICE, kind: 'sign-in', ticket: await ticketFor('sign-in') })
      const notice = await post(NOTICE)
      clock.advance(30 * MINUTE - 1)
      const inTime = await post({ ...NOTICE, kind: 'sign-in', ticket: await ticketFor('sign-in') })
      clock.advance(1)
      t.equal(await delivery.deliver(late), 'dropped')
      t.equal(await delivery.deliver(inTime), 'sent')
      const old = await post(NOTICE)
      clock.advance(2 * DAY)
      t.equal(await delivery.deliver(notice), 'sent')
      clock.advance(1 * DAY)
      t.equal(await delivery.deliver(old), 'dropped')
      t.equal(sent.length, 2)
      t.match(events()[0], { event: 'mail_dropped', reason: 'expired' })
    },
  )

  t.test(
    'mail delivery leaves a failure to another try, which has the same Message-ID',
    async (t) => {
      const answers: string[] = []
      const { delivery, post, read, sent, events } = open({
        fails: (attempt) => (attempt < 3 ? new Error(`attempt ${attempt}`) : undefined),
      })
      const key = await post(NOTICE)
      const { id } = await read(key)
      for (let attempt = 1; attempt < 3; attempt++) {
        await delivery
          .deliver(key)
          .catch((error: unknown) => answers.push((error as Error).message))
        t.equal((await read(key)).to, NOTICE.to, 'it is as it was')
      }
      t.same(answers, ['attempt 1', 'attempt 2'])
      t.equal(await delivery.deliver(key), 'sent')
      t.equal(sent[0]?.messageId, `${String(id)}@example.com`)
      t.match(events(), [
        { event: 'mail_failed', level: 'WARN', cause: 'attempt 1' },
        { event: 'mail_failed' },
        { event: 'mail_sent' },
      ])
    },
  )

  t.test('mail delivery tries no more when the mail server has refused for good', async (t) => {
    const { delivery, post, sent, events } = open({ fails: () => new MailRefused('550 no') })
    const key = await post(NOTICE)
    t.equal(await delivery.deliver(key), 'refused')
    t.equal(await delivery.deliver(key), 'refused')
    t.equal(sent.length, 0)
    t.match(events(), [{ event: 'mail_refused', reason: 'mail_server', cause: '550 no' }])
  })

  t.test('mail delivery sends one mail, if several try at once', async (t) => {
    const { delivery, post, sent } = open()
    const key = await post(NOTICE)
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => delivery.deliver(key)))
    const outcomes = tries.map((one) => (one.status === 'fulfilled' ? one.value : 'again'))
    const { sent: first, ...others } = tally(outcomes)
    t.equal(first, 1)
    t.match(
      Object.keys(others).filter((outcome) => !['again', 'already-sent'].includes(outcome)),
      [],
    )
    t.equal(await delivery.deliver(key), 'already-sent', 'what comes again later')
    t.equal(sent.length, 1)
  })

  t.test(
    'mail delivery sends what another worker began and did not end, half a minute later',
    async (t) => {
      const [gone, next] = [open({ never: true }), open()]
      const key = await gone.post(NOTICE)
      const { id } = await gone.read(key)
      void gone.delivery.deliver(key)
      await gone.begun
      await t.rejects(next.delivery.deliver(key), { message: 'another worker has the message' })
      next.clock.advance(30_000)
      t.equal(await next.delivery.deliver(key), 'sent')
      t.equal(next.sent[0]?.messageId, `${String(id)}@example.com`)
      t.notMatch(await next.read(key), { claimedUntil: Number })
    },
  )
})

function noAddress(t: Test, lines: readonly object[]): void {
  t.notMatch(JSON.stringify(lines), /ada@|example\.com/)
}
