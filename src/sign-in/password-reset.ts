import type { MailRequests } from '../email/requests.js'
import type { AskedMail } from '../email/requests.js'
import type { Facts } from '../email/message.js'
import type { Notices } from '../email/notices.js'
import type { Part } from '../dynamodb/part.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import { type KeySuspension, recentSince, withPending } from '../lib/suspension.js'
import type { Sessions } from '../sessions/sessions.js'
import { ticketInvalid } from '../tickets/errors.js'
import type { MailProof, MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import { recentPasskeys } from '../users/factors.js'
import { suspendRecent } from '../users/identities/identity.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { AddressedUser } from '../users/user.js'
import type { Users } from '../users/users.js'
import { askForMail } from './ask-for-mail.js'
import {
  finishSuspension,
  type NameSuspended,
  reportSuspended,
  sinceOf,
  suspendedParts,
  type SuspendKeys,
} from './suspending.js'
import { isTakeable, takeOver } from './taking-over.js'
import { findHolder } from './ticket-holder.js'

export interface PasswordResetDependencies {
  readonly users: Users
  readonly sessions: Sessions
  readonly requests: MailRequests
  readonly tickets: MailTickets
  readonly notices: Notices
  readonly suspendKeys: SuspendKeys
  readonly nameSuspended: NameSuspended
  readonly trail: Trail
  readonly clock: Clock
}

/** What a new password suspends, and how its notice names it. */
interface Suspending {
  readonly suspension?: KeySuspension
  readonly facts?: Facts
}

const KIND = 'password-reset'

/** A forgotten password, and a first one: the mailbox is the proof. It opens no session. */
export class PasswordReset {
  readonly #dependencies: PasswordResetDependencies

  constructor(dependencies: PasswordResetDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the service sends mail at all. */
  get isOffered(): boolean {
    return this.#dependencies.requests.hasMail
  }

  /**
   * Sends a link and a code to an address. Known, unknown and disabled accounts cost the same calls.
   * @throws {Problem} MAIL_NOT_CONFIGURED, STORE_UNAVAILABLE.
   */
  async ask(caller: Caller, email: string): Promise<AskedMail> {
    return askForMail(this.#dependencies, caller, KIND, email)
  }

  /**
   * Sets the password. Every session, refresh token and grant ends with the same write, and what a thief may have
   * planted is suspended. While the address is unproved, a stranger may have made the account: then all of it goes,
   * except that an administrator's account stays as it is.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, PASSWORD_REFUSED, BUSY, STORE_UNAVAILABLE.
   */
  async reset(caller: Caller, proof: MailProof, password: string): Promise<void> {
    const { users, requests, tickets } = this.#dependencies
    requests.assertConfigured()
    await users.assertChoosable(password)
    const record = await tickets.prove(caller, KIND, proof)
    const { email } = await findHolder(this.#dependencies, record)
    const passwordHash = await users.hashNewPassword(password, email, caller.address)
    const finish = await retryConflicts(async () => {
      const holder = await findHolder(this.#dependencies, record)
      if (holder.emailVerified) return this.#write(caller, record, holder, passwordHash)
      if (!isTakeable(holder)) throw ticketInvalid()
      const how = { passwordHash, alongside: this.#alongside(caller, record, holder) }
      return takeOver(caller, holder, how, this.#dependencies)
    })
    report(caller.log, 'authn_password_reset', { userId: record.ticket.userId })
    await finish()
  }

  async #write(
    caller: Caller,
    record: MailTicketRecord,
    user: AddressedUser,
    passwordHash: string,
  ) {
    const { users, sessions, suspendKeys, nameSuspended, clock } = this.#dependencies
    const now = clock()
    const keys = withPending(user.suspendingKeys, {
      since: new Date(recentSince(now, await sessions.list(user))).toISOString(),
      at: new Date(now).toISOString(),
      reason: 'password_reset',
    })
    const { identities, suspended } = suspendRecent(user, keys)
    const suspension = { keys, identities: suspended.length > 0 ? identities : undefined }
    await users.store.resetPassword(
      user,
      { passwordHash, suspension },
      this.#alongside(caller, record, user, {
        suspension: keys,
        facts: await nameSuspended(user, keys),
      }),
    )
    return async () => {
      const passkeys = recentPasskeys(user, keys.since)
      reportSuspended(caller, user.id, { identities: suspended, passkeys }, keys.reason)
      await finishSuspension(caller, suspendKeys, user.id, keys)
    }
  }

  /** The ticket is used up and the owner told, by the write that sets the password or not at all. */
  #alongside(
    caller: Caller,
    record: MailTicketRecord,
    user: AddressedUser,
    { suspension, facts }: Suspending = {},
  ): Part[] {
    const { tickets, notices, trail } = this.#dependencies
    return [
      tickets.consumption(record),
      ...notices.of(caller, 'password-changed', user, facts),
      trail.part(caller, 'authn_password_reset', { userId: user.id }, sinceOf(suspension)),
      ...suspendedParts(trail, caller, user, suspension),
    ]
  }
}
