import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import type { Refusals } from '../dynamodb/refusals.js'
import type { Notices } from '../email/notices.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import type { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { settleAll } from '../lib/settle-all.js'
import { type KeySuspension, recentSince } from '../lib/suspension.js'
import type { AccountLimits } from '../limits/by-account.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Return } from '../users/addresses/addresses.js'
import { INVALID_CREDENTIALS } from '../users/errors.js'
import type { Identities } from '../users/identities/identities.js'
import { type ListedIdentity, listedIdentity } from '../users/identities/identity.js'
import type { Names } from '../users/names.js'
import { type Profile, profileOf, type User } from '../users/user.js'
import type { Suspended, Users } from '../users/users.js'
import {
  finishSuspension,
  type NameSuspended,
  reportSuspended,
  sinceOf,
  suspendedParts,
  type SuspendKeys,
} from './suspending.js'

export interface AccountsDependencies {
  readonly users: Users
  readonly names: Names
  readonly identities: Identities
  readonly sessions: Sessions
  readonly limits: AccountLimits
  readonly suspendKeys: SuspendKeys
  readonly nameSuspended: NameSuspended
  readonly notices: Notices
  readonly trail: Trail
  readonly refusals: Refusals
  /** Ids of the providers that one can sign in with. */
  readonly providers: readonly string[]
  readonly clock: Clock
}

/** A new password, as its owner chooses it. */
export interface ChosenPassword {
  /** Left out by a user who has no password yet. */
  readonly current: string | undefined
  readonly next: string
  /** Whether keys, identities and passkeys that were made lately are suspended; they are unless their owner says no. */
  readonly suspendRecentCredentials?: boolean | undefined
}

/** What people do with their own accounts, and with the ways to sign in to them. */
export class Accounts {
  readonly #dependencies: AccountsDependencies

  constructor(dependencies: AccountsDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Other sessions end; what a thief may have planted through them is suspended.
   * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_REFUSED, RECENT_SIGN_IN_REQUIRED, RATE_LIMITED; TOKEN_INVALID when
   * the session has ended meanwhile.
   */
  async changePassword(
    caller: Caller,
    session: LiveSession,
    { current, next, suspendRecentCredentials = true }: ChosenPassword,
  ): Promise<void> {
    const { users, sessions, limits, suspendKeys, nameSuspended } = this.#dependencies
    const { notices, trail, refusals } = this.#dependencies
    const { account, sessionId } = session
    if (account.passwordHash === undefined) sessions.assertRecent(session)
    const attempt = await limits.limitPasswordChange(caller, account)
    let suspension: KeySuspension | undefined
    let suspended: Suspended
    try {
      if (suspendRecentCredentials) suspension = await this.#suspensionNow(session)
      const client = caller.address
      const caused = async (read: User) => {
        const facts = suspension && (await nameSuspended(read, suspension))
        return [
          ...notices.of(caller, 'password-changed', read, facts),
          trail.part(caller, 'authn_password_change', { userId: read.id }, sinceOf(suspension)),
          ...suspendedParts(trail, caller, read, suspension),
        ]
      }
      const how = { current, next, keptSession: sessionId, client, suspension, caused }
      suspended = await users.changePassword(account, how)
    } catch (error) {
      const { code } = (error as Partial<Problem>).type ?? {}
      if (code !== INVALID_CREDENTIALS.code) await attempt.takeBack()
      else {
        const tried = { userId: account.id, tried: account.id }
        await refusals.count(caller, 'authn_password_change_fail', tried)
      }
      report(caller.log, 'authn_password_change_fail', { userId: account.id, reason: code })
      throw error
    }
    report(caller.log, 'authn_password_change', { userId: account.id })
    reportSuspended(caller, account.id, suspended, 'password_changed')
    await settleAll([
      attempt.takeBack(),
      suspension && finishSuspension(caller, suspendKeys, account.id, suspension),
    ])
  }

  /**
   * @param name null for none.
   * @throws {Problem} TOKEN_INVALID when the session has ended meanwhile.
   */
  async rename(caller: Caller, { account }: LiveSession, name: string | null): Promise<Profile> {
    const { names, trail } = this.#dependencies
    const { id: userId } = account
    const event = trail.part(caller, 'name_changed', { userId })
    if (!(await names.change(account, name, [event]))) throw bearerProblem(TOKEN_INVALID)
    report(caller.log, 'name_changed', { userId })
    return profileOf({ ...account, name: name ?? undefined } as User)
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, IDENTITY_NOT_FOUND, LAST_SIGN_IN_METHOD. */
  async unlinkIdentity(caller: Caller, session: LiveSession, identityId: string): Promise<void> {
    const { identities, sessions, providers, trail } = this.#dependencies
    sessions.assertRecent(session)
    const { id: userId } = session.account
    const unlinked = { userId, identityId }
    const event = trail.part(caller, 'identity_unlinked', unlinked)
    await identities.unlink(userId, identityId, { usable: providers, caused: [event] })
    report(caller.log, 'identity_unlinked', unlinked)
  }

  /**
   * Lifts the suspension of one of the user's identities.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, IDENTITY_NOT_FOUND, SIGN_IN_REQUIRED.
   */
  async enableIdentity(
    caller: Caller,
    session: LiveSession,
    identityId: string,
  ): Promise<ListedIdentity> {
    const { identities, sessions, trail } = this.#dependencies
    sessions.assertRecent(session)
    const { id: userId, epoch } = session.account
    const lifted = { userId, identityId }
    const caused = [trail.part(caller, 'identity_suspension_lifted', lifted)]
    const { identity, wasSuspended } = await identities.enable(userId, identityId, {
      epoch,
      caused,
    })
    if (wasSuspended) report(caller.log, 'identity_suspension_lifted', lifted)
    return listedIdentity(identity)
  }

  /**
   * Gives the account that an address was freed from another one.
   * @returns undefined where the ticket leads to no account any more.
   * @throws {Problem} EMAIL_TAKEN.
   */
  async readdress(caller: Caller, ticket: Return, email: string): Promise<User | undefined> {
    const { users, trail } = this.#dependencies
    const { userId } = ticket
    const event = trail.part(caller, 'address_changed', { userId })
    const user = await users.addresses.comeBack(ticket, email, [event])
    if (user) report(caller.log, 'address_changed', { userId: user.id })
    return user
  }

  /** What a password that is changed now suspends: what was made since the sessions that end by it could make it. */
  async #suspensionNow({ account, sessionId }: LiveSession): Promise<KeySuspension> {
    const { sessions, clock } = this.#dependencies
    const ending = (await sessions.list(account)).filter((each) => each.sessionId !== sessionId)
    const now = clock()
    return {
      since: new Date(recentSince(now, ending)).toISOString(),
      at: new Date(now).toISOString(),
      reason: 'password_changed',
    }
  }
}
