import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { HeldRing, usable } from './held-ring.js'
import {
  checkSecretKey,
  newSecretKey,
  renewed,
  type SecretKey,
  secretKeyAt,
  type SecretKeys,
} from './secret-keys.js'
import type { RingStore } from './store.js'

export interface SecretKeyRingOptions {
  readonly store: RingStore<SecretKeys>
  /** How long what the keys make lives, milliseconds; Infinity for what is kept. */
  readonly lifetimeMs: number
  readonly clock: Clock
  readonly random: Random
}

/** Ticket or data keys in memory, read when they are first needed and then as `HeldRing` does. */
export class SecretKeyRing {
  readonly #options: SecretKeyRingOptions
  readonly #held: HeldRing<SecretKeys, ReadonlyMap<string, SecretKey>>

  constructor(options: SecretKeyRingOptions) {
    const { store, clock, random } = options
    this.#options = options
    const create = (now: number) => ({ keys: [newSecretKey(now, now, random)] })
    this.#held = new HeldRing({ store, clock, create, load })
  }

  /** The key for what is made now. What it makes names its id. @throws {Problem} STORE_UNAVAILABLE. */
  async current(): Promise<SecretKey> {
    const keys = [...(await this.#held.current()).values()]
    return usable(secretKeyAt(keys, this.#options.clock()))
  }

  /** The first key, for digests that must stay the same over rotations. Of data keys it never goes. */
  async first(): Promise<SecretKey> {
    return usable([...(await this.#held.current()).values()][0])
  }

  /** The key that made something; undefined for one that never was, is outlived or was replaced. */
  async byId(id: string): Promise<SecretKey | undefined> {
    return (await this.#held.current()).get(id) ?? (await this.#held.reread()).get(id)
  }

  /** The same for what does not name its key. */
  async find(isIt: (key: SecretKey) => boolean): Promise<SecretKey | undefined> {
    const among = (keys: ReadonlyMap<string, SecretKey>) => [...keys.values()].find(isIt)
    return among(await this.#held.current()) ?? among(await this.#held.reread())
  }

  /** A successor where one is due, and outlived keys go. @throws {Problem} as `CachedKeyRing.maintain`. */
  async maintain(): Promise<void> {
    const { lifetimeMs, clock, random } = this.#options
    await this.#held.change((held) => renewed(held, clock(), lifetimeMs, random))
  }

  /**
   * One new key in the place of all.
   * @returns false when another writer came first.
   * @throws {Error} for keys of what is kept: it would be lost.
   */
  async replace(): Promise<boolean> {
    const { lifetimeMs, clock, random } = this.#options
    if (lifetimeMs === Infinity) throw new Error('keys that records name are never removed')
    return this.#held.change(() => ({ keys: [newSecretKey(clock(), clock(), random)] }))
  }
}

const load = ({ keys }: SecretKeys) => new Map(keys.map((key) => [key.id, checkSecretKey(key)]))
