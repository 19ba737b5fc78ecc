import fp from 'fastify-plugin'
import { decorateWithJwt } from '../access-tokens/hooks.js'
import { AccessTokenVerifier, type VerifierOptions } from '../access-tokens/verifier.js'

/**
 * Access tokens for the service itself: the hooks of `jwt-hooks.ts`. Verification is `AccessTokenVerifier`,
 * stricter than what a general library accepts; there is no `request.jwtVerify()` beside it.
 */
export default fp<VerifierOptions>(
  async function jwt(app, options) {
    decorateWithJwt(app, new AccessTokenVerifier(options))
  },
  { name: 'jwt', fastify: '5.x' },
)
