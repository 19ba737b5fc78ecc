/** A key that was found good. */
export interface VerifiedKey {
  readonly keyId: string
  /** The user that it belongs to. */
  readonly ownerId: string
  readonly scopes: readonly string[]
  /** Milliseconds since the epoch; none for a key that does not expire. */
  readonly expiresAt?: number
  /** Address ranges that the key may be used from; none means any. */
  readonly allowedCidrs?: readonly string[]
}

export interface OldSecret {
  readonly hash: string
  readonly until: number
}

/** What verification needs to know of a key. Times are milliseconds since the epoch. */
export interface ApiKeyRecord extends VerifiedKey {
  /** SHA-256 of the whole key, base64url. */
  readonly hash: string
  /** The secrets before, the last one first; each is good to the end of its overlap. */
  readonly oldSecrets?: readonly OldSecret[]
  /** When the current secret stops, because it was reported as leaked. */
  readonly secretUntil?: number
  readonly status: 'active' | 'disabled'
  readonly rateLimit?: { readonly limit: number; readonly windowSeconds: number }
  /** Calls in a calendar month (UTC). */
  readonly monthlyQuota?: number
}

/** Why a key was refused: for the log, and for its holder only where the secret was right. */
export type ApiKeyRefusal =
  'malformed' | 'unknown' | 'wrong_secret' | 'disabled' | 'owner_disabled' | 'expired' | 'address'
