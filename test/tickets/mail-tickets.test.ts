import t from 'tap'
import { successorAt } from '../../src/keyring/secret-keys.js'
import { systemRandom } from '../../src/lib/random.js'
import { ticketInvalid } from '../../src/tickets/errors.js'
import type { MailTicketKind } from '../../src/tickets/mail-secrets.js'
import type { MailProof } from '../../src/tickets/mail-tickets.js'
import { DAY, HOUR, MINUTE, SECOND, testClock } from '../support/clock.js'
import { callerOn, lastMail, MAIL, messages, secretsOf } from '../support/mail.js'
import { maintenanceOf, quickKeys } from '../support/rings.js'
import { type Service, startService } from '../support/service.js'

const KINDS: Readonly<
  Record<MailTicketKind, { readonly linkMs: number; readonly codeMs: number }>
> = {
  verification: { linkMs: DAY, codeMs: 10 * MINUTE },
  'password-reset': { linkMs: 30 * MINUTE, codeMs: 10 * MINUTE },
  'sign-in': { linkMs: 30 * MINUTE, codeMs: 10 * MINUTE },
  'address-change': { linkMs: 10 * MINUTE, codeMs: 10 * MINUTE },
  'address-undo': { linkMs: 7 * DAY, codeMs: 0 },
  'factors-removal': { linkMs: 7 * DAY, codeMs: 0 },
  invitation: { linkMs: DAY, codeMs: 0 },
}
const ALL = Object.entries(KINDS) as [MailTicketKind, (typeof KINDS)[MailTicketKind]][]

t.test('the ticket of a mail', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { clock, services } = service
  const { mailRequests, database } = services
  const { mailTickets: tickets } = await services.late.load()
  const caller = callerOn(service)

  const ask = async (kind: MailTicketKind, address = `${kind}-${clock()}@example.com`) => {
    clock.advance(MINUTE)
    const user = { id: address, epoch: 2 }
    const { flow } = await mailRequests.ask(caller, {
      kind,
      message: 'password-reset',
      address,
      user,
    })
    const { secret, code } = await lastMail(service, address)
    return { flow, code, link: { ticket: secret, flow }, typed: { flow, code }, address, user }
  }
  const isGood = async (kind: MailTicketKind, proof: MailProof) => {
    try {
      const record = await tickets.prove(caller, kind, proof)
      return record.ticket.kind === kind
    } catch (error) {
      t.match(error, { type: { code: 'TICKET_INVALID', status: 400 } })
      return false
    }
  }

  t.test('the ticket of a mail has a link and a code, until they expire', async (t) => {
    for (const [kind, { linkMs, codeMs }] of ALL) {
      const { link, typed } = await ask(kind)
      if (codeMs > 0) {
        clock.advance(codeMs - 1)
        t.ok(await isGood(kind, typed), `${kind}: the code at its last moment`)
        clock.advance(1)
      }
      t.notOk(await isGood(kind, typed), `${kind}: the code a moment later`)
      if (linkMs > codeMs) {
        clock.advance(1)
        t.notOk(await isGood(kind, typed), kind)
        clock.advance(linkMs - codeMs - 2)
        t.ok(await isGood(kind, link), `${kind}: the link at its last moment`)
      }
      clock.advance(1)
      t.notOk(await isGood(kind, link), `${kind}: the link a moment later`)
      clock.advance(1)
      t.notOk(await isGood(kind, link), `${kind}: although nothing has deleted the record`)
    }
  })

  t.test('the ticket of a mail of one kind opens no other door', async (t) => {
    for (const [kind] of ALL) {
      const { link, typed } = await ask(kind)
      for (const [other] of ALL.filter(([other]) => other !== kind)) {
        t.notOk(await isGood(other, link), `the link of ${kind} at ${other}`)
        t.notOk(await isGood(other, typed), `the code of ${kind} at ${other}`)
      }
    }
  })

  t.test('the ticket of a mail has a code of its own, which no part of the link is', async (t) => {
    const { link, flow, code } = await ask('sign-in')
    const secret = Buffer.from(link.ticket.slice(22), 'base64url')
    const fromLink = String(secret.readBigUInt64BE() % 100_000_000n).padStart(8, '0')
    t.not(fromLink, code)
    t.notOk(await isGood('sign-in', { flow, code: fromLink }))
    t.ok(await isGood('sign-in', { flow, code: `${code.slice(0, 4)} ${code.slice(4)}` }))
  })

  t.test('the ticket of a mail is for its browser, where it signs in', async (t) => {
    const one = await ask('sign-in')
    const other = await ask('sign-in', one.address)
    t.notOk(await isGood('sign-in', { ticket: one.link.ticket }), 'a link without a flow')
    t.notOk(await isGood('sign-in', { ...one.link, flow: other.flow }), 'in another browser')
    t.notOk(await isGood('sign-in', { flow: other.flow, code: one.code }))
    t.ok(await isGood('sign-in', one.link))
    t.ok(await isGood('sign-in', one.typed), 'another request leaves it as it was')
    const reset = await ask('password-reset')
    t.ok(await isGood('password-reset', { ticket: reset.link.ticket }), 'any browser resets')
  })

  t.test('the ticket of a mail is of the account as it was', async (t) => {
    const bound = async (kind: MailTicketKind) => {
      const { link, user, address: email } = await ask(kind)
      const record = await tickets.prove(caller, kind, link)
      return {
        same: tickets.isOf(record, { ...user, email }),
        otherUser: tickets.isOf(record, { ...user, email, id: 'another' }),
        otherAddress: tickets.isOf(record, { ...user, email: 'another@example.com' }),
        otherEpoch: tickets.isOf(record, { ...user, email, epoch: 3 }),
      }
    }
    const strict = { same: true, otherUser: false, otherAddress: false, otherEpoch: false }
    t.same(await bound('password-reset'), strict)
    t.same(await bound('sign-in'), strict)
    t.same(await bound('verification'), { ...strict, otherEpoch: true })
    t.same(await bound('address-change'), { ...strict, otherAddress: true })
    const ofUser = { ...strict, otherAddress: true, otherEpoch: true }
    t.same(await bound('address-undo'), ofUser)
    t.same(await bound('factors-removal'), ofUser, 'its removal is what it is bound to')
    t.same(await bound('invitation'), ofUser, 'the invitation is what it is bound to')
  })

  t.test('the ticket of a mail is used up with the change that it is for', async (t) => {
    const { link, typed } = await ask('password-reset')
    const [mine, other] = await Promise.all([
      tickets.prove(caller, 'password-reset', link),
      tickets.prove(caller, 'password-reset', typed),
    ])
    const use = (record: typeof mine) => database.writeTogether([tickets.consumption(record)])
    await use(mine)
    await use(mine)
    t.pass('a write that is repeated finds its own mark')
    await t.rejects(use(other), ticketInvalid())
    t.notOk(await isGood('password-reset', link))
    t.notOk(await isGood('password-reset', typed))
  })

  t.test('the ticket of a mail compares five codes, and keeps its link', async (t) => {
    const { link, flow, typed, code } = await ask('password-reset')
    const wrong = { flow, code: code === '00000000' ? '00000001' : '00000000' }
    for (let times = 0; times < 4; times++) t.notOk(await isGood('password-reset', wrong))
    t.ok(await isGood('password-reset', typed), 'a right one is not counted')
    t.ok(await isGood('password-reset', typed))
    t.notOk(await isGood('password-reset', wrong))
    t.notOk(await isGood('password-reset', typed), 'the sixth is not compared')
    t.ok(await isGood('password-reset', link))
    t.match(service.events('authn_code_fail').at(-1), { kind: 'password-reset' })
  })

  t.test('the ticket of a mail to an unknown address is good for nothing', async (t) => {
    const address = 'unknown@example.com'
    const asked = { kind: 'sign-in', message: 'sign-in', address, user: undefined } as const
    const { flow } = await mailRequests.ask(caller, asked)
    const decoy = (await messages(service)).find(({ to }) => to === address)
    if (!decoy?.ticket) throw new Error('no message')
    t.equal(decoy.isDecoy, true, 'its message is not sent')
    const { secret, code } = await secretsOf(service, decoy.ticket)
    t.notOk(await isGood('sign-in', { flow, code }))
    t.notOk(await isGood('sign-in', { ticket: secret, flow }))
  })

  t.test('the ticket of a mail is nothing that a person makes up', async (t) => {
    const { link, flow, code } = await ask('password-reset')
    for (const ticket of ['', 'x', link.ticket.slice(1), `${link.ticket}a`, 'é'.repeat(65)])
      t.notOk(await isGood('password-reset', { ticket }))
    const end = link.ticket.endsWith('A') ? 'E' : 'A'
    t.notOk(await isGood('password-reset', { ticket: link.ticket.slice(0, -1) + end }))
    for (const typed of ['', '1', `${code}0`, '１２３４５６７８'])
      t.notOk(await isGood('password-reset', { flow, code: typed }))
    t.notOk(await isGood('password-reset', { flow: 'A'.repeat(22), code }))
    t.notOk(await isGood('password-reset', { flow: '', code }))
  })
})

t.test('codes of mail tickets whose ids and addresses are alike differ', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { id: keyId } = await service.services.ticketKeys.current()
  const base = { kind: 'sign-in', keyId, id: 'id' } as const
  const one = await secretsOf(service, { ...base, userId: 'ada', address: 'a|b@example.com' })
  const other = await secretsOf(service, { ...base, userId: 'ada|a', address: 'b@example.com' })
  t.not(one.code, other.code)
  t.not(one.secret, other.secret)
})

t.test('the ticket of a mail outlives two rotations of the ticket keys', async (t) => {
  quickKeys(t)
  const clock = testClock()
  const env = { ...MAIL, SESSION_ABSOLUTE_SECONDS: '900', SESSION_IDLE_SECONDS: '900' }
  const service = await startService(t, { clock, env })
  const user = { id: 'ada', epoch: 0 }
  for (const [kind, { linkMs }] of ALL) {
    const address = `${kind}@example.com`
    const { mailRequests } = service.services
    clock.advance(HOUR)
    const asked = { kind, message: 'verification', address, user } as const
    const { flow } = await mailRequests.ask(callerOn(service), asked)
    const { secret } = await lastMail(service, address)
    const before = clock()
    for (let rotation = 0; rotation < 2; rotation++) {
      await rotateTicketKeys(service)
      clock.advance(Math.floor(linkMs / 2) - SECOND)
      await maintenanceOf(service).maintain()
    }
    t.ok(clock() < before + linkMs)
    const late = await startService(t, { beside: service, env })
    const proof = { ticket: secret, flow }
    const record = await late.services.mailTickets.prove(callerOn(late), kind, proof)
    t.equal(record.ticket.address, address, `${kind}, by an instance that has just read the keys`)
  }
})

/** A successor long before it is due. */
async function rotateTicketKeys({ keyRing, clock }: Service): Promise<void> {
  const { ticketKeys } = keyRing.stores
  const { ring, revision } = (await ticketKeys.read()) ?? { ring: { keys: [] }, revision: 0 }
  const keys = [...ring.keys, successorAt(clock(), systemRandom)]
  t.ok(await ticketKeys.write({ ring: { keys }, revision: revision + 1 }))
}
