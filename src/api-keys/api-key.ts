import type { ApiKeyRecord, RateLimit } from './verification/record.js'
import type { SuspendedReason } from '../lib/suspension.js'

/** Secrets of a key that may go on working beside the current one. */
export const MAX_OLD_SECRETS = 4

/** A key as stored and as its owner sees it; the secret itself is nowhere. */
export interface ApiKey extends ApiKeyRecord {
  readonly name: string
  /** The first letters of the key, for a person to tell keys apart. */
  readonly prefix: string
  /** ISO 8601; sorts an owner's keys. */
  readonly createdAt: string
  readonly lastUsedAt?: number
  /** Why the service suspended it. */
  readonly suspendedReason?: SuspendedReason
  /** Scopes that an administrator took away: its owner does not give them back. */
  readonly withheldScopes?: readonly string[]
  /** Limits that an administrator set: its owner may go below them, and not beyond. */
  readonly bounds?: KeyBounds
  /** The last rotation that the key itself asked for. */
  readonly selfRotation?: SelfRotation
  /** What happened to the key, oldest first, at most `MAX_EVENTS`. */
  readonly events?: readonly ApiKeyEvent[]
  /** Another with each change; none before the first. A change names the revision that it has read. */
  readonly revision?: string
}

/** The most that a key may have; what is left out is not bounded. Times are milliseconds since the epoch. */
export interface KeyBounds {
  readonly expiresAt?: number
  readonly rateLimit?: RateLimit
  readonly monthlyQuota?: number
  readonly allowedCidrs?: readonly string[]
}

export interface SelfRotation {
  /** Hash of the secret that asked for it. */
  readonly hash: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface ApiKeyEvent {
  /** ISO 8601. */
  readonly at: string
  readonly what: 'created' | 'updated' | 'rotated' | 'revoked' | 'leaked' | 'suspended' | 'lifted'
  /** Who did it where it was not the owner; `holder` is the key itself. */
  readonly by?: 'administrator' | 'holder' | 'service'
  /** Where a leak was seen, as reported. */
  readonly detail?: string
}

/** What an owner may choose. */
export interface ApiKeySettings extends KeyBounds {
  readonly name: string
  readonly scopes: readonly string[]
}

/** What may change later; null takes a setting away. */
export type ApiKeyChanges = {
  readonly [K in keyof KeyBounds]?: KeyBounds[K] | null
} & Partial<Pick<ApiKeySettings, 'name' | 'scopes'>> & { readonly status?: 'active' | 'disabled' }
