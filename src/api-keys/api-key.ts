import type { ApiKeyRecord } from '../plugins/api-key-record.js'

/** A key as stored and as its owner sees it; the secret itself is nowhere. */
export interface ApiKey extends ApiKeyRecord {
  readonly name: string
  /** The first letters of the key, for a person to tell keys apart. */
  readonly prefix: string
  /** ISO 8601; sorts an owner's keys. */
  readonly createdAt: string
  readonly lastUsedAt?: number
  /** What happened to the key, oldest first, at most `MAX_EVENTS`. */
  readonly events?: readonly ApiKeyEvent[]
  /** Another with each change; none before the first. Whoever changes a key names what they have read. */
  readonly revision?: string
}

export interface ApiKeyEvent {
  /** ISO 8601. */
  readonly at: string
  readonly what: 'created' | 'updated' | 'rotated' | 'revoked' | 'leaked'
  /** Where a leak was seen, as reported. */
  readonly detail?: string
}

/** What an owner may choose. */
export interface ApiKeySettings {
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAt?: number
  readonly allowedCidrs?: readonly string[]
  readonly rateLimit?: { readonly limit: number; readonly windowSeconds: number }
  readonly monthlyQuota?: number
}

/** What may change later; null takes a setting away. */
export type ApiKeyChanges = {
  readonly [K in keyof Omit<ApiKeySettings, 'name' | 'scopes'>]?: ApiKeySettings[K] | null
} & Partial<Pick<ApiKeySettings, 'name' | 'scopes'>> & { readonly status?: 'active' | 'disabled' }
