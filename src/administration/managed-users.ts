import type { AdminAct } from '../events/catalogue.js'
import { report } from '../events/report.js'
import type { FactorsRemovals } from '../factors/removals.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Identities } from '../users/identities/identities.js'
import { type ManagedUser, managedUserOf, type User, type UserChanges } from '../users/user.js'
import type { Acting, Administration } from './administration.js'
import type { PasswordOffers } from './password-offers.js'

export interface ManagedUsersDependencies {
  readonly administration: Administration
  readonly passwordOffers: PasswordOffers
  readonly identities: Identities
  readonly factorsRemovals: FactorsRemovals
  readonly sessions: Sessions
  readonly clock: Clock
}

/**
 * What an administrator does with users over HTTP, with its events. `admin` is the session of one (`assertAdmin`).
 */
export class ManagedUsers {
  readonly #dependencies: ManagedUsersDependencies

  constructor(dependencies: ManagedUsersDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async find(
    caller: Caller,
    admin: LiveSession,
    wanted: { readonly email: string } | { readonly id: string },
  ): Promise<ManagedUser> {
    const { administration } = this.#dependencies
    const user = await ('id' in wanted
      ? administration.findById(wanted.id)
      : administration.findByEmail(wanted.email))
    record(caller, admin, { action: 'find', targetId: user.id })
    return this.#shown(user)
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED for a role or for enabling; USER_NOT_FOUND, OWN_ACCOUNT, FORBIDDEN. */
  async change(
    caller: Caller,
    admin: LiveSession,
    id: string,
    changes: UserChanges,
  ): Promise<ManagedUser> {
    const { administration, sessions } = this.#dependencies
    if (givesPower(changes)) sessions.assertRecent(admin)
    const before = await administration.changeAs(actingOf(caller, admin), id, changes)
    const { role, status } = changes
    if (role !== undefined) {
      record(caller, admin, { action: 'role', targetId: id, from: before.role, to: role })
    }
    if (status !== undefined) {
      record(caller, admin, { action: 'status', targetId: id, from: before.status, to: status })
    }
    return this.#find(id)
  }

  /**
   * Lifts the suspension of a user's identity.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, USER_NOT_FOUND, IDENTITY_NOT_FOUND, ACCOUNT_DISABLED.
   */
  async enableIdentity(
    caller: Caller,
    admin: LiveSession,
    id: string,
    identityId: string,
  ): Promise<ManagedUser> {
    const { administration, identities, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    await administration.findById(id)
    const { account } = admin
    const acting = actingOf(caller, admin)
    await identities.enable(id, identityId, {
      ...(account.id === id && { epoch: account.epoch }),
      caused: [
        ...administration.whileThere(acting, id),
        administration.act(acting, { action: 'enable_identity', targetId: id, identityId }),
      ],
    })
    record(caller, admin, { action: 'enable_identity', targetId: id, identityId })
    return this.#find(id)
  }

  /**
   * Sends a user the link with which they choose a new password.
   * @throws {Problem} MAIL_NOT_CONFIGURED, RECENT_SIGN_IN_REQUIRED, USER_NOT_FOUND, ADMIN_ACCOUNT, NO_ADDRESS,
   * ACCOUNT_DISABLED, FORBIDDEN.
   */
  async offerPassword(caller: Caller, admin: LiveSession, id: string): Promise<void> {
    const { administration, passwordOffers, sessions } = this.#dependencies
    passwordOffers.assertConfigured()
    sessions.assertRecent(admin)
    // Who has proved their address asks for the link themselves.
    const command = `verify-address ${id}`
    const user = await administration.findOrdinary(id, command)
    const alongside = [
      administration.whileOver(admin.account.id, user, command),
      administration.act(actingOf(caller, admin), { action: 'offer_password', targetId: id }),
    ]
    await passwordOffers.send(caller, user, alongside)
    record(caller, admin, { action: 'offer_password', targetId: id })
  }

  /**
   * Takes the administrator's word that the address is the user's.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, USER_NOT_FOUND, ADMIN_ACCOUNT, NO_ADDRESS, FORBIDDEN.
   */
  async verifyAddress(caller: Caller, admin: LiveSession, id: string): Promise<ManagedUser> {
    const { administration, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    await administration.verifyAddressAs(actingOf(caller, admin), id)
    record(caller, admin, { action: 'verify_address', targetId: id })
    return this.#find(id)
  }

  /**
   * Takes the address from a user, so that another account can have it.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, USER_NOT_FOUND, ADMIN_ACCOUNT, NO_ADDRESS, FORBIDDEN.
   */
  async releaseAddress(caller: Caller, admin: LiveSession, id: string): Promise<ManagedUser> {
    const { administration, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    await administration.releaseAddressAs(actingOf(caller, admin), id)
    record(caller, admin, { action: 'release_address', targetId: id })
    return this.#find(id)
  }

  /**
   * Erases a user.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, USER_NOT_FOUND, ADMIN_ACCOUNT, FORBIDDEN.
   */
  async remove(caller: Caller, admin: LiveSession, id: string): Promise<void> {
    const { administration, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    const name = await administration.removeAs(actingOf(caller, admin), id)
    // The log names the person no more than the trail does.
    record(caller, admin, { action: 'delete', targetId: name })
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async endSessions(caller: Caller, admin: LiveSession, id: string): Promise<void> {
    const { administration } = this.#dependencies
    const acting = actingOf(caller, admin)
    await administration.endSessions(acting, id, administration.whileThere(acting, id))
    record(caller, admin, { action: 'end_sessions', targetId: id })
  }

  /**
   * Begins to remove the second factors of a user who has lost them.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, and as `FactorsRemovals.begin`.
   */
  async beginFactorsRemoval(caller: Caller, admin: LiveSession, id: string): Promise<ManagedUser> {
    const { factorsRemovals, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    const isNew = await factorsRemovals.begin(caller, admin.account.id, id)
    if (isNew) record(caller, admin, { action: 'begin_factors_removal', targetId: id })
    return this.#find(id)
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, and as `FactorsRemovals.confirm`. */
  async confirmFactorsRemoval(
    caller: Caller,
    admin: LiveSession,
    id: string,
  ): Promise<ManagedUser> {
    const { factorsRemovals, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    await factorsRemovals.confirm(caller, admin.account.id, id)
    record(caller, admin, { action: 'confirm_factors_removal', targetId: id })
    return this.#find(id)
  }

  /** Never held up, as it takes nothing from the user. @throws {Problem} as `FactorsRemovals.takeBack`. */
  async takeBackFactorsRemoval(
    caller: Caller,
    admin: LiveSession,
    id: string,
  ): Promise<ManagedUser> {
    await this.#dependencies.factorsRemovals.takeBack(caller, admin.account.id, id)
    record(caller, admin, { action: 'take_back_factors_removal', targetId: id })
    return this.#find(id)
  }

  /**
   * Lets one-time passwords of a user be compared again after 100 wrong ones in a row.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, and as `FactorsRemovals.unlock`.
   */
  async unlockFactors(caller: Caller, admin: LiveSession, id: string): Promise<ManagedUser> {
    const { factorsRemovals, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    await factorsRemovals.unlock(caller, admin.account.id, id)
    record(caller, admin, { action: 'unlock_factors', targetId: id })
    return this.#find(id)
  }

  async #find(id: string): Promise<ManagedUser> {
    return this.#shown(await this.#dependencies.administration.findById(id))
  }

  #shown(user: User): ManagedUser {
    return managedUserOf(user, this.#dependencies.clock())
  }
}

/** A role, or an account that works again. Disabling is never held up. */
const givesPower = ({ role, status }: UserChanges): boolean =>
  role !== undefined || status === 'active'

const actingOf = (caller: Caller, { account }: LiveSession): Acting => ({
  ...caller,
  actorId: account.id,
})

/** All that administrators do is recorded. */
function record({ log }: Caller, { account }: LiveSession, act: AdminAct): void {
  report(log, 'authz_admin', { userId: account.id, ...act })
}
