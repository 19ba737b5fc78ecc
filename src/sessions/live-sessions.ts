import { isOutage } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import type { User } from '../users/user.js'
import { isLive } from './session.js'
import type { SessionsStore } from './store.js'

type EndSession = (sessionId: string) => Promise<boolean>

/** Live sessions of one person. */
const MAX_LIVE = 100

/** Sessions that an instance opens for a person before it looks how many there are. */
const FREE = 5
const MAX_PERSONS = 10_000
/** Earlier versions had no bound: one look ends so many, and the next ones go on. */
const MAX_ENDED = 100

/**
 * Keeps a person's live sessions at 100. A count of them would cost each sign-in another write, so an instance looks
 * only at the sixth session that it opens for a person, and at every sixth after it: N instances may leave 5·N more.
 * For a person whom its memory has no room for, it looks each time.
 */
export class LiveSessions {
  readonly #store: SessionsStore
  readonly #clock: Clock
  /** How many an instance has opened for a person since it looked. */
  readonly #opened = new Map<string, number>()

  constructor(store: SessionsStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /**
   * After a session has opened: ends those beyond the bound, the one unused for longest first.
   * @param end ends one, and says whether there was one to end.
   * @returns the ids of those that it has ended. An outage is ignored, because the person is signed in; the next
   * sign-in looks.
   */
  async makeRoom(user: User, end: EndSession): Promise<string[]> {
    if (this.#isFree(user)) return []
    try {
      const ended = await this.#endExcess(user, end)
      this.#opened.delete(user.id)
      return ended
    } catch (error) {
      if (!isOutage(error)) throw error
      return []
    }
  }

  #isFree({ id }: User): boolean {
    const opened = this.#opened.get(id) ?? 0
    if (opened === 0 && this.#opened.size >= MAX_PERSONS) return false
    this.#opened.set(id, opened + 1)
    return opened < FREE
  }

  async #endExcess(user: User, end: EndSession): Promise<string[]> {
    const now = this.#clock()
    const live = (await this.#store.list(user.id)).filter((session) => isLive(session, user, now))
    // Instances that look at once agree on the order, or they would end more than one too many.
    live.sort(
      (a, b) =>
        a.lastUsedAt - b.lastUsedAt ||
        a.createdAt - b.createdAt ||
        (a.sessionId < b.sessionId ? -1 : 1),
    )
    const excess = live.slice(0, Math.min(Math.max(0, live.length - MAX_LIVE), MAX_ENDED))
    const ending = excess.map(async ({ sessionId }) => ((await end(sessionId)) ? [sessionId] : []))
    return (await Promise.all(ending)).flat()
  }
}
