import { isIP } from 'node:net'
import { scopesFor } from '../api-key-scopes.js'
import type { Clock } from '../clock.js'
import { hashKey, type KeyPrefix, newKey, newKeyId, parseKey } from '../plugins/api-key-format.js'
import type { ApiKeyRecord } from '../plugins/api-key-record.js'
import { refuse, refuseStanding } from '../plugins/api-key-verifier.js'
import { type FieldError, Problem, storeUnavailable } from '../problem.js'
import { newId, type Random } from '../random.js'
import type { ApiKey, ApiKeyChanges, ApiKeyEvent, ApiKeySettings } from './api-key.js'
import { API_KEY_NOT_FOUND, SETTINGS_REFUSED, TOO_MANY_KEYS } from './errors.js'
import { endBy, endSecret, hasSecret } from './leaked-secret.js'
import type { ApiKeysStore, KeyChanges } from './store.js'

export interface ApiKeysDependencies {
  readonly store: ApiKeysStore
  readonly keyPrefix: KeyPrefix
  /** Scopes that a key may have. The first that any user may give is what a key gets that asks for none. */
  readonly scopes: readonly string[]
  readonly maxPerOwner: number
  readonly clock: Clock
  readonly random: Random
}

/** A key and its secret, shown this once. */
export interface IssuedKey {
  readonly secret: string
  readonly key: ApiKey
}

/** Who asks: a user reaches their own keys, an administrator everybody's. */
export interface Actor {
  readonly id: string
  readonly role: string
}

/** A secret of ours that was seen in public. */
export interface Leak {
  readonly keyId: string
  /** Whether it has been withdrawn by this report, and not before. */
  readonly isNew: boolean
}

/** Letters of a key that its owner may see again: the prefix and the first of the id. */
const SHOWN_LETTERS = 6
/** The oldest entries of an audit trail go, so that no item grows without end. */
const MAX_EVENTS = 100
/** ISO 8601 has four digits for a year, and time zones may add a day. */
const LAST_YEAR = Date.UTC(9999, 0)
/** Secrets of a key that may go on working beside the current one. */
const MAX_OLD_SECRETS = 4
/** Each that fails is somebody else's that has succeeded. */
const CHANGE_ATTEMPTS = 10

export class ApiKeys {
  readonly #dependencies: ApiKeysDependencies

  constructor(dependencies: ApiKeysDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} VALIDATION_FAILED, TOO_MANY_KEYS. */
  async generate(
    ownerId: string,
    settings: Partial<ApiKeySettings> & { name: string },
  ): Promise<IssuedKey> {
    const { store, keyPrefix, scopes, maxPerOwner, random } = this.#dependencies
    this.#check(settings)
    const keyId = newKeyId(ownerId, random)
    const secret = newKey(keyPrefix, keyId, random)
    const event = this.#event('created')
    const shown = prefixLength(keyPrefix) + SHOWN_LETTERS
    const key: ApiKey = {
      ...settings,
      scopes: settings.scopes ?? scopesFor('user', scopes).slice(0, 1),
      keyId,
      ownerId,
      hash: hashKey(secret),
      prefix: secret.slice(0, shown),
      status: 'active',
      createdAt: event.at,
      events: [event],
    }
    if (!(await store.create(key, maxPerOwner))) {
      throw new Problem(TOO_MANY_KEYS, { detail: `The limit is ${maxPerOwner}. Delete one first.` })
    }
    return { secret, key }
  }

  list(ownerId: string): Promise<ApiKey[]> {
    return this.#dependencies.store.list(ownerId)
  }

  /** @throws {Problem} API_KEY_NOT_FOUND, for somebody else's key too. */
  async find(actor: Actor, keyId: string): Promise<ApiKey> {
    const key = await this.#dependencies.store.find(keyId)
    const isTheirs = key?.ownerId === actor.id || actor.role === 'admin'
    if (!key?.hash || !isTheirs) throw new Problem(API_KEY_NOT_FOUND)
    return key
  }

  /** @throws {Problem} VALIDATION_FAILED, API_KEY_NOT_FOUND. */
  async update(actor: Actor, keyId: string, changes: ApiKeyChanges): Promise<ApiKey> {
    this.#check(changes)
    const read = await this.find(actor, keyId)
    return found(
      await this.#change(read, (key) => ({ ...changes, events: this.#trail(key, 'updated') })),
    )
  }

  /** @throws {Problem} API_KEY_NOT_FOUND. */
  async delete(actor: Actor, keyId: string): Promise<void> {
    const key = await this.find(actor, keyId)
    if (!(await this.#dependencies.store.delete(key))) throw new Problem(API_KEY_NOT_FOUND)
  }

  /**
   * A new secret for the same key; the old one goes on working for the overlap, and so do those before it:
   * whoever asks again after a lost answer takes nothing from the secret that is in use.
   * @throws {Problem} API_KEY_NOT_FOUND, also when another rotation came first.
   */
  async rotate(actor: Actor, keyId: string, overlapMs: number): Promise<IssuedKey> {
    const { keyPrefix, clock, random } = this.#dependencies
    const read = await this.find(actor, keyId)
    const secret = newKey(keyPrefix, keyId, random)
    const end = clock() + overlapMs
    const rotated = await this.#change(read, (key) => {
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
        events: this.#trail(key, 'rotated'),
      }
    })
    return { secret, key: found(rotated) }
  }

  /** The live key that a text is, read past every cache and from any address. */
  async identify(text: string): Promise<ApiKeyRecord | undefined> {
    const { store, keyPrefix, clock } = this.#dependencies
    const parsed = parseKey(keyPrefix, text)
    const known = parsed && (await store.findWithOwner(parsed.keyId))
    const refusal = refuse(known, hashKey(text), clock())
    return refusal === undefined ? known?.record : undefined
  }

  /** The key if it is good now: for tokens that were made with it. */
  async findLive(keyId: string): Promise<ApiKeyRecord | undefined> {
    const { store, clock } = this.#dependencies
    const known = await store.findWithOwner(keyId)
    return known && refuseStanding(known, clock()) === undefined ? known.record : undefined
  }

  /** Its holder gave it up. */
  async revoke(keyId: string): Promise<void> {
    const read = found(await this.#dependencies.store.find(keyId))
    await this.#change(read, (key) => ({
      status: 'disabled',
      events: this.#trail(key, 'revoked'),
    }))
  }

  /**
   * A text was seen in public. If it is a secret of ours, that one stops after `graceMs`, and the key's
   * trail says where it was seen. Without a grace a key is disabled at once for its current secret; its
   * owner can enable it again, but only a rotation gives it a secret that works. So it is for a key that
   * is disabled or expired now: both can be undone.
   * @returns undefined for what is no secret of ours, or of a key that was deleted.
   */
  async withdrawLeaked(text: string, where: string, graceMs: number): Promise<Leak | undefined> {
    const { store, keyPrefix, clock } = this.#dependencies
    const parsed = parseKey(keyPrefix, text)
    const read = parsed && (await store.find(parsed.keyId))
    const hash = hashKey(text)
    if (!read || !hasSecret(read, hash)) return undefined
    const withdrawn = await this.#change(read, (key) => {
      const end = endSecret(key, hash, clock(), graceMs)
      return end && { ...end, events: this.#trail(key, 'leaked', where) }
    })
    return { keyId: read.keyId, isNew: withdrawn !== undefined }
  }

  /**
   * Changes a key as it was read, and if somebody else was faster, as they have left it.
   * @param decide is asked again each time; undefined for nothing to change.
   * @returns undefined when nothing was changed, also for a key that is gone.
   */
  async #change(
    read: ApiKey,
    decide: (key: ApiKey) => KeyChanges | undefined,
  ): Promise<ApiKey | undefined> {
    const { store, random } = this.#dependencies
    let key = read
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      const changes = decide(key)
      if (!changes) return undefined
      const result = await store.change(key, { ...changes, revision: newId(random) })
      if (result.changed || !result.key) return result.key
      key = result.key
    }
    throw storeUnavailable(new Error('others change the key all the time'))
  }

  #event(what: ApiKeyEvent['what'], detail?: string): ApiKeyEvent {
    const at = new Date(this.#dependencies.clock()).toISOString()
    return { at, what, ...(detail === undefined ? {} : { detail }) }
  }

  #trail({ events = [] }: ApiKey, what: ApiKeyEvent['what'], detail?: string): ApiKeyEvent[] {
    return [...events, this.#event(what, detail)].slice(-MAX_EVENTS)
  }

  #check({ scopes = [], expiresAt, allowedCidrs }: ApiKeyChanges): void {
    const errors: FieldError[] = []
    const unknown = scopes.filter((scope) => !this.#dependencies.scopes.includes(scope))
    if (unknown.length > 0) {
      errors.push({
        field: '/scopes',
        message: `must be among ${this.#dependencies.scopes.join(', ')}`,
      })
    }
    if (typeof expiresAt === 'number' && !(expiresAt > this.#dependencies.clock())) {
      errors.push({ field: '/expiresAt', message: 'must be in the future' })
    }
    if (typeof expiresAt === 'number' && expiresAt >= LAST_YEAR) {
      errors.push({ field: '/expiresAt', message: 'must be before the year 9999' })
    }
    if (allowedCidrs?.some((cidr) => !isCidr(cidr))) {
      errors.push({ field: '/allowedCidrs', message: 'must be ranges such as 192.0.2.0/24' })
    }
    if (errors.length > 0) throw new Problem(SETTINGS_REFUSED, { errors })
  }
}

const prefixLength = ({ name, environment }: KeyPrefix): number =>
  name.length + environment.length + 2

function found(key: ApiKey | undefined): ApiKey {
  if (!key) throw new Problem(API_KEY_NOT_FOUND)
  return key
}

const BITS = /^(0|[1-9]\d{0,2})$/

function isCidr(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return rest.length === 0 && !address.includes('%') && BITS.test(bits) && Number(bits) <= most
}
