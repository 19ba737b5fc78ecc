import type { Amr, Authentication } from '../access-tokens/authentication.js'
import type { Doer } from '../email/notices.js'
import { cutText } from '../lib/display-name.js'
import type { User } from '../users/user.js'
import type { AppGrant } from './app-grant.js'
import type { Origin } from './origin.js'

/** A session as stored: hashes, never tokens. Times are milliseconds since the epoch. */
export interface Session {
  readonly userId: string
  readonly sessionId: string
  /** SHA-256 of the one live refresh token's secret, base64url. */
  readonly currentHash: string
  /** The one before it, which yields the same successor again inside the grace window. */
  readonly previousHash?: string
  /** The refresh key that derived the current secret from the previous one. */
  readonly derivedBy?: string
  readonly rotatedAt?: number
  /** The rotations of the minute before the last one; only sessions that rotate so often have it. */
  readonly recent?: readonly number[]
  /** How often the head has moved. This and all that follows is missing in sessions of earlier versions. */
  readonly generation?: number
  /** Where the last rotation came from. */
  readonly rotatedFrom?: Origin
  /** The same under the server key before, which known origins may still be digested with; or empty. */
  readonly rotatedFromOld?: Origin
  /** Becomes known at the next rotation, unless a strike takes its place away. */
  readonly candidate?: Origin
  /** The last four origins that rotated without a strike; the first of all is that of the sign-in. */
  readonly known1?: Origin
  readonly known2?: Origin
  readonly known3?: Origin
  readonly known4?: Origin
  /** Generations in a row, up to `struckAt`, in which a second party presented the same token. */
  readonly strikes?: number
  readonly struckAt?: number
  /** The one near origin that has got the successor of this generation. */
  readonly rider?: Origin
  /** Who presented the token of the last struck generation a second time. */
  readonly replay?: Device & { readonly at: number }
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly idleExpiresAt: number
  readonly absoluteExpiresAt: number
  /** The user's epoch when the session began. */
  readonly epoch: number
  /** How its user has authenticated, and when; missing in sessions of earlier versions. */
  readonly amr?: readonly Amr[]
  readonly authTime?: number
  /** On a computer that others use: it ends with the browser, or within hours. */
  readonly isShort?: true
  /** The app whose session it is; missing in sessions at Latchkey itself. */
  readonly app?: AppGrant
  /** The session of the browser that it ends with. */
  readonly parentSessionId?: string
  /** The identity that its user signed in with, where it was one at a provider. */
  readonly identityId?: string
  /** What the code works with that was mailed to the new address which was last asked for in it. */
  readonly addressFlow?: string
  /** Where its user signed in from. */
  readonly userAgent?: string
  readonly ip: string
}

/** A session that the store has just confirmed, and its user. */
export interface LiveSession extends Authentication {
  readonly sessionId: string
  readonly account: User
  /** The app whose session it is, if it is one's. */
  readonly app?: AppGrant | undefined
  /** On a computer that others use. */
  readonly isShort?: true | undefined
}

/** Where a session is used from, for its owner to recognise. */
export interface Device {
  readonly userAgent?: string
  readonly ip: string
}

/** Where a refresh token is presented from, and how. */
export interface Visit extends Device, Omit<Doer, 'ip'> {
  /** A browser goes to a page and sends the token as its cookie. */
  readonly isNavigation?: boolean
}

const MAX_USER_AGENT = 256

/** The address and the agent come from the request: the agent is bounded, and neither is trusted. */
export function bounded({ userAgent, ip }: Device): Device {
  return { ip, ...(userAgent && { userAgent: cutText(userAgent, MAX_USER_AGENT) }) }
}

export interface SessionLifetimes {
  readonly graceMs: number
  readonly idleMs: number
  readonly absoluteMs: number
}

/** The part of a user that a session's life depends on. */
export interface Account {
  readonly status: string
  readonly epoch: number
  readonly keptSession?: string
}

/** A session of an earlier version says only when it began. */
export const authenticationOf = ({
  amr = [],
  authTime,
  createdAt,
}: Pick<Session, 'amr' | 'authTime' | 'createdAt'>): Authentication => ({
  amr,
  authTime: authTime ?? createdAt,
})

export const expiresAt = (session: Session): number =>
  Math.min(session.idleExpiresAt, session.absoluteExpiresAt)

/** Alive in itself and not ended from outside: by its owner, a new password or an administrator. */
export function isLive(session: Session, account: Account | undefined, now: number): boolean {
  return now < expiresAt(session) && belongsTo(session, account)
}

export function belongsTo(
  session: Pick<Session, 'epoch' | 'sessionId'>,
  account: Account | undefined,
): boolean {
  if (account?.status !== 'active') return false
  return session.epoch === account.epoch || session.sessionId === account.keptSession
}
