import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import {
  ACCESS_TOKEN_REQUIRED,
  bearerProblem,
  INSUFFICIENT_SCOPE,
  INVALID_REQUEST,
  TOKEN_INVALID,
} from '../access-tokens/errors.js'
import { bearerToken } from '../access-tokens/hooks.js'
import { commonScopes } from '../access-tokens/scopes.js'
import type { AccessTokenVerifier } from '../access-tokens/verifier.js'
import type { CurrentSession } from '../sessions/current.js'
import { claimsOfPerson } from './claims-of-person.js'
import { oauthFailures } from './schemas.js'

export interface UserinfoOptions {
  /** Takes the tokens that are for userinfo, and no others. */
  readonly tokens: AccessTokenVerifier
  readonly current: Pick<CurrentSession, 'confirm'>
}

/** OpenID Connect Core 1.0 §5.3.2. */
const UserinfoAnswer = Type.Object({
  sub: Type.String(),
  email: Type.Optional(Type.String({ description: 'With the scope `email`' })),
  email_verified: Type.Optional(Type.Boolean()),
  name: Type.Optional(Type.String({ description: 'With the scope `profile`' })),
})

/** What an app may know of its person (OpenID Connect Core 1.0 §5.3), while the session lives. */
const userinfoRoutes: FastifyPluginAsyncTypebox<UserinfoOptions> = async (
  app,
  { tokens, current },
) => {
  const answer = async (request: FastifyRequest) => {
    // RFC 6750 §2: one way to send a token, and it is the header.
    if (hasTokenIn(request.body)) throw bearerProblem(INVALID_REQUEST)
    const token = bearerToken(request)
    if (token === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
    const claims = await tokens.verify(token)
    const live = await current.confirm(claims)
    if (!live) throw bearerProblem(TOKEN_INVALID)
    const { account } = live.session
    // The session may have more than the app asked this token for (RFC 6749 §6).
    const scopes = commonScopes(claims.scope, live.claims.scope)
    if (!scopes.includes('openid')) throw bearerProblem(INSUFFICIENT_SCOPE, 'openid')
    return { sub: account.id, ...claimsOfPerson(account, scopes) }
  }
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: '/oauth/userinfo',
      config: { isForAnyOrigin: true },
      schema: {
        tags: ['Apps'],
        summary: 'Who has signed in',
        description:
          'By an access token that an app got without `resource`, with the scope `openid`. Tokens for an API, and those of Latchkey itself, are refused.',
        security: [{ bearer: [] }],
        response: { 200: UserinfoAnswer, ...oauthFailures(400, 401, 403, 503) },
      },
      handler: answer,
    })
  }
}

export default userinfoRoutes

const hasTokenIn = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'access_token' in body
