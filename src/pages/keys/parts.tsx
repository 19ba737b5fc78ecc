import type { View } from '../kit/view.js'

export type KeyState = 'active' | 'disabled' | 'suspended' | 'expired' | 'leaked'

/** A key as its owner sees it. Times are milliseconds, but for `createdAt` and those of events. */
export interface KeyView {
  readonly keyId: string
  readonly name: string
  readonly prefix: string
  readonly state: KeyState
  readonly status: 'active' | 'disabled' | 'suspended'
  /** Whether its owner may enable or disable it. */
  readonly isOwners: boolean
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly expiresAt?: number | undefined
  readonly lastUsedAt?: number | undefined
  readonly oldSecretUntil?: number | undefined
  readonly rateLimit?: { readonly limit: number; readonly windowSeconds: number } | undefined
  readonly monthlyQuota?: number | undefined
  readonly allowedCidrs?: readonly string[] | undefined
  readonly events: readonly { readonly at: string; readonly what: KeyEvent }[]
}

export type KeyEvent =
  'created' | 'updated' | 'rotated' | 'revoked' | 'leaked' | 'suspended' | 'lifted'

export function StateBadge({ view, state }: { readonly view: View; readonly state: KeyState }) {
  const tone = { active: 'good', disabled: '', suspended: 'bad', expired: '', leaked: 'bad' }[state]
  return <span class={`badge ${tone}`}>{view.language.text(`keys.${state}`)}</span>
}
