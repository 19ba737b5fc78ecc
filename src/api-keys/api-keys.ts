import { isIP } from 'node:net'
import { type ScopeRules, scopesFor } from '../access-tokens/scopes.js'
import type { Part } from '../dynamodb/part.js'
import type { Facts, Place, Trail } from '../events/trail.js'
import type { Clock } from '../lib/clock.js'
import {
  hashKey,
  type KeyPrefix,
  newKey,
  newKeyId,
  ownerOf,
  parseKey,
} from './verification/format.js'
import type { ApiKeyRecord, Identified, ReservedGrant } from './verification/record.js'
import { refuse, refuseStanding } from './verification/verifier.js'
import { type FieldError, Problem, storeUnavailable } from '../http/problem.js'
import { newId, type Random } from '../lib/random.js'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { settleAll } from '../lib/settle-all.js'
import type { KeySuspension, SuspendedReason } from '../lib/suspension.js'
import {
  type ApiKey,
  type ApiKeyChanges,
  type ApiKeyEvent,
  type ApiKeySettings,
  MAX_OLD_SECRETS,
  type SelfRotation,
} from './api-key.js'
import { beyond, widens } from './bounds.js'
import {
  API_KEY_NOT_FOUND,
  API_KEY_RESTRICTED,
  SCOPE_RESERVED,
  SECRET_SUPERSEDED,
  SETTINGS_REFUSED,
  TOO_MANY_KEYS,
} from './errors.js'
import { disabling, endBy, endSecret, hasSecret } from './leaked-secret.js'
import { defaultsAt, type KeyPolicy, mostAt } from './policy.js'
import { restrictedFields, restriction } from './restrictions.js'
import { mayRotateItself } from './self-rotation.js'
import { type ApiKeysStore, isRecent, type KeyChanges } from './store.js'

export interface ApiKeysDependencies {
  readonly store: ApiKeysStore
  readonly keyPrefix: KeyPrefix
  /** The first scope that any user may give is what a key gets that asks for none. */
  readonly scopes: ScopeRules
  readonly policy: KeyPolicy
  readonly trail: Trail
  readonly maxPerOwner: number
  readonly clock: Clock
  readonly random: Random
}

/** A key and its secret, shown this once. */
export interface IssuedKey {
  readonly secret: string
  readonly key: ApiKey
}

/** Who asks: a user reaches their own keys, an administrator those of all users. */
export interface Actor {
  readonly id: string
  readonly role: string
}

/** An actor as they were read with their session: what has ended sessions since has ended that one. */
export interface SignedInActor extends Actor {
  readonly epoch: number
}

/** A secret of ours that was seen in public. */
export interface Leak {
  readonly keyId: string
  readonly ownerId: string
  /** Whether it has been withdrawn by this report, and not before. */
  readonly isNew: boolean
}

/** What is done to a secret that was seen in public. */
export interface Withdrawal {
  /** Where it was seen. */
  readonly where: string
  readonly action: string
  /** What it has left, milliseconds. */
  readonly graceMs: number
}

/** Letters of a key that its owner may see again: the prefix and the first of the id. */
const SHOWN_LETTERS = 6
/** The oldest entries of an audit trail go, so that no item grows without end. */
const MAX_EVENTS = 100
/** ISO 8601 has four digits for a year, and time zones may add a day. */
const LAST_YEAR = Date.UTC(9999, 0)
/** Retries: each failed attempt means that a concurrent change won. */
const CHANGE_ATTEMPTS = 10
/** Writes that a new password makes at a time. */
const SUSPENDED_AT_ONCE = 10

export class ApiKeys {
  readonly #dependencies: ApiKeysDependencies

  constructor(dependencies: ApiKeysDependencies) {
    this.#dependencies = dependencies
  }

  /** What the settings say of all keys. */
  get policy(): KeyPolicy {
    return this.#dependencies.policy
  }

  /** The scopes that a user of a role may give. */
  scopesFor(role: string): readonly string[] {
    return scopesFor(role, this.#dependencies.scopes)
  }

  /**
   * @param caused is written in the same transaction.
   * @throws {Problem} VALIDATION_FAILED, SCOPE_RESERVED, TOO_MANY_KEYS; TOKEN_INVALID when the session has ended.
   */
  async generate(
    place: Place,
    owner: SignedInActor,
    settings: Partial<ApiKeySettings> & { name: string },
    caused: readonly Part[] = [],
  ): Promise<IssuedKey> {
    const { store, keyPrefix, policy, trail, maxPerOwner, clock, random } = this.#dependencies
    const chosen = {
      ...defaultsAt(policy, clock()),
      scopes: this.scopesFor('user').slice(0, 1),
      ...settings,
    }
    this.#check(chosen)
    this.#assertMayGive(owner, chosen.scopes)
    const keyId = newKeyId(owner.id, random)
    const secret = newKey(keyPrefix, keyId, random)
    const event = this.#event('created')
    const shown = prefixLength(keyPrefix) + SHOWN_LETTERS
    const reserved = this.#grantOf(owner, chosen.scopes, owner.role === 'admin')
    const key: ApiKey = {
      ...chosen,
      keyId,
      ownerId: owner.id,
      hash: hashKey(secret),
      prefix: secret.slice(0, shown),
      status: 'active',
      createdAt: event.at,
      events: [event],
      ...(reserved && { reserved }),
    }
    const made = trail.part(place, 'sensitive_create', { userId: owner.id, keyId })
    const parts = [...caused, made]
    const result = await store.create(key, { cap: maxPerOwner, epoch: owner.epoch, caused: parts })
    if (result === 'ended') throw bearerProblem(TOKEN_INVALID)
    if (result === 'too_many') {
      throw new Problem(TOO_MANY_KEYS, { detail: `The limit is ${maxPerOwner}. Delete one first.` })
    }
    return { secret, key }
  }

  list(ownerId: string): Promise<ApiKey[]> {
    return this.#dependencies.store.list(ownerId)
  }

  /** @throws {Problem} API_KEY_NOT_FOUND, also for another person's key. */
  async find(actor: Actor, keyId: string): Promise<ApiKey> {
    const key = await this.#dependencies.store.find(keyId)
    const isTheirs = key?.ownerId === actor.id || actor.role === 'admin'
    if (!key?.hash || !isTheirs) throw new Problem(API_KEY_NOT_FOUND)
    return key
  }

  /**
   * What an administrator takes from another's key stays taken until an administrator gives it back.
   * @param assertMayWiden is called before a change that lets the key's holder do more.
   * @throws {Problem} VALIDATION_FAILED, SCOPE_RESERVED, API_KEY_RESTRICTED, API_KEY_NOT_FOUND; TOKEN_INVALID when
   * the session has ended.
   */
  async update(
    place: Place,
    actor: SignedInActor,
    keyId: string,
    changes: ApiKeyChanges,
    assertMayWiden: () => void,
  ): Promise<ApiKey> {
    const { store } = this.#dependencies
    this.#check(changes)
    this.#assertMayGive(actor, changes.scopes ?? [])
    const read = await this.find(actor, keyId)
    const isEnabling = changes.status === 'active'
    const wasSuspended = read.status === 'suspended'
    if (isEnabling && wasSuspended) await this.#assertStillSignedIn(actor)
    const isRestriction = actor.role === 'admin' && actor.id !== read.ownerId
    const ownerWasAdmin = changes.scopes !== undefined && (await store.isAdmin(read.ownerId))
    const changed = await this.#change(
      read,
      (key) => {
        if (widens(key, changes)) assertMayWiden()
        if (actor.role !== 'admin') assertUnrestricted(key, changes)
        const isSuspension = isRestriction && changes.status === 'disabled'
        const isLifting = key.status === 'suspended' && isEnabling
        // It was suspended just now: its owner has not seen that.
        if (isLifting && !wasSuspended) throw bearerProblem(TOKEN_INVALID)
        const event = isSuspension ? 'suspended' : isLifting ? 'lifted' : 'updated'
        return {
          ...changes,
          ...(changes.status !== undefined && { suspendedBy: null, suspendedReason: null }),
          ...(changes.scopes && { reserved: this.#grantOf(actor, changes.scopes, ownerWasAdmin) }),
          ...(isRestriction && restriction(key, changes)),
          events: this.#log(key, event, isRestriction ? { by: 'administrator' } : {}),
        }
      },
      ({ ownerId }) => [
        ...store.whileThere(actor.id, ownerId),
        this.#dependencies.trail.part(
          place,
          isEnabling && wasSuspended ? 'api_key_suspension_lifted' : 'sensitive_update',
          { userId: actor.id, ownerId, keyId },
          { facts: { changes: kept(changes) } },
        ),
      ],
    )
    return found(changed)
  }

  /**
   * Stops a key until its owner, after a recent sign-in, or an administrator enables it.
   * @throws {Problem} API_KEY_NOT_FOUND.
   */
  async suspend(place: Place, keyId: string, reason: SuspendedReason): Promise<void> {
    await this.#suspend(place, found(await this.#dependencies.store.find(keyId)), reason)
  }

  /** Those of an owner's keys that a new password suspends. */
  async listRecent(ownerId: string, suspension: KeySuspension): Promise<ApiKey[]> {
    const keys = await this.#dependencies.store.listAll(ownerId)
    return keys.filter((key) => isRecent(key, suspension))
  }

  /**
   * The same for those of an owner's keys that a new password suspends. What has failed half-way is done again.
   * @returns the ids of the keys that were suspended now.
   */
  async suspendRecent(place: Place, ownerId: string, suspension: KeySuspension): Promise<string[]> {
    const recent = await this.listRecent(ownerId, suspension)
    const suspend = (key: ApiKey) => this.#suspend(place, key, suspension.reason)
    return idsOfThose(recent, suspend, SUSPENDED_AT_ONCE)
  }

  /**
   * Deletes the keys that an owner has had up to a moment. What has failed half-way is done again.
   * @param at ISO 8601.
   * @returns the ids of the keys that were deleted now.
   */
  async deleteAll(place: Place, ownerId: string, at: string): Promise<string[]> {
    const { store } = this.#dependencies
    const keys = (await store.listAll(ownerId)).filter(({ createdAt }) => createdAt <= at)
    // Each of them changes the owner's count, so that two at once would meet.
    return idsOfThose(keys, (key) => store.delete(key, [this.#deletion(place, key)]), 1)
  }

  /** An owner's keys that the service has suspended, read consistently, the oldest first. */
  async listSuspended(ownerId: string): Promise<ApiKey[]> {
    const keys = await this.#dependencies.store.listAll(ownerId)
    return keys
      .filter(({ status, suspendedBy }) => status === 'suspended' && suspendedBy === 'service')
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  }

  /** @returns undefined for a key that is not active any more. */
  #suspend(place: Place, read: ApiKey, reason: SuspendedReason): Promise<ApiKey | undefined> {
    const { keyId, ownerId: userId } = read
    const suspended = { userId, keyId, reason }
    return this.#change(
      read,
      (key) =>
        key.status === 'active'
          ? {
              status: 'suspended',
              suspendedBy: 'service',
              suspendedReason: reason,
              events: this.#log(key, 'suspended', { by: 'service' }),
            }
          : undefined,
      () => [
        this.#dependencies.trail.part(place, 'api_key_suspended', suspended, { by: 'service' }),
      ],
    )
  }

  /** @throws {Problem} API_KEY_NOT_FOUND. */
  async delete(place: Place, actor: Actor, keyId: string): Promise<void> {
    const { store } = this.#dependencies
    const key = await this.find(actor, keyId)
    const isDeleted = await store.delete(key, [
      ...store.whileThere(actor.id, key.ownerId),
      this.#deletion(place, key, actor.id),
    ])
    if (!isDeleted) throw new Problem(API_KEY_NOT_FOUND)
  }

  #deletion(place: Place, { keyId, ownerId }: ApiKey, userId = ownerId): Part {
    return this.#dependencies.trail.part(place, 'sensitive_delete', { userId, ownerId, keyId })
  }

  /**
   * A new secret for the same key; the old one goes on working for the overlap, and so do those before it:
   * a caller that asks again after a lost answer takes nothing from the secret that is in use. Reserved scopes that
   * have ended by now are given up.
   * @param notify says what is written in the same transaction, once the key is known.
   * @throws {Problem} API_KEY_NOT_FOUND, also when another rotation came first.
   */
  async rotate(
    place: Place,
    actor: Actor,
    keyId: string,
    overlapMs: number,
    notify: (key: ApiKey) => Promise<readonly Part[]>,
  ): Promise<IssuedKey> {
    const read = await this.find(actor, keyId)
    const by = byOf(actor, keyId)
    const { id: userId } = actor
    const notices = await notify(read)
    const caused = [...this.#dependencies.store.whileThere(userId, read.ownerId), ...notices]
    return this.#rotate(place, read, overlapMs, { selfRotation: null, by, userId, caused })
  }

  /**
   * The same by who holds the key.
   * @param text the key as it was presented, found good.
   * @throws {Problem} SECRET_SUPERSEDED for a secret that may not; API_KEY_NOT_FOUND as above.
   */
  async rotateItself(
    place: Place,
    text: string,
    keyId: string,
    overlapMs: number,
  ): Promise<IssuedKey> {
    const read = found(await this.#dependencies.store.find(keyId))
    const [hash, at] = [hashKey(text), this.#dependencies.clock()]
    if (!mayRotateItself(read, hash, at)) throw new Problem(SECRET_SUPERSEDED)
    const selfRotation = { hash, at }
    return this.#rotate(place, read, overlapMs, { selfRotation, by: { by: 'holder' } })
  }

  async #rotate(
    place: Place,
    read: ApiKey,
    overlapMs: number,
    { selfRotation, by, userId, caused = [] }: Rotating,
  ): Promise<IssuedKey> {
    const { store, keyPrefix, scopes, trail, clock, random } = this.#dependencies
    const secret = newKey(keyPrefix, read.keyId, random)
    const end = clock() + overlapMs
    const live = (await store.findWithOwner(read.keyId))?.record.scopes ?? []
    const decide = (key: ApiKey): KeyChanges | undefined => {
      if (key.hash !== read.hash) return undefined
      return {
        hash: hashKey(secret),
        // A leaked secret does not outlive its term by being rotated, nor an old one this overlap.
        oldSecrets: [
          { hash: key.hash, until: key.secretUntil ?? Infinity },
          ...(key.oldSecrets ?? []),
        ]
          .slice(0, MAX_OLD_SECRETS)
          .map((old) => endBy(old, end)),
        secretUntil: null,
        selfRotation,
        scopes: key.scopes.filter((scope) => !scopes.reserved.has(scope) || live.includes(scope)),
        events: this.#log(key, 'rotated', by),
      }
    }
    const { keyId, ownerId } = read
    const event = trail.part(
      place,
      'sensitive_rotate',
      { ...(userId !== undefined && { userId }), ownerId, keyId },
      {
        ...(userId === undefined && { by: 'key-holder' as const }),
        facts: { oldUntil: new Date(end).toISOString() },
      },
    )
    const rotated = await this.#change(read, decide, () => [...caused, event])
    return { secret, key: found(rotated) }
  }

  /**
   * The key that a text is, read past every cache and from any address, or why it is no good.
   */
  async identify(text: string): Promise<Identified> {
    const { store, keyPrefix, clock } = this.#dependencies
    const parsed = parseKey(keyPrefix, text)
    const known = parsed && (await store.findWithOwner(parsed.keyId))
    const refusal = refuse(known, hashKey(text), clock())
    if (refusal === undefined && known) return { key: known.record }
    return { key: undefined, refusal: refusal ?? 'unknown' }
  }

  /** The key if it is good now: for tokens that were made with it. */
  async findLive(keyId: string): Promise<ApiKeyRecord | undefined> {
    const { store, clock } = this.#dependencies
    const known = await store.findWithOwner(keyId)
    return known && refuseStanding(known, clock()) === undefined ? known.record : undefined
  }

  /** Its holder gave it up. */
  async revoke(place: Place, keyId: string): Promise<void> {
    const read = found(await this.#dependencies.store.find(keyId))
    const revoked = { keyId, ownerId: read.ownerId }
    await this.#change(
      read,
      (key) => ({
        ...disabling(key),
        events: this.#log(key, 'revoked', { by: 'holder' }),
      }),
      () => [
        this.#dependencies.trail.part(place, 'authn_token_revoked', revoked, { by: 'key-holder' }),
      ],
    )
  }

  /**
   * A text was seen in public. If it is a secret of ours, that one stops after `graceMs`, and the key's
   * trail says where it was seen. Without a grace a key is disabled at once for its current secret; its
   * owner can enable it again, but only a rotation gives it a secret that works. So it is for a key that
   * is disabled or expired now: both can be undone.
   * @returns undefined for what is no secret of ours, or of a key that was deleted.
   */
  async withdrawLeaked(
    place: Place,
    text: string,
    { where, action, graceMs }: Withdrawal,
  ): Promise<Leak | undefined> {
    const { store, keyPrefix, trail, clock } = this.#dependencies
    const parsed = parseKey(keyPrefix, text)
    const read = parsed && (await store.find(parsed.keyId))
    const hash = hashKey(text)
    if (!read || !hasSecret(read, hash)) return undefined
    const { keyId, ownerId } = read
    const withdrawn = await this.#change(
      read,
      (key) => {
        const end = endSecret(key, hash, clock(), graceMs)
        return end && { ...end, events: this.#log(key, 'leaked', { detail: where }) }
      },
      () => [trail.part(place, 'sensitive_leak', { keyId, ownerId, action }, { by: 'service' })],
    )
    return { keyId, ownerId, isNew: withdrawn !== undefined }
  }

  /**
   * Changes a key as it was read. If a concurrent change was faster, reads the key again and repeats.
   * @param decide is asked again each time; undefined for nothing to change.
   * @param caused is written in the same transaction.
   * @returns undefined when nothing was changed, also for a key that is gone.
   */
  async #change(
    read: ApiKey,
    decide: (key: ApiKey) => KeyChanges | undefined,
    caused: (key: ApiKey) => readonly Part[],
  ): Promise<ApiKey | undefined> {
    const { store, random } = this.#dependencies
    let key = read
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      const changes = decide(key)
      if (!changes) return undefined
      const result = await store.change(key, { ...changes, revision: newId(random) }, caused(key))
      if (result.changed || !result.key) return result.key
      key = result.key
    }
    throw storeUnavailable(new Error('others change the key all the time'))
  }

  #event(what: ApiKeyEvent['what'], more: Omit<ApiKeyEvent, 'at' | 'what'> = {}): ApiKeyEvent {
    return { at: new Date(this.#dependencies.clock()).toISOString(), what, ...more }
  }

  #log(
    { events = [] }: ApiKey,
    what: ApiKeyEvent['what'],
    more?: Omit<ApiKeyEvent, 'at' | 'what'>,
  ): ApiKeyEvent[] {
    return [...events, this.#event(what, more)].slice(-MAX_EVENTS)
  }

  /** @returns who gave the reserved scopes among some; null where there are none. */
  #grantOf({ id }: Actor, scopes: readonly string[], ownerWasAdmin: boolean): ReservedGrant | null {
    const { reserved } = this.#dependencies.scopes
    return scopes.some((scope) => reserved.has(scope)) ? { giverId: id, ownerWasAdmin } : null
  }

  /**
   * A new password ends sessions first and suspends keys then, so a session that is alive after a key was read
   * suspended is none of those that ended.
   * @throws {Problem} TOKEN_INVALID.
   */
  async #assertStillSignedIn({ id, epoch }: SignedInActor): Promise<void> {
    const isSame = await this.#dependencies.store.isEpoch(id, epoch)
    if (!isSame) throw bearerProblem(TOKEN_INVALID)
  }

  /** @throws {Problem} SCOPE_RESERVED. */
  #assertMayGive({ role }: Actor, scopes: readonly string[]): void {
    const allowed = this.scopesFor(role)
    const reserved = scopes.filter((scope) => !allowed.includes(scope))
    if (reserved.length > 0) throw new Problem(SCOPE_RESERVED, { detail: reserved.join(' ') })
  }

  #check(changes: ApiKeyChanges): void {
    const { policy, clock } = this.#dependencies
    const { scopes, expiresAt, allowedCidrs } = changes
    const { all } = this.#dependencies.scopes
    const errors: FieldError[] = []
    if (scopes && (scopes.length === 0 || scopes.some((scope) => !all.includes(scope)))) {
      errors.push({ field: '/scopes', message: `must be among ${all.join(', ')}` })
    }
    if (typeof expiresAt === 'number' && !(expiresAt > clock())) {
      errors.push({ field: '/expiresAt', message: 'must be in the future' })
    }
    if (typeof expiresAt === 'number' && expiresAt >= LAST_YEAR) {
      errors.push({ field: '/expiresAt', message: 'must be before the year 9999' })
    }
    if (allowedCidrs?.some((cidr) => !isCidr(cidr))) {
      errors.push({ field: '/allowedCidrs', message: 'must be ranges such as 192.0.2.0/24' })
    }
    errors.push(...beyond(changes, mostAt(policy, clock())))
    if (errors.length > 0) throw new Problem(SETTINGS_REFUSED, { errors })
  }
}

/** The settings of a change that the trail keeps: all but the name, which may be a person's. */
function kept({ name, ...settings }: ApiKeyChanges): Facts {
  return { ...settings, ...(name !== undefined && { isRenamed: true }) }
}

const prefixLength = ({ name, environment }: KeyPrefix): number =>
  name.length + environment.length + 2

type By = Pick<ApiKeyEvent, 'by'>

interface Rotating {
  readonly selfRotation: SelfRotation | null
  readonly by: By
  /** Who is signed in; missing where the key itself asks. */
  readonly userId?: string
  readonly caused?: readonly Part[]
}

const byOf = ({ id }: Actor, keyId: string): By =>
  id === ownerOf(keyId) ? {} : { by: 'administrator' }

/** @throws {Problem} API_KEY_RESTRICTED. */
function assertUnrestricted(key: ApiKey, changes: ApiKeyChanges): void {
  const fields = restrictedFields(key, changes)
  if (fields.length > 0) throw new Problem(API_KEY_RESTRICTED, { detail: fields.join(', ') })
}

function found(key: ApiKey | undefined): ApiKey {
  if (!key) throw new Problem(API_KEY_NOT_FOUND)
  return key
}

/** The ids of the keys that something was done to, so many at once. */
async function idsOfThose(
  keys: readonly ApiKey[],
  change: (key: ApiKey) => Promise<unknown>,
  atOnce: number,
): Promise<string[]> {
  const changed: string[] = []
  const left = keys.values()
  const work = async () => {
    for (const key of left) {
      if (await change(key)) changed.push(key.keyId)
    }
  }
  await settleAll(Array.from({ length: atOnce }, work))
  return changed
}

const BITS = /^(0|[1-9]\d{0,2})$/

function isCidr(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return rest.length === 0 && !address.includes('%') && BITS.test(bits) && Number(bits) <= most
}
