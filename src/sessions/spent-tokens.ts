import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import { type Limit, rateLimited } from '../limits/by-address.js'
import type { Origin } from './origin.js'
import type { Session } from './session.js'

/** How often one session's spent token may be presented at one instance while it still yields the successor. */
const REPLAYS: Limit = { max: 100, windowMs: 60_000 }

const MAX_SESSIONS = 10_000

/** What is remembered of a session whose spent token is presented again. */
interface Replayed {
  /** The token that its head was derived from. */
  hash: string
  /** Until when that is a replay, from any origin. */
  graceEndsAt: number
  /** The one origin whose navigations are a replay after that, once there was one. */
  late?: Origin | undefined
  count: number
  endsAt: number
}

/** A token that may be spent, as it is presented. */
export interface SpentToken {
  readonly sessionId: string
  readonly hash: string
  /** Under the key that refresh tokens are made with now. */
  readonly origin: Origin
  readonly isNavigation: boolean
}

/**
 * Bounds how often a session's spent token is settled: each time costs a read and a write that fails. What would end
 * the session is never refused: any older token, and a spent one where it is no replay any more.
 */
export class SpentTokens {
  readonly #graceMs: number
  readonly #clock: Clock
  readonly #sessions = new BoundedMap<string, Replayed>(MAX_SESSIONS)

  constructor(graceMs: number, clock: Clock) {
    this.#graceMs = graceMs
    this.#clock = clock
  }

  /**
   * Counts a token that is known to be spent, before anything is asked, so that no number of them at once is more.
   * @returns whether it was counted.
   * @throws {Problem} RATE_LIMITED.
   */
  take(token: SpentToken): boolean {
    const known = this.#sessions.get(token.sessionId)
    const now = this.#clock()
    if (!known || !isReplay(known, token, now)) return false
    this.#renew(known, now)
    if (known.count >= REPLAYS.max) throw rateLimited(REPLAYS, known.endsAt - now)
    known.count++
    return true
  }

  /** Remembers the token that a session has just rotated away. */
  spend(sessionId: string, hash: string): void {
    this.#remember(sessionId, { hash, graceEndsAt: this.#clock() + this.#graceMs })
  }

  /** Counts a token that turned out to be spent. */
  count({ sessionId, hash, origin }: SpentToken, { rotatedAt = 0 }: Session): void {
    const graceEndsAt = rotatedAt + this.#graceMs
    const isLate = this.#clock() > graceEndsAt
    this.#remember(sessionId, { hash, graceEndsAt, ...(isLate && { late: origin }) }).count++
  }

  #remember(sessionId: string, spent: Pick<Replayed, 'hash' | 'graceEndsAt' | 'late'>): Replayed {
    const now = this.#clock()
    const known = this.#sessions.get(sessionId) ?? { count: 0, endsAt: now + REPLAYS.windowMs }
    const next = Object.assign(known, { late: undefined }, spent)
    this.#renew(next, now)
    this.#sessions.set(sessionId, next)
    return next
  }

  #renew(replayed: Replayed, now: number): void {
    if (now >= replayed.endsAt) {
      Object.assign(replayed, { count: 0, endsAt: now + REPLAYS.windowMs })
    }
  }
}

const isReplay = (
  { hash, graceEndsAt, late }: Replayed,
  presented: SpentToken,
  now: number,
): boolean =>
  presented.hash === hash &&
  (now <= graceEndsAt || (presented.isNavigation && presented.origin === late))
