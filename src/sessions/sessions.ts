import type { Clock } from '../lib/clock.js'
import { newId, type Random } from '../lib/random.js'
import {
  REFRESH_TOKEN_INVALID,
  refreshProblem,
  type ReplayReport,
  type SessionRef,
} from './errors.js'
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
import {
  type Account,
  belongsTo,
  bounded,
  type Device,
  isLive,
  type Session,
  type SessionLifetimes,
  type Visit,
} from './session.js'
import type { SessionsStore } from './store.js'

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
  /** The session has just begun. */
  readonly isSignIn?: boolean
  /** Set where this grant is a strike. */
  readonly replay?: ReplayReport | undefined
}

/** A live session, its user, and the strike that looking at it was, if it was one. */
export interface Current<U> {
  readonly session: Session
  readonly user: U
  readonly replay?: ReplayReport | undefined
}

export class Sessions<U extends SessionUser> {
  readonly #dependencies: SessionsDependencies<U>
  readonly #replays: Replays

  constructor(dependencies: SessionsDependencies<U>) {
    this.#dependencies = dependencies
    this.#replays = new Replays(dependencies)
  }

  /**
   * Opens a session for a user who has just authenticated. Its id is always new.
   * @param replaced the session that ends by the same write, if there is one.
   */
  async open(user: U, device: Device, replaced?: SessionRef): Promise<Grant<U>> {
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
      absoluteExpiresAt: now + lifetimes.absoluteMs,
      epoch: user.epoch,
      generation: 0,
      candidate: origin,
      known1: origin,
      ...bounded(device),
    }
    await store.open(session, replaced)
    const token = { userId: user.id, sessionId, secret }
    const refreshToken = encodeRefreshToken(key, token)
    return { user, sessionId, refreshToken, isSignIn: true }
  }

  /**
   * Exchanges a refresh token for its successor. The user is read before the head moves, so that an
   * outage in between leaves the client with a token that still works.
   * @throws {Problem} REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, REFRESH_CONFLICT, STORE_UNAVAILABLE.
   */
  async refresh(text: string, visit: Visit): Promise<Grant<U>> {
    const { findUser, keys } = this.#dependencies
    const presented = await this.#genuine(text)
    const user = await findUser(presented.userId)
    const key = await keys.refreshKey()
    const { session, successor, derivedBy, replay } = await this.#rotate(presented, key, visit)
    const { userId, sessionId } = session
    if (!user || !belongsTo(session, user)) {
      await this.end(userId, sessionId)
      throw refreshProblem(REFRESH_TOKEN_INVALID, { userId, sessionId })
    }
    const refreshToken = encodeRefreshToken(derivedBy, { userId, sessionId, secret: successor })
    return { user, sessionId, refreshToken, replay }
  }

  /** The session that a genuine refresh token names, of any age: enough to end it, and for nothing else. */
  async identify(text: string): Promise<SessionRef> {
    return this.#genuine(text)
  }

  /**
   * The session that a refresh token stands for now, and its user, read consistently. The token stays what
   * it is, so this is for origins that the session knows: others could watch a token for the moment at which
   * its owner refreshes.
   * @returns undefined for a dead session, and for an unknown origin.
   * @throws {Problem} as `refresh`: one that is spent was stolen, no matter what it is presented for.
   */
  async current(text: string, visit: Visit): Promise<Current<U> | undefined> {
    const presented = await this.#genuine(text)
    const live = await this.findLive(presented.userId, presented.sessionId)
    if (!live) return undefined
    const { session } = live
    const isHead = hashSecret(presented.secret) === session.currentHash
    const settled = isHead ? undefined : await this.#replays.settle(session, presented, visit)
    const isKnown = await this.#replays.isKnown(session, visit)
    return isKnown ? { ...live, replay: settled?.replay } : undefined
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
  async list(user: U): Promise<ListedSession[]> {
    const { store, clock } = this.#dependencies
    const now = clock()
    const live = (await store.list(user.id)).filter((session) => isLive(session, user, now))
    return live.map(listed).sort((a, b) => b.lastUsedAt - a.lastUsedAt || b.createdAt - a.createdAt)
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

  async #rotate(presented: PresentedToken, key: TokenKey, visit: Visit) {
    const { store, keys, lifetimes, clock } = this.#dependencies
    const now = clock()
    const { userId, sessionId, secret } = presented
    const successor = successorOf(key, secret)
    const keyBefore = keys.refreshKeyBefore(key.id)
    const result = await store.rotate({
      userId,
      sessionId,
      presentedHash: hashSecret(secret),
      successorHash: hashSecret(successor),
      derivedBy: key.id,
      now,
      idleExpiresAt: now + lifetimes.idleMs,
      origin: originOf(key, visit),
      oldOrigin: keyBefore && originOf(keyBefore, visit),
    })
    if (result.written) {
      return { session: result.session, successor, derivedBy: key, replay: undefined }
    }
    return this.#replays.settle(result.session, presented, visit)
  }
}
