import { powersOf, type Resource, targetOf } from '../access-tokens/resources.js'
import type { Clock } from '../lib/clock.js'
import { type AccessTokenClaims, FIRST_PARTY_CLIENT } from '../access-tokens/claims.js'
import { newId, type Random } from '../lib/random.js'

/**
 * Claims of a session's access token (RFC 9068 §2.2), but for what the signer adds.
 * @param resource the API that the token is for; undefined for Latchkey itself.
 */
export function claimsFor(
  user: { readonly id: string; readonly role: string },
  sessionId: string,
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
    ...powersOf(user, resource),
  }
}
