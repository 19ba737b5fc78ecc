import { hashKey } from '../api-keys/verification/format.js'
import { inactiveReason } from '../api-keys/verification/errors.js'
import type { ApiKeyRecord, ApiKeyRefusal } from '../api-keys/verification/record.js'
import { secretEnd } from '../api-keys/verification/verifier.js'
import type { AccessTokenClaims } from '../access-tokens/claims.js'
import { commonScopes } from '../access-tokens/scopes.js'
import { Problem } from '../http/problem.js'
import type { TokenSources } from './token-sources.js'

/** RFC 7662 §2.2: one shape for everything that is not live, for any reason. */
const INACTIVE = { active: false } as const

/**
 * What a token is worth now, asked of the store: an access token of an ended session, a disabled user or a
 * deleted key is dead here at once, where its signature alone would hold for its 15 minutes. What it opens
 * is what its holder may do by now (RFC 7662 §2.2 leaves `scope` to us): a person's token has the role and
 * scope of their account, a machine's those of its scopes that its key still has.
 */
export async function introspect(services: TokenSources, token: string) {
  try {
    if (token.split('.').length === 3) return await accessToken(services, token)
    const found = await services.apiKeys.identify(token)
    return found.key ? apiKey(found.key, token) : inactiveKey(found.refusal)
  } catch (error) {
    if (error instanceof Problem && error.type.status < 500) return INACTIVE
    throw error
  }
}

async function accessToken(services: TokenSources, token: string) {
  const claims = await services.tokens.verify(token)
  return claims.sid === undefined ? ofMachine(services, claims) : ofPerson(services, claims)
}

async function ofPerson({ current }: TokenSources, claims: AccessTokenClaims) {
  const live = await current.confirm(claims)
  if (!live) return INACTIVE
  const { role } = live.claims
  const { app } = live.session
  // An app may have asked for less than its person lets it have.
  const scope = commonScopes(claims.scope, live.claims.scope).join(' ')
  const now = app ? { ...live.claims, scope } : live.claims
  return { ...bearer(now), ...(role !== undefined && { role }) }
}

async function ofMachine({ apiKeys }: TokenSources, claims: AccessTokenClaims) {
  const key = await apiKeys.findLive(claims.sub)
  const scopes = claims.scope.split(' ').filter((scope) => key?.scopes.includes(scope))
  if (!key || scopes.length === 0) return INACTIVE
  return { ...bearer(claims), scope: scopes.join(' '), ...addressesOf(key) }
}

function bearer(claims: AccessTokenClaims) {
  const { iss, aud, sub, client_id, scope, exp, iat, jti } = claims
  const told = { iss, aud, sub, client_id, scope, exp, iat, jti, ...signInOf(claims) }
  return { active: true, token_type: 'Bearer', ...told }
}

/** The sign-in that the token itself was made for (RFC 9470 §6.2): after a stronger one there is another token. */
const signInOf = ({ amr, acr, auth_time }: AccessTokenClaims) => ({
  ...(amr && { amr: [...amr] }),
  ...(acr !== undefined && { acr }),
  ...(auth_time !== undefined && { auth_time }),
})

/**
 * RFC 7662 §2.2 advises to say nothing of an inactive token, and lets a service add members. Here the caller, whom
 * an administrator trusts, has presented the right secret of a key: the API that asks can tell its partner.
 */
function inactiveKey(refusal: ApiKeyRefusal) {
  const reason = inactiveReason(refusal)
  return reason === undefined ? INACTIVE : { ...INACTIVE, inactive_reason: reason }
}

function apiKey(key: ApiKeyRecord, secret: string) {
  const { keyId, ownerId, scopes, expiresAt = Infinity } = key
  // Who asks may remember the answer up to then.
  const end = Math.min(expiresAt, secretEnd(key, hashKey(secret)))
  return {
    active: true,
    token_type: 'api_key',
    sub: ownerId,
    client_id: keyId,
    scope: scopes.join(' '),
    ...(end < Infinity && { exp: Math.floor(end / 1000) }),
    ...addressesOf(key),
  }
}

/** The caller's address is known to who asks, and not to us. */
const addressesOf = ({ allowedCidrs }: ApiKeyRecord) =>
  allowedCidrs && { allowed_cidrs: [...allowedCidrs] }
