import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { systemClock } from '../lib/clock.js'
import { decorateGuard, type Guard } from '../http/guards.js'
import { decorateWithJwt, ofPeople } from '../access-tokens/hooks.js'
import type { AccessTokenClaims } from '../access-tokens/claims.js'
import { answered } from './answered.js'
import { type IssuedFor, openVerifier } from './issued-for.js'
import { LEGACY_AUDIENCE_WARNING } from './resource.js'

export type {} from '../access-tokens/hooks.js'
export type { AccessTokenClaims } from '../access-tokens/claims.js'
export type { AuthenticationRequirement } from '../access-tokens/required-authentication.js'

export type JwtOptions = IssuedFor

/**
 * Latchkey's access tokens in an API of your own, by guards, which are calls that make `onRequest` hooks:
 * `requireUser()` on the routes of people, whose tokens have the scope `user`; `requireAccessToken()`, with
 * `requireScope(...scopes)` after it, where machines may come as well, which have tokens for their API keys, and apps of
 * others, which have what a person has allowed them; `requireRole(role)` and `requireAuthentication({ acrValues,
 * maxAge })`, which asks for a stronger or more recent sign-in (RFC 9470), after either. The claims are in
 * `request.user`, and `verifyAccessToken` is for a token that came another way.
 *
 * Register it with `await`. A route whose guard is not called, misspelt or not there yet is refused when it is
 * registered.
 *
 * The issuer's keys are read from its JWKS, kept for an hour, and looked at again when a token names an
 * unknown one. Refusals are answered as the service itself does: problem details and `WWW-Authenticate`.
 *
 * A token is for one API (RFC 8707): one with another `aud` gets a 401. If it is Latchkey's own, the event
 * `authn_token_misdirected` says so, since an app then sends out what opens the person's account.
 *
 * @throws {TypeError} at registration, for an issuer that tokens can't come from, a resource that is none, and for
 * a route without its guard.
 * @example
 * await app.register(jwt, { issuer: 'https://auth.example.com', resource: 'https://orders.example.com' })
 * app.get('/orders', { onRequest: app.requireUser() }, async (request) => request.user.sub)
 */
export default fp<JwtOptions>(
  async function latchkeyJwt(app, { issuer, ...options }) {
    const { verifier } = openVerifier({ issuer, ...options }, systemClock)
    if (options.legacyAudience !== undefined) {
      report(app.log, 'legacy_audience', {}, LEGACY_AUDIENCE_WARNING)
    }
    app.decorate('verifyAccessToken', (token) => verifier.verify(token))
    decorateWithJwt(app, { verifier, clock: systemClock, wrap: answered(issuer) })
    decorateGuard(app, 'requireUser', answered(issuer)(ofPeople(app.requireAccessToken())))
  },
  { name: 'latchkey-jwt', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} TOKEN_INVALID or TOKEN_EXPIRED. */
    verifyAccessToken(token: string): AccessTokenClaims | Promise<AccessTokenClaims>
    /**
     * Makes an `onRequest` hook: a valid bearer token of a person's session that has the scope `user`, its claims in
     * `request.user`. Apps of others have no such token.
     */
    requireUser: Guard
  }
}
