import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import type { Passkeys } from '../factors/passkeys/passkeys.js'
import { RequestOptionsAnswer } from '../factors/passkeys/schemas.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { SIGN_IN_LIMIT } from '../limits/by-address.js'
import type { PasskeySignIn } from './passkey-sign-in.js'
import { PasskeySignInAnswer, PasskeySignInBody } from './schemas.js'

export interface PasskeySignInRoutesOptions {
  readonly passkeys: Late<Passkeys>
  readonly passkeySignIn: Late<PasskeySignIn>
  readonly resources: Resources
}

/** Sign-in by a passkey alone. */
const passkeySignInRoutes: FastifyPluginAsyncTypebox<PasskeySignInRoutesOptions> = async (
  app,
  { passkeys, passkeySignIn, resources },
) => {
  app.post(
    '/api/auth/login/passkey/options',
    {
      config: { rateLimit: {} },
      schema: {
        tags: ['Sign-in'],
        summary: 'Begin a sign-in by passkey, or prove one as a second factor',
        description:
          'Hand the answer to `navigator.credentials.get()` by `PublicKeyCredential.parseRequestOptionsFromJSON()`. It is good once, for ten minutes, and names no account.',
        security: [],
        response: { 200: RequestOptionsAnswer, ...problems(404, 415, 429, 503) },
      },
    },
    async () => passkeys.requestOptions(),
  )

  app.post(
    '/api/auth/login/passkey',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in by passkey',
        description: 'It counts for two factors, as the authenticator has verified its user.',
        security: [],
        body: PasskeySignInBody,
        response: { 200: PasskeySignInAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { assertion, useCookies = false, keepSignedIn } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const transport = useCookies ? 'cookies' : 'body'
      const wish = { transport, isShort: keepSignedIn === false } as const
      const grant = await passkeySignIn.confirm(callerOf(request), assertion, wish)
      const { id, email, role } = grant.user
      return {
        ...(await reply.deliverTokens(grant, transport, resource)),
        user: { id, role, ...(email !== undefined && { email }) },
      }
    },
  )
}

export default passkeySignInRoutes
