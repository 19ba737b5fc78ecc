import type { Clock } from './clock.js'

export interface Freshness {
  /** A document older than this is fetched again, milliseconds. */
  readonly maxAgeMs: number
  /** While fetching fails, an older one serves for this long (RFC 5861 `stale-if-error`). */
  readonly staleIfErrorMs: number
  /** Least time between two fetches that an old document, none at all, or a caller who knows better, brings about. */
  readonly cooldownMs: number
  /** How long no one may ask again after a failure, milliseconds, where that is more than `cooldownMs`. */
  readonly waitAfter?: (failure: unknown) => number
}

/**
 * A document of a provider in memory. Callers that come at once share one fetch; not every request asks a
 * provider that does not answer.
 */
export class CachedDocument<T> {
  readonly #fetch: () => Promise<T>
  readonly #freshness: Freshness
  readonly #clock: Clock
  #document: { readonly value: T; readonly fetchedAt: number } | undefined
  #triedAt = -Infinity
  #waitMs = 0
  #fetching: Promise<T> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(fetch: () => Promise<T>, freshness: Freshness, clock: Clock) {
    this.#fetch = fetch
    this.#freshness = freshness
    this.#clock = clock
  }

  /** The document where it is there and need not be fetched again. */
  get fresh(): T | undefined {
    const document = this.#document
    return document && this.#since(document.fetchedAt) < this.#freshness.maxAgeMs
      ? document.value
      : undefined
  }

  async get(): Promise<T> {
    const { maxAgeMs, staleIfErrorMs } = this.#freshness
    const document = this.#document
    const age = document ? this.#since(document.fetchedAt) : Infinity
    if (document && age < maxAgeMs) return document.value
    if (!document || age >= maxAgeMs + staleIfErrorMs) {
      if (this.#failure && !this.#fetching && this.#isCooling()) throw this.#failure.error
      return this.#refetch()
    }
    return this.#isCooling() ? document.value : this.#refetch().catch(() => document.value)
  }

  /**
   * A newer document if one may be fetched now; else the present one, unless the last try to renew it
   * failed: then it is unknown what a newer one has.
   */
  async refresh(): Promise<T> {
    if (!this.#isCooling()) return this.#refetch()
    if (this.#failure) throw this.#failure.error
    return this.get()
  }

  #isCooling = (): boolean =>
    this.#since(this.#triedAt) < Math.max(this.#freshness.cooldownMs, this.#waitMs)

  /** A clock that was set back makes things old, never young. */
  #since(time: number): number {
    const passed = this.#clock() - time
    return passed < 0 ? Infinity : passed
  }

  #refetch(): Promise<T> {
    this.#triedAt = this.#clock()
    this.#fetching ??= this.#fetch()
      .then(
        (value) => {
          this.#document = { value, fetchedAt: this.#clock() }
          this.#failure = undefined
          this.#waitMs = 0
          return value
        },
        (error: unknown) => {
          this.#failure = { error }
          this.#waitMs = this.#freshness.waitAfter?.(error) ?? 0
          throw error
        },
      )
      .finally(() => {
        this.#fetching = undefined
      })
    return this.#fetching
  }
}
