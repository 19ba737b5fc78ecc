import { powersOf, powersOfApp, type Resource, targetOf } from '../access-tokens/resources.js'
import type { Clock } from '../lib/clock.js'
import { type AccessTokenClaims, FIRST_PARTY_CLIENT } from '../access-tokens/claims.js'
import { acrOf, type Authentication } from '../access-tokens/authentication.js'
import { newId, type Random } from '../lib/random.js'
import type { AppGrant } from './app-grant.js'

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
  session: Signed,
  clock: Clock,
  random: Random,
  resource?: Resource,
): Omit<AccessTokenClaims, 'iss' | 'aud'> & { readonly aud?: string } {
  return {
    ...targeted(clock, resource),
    ...signInOf(session, random),
    client_id: FIRST_PARTY_CLIENT,
    ...powersOf(session.user, resource),
  }
}

/**
 * The same of an app's session.
 * @param userinfo `aud` of a token that is for no API: it is good for userinfo alone.
 */
export function claimsForApp(
  session: Signed & { readonly app: AppGrant },
  { resource, userinfo }: { readonly resource?: Resource | undefined; readonly userinfo: string },
  clock: Clock,
  random: Random,
) {
  const { app, user } = session
  return {
    aud: userinfo,
    ...targeted(clock, resource),
    ...signInOf(session, random),
    client_id: app.clientId,
    ...powersOfApp(app, user, resource),
  }
}

function targeted(clock: Clock, resource: Resource | undefined) {
  const iat = Math.floor(clock() / 1000)
  const { seconds, ...target } = targetOf(resource)
  return { ...target, iat, exp: iat + seconds }
}

const signInOf = ({ user, sessionId, amr, authTime }: Signed, random: Random) => ({
  sub: user.id,
  jti: newId(random),
  sid: sessionId,
  ...(amr.length > 0 && { amr }),
  acr: acrOf(amr),
  auth_time: Math.floor(authTime / 1000),
})
