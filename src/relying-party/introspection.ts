import { createHash } from 'node:crypto'
import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import { addressRanges, type AddressRanges } from '../lib/address-ranges.js'
import { ADDRESS_NOT_ALLOWED, apiKeyProblem, refusedKey } from '../api-keys/verification/errors.js'
import { parseAnyKey } from '../api-keys/verification/format.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import type { Introspected, IntrospectionClient } from './introspection-client.js'

/** How long a good key may be trusted from memory: as long as the service itself does by default. */
const LIVE_MS = 30_000
/** A key that was refused may have been enabled since. */
const DEAD_MS = 10_000
const MAX_KEYS = 5000

interface Answer {
  readonly until: number
  readonly found: Introspected
  readonly allowed: AddressRanges | undefined
}

/**
 * API keys by introspection (RFC 7662). A mistyped key costs no call, a burst on one key costs one, and keys
 * that are no good are remembered apart, so that inventing keys pushes no real one out. Keys are remembered
 * by their hash.
 */
export class KeyIntrospection {
  readonly #client: IntrospectionClient
  readonly #clock: Clock
  readonly #live = new BoundedMap<string, Answer>(MAX_KEYS)
  readonly #dead = new BoundedMap<string, Answer>(MAX_KEYS)
  readonly #asking = new Map<string, Promise<Answer>>()

  constructor(client: IntrospectionClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /**
   * @param address where the request comes from.
   * @throws {Problem} API_KEY_INVALID, API_KEY_EXPIRED, API_KEY_DISABLED, ADDRESS_NOT_ALLOWED; STORE_UNAVAILABLE while the issuer can't tell.
   */
  async verify(text: string, address: string): Promise<VerifiedKey> {
    if (!parseAnyKey(text)) throw refusedKey('malformed')
    const { found, allowed } = await this.#answer(text)
    if (!found.key) throw refusedKey(found.reason)
    if (allowed && !allowed.includes(address)) throw apiKeyProblem(ADDRESS_NOT_ALLOWED)
    return found.key
  }

  async #answer(text: string): Promise<Answer> {
    const hash = createHash('sha256').update(text).digest('base64url')
    const known = this.#live.get(hash) ?? this.#dead.get(hash)
    if (known && this.#clock() < known.until) return known
    const asking = this.#asking.get(hash) ?? this.#ask(hash, text)
    return asking
  }

  #ask(hash: string, text: string): Promise<Answer> {
    // The clock is read first: a revocation during the call must not be remembered as younger than it is.
    const askedAt = this.#clock()
    const asking = this.#client
      .introspect(text)
      .then((found) => this.#remember(hash, found, askedAt))
      .finally(() => this.#asking.delete(hash))
    this.#asking.set(hash, asking)
    return asking
  }

  #remember(hash: string, found: Introspected, askedAt: number): Answer {
    const { key } = found
    const until = key ? Math.min(askedAt + LIVE_MS, key.expiresAt ?? Infinity) : askedAt + DEAD_MS
    const answer = { until, found, allowed: addressRanges(key?.allowedCidrs) }
    const [place, other] = key ? [this.#live, this.#dead] : [this.#dead, this.#live]
    other.delete(hash)
    place.set(hash, answer)
    return answer
  }
}
