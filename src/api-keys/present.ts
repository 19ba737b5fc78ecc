import type { ApiKey } from './api-key.js'

const instant = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString()

/** When the last of the secrets before stops, or has stopped. */
const oldSecretsEnd = ({ oldSecrets = [] }: ApiKey): number | undefined =>
  oldSecrets.length === 0 ? undefined : Math.max(...oldSecrets.map(({ until }) => until))

/** A key as the API shows it: never a hash. */
export function present(key: ApiKey) {
  return {
    id: key.keyId,
    name: key.name,
    prefix: key.prefix,
    ownerId: key.ownerId,
    status: key.status,
    suspendedBy: key.suspendedBy ?? null,
    suspendedReason: key.suspendedReason ?? null,
    scopes: [...key.scopes],
    createdAt: key.createdAt,
    expiresAt: instant(key.expiresAt),
    lastUsedAt: instant(key.lastUsedAt),
    oldSecretUntil: instant(oldSecretsEnd(key)),
    secretUntil: instant(key.secretUntil),
    rateLimit: key.rateLimit ?? null,
    monthlyQuota: key.monthlyQuota ?? null,
    allowedCidrs: key.allowedCidrs ? [...key.allowedCidrs] : null,
    events: (key.events ?? []).map((event) => ({ ...event })),
  }
}
