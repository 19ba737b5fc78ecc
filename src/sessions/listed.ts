import type { AppGrant } from './app-grant.js'
import { expiresAt, type Session } from './session.js'

/**
 * A session as its user sees it. Times of use are given to the day: a thief who has a token of the session
 * must not see when its owner refreshes. Milliseconds since the epoch.
 */
export interface ListedSession {
  readonly sessionId: string
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly expiresAt: number
  /** The app whose session it is. */
  readonly app: AppGrant | undefined
  readonly userAgent: string | undefined
  readonly ip: string
  /** The last generation of which two parties presented the same token: who came second. */
  readonly replay:
    { readonly at: number; readonly ip: string; readonly userAgent?: string } | undefined
}

const DAY_MS = 86_400_000

export function listed(session: Session): ListedSession {
  const { sessionId, createdAt, lastUsedAt, userAgent, ip, replay, app } = session
  return {
    sessionId,
    createdAt,
    lastUsedAt: dayOf(lastUsedAt),
    expiresAt: dayOf(expiresAt(session)),
    app,
    userAgent: userAgent === '' ? undefined : userAgent,
    ip,
    replay: replay && { ...replay, at: dayOf(replay.at) },
  }
}

/** The UTC day that a time lies in. */
const dayOf = (time: number): number => time - (time % DAY_MS)

/**
 * A session as the JSON routes show it.
 * @param currentId of the session that asks.
 */
export function presentSession(session: ListedSession, currentId?: string) {
  const { sessionId, createdAt, lastUsedAt, expiresAt, userAgent, ip, replay, app } = session
  return {
    id: sessionId,
    current: sessionId === currentId,
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTime(lastUsedAt),
    expiresAt: isoTime(expiresAt),
    app: app ?? null,
    userAgent: userAgent ?? null,
    ip,
    replay: replay
      ? { at: isoTime(replay.at), userAgent: replay.userAgent ?? null, ip: replay.ip }
      : null,
  }
}

const isoTime = (time: number): string => new Date(time).toISOString()
