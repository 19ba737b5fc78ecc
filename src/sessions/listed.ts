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
  readonly userAgent: string | undefined
  readonly ip: string
  /** The last generation of which two parties presented the same token: who came second. */
  readonly replay:
    { readonly at: number; readonly ip: string; readonly userAgent?: string } | undefined
}

const DAY_MS = 86_400_000

export function listed(session: Session): ListedSession {
  const { sessionId, createdAt, lastUsedAt, userAgent, ip, replay } = session
  return {
    sessionId,
    createdAt,
    lastUsedAt: dayOf(lastUsedAt),
    expiresAt: dayOf(expiresAt(session)),
    userAgent: userAgent === '' ? undefined : userAgent,
    ip,
    replay: replay && { ...replay, at: dayOf(replay.at) },
  }
}

/** The UTC day that a time lies in. */
const dayOf = (time: number): number => time - (time % DAY_MS)
