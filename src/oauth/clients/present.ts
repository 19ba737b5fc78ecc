import type { AppClient } from './client.js'
import { isInForce } from './secret.js'

/** What a declared app does not have. */
const instant = (time: number | undefined): string | null =>
  time === undefined || time === 0 ? null : new Date(time).toISOString()

/**
 * An app as administrators see it: never a hash.
 * @param now milliseconds since the epoch.
 */
export const presentClient = (client: AppClient, now: number) => ({
  id: client.clientId,
  name: client.name,
  public: client.isPublic,
  firstParty: client.isFirstParty,
  declared: client.isDeclared ?? false,
  redirectUris: [...client.redirectUris],
  postLogoutRedirectUris: [...client.postLogoutRedirectUris],
  resources: client.resources ? [...client.resources] : null,
  scopes: client.scopes ? [...client.scopes] : null,
  secrets: client.secrets
    .filter((secret) => isInForce(secret, now))
    .map(({ addedAt, until }) => ({ addedAt: instant(addedAt), until: instant(until) })),
  status: client.suspendedReason === undefined ? ('active' as const) : ('suspended' as const),
  suspendedReason: client.suspendedReason ?? null,
  createdAt: instant(client.createdAt),
  createdBy: client.createdBy,
})
