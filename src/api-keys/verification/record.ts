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
  /** Known to the service alone, which counts. */
  readonly rateLimit?: RateLimit
  /** Calls in a calendar month (UTC); known to the service alone. */
  readonly monthlyQuota?: number
}

export interface OldSecret {
  readonly hash: string
  readonly until: number
}

/** Calls in a window of some seconds. */
export interface RateLimit {
  readonly limit: number
  readonly windowSeconds: number
}

/** An owner disables and enables a key; a suspension is lifted as `suspendedBy` says. */
export type KeyStatus = 'active' | 'disabled' | 'suspended'

/**
 * Who suspended a key. Administrators alone lift what an administrator suspended; what the service suspended,
 * its owner lifts too, after a recent sign-in.
 */
export type SuspendedBy = 'administrator' | 'service'

/** Who gave a key its reserved scopes: they end with that role. */
export interface ReservedGrant {
  readonly giverId: string
  /** Whether the owner was an administrator then: if so, the scopes end with the owner's role too. */
  readonly ownerWasAdmin: boolean
}

/** What verification needs to know of a key. Times are milliseconds since the epoch. */
export interface ApiKeyRecord extends VerifiedKey {
  /** SHA-256 of the whole key, base64url. */
  readonly hash: string
  /** The secrets before, the last one first; each is good to the end of its overlap. */
  readonly oldSecrets?: readonly OldSecret[]
  /** When the current secret stops, because it was reported as leaked. */
  readonly secretUntil?: number
  readonly status: KeyStatus
  readonly suspendedBy?: SuspendedBy
  /** None for a key without reserved scopes, and for one made before they were recorded: then its owner. */
  readonly reserved?: ReservedGrant
}

/** Why a key was refused: for the log, and for its holder only where the secret was right. */
export type ApiKeyRefusal =
  | 'malformed'
  | 'unknown'
  | 'wrong_secret'
  | 'disabled'
  | 'suspended'
  | 'owner_disabled'
  | 'expired'
  | 'address'

/** A live key, or why it is none. */
export type Identified =
  { readonly key: ApiKeyRecord } | { readonly key: undefined; readonly refusal: ApiKeyRefusal }
