import type { Clock } from '../clock.js'
import { cutText } from '../names.js'
import { newId, type Random } from '../random.js'
import {
  REFRESH_TOKEN_INVALID,
  REFRESH_TOKEN_REUSED,
  refreshProblem,
  type SessionRef,
} from './errors.js'
import { judge } from './ratchet.js'
import {
  decodeRefreshToken,
  encodeRefreshToken,
  hashSecret,
  isGenuine,
  type PresentedToken,
  successorOf,
  type TokenKey,
} from './refresh-token.js'
import {
  type Account,
  belongsTo,
  type Device,
  isLive,
  type Session,
  type SessionLifetimes,
} from './session.js'
import type { SessionsStore } from './store.js'

/** What sessions need of the key ring. */
export interface RefreshKeys {
  refreshKey(): Promise<TokenKey>
  refreshKeyById(id: string): Promise<TokenKey | undefined>
}

/** What sessions need to know of a user. */
export interface SessionUser extends Account {
  readonly id: string
  readonly role: string
}

export interface SessionsDependencies<U extends SessionUser> {
  readonly store: SessionsStore
  readonly findUser: (id: string) => Promise<U | undefined>
  readonly keys: RefreshKeys
  readonly lifetimes: SessionLifetimes
  readonly clock: Clock
  readonly random: Random
}

/** A session and the refresh token that is its head now. */
export interface Grant<U> {
  readonly user: U
  readonly sessionId: string
  readonly refreshToken: string
}

const MAX_USER_AGENT = 256

export class Sessions<U extends SessionUser> {
  readonly #dependencies: SessionsDependencies<U>

  constructor(dependencies: SessionsDependencies<U>) {
    this.#dependencies = dependencies
  }

  /** Opens a session for a user who has just authenticated. Its id is always new. */
  async open(user: U, device: Device): Promise<Grant<U>> {
    const { store, keys, lifetimes, clock, random } = this.#dependencies
    const now = clock()
    const [sessionId, secret] = [newId(random), random(32)]
    await store.open({
      userId: user.id,
      sessionId,
      currentHash: hashSecret(secret),
      createdAt: now,
      lastUsedAt: now,
      idleExpiresAt: now + lifetimes.idleMs,
      absoluteExpiresAt: now + lifetimes.absoluteMs,
      epoch: user.epoch,
      ...bounded(device),
    })
    const token = { userId: user.id, sessionId, secret }
    return { user, sessionId, refreshToken: encodeRefreshToken(await keys.refreshKey(), token) }
  }

  /**
   * Exchanges a refresh token for its successor. The user is read before the head moves, so that an
   * outage in between leaves the client with a token that still works.
   * @throws {Problem} REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, STORE_UNAVAILABLE.
   */
  async refresh(text: string, device: Device): Promise<Grant<U>> {
    const { findUser, keys } = this.#dependencies
    const presented = await this.#genuine(text)
    const user = await findUser(presented.userId)
    const key = await keys.refreshKey()
    const { session, successor, derivedBy } = await this.#rotate(presented, key, device)
    const { userId, sessionId } = session
    if (!user || !belongsTo(session, user)) {
      await this.end(userId, sessionId)
      throw refreshProblem(REFRESH_TOKEN_INVALID, { userId, sessionId })
    }
    const refreshToken = encodeRefreshToken(derivedBy, { userId, sessionId, secret: successor })
    return { user, sessionId, refreshToken }
  }

  /** The session that a genuine refresh token names, whatever its age: enough to end it, and for nothing else. */
  async identify(text: string): Promise<SessionRef> {
    return this.#genuine(text)
  }

  /**
   * The session that a refresh token stands for now, and its user, read consistently. The token stays what
   * it is.
   * @returns undefined for a dead session.
   * @throws {Problem} as `refresh`: one that is spent was stolen, whatever it is presented for.
   */
  async current(text: string): Promise<{ session: Session; user: U } | undefined> {
    const presented = await this.#genuine(text)
    const live = await this.findLive(presented.userId, presented.sessionId)
    if (live && hashSecret(presented.secret) !== live.session.currentHash) {
      await this.#replay(live.session, presented)
    }
    return live
  }

  /** A session that is alive now, and its user, read consistently; undefined for a dead one. */
  async findLive(
    userId: string,
    sessionId: string,
  ): Promise<{ session: Session; user: U } | undefined> {
    const { store, findUser, clock } = this.#dependencies
    const [session, user] = await Promise.all([store.find(userId, sessionId), findUser(userId)])
    return session && user && isLive(session, user, clock()) ? { session, user } : undefined
  }

  /** Live sessions, the most recently used first. */
  async list(user: U): Promise<Session[]> {
    const { store, clock } = this.#dependencies
    const now = clock()
    const live = (await store.list(user.id)).filter((session) => isLive(session, user, now))
    return live.sort((a, b) => b.lastUsedAt - a.lastUsedAt)
  }

  /** @returns false when there was no such session of that user. */
  end(userId: string, sessionId: string): Promise<boolean> {
    return this.#dependencies.store.end(userId, sessionId)
  }

  async #genuine(text: string): Promise<PresentedToken> {
    const presented = decodeRefreshToken(text)
    const key = presented && (await this.#dependencies.keys.refreshKeyById(presented.keyId))
    if (!presented || !key || !isGenuine(key, presented))
      throw refreshProblem(REFRESH_TOKEN_INVALID)
    return presented
  }

  async #rotate(presented: PresentedToken, key: TokenKey, device: Device) {
    const { store, lifetimes, clock } = this.#dependencies
    const now = clock()
    const { userId, sessionId, secret } = presented
    const successor = successorOf(key, secret)
    const result = await store.rotate({
      userId,
      sessionId,
      presentedHash: hashSecret(secret),
      successorHash: hashSecret(successor),
      derivedBy: key.id,
      now,
      idleExpiresAt: now + lifetimes.idleMs,
      device: bounded(device),
    })
    if (result.rotated) return { session: result.session, successor, derivedBy: key }

    return this.#replay(result.session, presented)
  }

  /**
   * The head again, for a token that was rotated a moment ago.
   * @throws {Problem} for any other, which ends its session when it was used before.
   */
  async #replay(session: Session | undefined, { userId, sessionId, secret }: PresentedToken) {
    const { keys, lifetimes, clock } = this.#dependencies
    // The head may have been derived by an instance that already uses the next server key.
    const derivedBy = session?.derivedBy
    const derivingKey = derivedBy === undefined ? undefined : await keys.refreshKeyById(derivedBy)
    const { graceMs } = lifetimes
    const verdict = judge(session, { secret, derivingKey, now: clock(), graceMs })
    if (verdict.kind === 'replayed') {
      return {
        session: session as Session,
        successor: verdict.successor,
        derivedBy: derivingKey as TokenKey,
      }
    }
    const whose = { userId, sessionId }
    if (verdict.kind === 'ended') throw refreshProblem(REFRESH_TOKEN_INVALID, whose)
    await this.end(userId, sessionId)
    throw refreshProblem(REFRESH_TOKEN_REUSED, whose)
  }
}

/** The address and the agent come from the request: the agent is bounded, and neither is trusted. */
function bounded({ userAgent, ip }: Device): Device {
  return { ip, ...(userAgent && { userAgent: cutText(userAgent, MAX_USER_AGENT) }) }
}
