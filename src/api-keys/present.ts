import { hashKey } from './verification/format.js'
import { secretEnd } from './verification/verifier.js'
import type { ApiKey } from './api-key.js'
import type { Allowance, Remaining } from './limits.js'

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

/**
 * A key as its holder sees it.
 * @param text the key as it was presented: it says which secret it is about.
 * @param scopes those that the key has by now.
 */
export function presentToHolder(
  key: ApiKey,
  { text, scopes, remaining }: { text: string; scopes: readonly string[]; remaining: Remaining },
) {
  const { id, name, prefix, status, createdAt, expiresAt, rateLimit, monthlyQuota, allowedCidrs } =
    present(key)
  const end = secretEnd(key, hashKey(text))
  return {
    ...{ id, name, prefix, status, createdAt, expiresAt, rateLimit, monthlyQuota, allowedCidrs },
    scopes: [...scopes],
    secretUntil: instant(end === Infinity ? undefined : end),
    remaining: {
      rateLimit: presentAllowance(remaining.rateLimit),
      monthlyQuota: presentAllowance(remaining.monthlyQuota),
    },
  }
}

const presentAllowance = (left: Allowance | null) =>
  left && { calls: left.calls, resetsAt: new Date(left.resetsAt).toISOString() }
