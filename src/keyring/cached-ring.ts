import type { KeyObject } from 'node:crypto'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { HeldRing, usable } from './held-ring.js'
import {
  createRing,
  isRotationDue,
  type KeyRing,
  prune,
  type RefreshKey,
  refreshKeyAt,
  rotate,
  type SigningKey,
  signingKeyAt,
  type TokenLifetimes,
  withSpare,
} from './ring.js'
import { checkSecretKey } from './secret-keys.js'
import { asJwk, fromJwk, type PublicJwk, publicHalf } from './signing-key.js'
import type { SpareKeys } from './spare.js'
import type { KeyRingStore } from './store.js'

interface LoadedRing {
  readonly ring: KeyRing
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  readonly refreshKeys: ReadonlyMap<string, RefreshKey>
  readonly jwks: readonly PublicJwk[]
}

export interface KeyRingDependencies {
  readonly store: KeyRingStore
  readonly lifetimes: TokenLifetimes
  readonly clock: Clock
  readonly random: Random
  /** The private halves that may become the ring's spare; only what rotates keys has them. */
  readonly spares?: () => Promise<SpareKeys>
}

/** Signing and refresh keys in memory, as `HeldRing` keeps them. */
export class CachedKeyRing {
  readonly #dependencies: KeyRingDependencies
  readonly #held: HeldRing<KeyRing, LoadedRing>

  constructor(dependencies: KeyRingDependencies) {
    const { store, clock, random } = dependencies
    this.#dependencies = dependencies
    const create = async (now: number) => this.#withSpare(await createRing(now, random))
    this.#held = new HeldRing({ store, clock, create, load })
  }

  /**
   * Settles when there is a ring in memory: read, or made where there was none.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async loaded(): Promise<void> {
    if (!this.#held.known) await this.#held.read()
  }

  /** The key that signs now. */
  async signingKey(): Promise<SigningKey> {
    const { ring } = await this.#held.current()
    return usable(signingKeyAt(ring, this.#dependencies.clock()))
  }

  /** The refresh key that makes new tokens. */
  async refreshKey(): Promise<RefreshKey> {
    const { ring } = await this.#held.current()
    return usable(refreshKeyAt(ring, this.#dependencies.clock()))
  }

  /** A refresh key by the id in a token; undefined for one that never was, is outlived or was replaced. */
  async refreshKeyById(id: string): Promise<RefreshKey | undefined> {
    const known = (await this.#held.current()).refreshKeys.get(id)
    return known ?? (await this.#held.reread()).refreshKeys.get(id)
  }

  /** The refresh key that was replaced by the one of that id, if it is still there. */
  refreshKeyBefore(id: string): RefreshKey | undefined {
    const keys = this.#held.known?.ring.refresh ?? []
    return keys[keys.findIndex((key) => key.id === id) - 1]
  }

  /** A verification key, at once where it is known and the ring is not due to be read again. */
  publicKey(kid: string): KeyObject | undefined {
    return this.#held.fresh?.publicKeys.get(kid)
  }

  /**
   * The same after another look at the store where the ring is due for one, or the key is not known; the
   * latter at most every ten seconds. A key that was taken out of the ring is gone from here as well.
   */
  async publicKeyAfterReread(kid: string): Promise<KeyObject | undefined> {
    const known = (await this.#held.current()).publicKeys.get(kid)
    return known ?? (await this.#held.reread()).publicKeys.get(kid)
  }

  /** RFC 7517 §5. It includes the spare, which may sign at any time. */
  async jwks(): Promise<{ keys: readonly PublicJwk[] }> {
    return { keys: (await this.#held.current()).jwks }
  }

  /**
   * Gives the ring a successor for its keys when that is due, or at once when `force` is set, a spare where
   * it has none, and drops outlived keys. Many instances may call it at the same time: one of them writes.
   * @throws {Problem} STORE_UNAVAILABLE, also where what is due could not be written.
   */
  async maintain({ force = false } = {}): Promise<void> {
    const { lifetimes, clock, random } = this.#dependencies
    await this.#held.change(async (ring) => {
      const now = clock()
      const next = force || isRotationDue(ring, now) ? await rotate(ring, now, random) : ring
      return this.#withSpare(prune(next, now, lifetimes))
    })
  }

  /** Puts another ring in the place of this one. @returns false when another writer came first. */
  async replace(next: (ring: KeyRing) => KeyRing): Promise<boolean> {
    return this.#held.change(next)
  }

  /** The ring as the store has it now. */
  async ring(): Promise<KeyRing> {
    return (await this.#held.read()).ring
  }

  async #withSpare(ring: KeyRing): Promise<KeyRing> {
    const { spares } = this.#dependencies
    return spares ? withSpare(ring, await spares()) : ring
  }
}

function load(ring: KeyRing): LoadedRing {
  const signing = ring.signing.map((key) => [key.kid, publicHalf(key)] as const)
  const spare = ring.spare ? [[ring.spare.kid, fromJwk(ring.spare)] as const] : []
  const keys = [...signing, ...spare]
  return {
    ring,
    publicKeys: new Map(keys),
    refreshKeys: new Map(ring.refresh.map((key) => [key.id, checkSecretKey(key)])),
    jwks: keys.map(([kid, key]) => asJwk(kid, key)),
  }
}
