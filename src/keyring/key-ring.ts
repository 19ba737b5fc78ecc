import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { Random } from '../random.js'
import { type Problem, storeUnavailable } from '../problem.js'
import {
  createRing,
  isRotationDue,
  MODULUS_BITS,
  prune,
  type RefreshKey,
  refreshKeyAt,
  RING_TIMES,
  rotate,
  type SigningKey,
  signingKeyAt,
  type TokenLifetimes,
} from './ring.js'
import type { KeyRingStore, StoredRing } from './store.js'

/** An unknown key id makes an instance look again, but not more often than this (milliseconds). */
const UNKNOWN_KEY_REREAD = 10_000
/** A store that has had a first ring and holds none now was tampered with: no try would end that. */
const CREATE_TRIES = 3

/** RFC 7517 public key as it stands in the JWKS: one key, one algorithm (RFC 8725 §3.1). */
export interface PublicJwk {
  readonly kty: 'RSA'
  readonly kid: string
  readonly alg: 'RS256'
  readonly use: 'sig'
  readonly n: string
  readonly e: string
}

interface LoadedRing extends StoredRing {
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  readonly refreshKeys: ReadonlyMap<string, RefreshKey>
  readonly jwks: readonly PublicJwk[]
}

export interface KeyRingDependencies {
  readonly store: KeyRingStore
  readonly lifetimes: TokenLifetimes
  readonly clock: Clock
  readonly random: Random
}

/**
 * The ring in memory: keys parsed once, read again every five minutes and when a token names an unknown
 * key. A failed read keeps what is known; an instance that never had a ring answers 503.
 */
export class KeyRingHolder {
  readonly #dependencies: KeyRingDependencies
  #loaded: LoadedRing | undefined
  #readAt = -Infinity
  #failure: Problem | undefined
  #reading: Promise<LoadedRing> | undefined

  constructor(dependencies: KeyRingDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Settles when there is a ring in memory: read, or made where there was none.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async loaded(): Promise<void> {
    if (!this.#loaded) await this.#read()
  }

  /** The key that signs now. */
  async signingKey(): Promise<SigningKey> {
    const { ring } = await this.#current()
    return usable(signingKeyAt(ring, this.#dependencies.clock()))
  }

  /** The refresh key that makes new tokens. */
  async refreshKey(): Promise<RefreshKey> {
    const { ring } = await this.#current()
    return usable(refreshKeyAt(ring, this.#dependencies.clock()))
  }

  /** A refresh key by the id in a token; undefined for one that never was or is outlived. */
  async refreshKeyById(id: string): Promise<RefreshKey | undefined> {
    return this.#loaded?.refreshKeys.get(id) ?? (await this.#reread()).refreshKeys.get(id)
  }

  /** The refresh key that was replaced by the one of that id, if it is still there. */
  refreshKeyBefore(id: string): RefreshKey | undefined {
    const keys = this.#loaded?.ring.refresh ?? []
    return keys[keys.findIndex((key) => key.id === id) - 1]
  }

  /** A verification key, at once where it is known. */
  publicKey(kid: string): KeyObject | undefined {
    return this.#loaded?.publicKeys.get(kid)
  }

  /** The same after another look at the store, which happens at most every ten seconds. */
  async publicKeyAfterReread(kid: string): Promise<KeyObject | undefined> {
    return (await this.#reread()).publicKeys.get(kid)
  }

  /** RFC 7517 §5. */
  async jwks(): Promise<{ keys: readonly PublicJwk[] }> {
    return { keys: (await this.#current()).jwks }
  }

  /**
   * Gives the ring a successor for its keys when that is due, or at once when `force` is set, and
   * drops outlived ones. Many instances may call it at the same time: one of them writes.
   */
  async maintain({ force = false } = {}): Promise<void> {
    const { store, lifetimes, clock, random } = this.#dependencies
    const { ring, revision } = await this.#read()
    const now = clock()
    const next = force || isRotationDue(ring, now) ? await rotate(ring, now, random) : ring
    const pruned = prune(next, now, lifetimes)
    if (pruned === ring) return
    await store.write({ ring: pruned, revision: revision + 1 })
    await this.#read()
  }

  /** For work that an older ring is still good for. */
  async #current(): Promise<LoadedRing> {
    if (this.#loaded && this.#age() < RING_TIMES.reread) return this.#loaded
    try {
      return await this.#read()
    } catch (error) {
      if (this.#loaded) return this.#loaded
      throw error
    }
  }

  /** For a key that is not known: while the store is away, nobody can say that it does not exist. */
  async #reread(): Promise<LoadedRing> {
    if (!this.#loaded || this.#age() >= UNKNOWN_KEY_REREAD) return this.#read()
    if (this.#failure) throw this.#failure
    return this.#loaded
  }

  /** A clock that was set back makes the ring old, never young. */
  #age(): number {
    const age = this.#dependencies.clock() - this.#readAt
    return age < 0 ? Infinity : age
  }

  #read(): Promise<LoadedRing> {
    this.#reading ??= this.#readOrCreate()
      .then(
        (ring) => {
          this.#failure = undefined
          return ring
        },
        (error: unknown) => {
          this.#failure = storeUnavailable(error)
          throw this.#failure
        },
      )
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  async #readOrCreate(): Promise<LoadedRing> {
    const { store, clock } = this.#dependencies
    this.#readAt = clock()
    const stored = (await store.read()) ?? (await this.#create())
    if (stored.revision !== this.#loaded?.revision) this.#loaded = load(stored)
    return this.#loaded
  }

  /** The first ring of all; where another instance was quicker, that one's. */
  async #create(): Promise<StoredRing> {
    const { store, clock, random } = this.#dependencies
    const first = { ring: await createRing(clock(), random), revision: 1 }
    for (let tries = 0; tries < CREATE_TRIES; tries++) {
      if (await store.write(first)) return first
      const stored = await store.read()
      if (stored) return stored
    }
    throw new Error('the store holds no key ring, and takes no first one')
  }
}

function usable<K>(key: K | undefined): K {
  if (!key) throw storeUnavailable(new Error('no key of the ring may be used yet'))
  return key
}

function load(stored: StoredRing): LoadedRing {
  const keys = stored.ring.signing.map((key) => [key.kid, parsePublicKey(key)] as const)
  return {
    ...stored,
    publicKeys: new Map(keys),
    refreshKeys: new Map(stored.ring.refresh.map((key) => [key.id, checkRefreshKey(key)])),
    jwks: keys.map(([kid, key]) => asJwk(kid, key)),
  }
}

function asJwk(kid: string, key: KeyObject): PublicJwk {
  const { n, e } = key.export({ format: 'jwk' }) as { n: string; e: string }
  return { kty: 'RSA', kid, alg: 'RS256', use: 'sig', n, e }
}

/** A key of another kind or size is refused here, before anything is signed or trusted with it. */
function parsePublicKey({ kid, privateKey }: SigningKey): KeyObject {
  const key = createPublicKey(createPrivateKey(privateKey))
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < MODULUS_BITS) {
    throw new Error(`signing key ${kid} must be RSA with at least ${MODULUS_BITS} bits`)
  }
  return key
}

function checkRefreshKey(key: RefreshKey): RefreshKey {
  if (Buffer.from(key.secret, 'base64url').length < 32) {
    throw new Error(`refresh key ${key.id} must have at least 32 bytes`)
  }
  return key
}
