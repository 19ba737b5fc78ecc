import {
  acrOf,
  type Amr,
  type Authentication,
  TWO_FACTORS,
} from '../access-tokens/authentication.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { EventFields } from '../events/catalogue.js'
import { type EventLog, report } from '../events/report.js'
import type { Place, Trail, TrailFacts } from '../events/trail.js'
import type { Clock } from '../lib/clock.js'
import type { Part } from '../dynamodb/part.js'
import type { Late } from '../lib/late.js'
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
import type { AppGrant } from './app-grant.js'
import { DeadTokens, type Outcome } from './dead-tokens.js'
import { originOf } from './origin.js'
import type { Replays } from './replays.js'
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
  readonly replays: Late<Replays>
  readonly trail: Trail
  readonly keys: RefreshKeys
  readonly lifetimes: SessionLifetimes
  /** Who has to have a second factor. */
  readonly secondFactor: SecondFactorPolicy
  readonly clock: Clock
  readonly random: Random
}

type Factored = Factors & { readonly role: string }

/** Events that end a session. */
type EndName = 'authn_logout' | 'authn_session_ended' | 'authn_token_reuse' | 'authn_token_revoked'

/** Of what the service does by itself. */
const NOWHERE: Place = {}

/** How long a session lasts on a computer that others use, milliseconds. */
const SHORT_MS = 12 * 3_600_000

/** How long after signing in a user may change how they sign in without signing in again, milliseconds. */
const RECENT_MS = 15 * 60_000

/** How a refresh token is presented: a browser that goes to a page sends it as its cookie. */
export type Presentation = Pick<Visit, 'isNavigation'> & {
  /** The app that has proved to be itself; left out for Latchkey's own doors. */
  readonly clientId?: string
  /** Looks at what the app asks for, before its token is spent; throws what the app is told. */
  readonly judge?: (app: AppGrant, user: User) => void
}

/** A session and the refresh token that is its head now. */
export interface Grant<U extends User = User> extends Authentication {
  readonly user: U
  readonly sessionId: string
  readonly refreshToken: string
  /** The app whose session it is, if it is one's. */
  readonly app?: AppGrant | undefined
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
  /** What is kept of it in the same transaction. */
  readonly event: (opened: SessionRef) => Part
  /** The identity that the user signed in with, if it was one. */
  readonly identityId?: string | undefined
  /** How the user has authenticated. */
  readonly amr?: readonly Amr[]
  /** On a computer that others use. */
  readonly isShort?: boolean | undefined
}

/** A session that an app gets, from the one in which its person has let it in. */
export interface AppOpening extends Authentication {
  /** A new id. */
  readonly sessionId: string
  readonly app: AppGrant
  /** The browser's session, where the app's is to end with it. */
  readonly parentSessionId?: string | undefined
  /** What is written in the same transaction: the code that is used up, and the event. */
  readonly alongside: readonly Part[]
}

/** What a new session has beside what all have. */
interface NewSession {
  readonly sessionId: string
  readonly details: Authentication &
    Pick<Session, 'absoluteExpiresAt' | 'app' | 'identityId' | 'isShort' | 'parentSessionId'>
  readonly alongside: readonly Part[]
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
  readonly #rotations: Rotations
  readonly #spent: SpentTokens
  readonly #dead: DeadTokens
  readonly #live: LiveSessions

  constructor(dependencies: SessionsDependencies) {
    const { store, lifetimes, clock } = dependencies
    this.#dependencies = dependencies
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
    { replaced, alongside = [], event, identityId, amr = [], isShort = false }: Opening,
  ): Promise<Grant<U>> {
    const { store, lifetimes, clock, random } = this.#dependencies
    const now = clock()
    const absoluteMs = isShort ? Math.min(SHORT_MS, lifetimes.absoluteMs) : lifetimes.absoluteMs
    const details = {
      absoluteExpiresAt: now + absoluteMs,
      amr,
      authTime: now,
      ...(isShort && { isShort: true as const }),
      ...(identityId !== undefined && { identityId }),
    }
    const ending = replaced ? [store.ending(replaced)] : []
    const sessionId = newId(random)
    const opened = await this.#open(user, device, {
      sessionId,
      details,
      alongside: [...ending, ...alongside, event({ userId: user.id, sessionId })],
    })
    return { ...opened, isSignIn: true }
  }

  /**
   * Opens the session of an app, for a person who has signed in and let it in: it has their authentication, and ends
   * as any other does.
   */
  async openForApp(
    user: User,
    device: Opener,
    { sessionId, app, parentSessionId, amr, authTime, alongside }: AppOpening,
  ): Promise<Grant> {
    const { lifetimes, clock } = this.#dependencies
    const details = {
      absoluteExpiresAt: clock() + lifetimes.absoluteMs,
      amr,
      authTime,
      app,
      ...(parentSessionId !== undefined && { parentSessionId }),
    }
    return this.#open(user, device, { sessionId, details, alongside })
  }

  async #open<U extends User>(
    user: U,
    device: Opener,
    { sessionId, details, alongside }: NewSession,
  ): Promise<Grant<U>> {
    const { store, keys, lifetimes, clock, random } = this.#dependencies
    const now = clock()
    const secret = random(32)
    const key = await keys.refreshKey()
    const origin = originOf(key, device)
    const session = {
      userId: user.id,
      sessionId,
      currentHash: hashSecret(secret),
      createdAt: now,
      lastUsedAt: now,
      idleExpiresAt: now + lifetimes.idleMs,
      epoch: user.epoch,
      generation: 0,
      candidate: origin,
      known1: origin,
      ...details,
      ...bounded(device),
    }
    await store.open(session, alongside)
    const tooMany = (ended: string) =>
      ({ reason: 'too_many', userId: user.id, sessionId: ended }) as const
    const end = (ended: string) =>
      this.end(NOWHERE, 'authn_session_ended', tooMany(ended), { by: 'service' })
    for (const ended of await this.#live.makeRoom(user, end))
      report(device.log, 'authn_session_ended', tooMany(ended))
    const { amr, authTime, isShort, app } = details
    const token = { userId: user.id, sessionId, secret }
    const refreshToken = encodeRefreshToken(key, token, app?.clientId)
    return { user, sessionId, amr, authTime, refreshToken, isShort, app }
  }

  /**
   * Exchanges a refresh token for its successor.
   * @throws {Problem} REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, REFRESH_CONFLICT, RATE_LIMITED, STORE_UNAVAILABLE.
   */
  async refresh(caller: Caller, text: string, presentation: Presentation = {}): Promise<Grant> {
    try {
      const presented = await this.#genuine(text, presentation.clientId)
      const grant = await this.#unlessDead(caller, presented, () =>
        this.#exchange(presented, visitOf(caller, presentation), presentation),
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

  /**
   * The session that a genuine refresh token names, of any age: enough to end it, and for nothing else.
   * @param clientId the app that the token must be of; undefined for Latchkey itself.
   */
  async identify(text: string, clientId?: string): Promise<SessionRef> {
    return this.#genuine(text, clientId)
  }

  /** Whether there is a session that a refresh token names, genuine or not. */
  async isNamedBy(text: string): Promise<boolean> {
    const presented = decodeRefreshToken(text)
    if (!presented) return false
    const { userId, sessionId } = presented
    return (await this.#dependencies.store.find(userId, sessionId)) !== undefined
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

  /** The part of a transaction that is written while a session lives, and not after it. */
  whileAlive(session: SessionRef, refusal: () => Error): Part {
    const { store, clock } = this.#dependencies
    return store.whileAlive(session, clock(), refusal)
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
    const alive = (await store.list(user.id)).filter((session) => isLive(session, user, now))
    const ids = new Set(alive.map(({ sessionId }) => sessionId))
    const live = alive.filter(
      ({ parentSessionId: parent }) => parent === undefined || ids.has(parent),
    )
    return live.map(listed).sort((a, b) => b.lastUsedAt - a.lastUsedAt || b.createdAt - a.createdAt)
  }

  /**
   * Ends a session with the event that says why.
   * @returns false when there was no such session of that user.
   */
  end<N extends EndName>(
    place: Place,
    event: N,
    fields: EventFields[N] & SessionRef,
    facts?: TrailFacts,
  ): Promise<boolean> {
    const { store, trail } = this.#dependencies
    const { userId, sessionId } = fields
    return store.end(userId, sessionId, [trail.part(place, event, fields, facts)])
  }

  /** Ends the sessions that an app has of a user: the event is that of its cause. */
  async endOfApp(user: Pick<User, 'id'>, clientId: string): Promise<void> {
    const { store } = this.#dependencies
    const ending = await this.#ofApp(user, clientId)
    await Promise.all(ending.map(({ sessionId }) => store.end(user.id, sessionId)))
  }

  /** Whether an app has sessions of a user. */
  async hasOfApp(user: Pick<User, 'id'>, clientId: string): Promise<boolean> {
    return (await this.#ofApp(user, clientId)).length > 0
  }

  async #ofApp({ id }: Pick<User, 'id'>, clientId: string): Promise<Session[]> {
    const all = await this.#dependencies.store.list(id)
    return all.filter(({ app }) => app?.clientId === clientId)
  }

  /** Signs a person out. */
  async signOut(caller: Caller, { userId, sessionId }: SessionRef): Promise<void> {
    await this.end(caller, 'authn_logout', { userId, sessionId })
    report(caller.log, 'authn_logout', { userId, sessionId })
  }

  /** Ends one session of a user who is signed in. @throws {Problem} SESSION_NOT_FOUND. */
  async endOne(caller: Caller, { account }: LiveSession, sessionId: string): Promise<void> {
    const about = { userId: account.id, sessionId }
    const isEnded = await this.end(caller, 'authn_session_ended', about)
    if (!isEnded) throw new Problem(SESSION_NOT_FOUND)
    report(caller.log, 'authn_session_ended', about)
  }

  /** Ends all sessions of a user who is signed in. */
  async endAll(caller: Caller, { account: { id: userId } }: LiveSession): Promise<void> {
    const { users, trail } = this.#dependencies
    await users.endSessions(userId, [trail.part(caller, 'authn_sessions_ended', { userId })])
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
  async #exchange(
    presented: PresentedToken,
    visit: Visit,
    { clientId, judge }: Presentation,
  ): Promise<Grant> {
    const { store, users, keys } = this.#dependencies
    this.#rotations.assertMovable(hashSecret(presented.secret))
    const key = await keys.refreshKey()
    const isCounted = this.#spent.take(presentedFrom(key, presented, visit))
    const user =
      clientId === undefined
        ? await users.findById(presented.userId)
        : await this.#userOfApp(presented, judge)
    const { session, successor, derivedBy, replay } = await this.#rotate(presented, key, {
      visit,
      isCounted,
    })
    const { userId, sessionId, isShort, app } = session
    if (!user || !belongsTo(session, user)) {
      await store.end(userId, sessionId)
      throw invalid(session)
    }
    const token = { userId, sessionId, secret: successor }
    const refreshToken = encodeRefreshToken(derivedBy, token, clientId)
    return { user, sessionId, ...authenticationOf(session), refreshToken, isShort, app, replay }
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
    const isKnown = await this.#dependencies.replays.isKnown(session, visit)
    return { live, isKnown, replay: settled?.replay }
  }

  async #find(
    userId: string,
    sessionId: string,
  ): Promise<{ readonly session: Session; readonly live: LiveSession } | undefined> {
    const { store, clock } = this.#dependencies
    const { session, user: account } = await store.findWithUser(userId, sessionId)
    if (!session || !account || !isLive(session, account, clock())) return undefined
    if (!(await this.#hasParent(session, account))) return undefined
    const { isShort, app } = session
    return { session, live: { sessionId, ...authenticationOf(session), account, app, isShort } }
  }

  /** The user of an app's session, which is looked at before its head moves: in one round trip, unless it has a parent. */
  async #userOfApp(
    { userId, sessionId }: PresentedToken,
    judge: Presentation['judge'],
  ): Promise<User | undefined> {
    const { store } = this.#dependencies
    const { session, user } = await store.findWithUser(userId, sessionId)
    if (!session || !user) return user
    if (!(await this.#hasParent(session, user))) {
      await store.end(userId, sessionId)
      throw invalid(session)
    }
    if (session.app) judge?.(session.app, user)
    return user
  }

  /** Whether the session that this one ends with is alive, if there is one. */
  async #hasParent({ userId, parentSessionId }: Session, account: User): Promise<boolean> {
    if (parentSessionId === undefined) return true
    const { store, clock } = this.#dependencies
    const parent = await store.find(userId, parentSessionId)
    return parent !== undefined && isLive(parent, account, clock())
  }

  async #genuine(text: string, clientId?: string): Promise<PresentedToken> {
    const presented = decodeRefreshToken(text)
    const key = presented && (await this.#dependencies.keys.refreshKeyById(presented.keyId))
    if (!presented || !key || !isGenuine(key, presented, clientId))
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
    const { keys, replays } = this.#dependencies
    const key = await keys.refreshKey()
    const isSpent = session?.previousHash === hashSecret(presented.secret)
    if (session && isSpent && !isCounted) {
      this.#spent.count(presentedFrom(key, presented, visit), session)
    }
    return replays.settle(session, presented, visit)
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
