import {
  acrOf,
  type Amr,
  type Authentication,
  TWO_FACTORS,
} from '../access-tokens/authentication.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Notices } from '../email/notices.js'
import { type EventLog, report } from '../events/report.js'
import type { Clock } from '../lib/clock.js'
import type { Part } from '../dynamodb/part.js'
import { newId, type Random } from '../lib/random.js'
import {
  type Factors,
  hasSecondFactor,
  isFactorWanted,
  type SecondFactorPolicy,
} from '../users/factors.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import {
  recentSignInRequired,
  REFRESH_TOKEN_INVALID,
  refreshProblem,
  type ReplayReport,
  SESSION_NOT_FOUND,
  type SessionRef,
} from './errors.js'
import { DeadTokens, type Outcome } from './dead-tokens.js'
import { originOf } from './origin.js'
import { Replays } from './replays.js'
import {
  decodeRefreshToken,
  encodeRefreshToken,
  hashSecret,
  isGenuine,
  type PresentedToken,
  type RefreshKeys,
  successorOf,
  type TokenKey,
} from './refresh-token.js'
import { listed, type ListedSession } from './listed.js'
import { LiveSessions } from './live-sessions.js'
import { isRefusal, isReuse, reportRefusal, reportReplay } from './reports.js'
import { Rotations } from './rotations.js'
import { type SpentToken, SpentTokens } from './spent-tokens.js'
import {
  authenticationOf,
  belongsTo,
  bounded,
  type Device,
  isLive,
  type LiveSession,
  type Session,
  type SessionLifetimes,
  type Visit,
} from './session.js'
import type { SessionsStore } from './store.js'

export interface SessionsDependencies {
  readonly store: SessionsStore
  readonly users: Pick<UsersStore, 'findById' | 'endSessions'>
  readonly notices: Notices
  readonly keys: RefreshKeys
  readonly lifetimes: SessionLifetimes
  /** Who has to have a second factor. */
  readonly secondFactor: SecondFactorPolicy
  readonly clock: Clock
  readonly random: Random
}

type Factored = Factors & { readonly role: string }

/** How long a session lasts on a computer that others use, milliseconds. */
const SHORT_MS = 12 * 3_600_000

/** How long after signing in a user may change how they sign in without signing in again, milliseconds. */
const RECENT_MS = 15 * 60_000

/** How a refresh token is presented: a browser that goes to a page sends it as its cookie. */
export type Presentation = Pick<Visit, 'isNavigation'>

/** A session and the refresh token that is its head now. */
export interface Grant<U extends User = User> extends Authentication {
  readonly user: U
  readonly sessionId: string
  readonly refreshToken: string
  /** Its cookies end with the browser. */
  readonly isShort?: true | undefined
  /** The session has just begun. */
  readonly isSignIn?: boolean
  /** Set where this grant is a strike. */
  readonly replay?: ReplayReport | undefined
}

/** Where a person signs in, and the log that tells of it. */
interface Opener extends Device {
  readonly log: EventLog
}

/** What is written with a new session. */
interface Opening {
  readonly replaced?: SessionRef | undefined
  readonly alongside?: readonly Part[]
  /** The identity that the user signed in with, if it was one. */
  readonly identityId?: string | undefined
  /** How the user has authenticated. */
  readonly amr?: readonly Amr[]
  /** On a computer that others use. */
  readonly isShort?: boolean | undefined
}

/** A live session, and the strike that looking at it was, if it was one. */
interface Seen {
  readonly live: LiveSession
  /** Whether the session was refreshed from there before. */
  readonly isKnown: boolean
  readonly replay?: ReplayReport | undefined
}

/** Sessions from sign-in to their end, with the events that tell of it. */
export class Sessions {
  readonly #dependencies: SessionsDependencies
  readonly #replays: Replays
  readonly #rotations: Rotations
  readonly #spent: SpentTokens
  readonly #dead: DeadTokens
  readonly #live: LiveSessions

  constructor(dependencies: SessionsDependencies) {
    const { store, lifetimes, clock } = dependencies
    this.#dependencies = dependencies
    this.#replays = new Replays(dependencies)
    this.#rotations = new Rotations(store, clock)
    this.#spent = new SpentTokens(lifetimes.graceMs, clock)
    this.#dead = new DeadTokens(clock)
    this.#live = new LiveSessions(store, clock)
  }

  /**
   * Opens a session for a user who has just authenticated. Its id is always new. Of more than 100, the one
   * unused for longest ends.
   * @param replaced the session that ends by the same write, if there is one.
   * @param alongside what else is written in the same transaction.
   */
  async open<U extends User>(
    user: U,
    device: Opener,
    { replaced, alongside = [], identityId, amr = [], isShort = false }: Opening = {},
  ): Promise<Grant<U>> {
    const { store, keys, lifetimes, clock, random } = this.#dependencies
    const now = clock()
    const [sessionId, secret] = [newId(random), random(32)]
    const key = await keys.refreshKey()
    const origin = originOf(key, device)
    const session = {
      userId: user.id,
      sessionId,
      currentHash: hashSecret(secret),
      createdAt: now,
      lastUsedAt: now,
      idleExpiresAt: now + lifetimes.idleMs,
      absoluteExpiresAt:
        now + (isShort ? Math.min(SHORT_MS, lifetimes.absoluteMs) : lifetimes.absoluteMs),
      epoch: user.epoch,
      amr,
      authTime: now,
      ...(isShort && { isShort: true as const }),
      generation: 0,
      candidate: origin,
      known1: origin,
      ...(identityId !== undefined && { identityId }),
      ...bounded(device),
    }
    await store.open(session, [...(replaced ? [store.ending(replaced)] : []), ...alongside])
    for (const ended of await this.#live.makeRoom(user)) {
      const about = { userId: user.id, sessionId: ended }
      report(device.log, 'authn_session_ended', { reason: 'too_many', ...about })
    }
    const token = { userId: user.id, sessionId, secret }
    const refreshToken = encodeRefreshToken(key, token)
    const { authTime } = session
    return {
      user,
      sessionId,
      amr,
      authTime,
      refreshToken,
      isShort: session.isShort,
      isSignIn: true,
    }
  }

  /**
   * Exchanges a refresh token for its successor.
   * @throws {Problem} REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, REFRESH_CONFLICT, RATE_LIMITED, STORE_UNAVAILABLE.
   */
  async refresh(caller: Caller, text: string, presentation: Presentation = {}): Promise<Grant> {
    try {
      const presented = await this.#genuine(text)
      const grant = await this.#unlessDead(caller, presented, () =>
        this.#exchange(presented, visitOf(caller, presentation)),
      )
      if (!grant) throw invalid(presented)
      const { user, sessionId, replay } = grant
      if (replay) reportReplay(caller.log, { userId: user.id, sessionId, replay })
      report(caller.log, 'authn_token_refresh', { userId: user.id, sessionId })
      return grant
    } catch (error) {
      reportRefusal(caller, error)
      throw error
    }
  }

  /** The session that a genuine refresh token names, of any age: enough to end it, and for nothing else. */
  async identify(text: string): Promise<SessionRef> {
    return this.#genuine(text)
  }

  /**
   * The session that a refresh token stands for now, read consistently. The token stays what it is, so this is for
   * origins that the session knows: others could watch a token for the moment at which its owner refreshes.
   * @returns undefined for a dead session, for an unknown origin, and for a token that is no good: one that is spent
   * was stolen.
   * @throws {Problem} REFRESH_CONFLICT, RATE_LIMITED, STORE_UNAVAILABLE.
   */
  async look(
    caller: Caller,
    text: string,
    presentation: Presentation,
  ): Promise<LiveSession | undefined> {
    try {
      const presented = await this.#genuine(text)
      const seen = await this.#unlessDead(caller, presented, () =>
        this.#see(presented, visitOf(caller, presentation)),
      )
      if (!seen?.isKnown) return undefined
      const { live, replay } = seen
      const whose = { userId: live.account.id, sessionId: live.sessionId }
      if (replay) reportReplay(caller.log, { ...whose, replay })
      return live
    } catch (error) {
      reportRefusal(caller, error)
      if (!isRefusal(error)) throw error
      return undefined
    }
  }

  /** A session that is alive now, and its user, read consistently; undefined for a dead one. */
  async findLive(userId: string, sessionId: string): Promise<LiveSession | undefined> {
    return (await this.#find(userId, sessionId))?.live
  }

  /**
   * The part of a transaction that lets a session say how its user has authenticated by now; in no other way does that
   * change. Its refresh token stays what it is.
   * @throws {Problem} TOKEN_INVALID from the transaction, for a session that has ended.
   */
  steppingUp({ account, sessionId }: LiveSession, authentication: Authentication): Part {
    const { store, clock } = this.#dependencies
    return store.steppingUp({ userId: account.id, sessionId }, authentication, clock())
  }

  /** The part of a transaction that ties a mail to the session that asks for another address. */
  askingForAddress({ account, sessionId }: LiveSession, flow: string): Part {
    return this.#dependencies.store.askingForAddress({ userId: account.id, sessionId }, flow)
  }

  /** What is known of a live session beside its user. */
  async factsOf({
    account,
    sessionId,
  }: LiveSession): Promise<Pick<Session, 'identityId' | 'addressFlow'>> {
    const { identityId, addressFlow } =
      (await this.#dependencies.store.find(account.id, sessionId)) ?? {}
    return { ...(identityId && { identityId }), ...(addressFlow && { addressFlow }) }
  }

  /** Live sessions, the most recently used first. */
  async list(user: User): Promise<ListedSession[]> {
    const { store, clock } = this.#dependencies
    const now = clock()
    const live = (await store.list(user.id)).filter((session) => isLive(session, user, now))
    return live.map(listed).sort((a, b) => b.lastUsedAt - a.lastUsedAt || b.createdAt - a.createdAt)
  }

  /** @returns false when there was no such session of that user. */
  end(userId: string, sessionId: string): Promise<boolean> {
    return this.#dependencies.store.end(userId, sessionId)
  }

  /** Signs a person out. */
  async signOut(caller: Caller, { userId, sessionId }: SessionRef): Promise<void> {
    await this.end(userId, sessionId)
    report(caller.log, 'authn_logout', { userId, sessionId })
  }

  /** Ends one session of a user who is signed in. @throws {Problem} SESSION_NOT_FOUND. */
  async endOne(caller: Caller, { account }: LiveSession, sessionId: string): Promise<void> {
    if (!(await this.end(account.id, sessionId))) throw new Problem(SESSION_NOT_FOUND)
    report(caller.log, 'authn_session_ended', { userId: account.id, sessionId })
  }

  /** Ends all sessions of a user who is signed in. */
  async endAll(caller: Caller, { account: { id: userId } }: LiveSession): Promise<void> {
    await this.#dependencies.users.endSessions(userId)
    report(caller.log, 'authn_sessions_ended', { userId })
  }

  /**
   * Whether an account has a second factor, or has to have one: a session may be older than its role or the policy, and
   * gets none without a sign-in.
   */
  needsSecondFactor(account: Factored): boolean {
    return hasSecondFactor(account) || isFactorWanted(this.#dependencies.secondFactor, account)
  }

  /**
   * For what changes how one signs in, or who may do what: its user must have authenticated lately, and by two factors
   * where the account needs a second one (RFC 9470).
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED.
   */
  assertRecent({ authTime, amr, account }: Authentication & { readonly account: Factored }): void {
    const isRecent = this.#dependencies.clock() - authTime < RECENT_MS
    const wanted = this.needsSecondFactor(account) ? TWO_FACTORS : undefined
    if (isRecent && (wanted === undefined || acrOf(amr) === wanted)) return
    throw recentSignInRequired(RECENT_MS / 1000, wanted)
  }

  /**
   * Does what costs requests, but not for a session that this instance has lately found dead. A token that ends its
   * session by reuse is none of the tries: there can be no more of them than there were sign-ins.
   * @returns undefined for a dead session; `work` says so in the same way, or by a refusal.
   */
  async #unlessDead<T>(
    { address }: Caller,
    { sessionId }: PresentedToken,
    work: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (this.#dead.has(sessionId)) return undefined
    const attempt = await this.#dead.begin(address)
    let outcome: Outcome = 'alive'
    try {
      const result = await work()
      if (result === undefined) outcome = 'dead'
      return result
    } catch (error) {
      if (isRefusal(error)) outcome = isReuse(error) ? 'ended' : 'dead'
      throw error
    } finally {
      if (outcome !== 'alive') this.#dead.remember(sessionId)
      attempt.end(outcome)
    }
  }

  /**
   * The user is read before the head moves, so that an outage in between leaves the client with a token that still
   * works.
   */
  async #exchange(presented: PresentedToken, visit: Visit): Promise<Grant> {
    const { users, keys } = this.#dependencies
    this.#rotations.assertMovable(hashSecret(presented.secret))
    const key = await keys.refreshKey()
    const isCounted = this.#spent.take(presentedFrom(key, presented, visit))
    const user = await users.findById(presented.userId)
    const { session, successor, derivedBy, replay } = await this.#rotate(presented, key, {
      visit,
      isCounted,
    })
    const { userId, sessionId, isShort } = session
    if (!user || !belongsTo(session, user)) {
      await this.end(userId, sessionId)
      throw invalid(session)
    }
    const refreshToken = encodeRefreshToken(derivedBy, { userId, sessionId, secret: successor })
    return { user, sessionId, ...authenticationOf(session), refreshToken, isShort, replay }
  }

  async #see(presented: PresentedToken, visit: Visit): Promise<Seen | undefined> {
    const key = await this.#dependencies.keys.refreshKey()
    const isCounted = this.#spent.take(presentedFrom(key, presented, visit))
    const found = await this.#find(presented.userId, presented.sessionId)
    if (!found) return undefined
    const { session, live } = found
    const isHead = hashSecret(presented.secret) === session.currentHash
    const settled = isHead
      ? undefined
      : await this.#settle(session, presented, { visit, isCounted })
    const isKnown = await this.#replays.isKnown(session, visit)
    return { live, isKnown, replay: settled?.replay }
  }

  async #find(
    userId: string,
    sessionId: string,
  ): Promise<{ readonly session: Session; readonly live: LiveSession } | undefined> {
    const { store, users, clock } = this.#dependencies
    const finding = [store.find(userId, sessionId), users.findById(userId)] as const
    const [session, account] = await Promise.all(finding)
    if (!session || !account || !isLive(session, account, clock())) return undefined
    const { isShort } = session
    return { session, live: { sessionId, ...authenticationOf(session), account, isShort } }
  }

  async #genuine(text: string): Promise<PresentedToken> {
    const presented = decodeRefreshToken(text)
    const key = presented && (await this.#dependencies.keys.refreshKeyById(presented.keyId))
    if (!presented || !key || !isGenuine(key, presented))
      throw refreshProblem(REFRESH_TOKEN_INVALID)
    return presented
  }

  async #rotate(presented: PresentedToken, key: TokenKey, how: Presenting) {
    const { keys, lifetimes, clock } = this.#dependencies
    const now = clock()
    const { userId, sessionId, secret } = presented
    const successor = successorOf(key, secret)
    const keyBefore = keys.refreshKeyBefore(key.id)
    const result = await this.#rotations.move({
      userId,
      sessionId,
      presentedHash: hashSecret(secret),
      successorHash: hashSecret(successor),
      derivedBy: key.id,
      now,
      idleExpiresAt: now + lifetimes.idleMs,
      origin: originOf(key, how.visit),
      oldOrigin: keyBefore && originOf(keyBefore, how.visit),
    })
    if (!result.written) return this.#settle(result.session, presented, how)
    this.#spent.spend(sessionId, hashSecret(secret))
    return { session: result.session, successor, derivedBy: key, replay: undefined }
  }

  async #settle(
    session: Session | undefined,
    presented: PresentedToken,
    { visit, isCounted }: Presenting,
  ) {
    const key = await this.#dependencies.keys.refreshKey()
    const isSpent = session?.previousHash === hashSecret(presented.secret)
    if (session && isSpent && !isCounted) {
      this.#spent.count(presentedFrom(key, presented, visit), session)
    }
    return this.#replays.settle(session, presented, visit)
  }
}

/** Where a token is presented, and whether that is counted as one more time for a spent one. */
interface Presenting {
  readonly visit: Visit
  readonly isCounted: boolean
}

const presentedFrom = (
  key: TokenKey,
  { sessionId, secret }: PresentedToken,
  { isNavigation = false, ...source }: Visit,
): SpentToken => ({
  sessionId,
  hash: hashSecret(secret),
  origin: originOf(key, source),
  isNavigation,
})

const invalid = ({ userId, sessionId }: SessionRef): Problem =>
  refreshProblem(REFRESH_TOKEN_INVALID, { userId, sessionId })

const visitOf = (
  { ip, userAgent, language }: Caller,
  { isNavigation = false }: Presentation,
): Visit => ({
  ip,
  language,
  ...(userAgent !== undefined && { userAgent }),
  isNavigation,
})
