import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { Notices } from '../email/notices.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import type { Random } from '../lib/random.js'
import { AttemptCounter, type CountedAttempt } from '../limits/attempts.js'
import { type Limit, logExceeded, rateLimited } from '../limits/by-address.js'
import type { User } from '../users/user.js'

export interface GuessesOptions {
  readonly database: Database
  /** The table of counters. */
  readonly table: string
  readonly notices: Notices
  readonly clock: Clock
  readonly random: Random
}

/** A proof of a second factor that has its place in the counts, before it is looked at. */
export interface Guess {
  /** It was wrong: it counts, and the owner may be told. @throws {Problem} STORE_UNAVAILABLE. */
  fail(): Promise<void>
  /** It was right: what the transaction takes back that uses the factor. */
  succeed(): Part[]
  /** It came to no answer by our own fault. */
  takeBack(): Promise<void>
}

const MINUTE = 60_000

/** Wrong ones of an account (NIST SP 800-63B-4 §3.2.2): at most so many in each of these windows. */
const LIMITS: readonly Limit[] = [
  { max: 10, windowMs: 15 * MINUTE },
  { max: 30, windowMs: 24 * 60 * MINUTE },
]
/** The one of a window that its owner is told of: who comes to a second factor knows the password. */
const TOLD_AT = 5

/** Bounds wrong second factors by account, over all tickets, doors and kinds. */
export class Guesses {
  readonly #options: GuessesOptions
  readonly #windows: readonly { readonly limit: Limit; readonly counter: AttemptCounter }[]

  constructor(options: GuessesOptions) {
    this.#options = options
    this.#windows = LIMITS.map((limit) => ({
      limit,
      counter: new AttemptCounter({ ...options, ...limit }),
    }))
  }

  /**
   * Takes a place in each window. One that finds none in the shorter takes none in the longer.
   * @throws {Problem} RATE_LIMITED; STORE_UNAVAILABLE: what cannot be counted is not compared.
   */
  async count(caller: Caller, user: User): Promise<Guess> {
    const taken: { readonly counter: AttemptCounter; readonly counted: CountedAttempt }[] = []
    for (const { limit, counter } of this.#windows) {
      const counted = await counter.count(`factors#${digest(user.id)}`, '')
      if (!counted.admitted) {
        logExceeded(caller)
        throw rateLimited(limit, counted.resetMs)
      }
      taken.push({ counter, counted })
    }
    return {
      fail: async () => {
        if (taken.some(({ counted }) => counted.place === TOLD_AT)) await this.#tell(caller, user)
      },
      succeed: () => taken.map(({ counter, counted }) => counter.takingBack(counted)),
      takeBack: async () => {
        for (const { counter, counted } of taken) await counter.takeBack(counted)
      },
    }
  }

  async #tell(caller: Caller, user: User): Promise<void> {
    const { database, notices } = this.#options
    const parts = notices.unlessErased(caller, 'factor-guessed', user)
    if (parts.length > 0) await database.writeTogether(parts)
  }
}
