import { isDeepStrictEqual } from 'node:util'
import { type ApiKey, type ApiKeyChanges, MAX_OLD_SECRETS } from '../api-keys/api-key.js'
import { commonRanges, isRateWithin, widens } from '../api-keys/bounds.js'
import { disabling, endBy } from '../api-keys/leaked-secret.js'
import { restriction } from '../api-keys/restrictions.js'
import type { KeyChanges } from '../api-keys/store.js'
import { OTHER_ACTORS, type TrailItem } from '../events/trail.js'

/** What becomes of a key of a restored table. */
export interface RevisedKey {
  readonly isDeleted: boolean
  readonly changes: KeyChanges
  /** Why its owner has to look at it. */
  readonly why?: string
}

/**
 * Takes away from a key what was taken from it since. A secret that has come since is in no table: where the one before
 * it has ended, none works.
 * @param items of its trail, the oldest first.
 */
export function reviseKey(key: ApiKey, items: readonly TrailItem[], now: number): RevisedKey {
  const isDeleted = items.some(({ event }) => event === 'sensitive_delete')
  if (isDeleted) return { isDeleted, changes: {} }
  const last = items.reduce(after, key)
  const end = endOf(items, now)
  const ranges = commonRanges(key.allowedCidrs, last.allowedCidrs)
  const isNowhere = ranges?.length === 0
  const isStopped = isNowhere || (end !== undefined && end <= now)
  const changes = {
    ...narrowed(key, last),
    allowedCidrs: (isNowhere ? last.allowedCidrs : ranges) ?? null,
    ...(end !== undefined && endedBy(key, end, rotationsIn(items).length)),
    ...(isStopped && key.status === 'active' && last.status === 'active' ? SUSPENDED : {}),
  }
  const differing = Object.entries(changes).filter(
    ([name, value]) => !isDeepStrictEqual(key[name as keyof ApiKey] ?? null, value ?? null),
  )
  return {
    isDeleted,
    changes: Object.fromEntries(differing),
    ...(end !== undefined
      ? { why: whyRotate(end, now) }
      : isNowhere && { why: 'the addresses that it may be used from have changed: enable it' }),
  }
}

const LIMITS = ['expiresAt', 'monthlyQuota'] as const

const rotationsIn = (items: readonly TrailItem[]): readonly TrailItem[] =>
  items.filter(({ event }) => event === 'sensitive_rotate')

/**
 * When the secret of the table ends, milliseconds since the epoch: each rotation ends those before it, and the last of
 * so many drops it. Nothing says which secret was leaked.
 */
function endOf(items: readonly TrailItem[], now: number): number | undefined {
  const rotations = rotationsIn(items)
  const isLeaked = items.some(({ event }) => event === 'sensitive_leak')
  if (isLeaked || rotations.length > MAX_OLD_SECRETS) return now
  if (rotations.length === 0) return undefined
  return Math.min(...rotations.map(({ facts }) => Date.parse(String(facts?.oldUntil))))
}

const whyRotate = (end: number, now: number): string =>
  end <= now
    ? 'it has had a new secret, which is lost: rotate it'
    : `it has had a new secret, which is lost: rotate it before ${new Date(end).toISOString()}`

const SUSPENDED: KeyChanges = {
  status: 'suspended',
  suspendedBy: 'service',
  suspendedReason: 'restored',
}

/** The key after one more event. */
function after(key: ApiKey, { event, actorId, facts = {} }: TrailItem): ApiKey {
  switch (event) {
    case 'sensitive_update':
    case 'api_key_suspension_lifted': {
      const changes = (facts.changes ?? {}) as ApiKeyChanges
      const isByAdministrator =
        actorId !== undefined && !OTHER_ACTORS.some((other) => other === actorId)
      return applied(key, {
        ...changes,
        ...(changes.status !== undefined && { suspendedBy: null, suspendedReason: null }),
        ...(isByAdministrator && restriction(key, changes)),
      })
    }
    case 'api_key_suspended':
      return applied(key, { ...SUSPENDED, suspendedReason: facts.reason as never })
    case 'authn_token_revoked':
      return applied(key, disabling(key))
    default:
      return key
  }
}

const applied = (key: ApiKey, changes: KeyChanges): ApiKey =>
  Object.fromEntries(
    Object.entries({ ...key, ...changes }).filter(([, value]) => value !== null),
  ) as unknown as ApiKey

/** What is less in the key as it was last than in the one of the table. */
function narrowed(key: ApiKey, last: ApiKey): KeyChanges {
  const limits = LIMITS.filter((name) => !widens(key, { [name]: last[name] ?? null }))
  const isRateLess = isRateWithin(key.rateLimit ?? null, last.rateLimit)
  return {
    scopes: key.scopes.filter((scope) => last.scopes.includes(scope)),
    ...Object.fromEntries(limits.map((name) => [name, last[name] ?? null])),
    rateLimit: (isRateLess ? key : last).rateLimit ?? null,
    withheldScopes: last.withheldScopes ?? null,
    bounds: last.bounds ?? null,
    // One that was stopped otherwise before may be enabled by another by now.
    ...(last.status !== 'active' && {
      status: last.status,
      suspendedBy: last.suspendedBy ?? null,
      suspendedReason: last.suspendedReason ?? null,
    }),
  }
}

function endedBy(key: ApiKey, end: number, rotations: number): KeyChanges {
  const { secretUntil = Infinity, oldSecrets = [] } = key
  const kept = oldSecrets.slice(0, Math.max(0, MAX_OLD_SECRETS - rotations))
  return {
    secretUntil: Math.min(secretUntil, end),
    ...(oldSecrets.length > 0 && { oldSecrets: kept.map((old) => endBy(old, end)) }),
    selfRotation: null,
  }
}
