import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import type { RateLimitCounter } from './counter.js'
import { OnceEach } from './once-each.js'

/** A bound on calls between two moments, e.g. a minute or a month. */
export interface PermitWindow {
  /** Names the subject and the window; never reused for another window. */
  readonly key: string
  readonly limit: number
  /** When the window ends, milliseconds since the epoch. */
  readonly endsAt: number
  /** Permits that each instance may grant before it leases any; none where it is left out. */
  readonly free?: number
}

export interface Permit {
  readonly granted: boolean
  /** Permits that no instance has leased and this one has not spent. */
  readonly remaining: number
}

interface Lease {
  /** Permits in hand. */
  inHand: number
  /** Permits that all instances have leased together, as far as this one knows. */
  leased: number
  /** Free permits that the counter does not know of yet. */
  unreported: number
  renewal: Promise<void> | undefined
}

const MAX_LEASES = 10_000
const MAX_BLOCK = 100
/** A block is a tenth of what is left, so that little is stranded when the end comes near. */
const BLOCKS_LEFT = 10

/**
 * Limits shared by all instances without a write for each call: an instance leases a block of permits by
 * one atomic ADD and spends it from memory.
 *
 * - Never more than `limit` calls pass in a window: the counter only rises, and what it rises past the
 *   limit is not granted. With `free` permits, `N` instances let at most `limit + free·N` pass: the first lease
 *   reports them, so that those of one instance alone are within the limit.
 * - Fewer may: an instance that ends takes the rest of its block along, at most
 *   `min(100, a tenth of what was left when it leased)`.
 * - Writes per 1,000 calls: 10 while plenty is left (blocks of 100), about 55 over a whole quota of 1,000.
 */
export class PermitLeases {
  readonly #counter: RateLimitCounter
  readonly #clock: Clock
  readonly #free: OnceEach
  readonly #leases = new BoundedMap<string, Lease>(MAX_LEASES)

  constructor(counter: RateLimitCounter, clock: Clock) {
    this.#counter = counter
    this.#clock = clock
    this.#free = new OnceEach(clock)
  }

  /** Takes one permit, from memory where there is one. */
  async take(window: PermitWindow): Promise<Permit> {
    const lease = this.#leaseOf(window)
    // What is spent counts, not what is leased: a lowered limit holds for permits in hand too.
    while (lease.leased - lease.inHand < window.limit) {
      if (lease.inHand > 0) {
        lease.inHand--
        return { granted: true, remaining: window.limit - lease.leased + lease.inHand }
      }
      lease.renewal ??= this.#renew(window, lease).finally(() => {
        lease.renewal = undefined
      })
      await lease.renewal
    }
    return { granted: false, remaining: 0 }
  }

  /**
   * The permits that this instance could grant by now, taking none: what nothing has leased, and what is in
   * hand here. Other instances may hold more.
   */
  async peek({ key, limit }: PermitWindow): Promise<number> {
    const leased = Math.min(limit, await this.#counter.read(key))
    const inHand = this.#leases.get(key)?.inHand ?? 0
    return Math.min(limit, limit - leased + inHand)
  }

  /** Puts a permit back that was not used after all. */
  putBack({ key }: PermitWindow): void {
    const lease = this.#leases.get(key)
    if (lease) lease.inHand++
  }

  #leaseOf({ key, endsAt, free = 0 }: PermitWindow): Lease {
    const known = this.#leases.get(key)
    if (known) return known
    // One that was forgotten may have spent its free permits untold.
    const unreported = free > 0 && this.#free.has(key) ? free : 0
    const given = free > 0 && this.#free.take(key, endsAt) ? free : 0
    const lease = {
      inHand: given,
      leased: given,
      unreported: given + unreported,
      renewal: undefined,
    }
    this.#leases.set(key, lease)
    return lease
  }

  async #renew({ key, limit, endsAt }: PermitWindow, lease: Lease): Promise<void> {
    const block = Math.min(MAX_BLOCK, Math.max(1, Math.ceil((limit - lease.leased) / BLOCKS_LEFT)))
    const amount = block + lease.unreported
    const total = await this.#counter.add(key, amount, Math.max(endsAt, this.#clock()))
    lease.unreported = 0
    lease.inHand += Math.max(0, Math.min(block, limit - (total - block)))
    lease.leased = Math.min(limit, total)
  }
}
