import { powersOf, type Resource, targetOf } from '../access-tokens/resources.js'
import type { Clock } from '../lib/clock.js'
import { type AccessTokenClaims, FIRST_PARTY_CLIENT } from '../access-tokens/claims.js'
import { acrOf, type Authentication } from '../access-tokens/authentication.js'
import { newId, type Random } from '../lib/random.js'

/** A session that tokens are made for. */
interface Signed extends Authentication {
  readonly user: { readonly id: string; readonly role: string }
  readonly sessionId: string
}

/**
 * Claims of a session's access token (RFC 9068 §2.2), but for what the signer adds.
 * @param resource the API that the token is for; undefined for Latchkey itself.
 */
export function claimsFor(
  { user, sessionId, amr, authTime }: Signed,
  clock: Clock,
  random: Random,
  resource?: Resource,
): Omit<AccessTokenClaims, 'iss' | 'aud'> & { readonly aud?: string } {
  const iat = Math.floor(clock() / 1000)
  const { seconds, ...target } = targetOf(resource)
  return {
    ...target,
    sub: user.id,
    client_id: FIRST_PARTY_CLIENT,
    iat,
    exp: iat + seconds,
    jti: newId(random),
    sid: sessionId,
    ...(amr.length > 0 && { amr }),
    acr: acrOf(amr),
    auth_time: Math.floor(authTime / 1000),
    ...powersOf(user, resource),
  }
}
