import type { RateLimit } from './verification/record.js'
import type { KeyBounds } from './api-key.js'

interface Choice<T> {
  /** What a new key gets that asks for nothing; without one, the most. */
  readonly default: T | undefined
  /** What no key may go beyond; this holds for administrators too. */
  readonly most: T | undefined
}

/** What the settings say of every key that is made or changed. */
export interface KeyPolicy {
  readonly lifetimeMs: Choice<number>
  readonly rateLimit: Choice<RateLimit>
  readonly monthlyQuota: Choice<number>
}

/** The most that a key may be given at a moment. */
export const mostAt = ({ lifetimeMs, rateLimit, monthlyQuota }: KeyPolicy, now: number) =>
  withoutGaps({
    expiresAt: lifetimeMs.most === undefined ? undefined : now + lifetimeMs.most,
    rateLimit: rateLimit.most,
    monthlyQuota: monthlyQuota.most,
  })

/** What a new key gets that asks for nothing. */
export function defaultsAt({ lifetimeMs, rateLimit, monthlyQuota }: KeyPolicy, now: number) {
  const lifetime = lifetimeMs.default ?? lifetimeMs.most
  return withoutGaps({
    expiresAt: lifetime === undefined ? undefined : now + lifetime,
    rateLimit: rateLimit.default ?? rateLimit.most,
    monthlyQuota: monthlyQuota.default ?? monthlyQuota.most,
  })
}

const withoutGaps = (limits: { readonly [K in keyof KeyBounds]: KeyBounds[K] | undefined }) =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)) as KeyBounds
