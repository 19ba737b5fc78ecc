import type { Part } from '../dynamodb/part.js'
import type { Notices } from '../email/notices.js'
import type { Trail } from '../events/trail.js'
import type { Clock } from '../lib/clock.js'
import {
  REFRESH_TOKEN_INVALID,
  REFRESH_TOKEN_REUSED,
  refreshConflict,
  refreshProblem,
  type ReplayReport,
} from './errors.js'
import { keyIdOf, type Origin, originOf } from './origin.js'
import { isKnown, judge, type Strike, type Verdict } from './verdict.js'
import type { PresentedToken, RefreshKeys, TokenKey } from './refresh-token.js'
import { bounded, type Session, type SessionLifetimes, type Visit } from './session.js'
import type { ReplayMarks } from './replay-marks.js'
import type { SessionsStore } from './store.js'
import type { UsersStore } from '../users/store.js'

export interface ReplaysDependencies {
  readonly store: SessionsStore
  readonly marks: ReplayMarks
  readonly users: Pick<UsersStore, 'findById'>
  readonly notices: Notices
  readonly trail: Trail
  readonly keys: RefreshKeys
  readonly lifetimes: SessionLifetimes
  readonly clock: Clock
}

/** The head again, for a token that was rotated a moment ago. */
export interface Settled {
  readonly session: Session
  readonly successor: Buffer
  readonly derivedBy: TokenKey
  /** Set where handing it out is a strike. */
  readonly replay?: ReplayReport | undefined
}

/** Presenters that meet in one generation leave at most two marks in it, and are judged again by those. */
const MAX_JUDGED = 4
/** In a row, from which on the person gets a notice of each. */
const NOTICED_STRIKES = 2

/** Presented tokens that are not the head of their session: judged, marked in the table, answered. */
export class Replays {
  readonly #dependencies: ReplaysDependencies

  constructor(dependencies: ReplaysDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * @param found the item in the table, if there is one.
   * @throws {Problem} REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED (the session has ended), REFRESH_CONFLICT.
   */
  async settle(
    found: Session | undefined,
    presented: PresentedToken,
    visit: Visit,
  ): Promise<Settled> {
    const { userId, sessionId } = presented
    let session = found
    for (let judged = 0; judged < MAX_JUDGED; judged++) {
      if (!session) throw refreshProblem(REFRESH_TOKEN_INVALID, { userId, sessionId })
      const answered = await this.#answer(session, presented, visit)
      if (answered.settled) return answered.settled
      // The head has moved since: what the presenter met is gone, and nothing is held against it.
      const hasMoved = answered.now && answered.now.currentHash !== session.currentHash
      if (hasMoved) break
      session = answered.now
    }
    throw refreshConflict({ userId, sessionId })
  }

  /** Whether a session was refreshed from there before. */
  async isKnown(session: Session, visit: Visit): Promise<boolean> {
    const { origins } = await this.#sides(session, visit)
    return isKnown(session, origins) || origins.includes(session.rotatedFrom ?? '')
  }

  /** @returns what is in the table by now, where another presenter was quicker to leave a mark. */
  async #answer(session: Session, presented: PresentedToken, visit: Visit) {
    const { store, trail, clock, lifetimes } = this.#dependencies
    const { userId, sessionId, secret } = presented
    const { isNavigation = false } = visit
    const { derivingKey, origins } = await this.#sides(session, visit)
    const now = clock()
    const { graceMs } = lifetimes
    const verdict = judge(session, { secret, derivingKey, origins, isNavigation, now, graceMs })
    if (verdict.kind === 'ended') throw refreshProblem(REFRESH_TOKEN_INVALID, { userId, sessionId })

    const replay = reportOf(session, origins, verdict)
    if (verdict.kind === 'reused') {
      const reason = REFRESH_TOKEN_REUSED.code
      const event = trail.part(visit, 'authn_token_reuse', { userId, sessionId, reason })
      await store.end(userId, sessionId, [event, ...(await this.#notice(userId, verdict, visit))])
      throw refreshProblem(REFRESH_TOKEN_REUSED, { userId, sessionId, replay })
    }
    const left = await this.#leaveMark(session, verdict, { origins, visit, now })
    if (left && !left.written) return { now: left.session }
    if (verdict.kind === 'foreign') throw refreshConflict({ userId, sessionId, replay })
    // The head was derived from the token, so the key that derived it was found.
    const derivedBy = derivingKey as TokenKey
    return { settled: { session, successor: verdict.successor, derivedBy, replay } }
  }

  /** @returns undefined where there is nothing to write. */
  async #leaveMark(session: Session, verdict: Verdict, { origins, visit, now }: Presence) {
    const rider = verdict.kind === 'near' ? originHere(session, origins) : undefined
    const strike = strikeIn(verdict)
    if (!strike && rider === undefined) return undefined
    const mark = { strike, rider, device: bounded(visit), at: now }
    const caused = await this.#notice(session.userId, verdict, visit)
    return this.#dependencies.marks.leave(session, mark, caused)
  }

  /** Tells the person of the second and the third strike in a row, in the transaction of each. */
  async #notice(userId: string, verdict: Verdict, visit: Visit): Promise<readonly Part[]> {
    const { users, notices } = this.#dependencies
    const { strikes = 0 } = strikeIn(verdict) ?? {}
    if (strikes < NOTICED_STRIKES) return []
    const user = await users.findById(userId)
    return user ? notices.of(visit, 'session-replayed', user) : []
  }

  /** The key that derived the head, and the presenter's origin under each key that the session's are made with. */
  async #sides(session: Session, visit: Visit) {
    const { keys } = this.#dependencies
    const { derivedBy, rotatedFrom, rider, known1, known2, known3, known4 } = session
    const kept = [rotatedFrom, rider, known1, known2, known3, known4].filter(isOrigin)
    const ids = new Set(kept.map(keyIdOf))
    const found = await Promise.all([...ids].map((id) => keys.refreshKeyById(id)))
    return {
      // It may be a key that this instance has not read yet.
      derivingKey: derivedBy === undefined ? undefined : await keys.refreshKeyById(derivedBy),
      origins: found.filter((key) => key !== undefined).map((key) => originOf(key, visit)),
    }
  }
}

/** Where and when a token is presented. */
interface Presence {
  readonly origins: readonly Origin[]
  readonly visit: Visit
  readonly now: number
}

/** A session of an earlier version has empty ones. */
const isOrigin = (origin: Origin | undefined): origin is Origin => Boolean(origin)

const strikeIn = (verdict: Verdict): Strike | undefined =>
  'strike' in verdict ? verdict.strike : undefined

/** The presenter's origin under the key that the last rotation's was made with. */
const originHere = ({ rotatedFrom = '' }: Session, origins: readonly Origin[]) =>
  origins.find((origin) => keyIdOf(origin) === keyIdOf(rotatedFrom))

function reportOf(
  session: Session,
  origins: readonly Origin[],
  verdict: Verdict,
): ReplayReport | undefined {
  const strike = strikeIn(verdict)
  const { rotatedFrom } = session
  return strike && { strikes: strike.strikes, origin: originHere(session, origins), rotatedFrom }
}
