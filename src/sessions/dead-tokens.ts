import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import { type Limit, rateLimited } from '../limits/by-address.js'

/** Genuine tokens of dead sessions that one address may try at one instance. */
const DEAD_TOKENS: Limit = { max: 20, windowMs: 60_000 }

/** How long an instance remembers that a session is dead, milliseconds. No dead session comes to life again. */
const REMEMBERED_MS = 60_000
const MAX_SESSIONS = 10_000
const MAX_ADDRESSES = 10_000

/** What an address has tried in its minute. */
interface Tries {
  endsAt: number
  /** Tokens that were of a dead session. */
  dead: number
  /** Tokens that nothing is known of yet. */
  open: number
  /** Those that wait for an open one to end, since it may be the last that the address has. */
  readonly waiting: (() => void)[]
}

/** What a token turned out to be of: a session that is alive, that it has just ended, or that was dead before. */
export type Outcome = 'alive' | 'ended' | 'dead'

/** A token that is about to cost a request. It ends once, with any outcome. */
export interface Try {
  end(outcome: Outcome): void
}

/**
 * What an instance remembers of genuine refresh tokens whose sessions are dead: they are all that costs a request and
 * leads to nothing. It is memory alone, so N instances allow an address N times as many.
 */
export class DeadTokens {
  readonly #clock: Clock
  /** Until when a session is known to be dead. */
  readonly #sessions = new BoundedMap<string, number>(MAX_SESSIONS)
  readonly #addresses = new BoundedMap<string, Tries>(MAX_ADDRESSES)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether the session has lately been found dead. */
  has(sessionId: string): boolean {
    return this.#clock() < (this.#sessions.get(sessionId) ?? 0)
  }

  remember(sessionId: string): void {
    this.#sessions.set(sessionId, this.#clock() + REMEMBERED_MS)
  }

  /**
   * Takes a place of the address before anything is read, so that the limit is exact under parallel calls. A client
   * whose tokens are good only ever waits for the places of others, and is not refused because of them.
   * @throws {Problem} RATE_LIMITED.
   */
  async begin(address: string): Promise<Try> {
    const tries = this.#triesOf(address)
    while (tries.dead + tries.open >= DEAD_TOKENS.max) {
      if (tries.dead >= DEAD_TOKENS.max) {
        wakeNext(tries)
        throw rateLimited(DEAD_TOKENS, tries.endsAt - this.#clock())
      }
      await new Promise<void>((resolve) => tries.waiting.push(resolve))
    }
    tries.open++
    return {
      end(outcome) {
        tries.open--
        if (outcome === 'dead') tries.dead++
        wakeNext(tries)
      },
    }
  }

  #triesOf(address: string): Tries {
    const now = this.#clock()
    const known = this.#addresses.get(address)
    if (known) {
      if (now >= known.endsAt) Object.assign(known, { dead: 0, endsAt: now + DEAD_TOKENS.windowMs })
      return known
    }
    const tries = { endsAt: now + DEAD_TOKENS.windowMs, dead: 0, open: 0, waiting: [] }
    this.#addresses.set(address, tries)
    return tries
  }
}

function wakeNext({ waiting }: Tries): void {
  waiting.shift()?.()
}
