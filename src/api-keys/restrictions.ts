import type { ApiKey, ApiKeyChanges } from './api-key.js'
import { beyond } from './bounds.js'
import type { KeyChanges } from './store.js'

const BOUNDED = ['expiresAt', 'rateLimit', 'monthlyQuota', 'allowedCidrs'] as const

/**
 * What an administrator's change of another's key leaves behind for its owner: `disabled` is a suspension,
 * scopes that are taken away are withheld, and limits that are set are bounds. What an administrator gives or
 * takes away again is no restriction any more.
 */
export function restriction(key: ApiKey, changes: ApiKeyChanges): KeyChanges {
  const { scopes, status } = changes
  const taken = key.scopes.filter((scope) => scopes?.includes(scope) === false)
  const withheld = [...(key.withheldScopes ?? []), ...taken].filter(
    (scope) => scopes?.includes(scope) !== true,
  )
  const limits = BOUNDED.filter((name) => changes[name] !== undefined)
  const bounds = { ...key.bounds } as Record<string, unknown>
  for (const name of limits) {
    if (changes[name] === null) Reflect.deleteProperty(bounds, name)
    else bounds[name] = changes[name]
  }
  return {
    ...(scopes && { withheldScopes: withheld.length > 0 ? [...new Set(withheld)] : null }),
    ...(limits.length > 0 && { bounds: Object.keys(bounds).length > 0 ? bounds : null }),
    ...(status === 'disabled' && { status: 'suspended', suspendedBy: 'administrator' }),
  }
}

/** The names of what an owner may not change so, because an administrator has restricted it. */
export function restrictedFields(key: ApiKey, changes: ApiKeyChanges): string[] {
  const { withheldScopes = [], bounds = {}, status, suspendedBy } = key
  const isSuspended = status === 'suspended' && suspendedBy === 'administrator'
  return [
    ...(changes.scopes?.some((scope) => withheldScopes.includes(scope)) ? ['scopes'] : []),
    ...(changes.status !== undefined && isSuspended ? ['status'] : []),
    ...beyond(changes, bounds).map(({ field }) => field.slice(1)),
  ]
}
