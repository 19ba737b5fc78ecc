import type { Authentication } from '../access-tokens/authentication.js'
import type { Doer, Noticed, Notices } from '../email/notices.js'
import { report } from '../events/report.js'
import type { Place } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import type { KeySuspension } from '../lib/suspension.js'
import type { Factors } from '../users/factors.js'
import type { UsersStore } from '../users/store.js'
import type { ApiKey, ApiKeyChanges, ApiKeySettings } from './api-key.js'
import type { ApiKeys, IssuedKey, SignedInActor } from './api-keys.js'
import { DEFAULT_OVERLAP_SECONDS } from '../lib/overlap.js'
import { ownerOf } from './verification/format.js'

export interface KeyDeskDependencies {
  readonly apiKeys: ApiKeys
  readonly users: Pick<UsersStore, 'findById' | 'endKeySuspension'>
  readonly notices: Notices
  /** Does to the apps that a user has registered what the same suspension does to keys. */
  readonly suspendApps: (caller: Maker, userId: string, suspension: KeySuspension) => Promise<void>
  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED. */
  readonly assertRecent: (session: ActingSession) => void
}

/** The session that an owner or an administrator acts by. */
export interface ActingSession extends Authentication {
  readonly account: SignedInActor & Noticed & Factors
}

/** Whose log tells of what is done. */
type Teller = Pick<Caller, 'log'> & Place

/** Who makes a secret, which the owner is told. */
type Maker = Teller & Doer

/** What the same change is called when an administrator makes it. */
const ADMIN_ACTIONS = {
  sensitive_update: 'update_key',
  sensitive_delete: 'delete_key',
  sensitive_rotate: 'rotate_key',
} as const

/** What an owner, or an administrator, does with keys, with its events, for the JSON routes and the pages. */
export class KeyDesk {
  readonly #dependencies: KeyDeskDependencies

  constructor(dependencies: KeyDeskDependencies) {
    this.#dependencies = dependencies
  }

  /** The keys of a user: one's own, and for an administrator those of any user. */
  async list(caller: Maker, session: ActingSession, ownerId: string): Promise<ApiKey[]> {
    const { id, role } = session.account
    // For an ordinary user another person's keys do not exist, neither in a list nor one by one.
    if (ownerId !== id && role !== 'admin') return []
    logLook(caller, id, ownerId)
    await this.#finishSuspension(caller, id, ownerId)
    return this.#dependencies.apiKeys.list(ownerId)
  }

  /** A user's own keys that a new password has suspended and that are not enabled again. */
  async listSuspended({ account }: ActingSession): Promise<ApiKey[]> {
    return this.#dependencies.apiKeys.listSuspended(account.id)
  }

  /** What a user may give their keys. */
  scopesFor({ account }: ActingSession): readonly string[] {
    return this.#dependencies.apiKeys.scopesFor(account.role)
  }

  /** @throws {Problem} API_KEY_NOT_FOUND, also for another person's key. */
  async find(caller: Teller, { account }: ActingSession, keyId: string): Promise<ApiKey> {
    const key = await this.#dependencies.apiKeys.find(account, keyId)
    logLook(caller, account.id, key.ownerId, keyId)
    return key
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, VALIDATION_FAILED, SCOPE_RESERVED, TOO_MANY_KEYS. */
  async generate(
    caller: Maker,
    session: ActingSession,
    settings: Partial<ApiKeySettings> & { name: string },
  ): Promise<IssuedKey> {
    const { apiKeys, notices, assertRecent } = this.#dependencies
    const { account } = session
    assertRecent(session)
    const notice = notices.of(caller, 'api-key-created', account, { keyName: settings.name })
    const issued = await apiKeys.generate(caller, account, settings, notice)
    logChange(caller, account.id, 'sensitive_create', issued.key.keyId)
    return issued
  }

  /**
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED for a change that lets the key do more; VALIDATION_FAILED,
   * SCOPE_RESERVED, API_KEY_RESTRICTED, API_KEY_NOT_FOUND.
   */
  async update(
    caller: Maker,
    session: ActingSession,
    keyId: string,
    changes: ApiKeyChanges,
  ): Promise<ApiKey> {
    const { apiKeys, assertRecent } = this.#dependencies
    const { id: userId, role } = session.account
    if (role === 'admin') await this.#finishSuspension(caller, userId, ownerOf(keyId))
    const assertMayWiden = () => assertRecent(session)
    const key = await apiKeys.update(caller, session.account, keyId, changes, assertMayWiden)
    logChange(caller, userId, 'sensitive_update', keyId)
    if (key.events?.at(-1)?.what === 'lifted') {
      const { ownerId } = key
      report(caller.log, 'api_key_suspension_lifted', { userId, keyId, ownerId })
    }
    return key
  }

  /** @throws {Problem} API_KEY_NOT_FOUND. */
  async delete(caller: Teller, { account }: ActingSession, keyId: string): Promise<void> {
    await this.#dependencies.apiKeys.delete(caller, account, keyId)
    logChange(caller, account.id, 'sensitive_delete', keyId)
  }

  /** The old secret works for `overlapSeconds`. @throws {Problem} RECENT_SIGN_IN_REQUIRED, API_KEY_NOT_FOUND. */
  async rotate(
    caller: Maker,
    session: ActingSession,
    keyId: string,
    overlapSeconds = DEFAULT_OVERLAP_SECONDS,
  ): Promise<IssuedKey> {
    const { apiKeys, users, notices, assertRecent } = this.#dependencies
    const { account } = session
    assertRecent(session)
    const issued = await apiKeys.rotate(
      caller,
      account,
      keyId,
      overlapSeconds * 1000,
      async ({ ownerId, name: keyName }) => {
        const owner = ownerId === account.id ? account : await users.findById(ownerId)
        return owner ? notices.of(caller, 'api-key-rotated', owner, { keyName }) : []
      },
    )
    logChange(caller, account.id, 'sensitive_rotate', keyId)
    return issued
  }

  /**
   * Makes each key and app that a new password suspends say so itself. Until that is done, the owner's profile says it for
   * them: this may fail, and is done again with the owner's next request.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async suspendRecent(caller: Maker, userId: string, suspension: KeySuspension): Promise<void> {
    const { apiKeys, users, suspendApps } = this.#dependencies
    const { reason, at, isRemoval } = suspension
    await suspendApps(caller, userId, suspension)
    if (isRemoval) {
      for (const keyId of await apiKeys.deleteAll(caller, userId, at))
        logChange(caller, userId, 'sensitive_delete', keyId)
    } else {
      for (const keyId of await apiKeys.suspendRecent(caller, userId, suspension))
        report(caller.log, 'api_key_suspended', { userId, keyId, reason })
    }
    await users.endKeySuspension(userId, suspension)
  }

  /** An administrator may come before the owner. */
  async #finishSuspension(
    caller: Maker,
    actorId: string,
    ownerId: string | undefined,
  ): Promise<void> {
    if (ownerId === undefined || ownerId === actorId) return
    const owner = await this.#dependencies.users.findById(ownerId)
    if (owner?.suspendingKeys) await this.suspendRecent(caller, ownerId, owner.suspendingKeys)
  }
}

/** What an administrator does to another's key is one of their acts too (OWASP `authz_admin`). */
function logChange(
  { log }: Teller,
  userId: string,
  event: 'sensitive_create' | keyof typeof ADMIN_ACTIONS,
  keyId: string,
): void {
  const ownerId = ownerOf(keyId)
  report(log, event, { userId, keyId, ownerId })
  if (ownerId === userId || event === 'sensitive_create') return
  report(log, 'authz_admin', { userId, action: ADMIN_ACTIONS[event], targetId: ownerId, keyId })
}

/** What administrators look at of others is recorded. */
function logLook({ log }: Teller, userId: string, targetId: string, keyId?: string): void {
  if (userId === targetId) return
  const which = keyId === undefined ? {} : { keyId }
  report(log, 'authz_admin', { userId, action: 'find_keys', targetId, ...which })
}
