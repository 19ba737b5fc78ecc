import type { Notices } from '../email/notices.js'
import type { MailRequests } from '../email/requests.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { withPending } from '../lib/suspension.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import { ticketInvalid } from '../tickets/errors.js'
import type { MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import type { AddressChanges } from '../users/addresses/changes.js'
import { INVALID_CREDENTIALS } from '../users/errors.js'
import { removedPasskey } from '../factors/passkeys/listed.js'
import { factorsBefore } from '../users/factors.js'
import { isUsableIdentity, suspendRecent } from '../users/identities/identity.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { EarlierAddress, User } from '../users/user.js'
import type { Users } from '../users/users.js'
import type { SignIn } from './sign-in.js'
import {
  finishSuspension,
  identityParts,
  reportSuspended,
  sinceOf,
  type SuspendKeys,
} from './suspending.js'

export interface AddressUndoDependencies {
  readonly users: Users
  readonly changes: AddressChanges
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly requests: MailRequests
  readonly tickets: MailTickets
  readonly notices: Notices
  readonly trail: Trail
  readonly suspendKeys: SuspendKeys
  readonly clock: Clock
}

/** What the account had before the change, beside the old mailbox. */
export interface EarlierCredential {
  readonly password?: string | undefined
  /** One that began at a provider which was linked by then. */
  readonly session?: LiveSession | undefined
}

/** An account as a link finds it. */
interface Found {
  readonly user: User
  readonly earlier: EarlierAddress
}

const KIND = 'address-undo'

/**
 * Gives an account back an address that it had. The old mailbox and a credential of that time prove the owner together:
 * a thief of the account lacks the first, and the next owner of the mailbox the second.
 */
export class AddressUndo {
  readonly #dependencies: AddressUndoDependencies

  constructor(dependencies: AddressUndoDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Undoes a change of address, and all later ones. The password is the one of that time again, every session ends, and
   * keys and identities that were added since are suspended; second factors are gone that were added since, or else
   * they would lock the owner out.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, RATE_LIMITED for too many passwords, BUSY, STORE_UNAVAILABLE.
   */
  async undo(caller: Caller, ticket: string, credential: EarlierCredential): Promise<User> {
    const { requests, tickets } = this.#dependencies
    requests.assertConfigured()
    const record = await tickets.prove(caller, KIND, { ticket })
    await this.#assertOwner(caller, record, credential)
    const finish = await retryConflicts(() => this.#write(caller, record))
    return finish()
  }

  /** @throws {Problem} TICKET_INVALID where it is undone by now, or no longer can be. */
  async #find(record: MailTicketRecord): Promise<Found> {
    const { users, tickets } = this.#dependencies
    const user = await users.store.findById(record.ticket.userId)
    if (user?.status !== 'active' || !tickets.isOf(record, user)) throw ticketInvalid()
    const earlier = this.#dependencies.changes
      .open(user)
      .find(({ ticketId }) => ticketId === record.ticket.id)
    if (!earlier) throw ticketInvalid()
    return { user, earlier }
  }

  async #assertOwner(
    caller: Caller,
    record: MailTicketRecord,
    { password, session }: EarlierCredential,
  ): Promise<void> {
    const { user, earlier } = await this.#find(record)
    if (password !== undefined)
      return this.#provePassword(caller, { user, earlier }, record, password)
    const isTheirs = session?.account.id === user.id
    if (!isTheirs || !(await this.#beganEarlier(session, earlier))) throw ticketInvalid()
  }

  /** Tries are counted with those of a sign-in: a password of then may be the one of now. */
  async #provePassword(
    caller: Caller,
    { user, earlier: { email } }: Found,
    { detail: { passwordHash } }: MailTicketRecord,
    password: string,
  ): Promise<void> {
    const { id, role, status, epoch, createdAt, ownedSince, knownAddresses } = user
    const account = {
      id,
      role,
      status,
      epoch,
      createdAt,
      ...(ownedSince !== undefined && { ownedSince }),
      ...(knownAddresses && { knownAddresses }),
    }
    const before = { ...account, email, ...(passwordHash !== undefined && { passwordHash }) }
    try {
      await this.#dependencies.signIn.provePassword(caller, before, password, user.email)
    } catch (error) {
      const isWrong = error instanceof Problem && error.type.code === INVALID_CREDENTIALS.code
      throw isWrong ? ticketInvalid() : error
    }
  }

  /** Whether a session began at a provider that the account was linked to before its address was changed. */
  async #beganEarlier(session: LiveSession, { changedAt }: EarlierAddress): Promise<boolean> {
    const { identityId } = await this.#dependencies.sessions.factsOf(session)
    const { identities = [] } = session.account
    return identities.some(
      (identity) =>
        identity.id === identityId && isUsableIdentity(identity) && identity.linkedAt < changedAt,
    )
  }

  /** @returns what is left to be done once it is written. */
  async #write(caller: Caller, record: MailTicketRecord) {
    const { tickets, notices, trail, suspendKeys, clock } = this.#dependencies
    const { user, earlier } = await this.#find(record)
    const { id: userId } = user
    const keys = withPending(user.suspendingKeys, {
      since: earlier.changedAt,
      at: new Date(clock()).toISOString(),
      reason: 'address_undone',
    })
    const { identities, suspended } = suspendRecent(user, {
      since: earlier.changedAt,
      reason: 'address_undone',
    })
    const { passwordHash } = record.detail
    const back = { earlier, passwordHash, identities, keys }
    const isLeft = user.email !== earlier.email
    const notice = isLeft ? notices.of(caller, 'address-undone', user) : []
    const { changedAt: since } = earlier
    const { hasTotpGone, passkeysGone } = factorsBefore(user, since)
    const gone = [
      ...(hasTotpGone ? [{ userId, factor: 'totp' as const }] : []),
      ...passkeysGone.map((passkey) => removedPasskey(userId, passkey)),
    ]
    const alongside = [
      tickets.consumption(record),
      ...notice,
      trail.part(caller, 'address_change_undone', { userId }, sinceOf(keys)),
      ...identityParts(trail, caller, user, { since, reason: 'address_undone' }),
      ...gone.map((factor) => trail.part(caller, 'authn_factor_removed', factor)),
    ]
    const isBack = await this.#dependencies.changes.undo(user, back, alongside)
    if (!isBack) throw ticketInvalid()
    return async (): Promise<User> => {
      report(caller.log, 'address_change_undone', { userId })
      reportSuspended(caller, userId, { identities: suspended, passkeys: [] }, 'address_undone')
      for (const factor of gone) report(caller.log, 'authn_factor_removed', factor)
      await finishSuspension(caller, suspendKeys, userId, keys)
      return { ...user, email: earlier.email, emailVerified: true }
    }
  }
}
