import type { Doer, Notices } from '../../email/notices.js'
import { report } from '../../events/report.js'
import type { Place, Trail } from '../../events/trail.js'
import type { Caller } from '../../http/caller.js'
import type { Clock } from '../../lib/clock.js'
import { DEFAULT_OVERLAP_SECONDS } from '../../lib/overlap.js'
import type { KeySuspension } from '../../lib/suspension.js'
import type { LiveSession } from '../../sessions/session.js'
import type { Sessions } from '../../sessions/sessions.js'
import { retryConflicts } from '../../users/retry-conflicts.js'
import type { UsersStore } from '../../users/store.js'
import type { AppClient } from './client.js'
import { presentClient } from './present.js'
import type { ClientRegister, IssuedClient } from './register.js'
import type { ClientChanges, ClientSettings } from './settings.js'

export interface ClientDeskDependencies {
  readonly register: ClientRegister
  readonly users: Pick<UsersStore, 'whileAdmin' | 'findById' | 'unlessErased'>
  readonly notices: Notices
  readonly trail: Trail
  readonly sessions: Pick<Sessions, 'assertRecent'>
  readonly clock: Clock
}

/** Whose log tells of what is done. */
type Teller = Pick<Caller, 'log'> & Place

/**
 * What administrators do with apps, with its events, for the JSON routes and the pages. `admin` is the session of
 * one (`assertAdmin`), who must be one still while a change is written. Every change needs a recent sign-in.
 */
export class ClientDesk {
  readonly #dependencies: ClientDeskDependencies

  constructor(dependencies: ClientDeskDependencies) {
    this.#dependencies = dependencies
  }

  /** An app as administrators see it. */
  async present(client: AppClient): Promise<ReturnType<typeof presentClient>> {
    return presentClient(client, this.#dependencies.clock())
  }

  async list(): Promise<AppClient[]> {
    return this.#dependencies.register.list()
  }

  /** @throws {Problem} CLIENT_NOT_FOUND. */
  async find(clientId: string): Promise<AppClient> {
    return this.#dependencies.register.find(clientId)
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, VALIDATION_FAILED, TOO_MANY_CLIENTS, FORBIDDEN. */
  async register(
    caller: Teller,
    admin: LiveSession,
    settings: ClientSettings,
  ): Promise<IssuedClient> {
    const userId = admin.account.id
    const { register, trail } = this.#dependencies
    const asAdmin = this.#assertMayChange(admin)
    const issued = await register.register(settings, userId, (clientId) => [
      ...asAdmin,
      trail.part(caller, 'client_registered', { userId, clientId }),
    ])
    report(caller.log, 'client_registered', { userId, clientId: issued.client.clientId })
    return issued
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, VALIDATION_FAILED, CLIENT_NOT_FOUND, CLIENT_DECLARED, FORBIDDEN. */
  async change(
    caller: Teller,
    admin: LiveSession,
    clientId: string,
    changes: ClientChanges,
  ): Promise<AppClient> {
    const asAdmin = this.#assertMayChange(admin)
    const { register, trail } = this.#dependencies
    const { log } = caller
    const userId = admin.account.id
    const isLifted =
      changes.status !== undefined && (await register.find(clientId)).suspendedReason !== undefined
    const event = isLifted ? 'client_suspension_lifted' : 'client_changed'
    const kept = trail.part(caller, event, { userId, clientId })
    const client = await register.change(clientId, changes, [...asAdmin, kept])
    report(log, 'client_changed', { userId, clientId })
    if (isLifted) report(log, 'client_suspension_lifted', { userId, clientId })
    return client
  }

  /** The apps that a new password of an account suspends. */
  listRecent(userId: string, { since, at }: KeySuspension): Promise<AppClient[]> {
    return this.#dependencies.register.listRecent(userId, Date.parse(since), Date.parse(at))
  }

  /**
   * Suspends the apps that an account registered lately, where its owner has a new password: a thief may have made
   * them. Their owner is told of each. What has failed half-way is done again.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async suspendRecent(
    caller: Teller & Doer,
    userId: string,
    suspension: KeySuspension,
  ): Promise<void> {
    const { register, users, notices, trail } = this.#dependencies
    const { reason } = suspension
    const recent = await this.listRecent(userId, suspension)
    if (recent.length === 0) return
    for (const { clientId, name } of recent) {
      const about = { userId, clientId, reason }
      await retryConflicts(async () => {
        const owner = await users.findById(userId)
        const told = owner && [
          ...notices.of(caller, 'app-suspended', owner, { appName: name }),
          trail.part(caller, 'client_suspended', about, { by: 'service' }),
          users.unlessErased(userId),
        ]
        await register.suspend(clientId, reason, told)
        return true
      })
      report(caller.log, 'client_suspended', about)
    }
  }

  /**
   * The old secret works for `overlapSeconds`.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, CLIENT_NOT_FOUND, CLIENT_DECLARED, CLIENT_PUBLIC, FORBIDDEN.
   */
  async rotateSecret(
    caller: Teller,
    admin: LiveSession,
    clientId: string,
    overlapSeconds = DEFAULT_OVERLAP_SECONDS,
  ): Promise<IssuedClient & { readonly secret: string }> {
    const asAdmin = this.#assertMayChange(admin)
    const { register, trail } = this.#dependencies
    const about = { userId: admin.account.id, clientId }
    const issued = await register.rotateSecret(clientId, overlapSeconds * 1000, [
      ...asAdmin,
      trail.part(caller, 'client_secret_rotated', about),
    ])
    report(caller.log, 'client_secret_rotated', about)
    return issued
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, CLIENT_NOT_FOUND, CLIENT_DECLARED, FORBIDDEN. */
  async remove(caller: Teller, admin: LiveSession, clientId: string): Promise<void> {
    const asAdmin = this.#assertMayChange(admin)
    const { register, trail } = this.#dependencies
    const about = { userId: admin.account.id, clientId }
    await register.remove(clientId, [...asAdmin, trail.part(caller, 'client_removed', about)])
    report(caller.log, 'client_removed', about)
  }

  #assertMayChange(admin: LiveSession) {
    const { users, sessions } = this.#dependencies
    sessions.assertRecent(admin)
    return [users.whileAdmin(admin.account.id)]
  }
}
