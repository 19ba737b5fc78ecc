import type { Clock } from '../lib/clock.js'

const MAX_KEYS = 10_000
/** How long memory that was full of what still counts is taken to be full, milliseconds. */
const RECHECK_MS = 1000

/**
 * What this instance lets through once for each key, until a moment. It never forgets a key before that moment: when
 * its memory is full it lets nothing more through, so that no flood of keys makes it generous.
 */
export class OnceEach {
  readonly #clock: Clock
  /** Until when each key has had its turn, milliseconds since the epoch. */
  readonly #taken = new Map<string, number>()
  #fullUntil = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @returns true the first time, and again after `endsAt` or `putBack`. */
  take(key: string, endsAt: number): boolean {
    if (this.has(key)) return false
    const now = this.#clock()
    if (this.#taken.size >= MAX_KEYS && !this.#sweep(now)) return false
    this.#taken.set(key, endsAt)
    return true
  }

  /** Whether a key has had its turn, and its moment has not come. */
  has(key: string): boolean {
    return (this.#taken.get(key) ?? 0) > this.#clock()
  }

  putBack(key: string): void {
    this.#taken.delete(key)
  }

  /** @returns whether there is room again. */
  #sweep(now: number): boolean {
    if (now < this.#fullUntil) return false
    for (const [key, endsAt] of this.#taken) if (endsAt <= now) this.#taken.delete(key)
    const hasRoom = this.#taken.size < MAX_KEYS
    if (!hasRoom) this.#fullUntil = now + RECHECK_MS
    return hasRoom
  }
}
