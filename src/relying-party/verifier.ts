import type { AccessTokenClaims } from '../access-tokens/claims.js'
import {
  bearerProblem,
  FORBIDDEN,
  INSUFFICIENT_SCOPE,
  insufficientAuthentication,
} from '../access-tokens/errors.js'
import { isSatisfied, requirementFault } from '../access-tokens/required-authentication.js'
import { isLimitedByConsent, USER_SCOPE } from '../access-tokens/scopes.js'
import { systemClock } from '../lib/clock.js'
import {
  openTokenVerifier,
  type TokenRequirement,
  type Verifier,
  type VerifierOptions,
} from './token-verifier.js'

export type { AccessTokenClaims } from '../access-tokens/claims.js'
export { createKeyVerifier, type KeyVerifier, type KeyVerifierOptions } from './key-verifier.js'
export type { TokenRequirement, Verifier, VerifierOptions } from './token-verifier.js'
export { VerificationError } from './verification-error.js'

/**
 * Verifies Latchkey's access tokens in any framework: the same verifier that `latchkey/jwt` wraps for Fastify. A token
 * is for one API (RFC 8707): one with another `aud` is refused, and `reason` of the error tells it to your log. The token
 * of an app that is not the team's own is taken where `scopes` name what its person has allowed, and nowhere else.
 * @throws {TypeError} for an issuer that tokens can't come from, or a resource that is none.
 * @example
 * const verifier = createVerifier({ issuer: 'https://auth.example.com', resource: 'https://orders.example.com' })
 * const { sub } = await verifier.verifyHeader(request.headers.authorization)
 */
export const createVerifier = (options: VerifierOptions): Verifier =>
  openTokenVerifier(options, assertMay)

/** @throws {TypeError} for a requirement that can't be one. */
function assertMay(
  claims: AccessTokenClaims,
  { scopes = [], role, acrValues, maxAge }: TokenRequirement,
): void {
  const held = claims.scope.split(' ')
  if (scopes.length === 0 && isLimitedByConsent(claims)) {
    throw bearerProblem(INSUFFICIENT_SCOPE, USER_SCOPE)
  }
  if (!scopes.every((scope) => held.includes(scope))) {
    throw bearerProblem(INSUFFICIENT_SCOPE, scopes.join(' '))
  }
  if (role !== undefined && claims.role !== role) throw bearerProblem(FORBIDDEN)
  if (acrValues === undefined && maxAge === undefined) return
  const wanted = { ...(acrValues && { acrValues }), ...(maxAge !== undefined && { maxAge }) }
  const fault = requirementFault(wanted)
  if (fault !== undefined) throw new TypeError(`verify: ${fault}.`)
  if (!isSatisfied(wanted, claims, systemClock())) throw insufficientAuthentication(wanted)
}
