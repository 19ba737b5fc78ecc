import type { Clock } from '../clock.js'
import { ACCESS_TOKEN_SECONDS, type AccessTokenClaims } from '../plugins/jwt-claims.js'
import { newId, type Random } from '../random.js'

/** The client that a sign-in here stands for: the service's own (RFC 9068 §2.2 wants one named). */
const FIRST_PARTY_CLIENT = 'latchkey'

/** Roles as scopes, for authorizers that look at nothing else, such as API Gateway's. */
const SCOPES: Readonly<Record<string, string>> = { user: 'user', admin: 'user admin' }

/** The claims that say what somebody of a role may do. */
export const powersOf = ({ role }: { readonly role: string }) => ({
  role,
  scope: SCOPES[role] ?? '',
})

/** Claims of a session's access token (RFC 9068 §2.2), but for `iss` and `aud`. */
export function claimsFor(
  user: { readonly id: string; readonly role: string },
  sessionId: string,
  clock: Clock,
  random: Random,
): Omit<AccessTokenClaims, 'iss' | 'aud'> {
  const iat = Math.floor(clock() / 1000)
  return {
    sub: user.id,
    client_id: FIRST_PARTY_CLIENT,
    iat,
    exp: iat + ACCESS_TOKEN_SECONDS,
    jti: newId(random),
    sid: sessionId,
    ...powersOf(user),
  }
}
