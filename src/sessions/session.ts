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
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly idleExpiresAt: number
  readonly absoluteExpiresAt: number
  /** The user's epoch when the session began. */
  readonly epoch: number
  readonly userAgent?: string
  readonly ip: string
}

/** Where a session is used from, for its owner to recognise. */
export interface Device {
  readonly userAgent?: string
  readonly ip: string
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
