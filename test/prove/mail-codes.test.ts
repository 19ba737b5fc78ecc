import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import t from 'tap'
import { linkSecret, mailCode, type MailTicket } from '../../src/tickets/mail-secrets.js'
import { MINUTE } from '../support/clock.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const IDS = 1_000_000
/** A chi-squared statistic of so many degrees of freedom is above it once in ten thousand. */
const LEAST_LIKELY: Readonly<Record<number, number>> = { 9: 33.7, 99: 161.6 }

const FORGOT = '/api/auth/password/forgot'
const RESET = '/api/auth/password/reset'

t.test('codes of a million tickets are spread evenly', async (t) => {
  const key = { id: '00000000', secret: Buffer.alloc(32, 7).toString('base64url') }
  const ticketOf = (number: number): MailTicket => ({
    kind: 'sign-in',
    id: String(number).padStart(22, '0'),
    keyId: key.id,
    userId: 'a-user',
    address: 'ada@example.com',
  })
  const digits = Array.from({ length: 8 }, () => new Array<number>(10).fill(0))
  const pairs = Array.from({ length: 4 }, () => new Array<number>(100).fill(0))
  const count = (counts: number[], value: number) => (counts[value] = (counts[value] ?? 0) + 1)
  let malformed = 0
  let leading = 0
  for (let number = 0; number < IDS; number++) {
    const code = mailCode(key, ticketOf(number))
    if (!/^\d{8}$/.test(code)) malformed++
    if (code.startsWith('000')) leading++
    for (const [at, counts] of digits.entries()) count(counts, Number(code[at]))
    for (const [at, counts] of pairs.entries())
      count(counts, Number(code.slice(2 * at, 2 * at + 2)))
  }
  t.equal(malformed, 0)
  t.ok(leading > 900 && leading < 1100, 'leading zeros are as frequent as any')
  for (const counts of [...digits, ...pairs]) {
    const expected = IDS / counts.length
    const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    t.ok(chi < (LEAST_LIKELY[counts.length - 1] ?? 0), `${counts.length} bins: ${chi.toFixed(1)}`)
  }
  const own = Array.from({ length: 1000 }, (_, number) => ticketOf(number))
  const fromLink = own.filter((ticket) => {
    const secret = Buffer.from(linkSecret(key, ticket), 'base64url')
    const code = String(secret.readBigUInt64BE() % 100_000_000n).padStart(8, '0')
    return code === mailCode(key, ticket)
  })
  t.same(fromLink, [], 'no code is a part of its link')
})

t.test('a code with leading zeros resets a password', async (t) => {
  const service = await startService(t, { env: MAIL })
  for (let tries = 0; tries < 400; tries++) {
    const account = await service.signUp()
    service.clock.advance(MINUTE)
    const { body } = await service.post(FORGOT, { email: account.email })
    const { code } = await lastMail(service, account.email)
    if (!code.startsWith('0')) continue
    const { password: newPassword } = newAccount()
    const short = { flow: body.flow, code: code.slice(1), newPassword }
    t.equal((await service.post(RESET, short)).status, 400, 'the zero belongs to it')
    const whole = { flow: body.flow, code, newPassword }
    t.equal((await service.post(RESET, whole)).status, 204)
    return
  }
  t.fail('no code begins with a zero')
})

const ACCOUNTS = 10
const FLOWS = 100
const GUESSES = 10_000
const ADDRESSES = 1_000
const AT_ONCE = 50

t.test(
  'of 10,000 guesses from 1,000 addresses ten an account and five a flow are compared',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const others = await Promise.all(
      [1, 2, 3].map(() => startService(t, { beside: service, env: MAIL })),
    )
    const instances = [service, ...others]
    const at = (number: number): Service => instances[number % instances.length] ?? service
    const addressOf = (number: number) => {
      const address = number % ADDRESSES
      return `203.0.${Math.floor(address / 250)}.${address % 250}`
    }
    const accounts = await parallel(ACCOUNTS, async (number) => {
      const account = await service.signUp()
      // The last one is of no account.
      if (number < ACCOUNTS - 1) await proveAddress(service, account.id)
      return number < ACCOUNTS - 1 ? account : newAccount()
    })

    const flows: string[] = []
    await inTurn(ACCOUNTS * FLOWS, async (number) => {
      const { email } = accounts[number % ACCOUNTS] ?? newAccount()
      const remoteAddress = addressOf(number)
      const { body } = await at(number).post(FORGOT, { email }, { remoteAddress })
      flows.push(body.flow)
    })
    t.equal(flows.length, ACCOUNTS * FLOWS)

    const answers: number[] = []
    const { password: newPassword } = newAccount()
    await inTurn(GUESSES, async (number) => {
      const flow = flows[number % flows.length]
      const code = String(number).padStart(8, '0')
      const call = { remoteAddress: addressOf(number) }
      const { status, body } = await at(number).post(RESET, { flow, code, newPassword }, call)
      answers.push(body?.code === 'TICKET_INVALID' ? 400 : status)
    })
    // One guess in a million may be right.
    t.same(tally(answers), { 400: GUESSES })

    const compared = instances.flatMap((instance) => instance.events('authn_code_fail'))
    t.equal(compared.length, ACCOUNTS * 10)
    const tickets = await scan(service, 'tickets')
    t.equal(Math.max(...tickets.map(({ codes }) => sizeOf(codes))), 5)
    const counted = (await scan(service, 'rateLimits')).filter(({ key }) =>
      String(key).startsWith('codes#'),
    )
    t.equal(Math.max(...counted.map(({ attempts }) => sizeOf(attempts))), 10)
  },
)

/** So many, a few at once. */
async function inTurn(count: number, run: (number: number) => Promise<void>): Promise<void> {
  let next = 0
  await parallel(AT_ONCE, async () => {
    while (next < count) await run(next++)
  })
}

async function scan({ client, config }: Service, table: 'tickets' | 'rateLimits') {
  const documents = DynamoDBDocumentClient.from(client)
  const items: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateScan(
    { client: documents },
    { TableName: config.tables[table], ConsistentRead: true },
  ))
    items.push(...Items)
  return items
}

const sizeOf = (set: unknown): number => (set instanceof Set ? set.size : 0)
