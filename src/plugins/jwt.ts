import fp from 'fastify-plugin'
import type { Clock } from '../lib/clock.js'
import { decorateWithJwt } from '../access-tokens/hooks.js'
import type { AccessTokenVerifier } from '../access-tokens/verifier.js'

export interface JwtOptions {
  readonly verifier: AccessTokenVerifier
  readonly clock: Clock
}

/**
 * Access tokens for the service itself: the guards of `access-tokens/hooks.ts`. Verification is
 * `AccessTokenVerifier`, stricter than what a general library accepts; there is no `request.jwtVerify()` beside it.
 */
export default fp<JwtOptions>(
  async function jwt(app, { verifier, clock }) {
    decorateWithJwt(app, { verifier, clock })
  },
  { name: 'jwt', fastify: '5.x' },
)
