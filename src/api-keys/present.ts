import type { ApiKey } from './api-key.js'

const instant = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString()

/** A key as the API shows it: never a hash. */
export function present(key: ApiKey) {
  return {
    id: key.keyId,
    name: key.name,
    prefix: key.prefix,
    ownerId: key.ownerId,
    status: key.status,
    scopes: [...key.scopes],
    createdAt: key.createdAt,
    expiresAt: instant(key.expiresAt),
    lastUsedAt: instant(key.lastUsedAt),
    oldSecretUntil: instant(key.previousUntil),
    secretUntil: instant(key.secretUntil),
    rateLimit: key.rateLimit ?? null,
    monthlyQuota: key.monthlyQuota ?? null,
    allowedCidrs: key.allowedCidrs ? [...key.allowedCidrs] : null,
    events: (key.events ?? []).map((event) => ({ ...event })),
  }
}
