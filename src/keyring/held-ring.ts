import type { Clock } from '../lib/clock.js'
import { type Problem, storeUnavailable } from '../http/problem.js'
import type { RingStore, Stored } from './store.js'
import { RING_TIMES } from './times.js'

/** An unknown key id makes an instance look again, but not more often than this (milliseconds). */
const UNKNOWN_KEY_REREAD = 10_000
/** A store that has had first keys and holds none now was tampered with: no try would end that. */
const CREATE_TRIES = 3

export interface HeldRingOptions<R, L> {
  readonly store: RingStore<R>
  readonly clock: Clock
  /** The first keys of all. */
  readonly create: (now: number) => R | Promise<R>
  /** Parses and checks keys once. @throws {Error} for keys that are not fit. */
  readonly load: (ring: R) => L
}

/**
 * Keys in memory, read again every five minutes and when something names an unknown key. A failed read keeps
 * what is known; an instance that never had keys answers 503.
 */
export class HeldRing<R, L> {
  readonly #options: HeldRingOptions<R, L>
  #held: (Stored<R> & { readonly loaded: L }) | undefined
  #readAt = -Infinity
  #failure: Problem | undefined
  #reading: Promise<void> | undefined

  constructor(options: HeldRingOptions<R, L>) {
    this.#options = options
  }

  /** The newest keys that were read, however old; undefined before the first read. */
  get known(): L | undefined {
    return this.#held?.loaded
  }

  /** The same, unless they are due to be read again. */
  get fresh(): L | undefined {
    return this.#age() < RING_TIMES.reread ? this.known : undefined
  }

  /** Keys for work that older ones are still good for. @throws {Problem} STORE_UNAVAILABLE. */
  async current(): Promise<L> {
    if (this.fresh) return this.fresh
    try {
      return await this.read()
    } catch (error) {
      if (this.known) return this.known
      throw error
    }
  }

  /** For an unknown key: while the store is unavailable, no instance can say that it does not exist. */
  async reread(): Promise<L> {
    if (!this.known || this.#age() >= UNKNOWN_KEY_REREAD) return this.read()
    if (this.#failure) throw this.#failure
    return this.known
  }

  /** Reads the store now. @throws {Problem} STORE_UNAVAILABLE. */
  async read(): Promise<L> {
    return (await this.#read()).loaded
  }

  /**
   * Writes what `next` makes of the keys in the store, unless that is the same object.
   * @returns false when another writer came first: nothing of `next` is written then.
   * @throws {Problem} STORE_UNAVAILABLE, also where the write has failed and no other has taken its place.
   */
  async change(next: (ring: R) => R | Promise<R>): Promise<boolean> {
    const { ring, revision } = await this.#read()
    const changed = await next(ring)
    if (changed === ring) return true
    const written = await this.#options.store.write({ ring: changed, revision: revision + 1 })
    const { revision: found } = await this.#read()
    if (found > revision) return written
    throw storeUnavailable(
      new Error(
        `revision ${revision + 1} of the keys was made before and is not the current one: ` +
          'make its version current (AWSCURRENT), or restore the newest file',
      ),
    )
  }

  /** A clock that was set back makes the keys old, never young. */
  #age(): number {
    const age = this.#options.clock() - this.#readAt
    return age < 0 ? Infinity : age
  }

  async #read(): Promise<Stored<R> & { readonly loaded: L }> {
    this.#reading ??= this.#readOrCreate().finally(() => {
      this.#reading = undefined
    })
    try {
      await this.#reading
      this.#failure = undefined
    } catch (error) {
      this.#failure = storeUnavailable(error)
      throw this.#failure
    }
    return this.#held as Stored<R> & { readonly loaded: L }
  }

  async #readOrCreate(): Promise<void> {
    const { store, clock, load } = this.#options
    this.#readAt = clock()
    const stored = (await store.read()) ?? (await this.#create())
    if (stored.revision !== this.#held?.revision) {
      this.#held = { ...stored, loaded: load(stored.ring) }
    }
  }

  /** The first keys of all; where another instance was quicker, that one's. */
  async #create(): Promise<Stored<R>> {
    const { store, clock, create } = this.#options
    const first = { ring: await create(clock()), revision: 1 }
    for (let tries = 0; tries < CREATE_TRIES; tries++) {
      if (await store.write(first)) return first
      const stored = await store.read()
      if (stored) return stored
    }
    throw new Error('the store holds no key ring, and takes no first one')
  }
}

/** @throws {Problem} STORE_UNAVAILABLE where no key may be used yet. */
export function usable<K>(key: K | undefined): K {
  if (!key) throw storeUnavailable(new Error('no key of the ring may be used yet'))
  return key
}
