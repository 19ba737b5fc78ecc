import type { Clock } from './clock.js'

export interface Freshness {
  /** A document older than this is fetched again, milliseconds. */
  readonly maxAgeMs: number
  /** While fetching fails, an older one serves for this long (RFC 5861 `stale-if-error`). */
  readonly staleIfErrorMs: number
  /** Least time between two fetches that an old document, or a caller who knows better, brings about. */
  readonly cooldownMs: number
}

/**
 * A document of a provider in memory. Callers that come at once share one fetch; a provider that is away
 * is not asked by every request.
 */
export class CachedDocument<T> {
  readonly #fetch: () => Promise<T>
  readonly #freshness: Freshness
  readonly #clock: Clock
  #document: { readonly value: T; readonly fetchedAt: number } | undefined
  #triedAt = -Infinity
  #fetching: Promise<T> | undefined

  constructor(fetch: () => Promise<T>, freshness: Freshness, clock: Clock) {
    this.#fetch = fetch
    this.#freshness = freshness
    this.#clock = clock
  }

  async get(): Promise<T> {
    const { maxAgeMs, staleIfErrorMs } = this.#freshness
    const document = this.#document
    const age = document ? this.#since(document.fetchedAt) : Infinity
    if (document && age < maxAgeMs) return document.value
    if (!document || age >= maxAgeMs + staleIfErrorMs) return this.#refetch()
    return this.#isCooling() ? document.value : this.#refetch().catch(() => document.value)
  }

  /** A newer document where one may be had now; else the one at hand. */
  async refresh(): Promise<T> {
    return this.#isCooling() ? this.get() : this.#refetch()
  }

  #isCooling = (): boolean => this.#since(this.#triedAt) < this.#freshness.cooldownMs

  /** A clock that was set back makes things old, never young. */
  #since(time: number): number {
    const passed = this.#clock() - time
    return passed < 0 ? Infinity : passed
  }

  #refetch(): Promise<T> {
    this.#triedAt = this.#clock()
    this.#fetching ??= this.#fetch()
      .then((value) => {
        this.#document = { value, fetchedAt: this.#clock() }
        return value
      })
      .finally(() => {
        this.#fetching = undefined
      })
    return this.#fetching
  }
}
