import fc from 'fast-check'
import t from 'tap'
import { isOutage } from '../../src/http/problem.js'
import { systemRandom } from '../../src/lib/random.js'
import { ticketInvalid } from '../../src/tickets/errors.js'
import { LINK_MS } from '../../src/tickets/lifetimes.js'
import { linkTicket, mailCode, type MailTicketKind } from '../../src/tickets/mail-secrets.js'
import type { MailProof } from '../../src/tickets/mail-tickets.js'
import { keyOf, newTicket, type TicketKind } from '../../src/tickets/store.js'
import { keyOf as mailKeyOf } from '../../src/tickets/ticket-maker.js'
import { bounds } from '../support/bounds.js'
import { MINUTE, SECOND, testClock } from '../support/clock.js'
import { newEmail } from '../support/identity-provider.js'
import { callerOn } from '../support/mail.js'
import { type Fate, type Proxy, startProxy } from '../support/proxy.js'
import { type Service, startService } from '../support/service.js'

const KINDS: Readonly<Record<Exclude<TicketKind, 'social-flow'>, true>> = {
  'social-arrival': true,
  freeing: true,
  'second-factor': true,
  enrolment: true,
  'step-up': true,
  'passkey-creation': true,
  'passkey-request': true,
  'authorization-request': true,
  'authorization-code': true,
}

const STEPS = [
  ...['find', 'use', 'use', 'use in another way', 'use in another way', 'race', 'race'],
  ...['guess', 'guess', 'guess'],
  ...['forward', 'back', 'to its last moment', 'to its end'],
] as const
type Step = (typeof STEPS)[number]

/** What becomes of each attempt at one call to the store. */
const FAULTS = {
  none: () => 'pass',
  'one answer lost': (attempt) => (attempt === 1 ? 'lose-answer' : 'pass'),
  'all answers lost': () => 'lose-answer',
  away: () => 'fail',
} satisfies Record<string, (attempt: number) => Fate>
type Fault = keyof typeof FAULTS

interface Move {
  readonly step: Step
  readonly on: 0 | 1
  readonly fault: Fault
  /** The call that the fault is at. */
  readonly at: number
}

/** A ticket, and the doors that it opens on an instance. */
interface Ticket {
  readonly key: { readonly pk: string }
  /** By the clock of the instance that is asked, milliseconds. */
  readonly until: number
  readonly codeUntil?: number
  /** Whether it is good, without using it; not every ticket can be looked at. */
  readonly find?: (on: Service) => Promise<boolean>
  /** Uses it. @returns whether this caller may go on. */
  readonly use: (on: Service) => Promise<boolean>
  /** The same as a part of a transaction, or by the code of a mail. */
  readonly useOtherwise: (on: Service) => Promise<boolean>
  /** Tries a wrong code. */
  readonly guess?: (on: Service) => Promise<boolean>
}

const LIFE = 10 * MINUTE
/** Wrong codes of one flow. */
const MAX_CODES = 5

/** The answer of a door that refuses by a problem. */
async function isLet(in_: Promise<unknown>): Promise<boolean> {
  try {
    await in_
    return true
  } catch (error) {
    if (isOutage(error)) throw error
    return false
  }
}

type Maker = (on: Service) => Promise<Ticket>

const stored =
  (kind: TicketKind): Maker =>
  async ({ services: { tickets }, clock }) => {
    const id = newTicket(systemRandom)
    const until = clock() + LIFE
    await tickets.put(kind, id, { detail: { made: 'here' } }, until)
    return {
      key: keyOf(kind, id),
      until,
      find: async ({ services }) => (await services.tickets.find(kind, id)) !== undefined,
      use: async ({ services }) => {
        const record = await services.tickets.consume(kind, id)
        return record?.detail?.made === 'here'
      },
      useOtherwise: async ({ services: { database, tickets } }) =>
        isLet(database.writeTogether([tickets.consumption(kind, id, ticketInvalid)])),
    }
  }

/** Its record is in the browser, whose seal says when it ends. */
const sealed: Maker = async () => {
  const id = newTicket(systemRandom)
  const use: Ticket['use'] = async ({ services: { tickets }, clock }) =>
    tickets.consumeSealed('social-flow', id, clock() + LIFE)
  return { key: keyOf('social-flow', id), until: Infinity, use, useOtherwise: use }
}

const mailed =
  (kind: MailTicketKind): Maker =>
  async (on) => {
    const { database, ticketKeys, late } = on.services
    const address = newEmail()
    const { mailTickets } = await late.load()
    const made = { kind, address, user: { id: address, epoch: 1 } }
    const { flow, ticket, item } = await mailTickets.issue(made)
    await database.writeTogether([{ item }])
    const key = await ticketKeys.current()
    const code = mailCode(key, ticket)
    const link = { ticket: linkTicket(key, ticket), flow }
    const wrong = code.replace(/.$/, (last) => String((Number(last) + 1) % 10))
    const open = async (service: Service, proof: MailProof, isSpent: boolean) => {
      const { mailTickets: tickets } = await service.services.late.load()
      const record = await tickets.prove(callerOn(service), kind, proof)
      if (isSpent) await tickets.spend(record)
    }
    const { expiresAt, codeUntil } = item.Put.Item as { expiresAt: number; codeUntil: number }
    return {
      key: mailKeyOf(kind, ticket.id),
      until: expiresAt,
      codeUntil,
      find: async (service) => isLet(open(service, link, false)),
      use: async (service) => isLet(open(service, link, true)),
      useOtherwise: async (service) => isLet(open(service, { flow, code }, true)),
      guess: async (service) => isLet(open(service, { flow, code: wrong }, true)),
    }
  }

const MAKERS: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, stored(kind as TicketKind)])),
  'social-flow': sealed,
  ...Object.fromEntries(
    Object.keys(LINK_MS).map((kind) => [`mail-${kind}`, mailed(kind as MailTicketKind)]),
  ),
}

/** A ticket as one would explain it: good until it ends or is used, once. */
class Model {
  isUsed = false
  /** Wrong codes that count. */
  guesses = 0

  constructor(readonly ticket: Ticket) {}

  isOpen(now: number): boolean {
    return !this.isUsed && now < this.ticket.until
  }

  /** Whether the second way is open: a code ends sooner than its link, and after wrong ones. */
  isOpenOtherwise(now: number): boolean {
    const { codeUntil } = this.ticket
    if (codeUntil === undefined) return this.isOpen(now)
    return !this.isUsed && now < codeUntil && this.guesses < MAX_CODES
  }
}

/** Two instances on one store, each with a clock that the other one does not see. */
async function startWorld(t: Parameters<typeof startService>[0]) {
  const proxy = await startProxy(t)
  const { endpoint } = proxy
  const first = await startService(t, { endpoint })
  const second = await startService(t, { endpoint, beside: first, clock: testClock(first.clock()) })
  return { proxy, instances: [first, second] as const }
}

/** Breaks one call of what is done meanwhile. */
function breakCall(proxy: Proxy, { fault, at }: Move): void {
  const seen = new Map<string, number>()
  let broken: string | undefined
  proxy.decide(({ id }) => {
    const attempt = (seen.get(id) ?? 0) + 1
    seen.set(id, attempt)
    if (seen.size === at && attempt === 1) broken ??= id
    return id === broken ? FAULTS[fault](attempt) : 'pass'
  })
}

t.test('a ticket opens its door once, on two instances whose clocks differ', async (t) => {
  const { proxy, instances } = await startWorld(t)
  const [first] = instances
  const beganAt = first.clock()
  const table = first.config.tables.tickets
  const met: Record<string, number> = {}

  const follow = async (kind: string, maker: 0 | 1, walk: readonly Move[]): Promise<void> => {
    for (const { clock } of instances) clock.advance(beganAt - clock())
    const model = new Model(await (MAKERS[kind] as Maker)(instances[maker]))
    const { ticket } = model

    const move = ({ step, on }: Move): boolean => {
      const { clock } = instances[on]
      const { until } = ticket
      const to = Number.isFinite(until) ? until - clock() : LIFE
      const by: Partial<Record<Step, number>> = {
        forward: 61 * SECOND,
        back: -59 * SECOND,
        'to its last moment': to - 1,
        'to its end': to,
      }
      clock.advance(by[step] ?? 0)
      return step in by
    }

    /** After an outage, only the store knows what was done. */
    const look = async (mayBeUsed: boolean, mayBeGuessed: boolean): Promise<void> => {
      const item = await first.services.database.get(table, ticket.key)
      const isUsed = item?.usedBy !== undefined
      const { size: guesses = 0 } = (item?.codes ?? {}) as { size?: number }
      if (model.isUsed && !isUsed) throw new Error('a used ticket is good again')
      if (isUsed && !model.isUsed && !mayBeUsed) throw new Error('a closed ticket was used')
      if (guesses > model.guesses && !mayBeGuessed) throw new Error('a closed code was counted')
      model.isUsed = isUsed
      model.guesses = guesses
    }

    const take = async (each: Move): Promise<void> => {
      if (move(each)) return
      const { step, fault } = each
      const now = instances.map(({ clock }) => clock())
      const isOther = step === 'use in another way' || (step === 'race' && each.at % 2 === 0)
      const opens = now.map((time) =>
        isOther ? model.isOpenOtherwise(time) : model.isOpen(time),
      ) as [boolean, boolean]
      const way = isOther ? ticket.useOtherwise : ticket.use
      const doors = {
        find: ticket.find,
        guess: ticket.guess,
        use: way,
        'use in another way': way,
        race: way,
      }
      const door = doors[step as keyof typeof doors]
      if (!door) return
      const asked = step === 'race' ? [0, 1] : [each.on]
      breakCall(proxy, each)
      const answers = await Promise.all(
        asked.map(async (on) => {
          try {
            return await door(instances[on] as Service)
          } catch (error) {
            if (fault === 'none' || fault === 'one answer lost' || !isOutage(error)) throw error
            return undefined
          }
        }),
      )
      proxy.decide(() => 'pass')
      const wins = answers.filter((answer) => answer === true).length
      for (const answer of answers) met[`${step}: ${answer}`] = (met[`${step}: ${answer}`] ?? 0) + 1
      const isOpen = asked.some((on) => opens[on])
      const let_ = answers.findIndex((answer) => answer === true)
      if (wins > 0 && (step === 'guess' || !opens[asked[let_] as 0 | 1]))
        throw new Error('a closed door let someone in')
      if (answers.includes(undefined)) {
        if (step !== 'find' && wins > 1) throw new Error(`${wins} callers went through`)
        return look(step !== 'guess' && step !== 'find' && isOpen, step !== 'find')
      }
      const expected = isOpen && step !== 'guess' ? 1 : 0
      if (wins !== expected) throw new Error(`${wins} callers instead of ${expected} went through`)
      if (step === 'guess' && model.isOpenOtherwise(now[each.on] as number)) model.guesses++
      else if (step !== 'find') model.isUsed ||= wins > 0
    }

    const told = [`${kind} made on ${maker}`]
    for (const each of walk) {
      told.push(`${each.step} on ${each.on}, ${each.fault} at ${each.at}`)
      await take(each).catch((error: unknown) => {
        throw new Error(`${told.join('; ')}: ${String(error)}`)
      })
    }
    await look(false, false)
  }

  const instance = fc.constantFrom<0 | 1>(0, 1)
  const move: fc.Arbitrary<Move> = fc.record({
    step: fc.constantFrom(...STEPS),
    on: instance,
    fault: fc.constantFrom<Fault>('none', 'none', 'none', ...(Object.keys(FAULTS) as Fault[])),
    at: fc.integer({ min: 1, max: 4 }),
  })
  const walk = fc.array(move, { minLength: 3, maxLength: 12 })
  for (const kind of Object.keys(MAKERS)) {
    await t.test(kind, async () => {
      await fc.assert(
        fc.asyncProperty(instance, walk, (maker, steps) => follow(kind, maker, steps)),
        { seed: 20300105, numRuns: bounds.isFull ? 500 : 10 },
      )
    })
  }
  for (const answer of ['true', 'false', 'undefined']) {
    for (const step of ['find', 'use', 'use in another way', 'race'])
      t.ok((met[`${step}: ${answer}`] ?? 0) > 1, `${step}: ${answer} is met`)
  }
  t.ok((met['guess: false'] ?? 0) > 5, 'wrong codes are tried')
})
