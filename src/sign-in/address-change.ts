import type { AskedMail, MailRequests } from '../email/requests.js'
import type { Outbox } from '../email/outbox.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { rateLimited } from '../limits/by-address.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import { ticketInvalid } from '../tickets/errors.js'
import { LINK_MS } from '../tickets/lifetimes.js'
import type { MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import type { AddressChanges } from '../users/addresses/changes.js'
import { normalizeEmail } from '../users/email.js'
import { SAME_ADDRESS } from '../users/errors.js'
import { isFreeFor } from '../users/reservation.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { User } from '../users/user.js'
import type { Users } from '../users/users.js'

export interface AddressChangeDependencies {
  readonly users: Users
  readonly changes: AddressChanges
  readonly sessions: Sessions
  readonly requests: MailRequests
  readonly tickets: MailTickets
  readonly outbox: Outbox
  readonly trail: Trail
  readonly clock: Clock
}

const KIND = 'address-change'
const UNDO = 'address-undo'
const UNDO_MS = LINK_MS[UNDO]

/**
 * Each change can be undone and keeps an address, so that a thief who changes it again and again must not push out the
 * owner's way back.
 */
const MAX_CHANGES = 10

/** Another address for an account, whose new mailbox proves it. */
export class AddressChange {
  readonly #dependencies: AddressChangeDependencies

  constructor(dependencies: AddressChangeDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the service sends mail at all. */
  get isOffered(): boolean {
    return this.#dependencies.requests.hasMail
  }

  /**
   * Sends a code to the new address. Where another account has it, its owner gets a notice, and the calls and the
   * answer are the same.
   * @throws {Problem} MAIL_NOT_CONFIGURED, RECENT_SIGN_IN_REQUIRED, VALIDATION_FAILED, STORE_UNAVAILABLE; TOKEN_INVALID
   * when the session has ended meanwhile; RATE_LIMITED for too many changes.
   */
  async ask(caller: Caller, session: LiveSession, newEmail: string): Promise<AskedMail> {
    const { users, sessions, requests, clock } = this.#dependencies
    requests.assertConfigured()
    sessions.assertRecent(session)
    const { account } = session
    const address = normalizeEmail(newEmail)
    if (address === account.email) throw sameAddress()
    this.#assertRoom(account)
    const { reservation } = await users.store.findHolder(address)
    const mail = isFreeFor(account.id, reservation, clock())
      ? ({ message: KIND, user: account } as const)
      : ({
          message: 'address-change-taken',
          user: undefined,
          isNotice: true,
          ownerId: reservation.userId,
        } as const)
    const asking = { kind: KIND, address, asker: account, ...mail } as const
    const { parts, ...asked } = await requests.prepare(caller, asking)
    const tying = asked.isLimited ? [] : [sessions.askingForAddress(session, asked.flow)]
    await requests.write([...parts, ...tying])
    return asked
  }

  /**
   * Gives the account the new address, in the session that has asked for it. Every other session ends. The old address
   * gets a notice, whose link undoes the change.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, EMAIL_TAKEN, RATE_LIMITED, STORE_UNAVAILABLE.
   */
  async confirm(caller: Caller, session: LiveSession, code: string): Promise<User> {
    const { users, sessions, requests, tickets } = this.#dependencies
    requests.assertConfigured()
    const { addressFlow: flow } = await sessions.factsOf(session)
    if (flow === undefined) throw ticketInvalid()
    const record = await tickets.prove(caller, KIND, { flow, code })
    const changed = await retryConflicts(async () => {
      const user = await users.store.findById(session.account.id)
      if (user?.status !== 'active' || !tickets.isOf(record, user)) throw ticketInvalid()
      this.#assertRoom(user)
      return this.#change(caller, { user, record, keptSession: session.sessionId })
    })
    report(caller.log, 'address_changed', { userId: changed.id })
    return changed
  }

  async #change(
    caller: Caller,
    { user, record, keptSession }: { user: User; record: MailTicketRecord; keptSession: string },
  ): Promise<User> {
    const { tickets, trail } = this.#dependencies
    const { address: email } = record.ticket
    const undo = user.email === undefined ? undefined : await this.#undo(caller, user, user.email)
    const event = trail.part(caller, 'address_changed', { userId: user.id })
    const alongside = [tickets.consumption(record), ...(undo?.parts ?? []), event]
    const next = { email, keptSession, ...(undo && { earlier: undo.earlier }) }
    await this.#dependencies.changes.change(user, next, alongside)
    return { ...user, email, emailVerified: true }
  }

  /** What takes the account back to its old address: the ticket, and the notice that has its link. */
  async #undo({ language }: Caller, user: User, email: string) {
    const { tickets, outbox, clock } = this.#dependencies
    const now = clock()
    const changedAt = new Date(now).toISOString()
    const { passwordHash } = user
    const detail = { changedAt, ...(passwordHash !== undefined && { passwordHash }) }
    const { ticket, item } = await tickets.issue({ kind: UNDO, address: email, user, detail })
    const notice = outbox.item({
      ...{ kind: 'address-changed', to: email, isDecoy: false, language, ticket },
      // The first one undoes all later changes, so the owner loses nothing where notices become one.
      account: user.id,
    })
    return {
      parts: [{ item }, { item: notice }],
      earlier: {
        email,
        changedAt,
        until: now + UNDO_MS,
        isProved: user.emailVerified === true,
        ticketId: ticket.id,
      },
    }
  }

  #assertRoom(user: User): void {
    const { changes, clock } = this.#dependencies
    const open = changes.open(user)
    const [first] = open
    if (!first || open.length < MAX_CHANGES) return
    throw rateLimited({ max: MAX_CHANGES, windowMs: UNDO_MS }, first.until - clock())
  }
}

const sameAddress = (): Problem =>
  new Problem(SAME_ADDRESS, {
    errors: [{ field: '/newEmail', message: 'must not be the address that the account has' }],
  })
