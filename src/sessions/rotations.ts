import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import { type Limit, rateLimited } from '../limits/by-address.js'
import { expiresAt, type Session } from './session.js'
import type { ConditionalResult, Rotation, SessionsStore } from './store.js'

/** Rotations of one session in any minute, on all instances together. */
const ROTATIONS: Limit = { max: 30, windowMs: 60_000 }

const MAX_HELD = 10_000

/**
 * Moves the heads of sessions, each at most 30 times in any minute. The session holds the times of its last
 * rotations itself: one that is a minute old costs one write, and only sooner ones cost a second try. A head moves
 * once, so the request that moves it knows the times before, and the bound is exact for any number of instances.
 */
export class Rotations {
  readonly #store: SessionsStore
  readonly #clock: Clock
  /** Heads that must not move yet, by their hashes, and until when. */
  readonly #held = new BoundedMap<string, number>(MAX_HELD)

  constructor(store: SessionsStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Refuses a head that this instance has just refused, without a request. @throws {Problem} RATE_LIMITED. */
  assertMovable(hash: string): void {
    const waitMs = (this.#held.get(hash) ?? 0) - this.#clock()
    if (waitMs > 0) throw rateLimited(ROTATIONS, waitMs)
  }

  /** @throws {Problem} RATE_LIMITED, and the head stays where it is. */
  async move(rotation: Omit<Rotation, 'recent' | 'windowStart'>): Promise<ConditionalResult> {
    const { presentedHash, now } = rotation
    const windowStart = now - ROTATIONS.windowMs
    const first = await this.#store.rotate({ ...rotation, windowStart, recent: undefined })
    const { session } = first
    if (first.written || !session || !isHead(session, rotation)) return first
    const recent = rotatedSince(windowStart, session)
    const oldest = recent.at(-ROTATIONS.max)
    if (oldest === undefined) return this.#store.rotate({ ...rotation, windowStart, recent })
    const until = oldest + ROTATIONS.windowMs
    this.#held.set(presentedHash, until)
    throw rateLimited(ROTATIONS, until - now)
  }
}

const isHead = (
  session: Session,
  { presentedHash, now }: Pick<Rotation, 'presentedHash' | 'now'>,
) => session.currentHash === presentedHash && now < expiresAt(session)

/** The times of a session's rotations after a moment, the latest last. */
const rotatedSince = (moment: number, { recent = [], rotatedAt = 0 }: Session): readonly number[] =>
  [...recent, rotatedAt].filter((at) => at > moment)
