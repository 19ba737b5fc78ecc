import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { REFRESH_COOKIE } from '../http/cookies.js'
import { problems } from '../http/openapi/problems.js'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import { callerOf } from '../http/caller.js'
import type { CurrentSession } from './current.js'
import type { Transport } from './delivery.js'
import { REFRESH_TOKEN_REQUIRED, refreshProblem } from './errors.js'
import { LogoutAnswer, RefreshAnswer, RefreshBody } from './schemas.js'
import { isRefusal } from './reports.js'
import type { Sessions } from './sessions.js'

export interface TokenRoutesOptions {
  readonly sessions: Sessions
  readonly current: CurrentSession
  readonly resources: Resources
}

/** Refresh and sign-out. */
const tokenRoutes: FastifyPluginAsyncTypebox<TokenRoutesOptions> = async (
  app,
  { sessions, current, resources },
) => {
  app.post(
    '/api/auth/refresh',
    {
      schema: {
        tags: ['Sign-in'],
        summary: 'Exchange a refresh token for new tokens',
        description:
          'Repeated by the same client within the grace window, it yields the same successor. Another client that presents the same token gets 409 `REFRESH_CONFLICT`: look for a newer token in your store after `Retry-After`, then ask again. A session gets at most 30 new tokens in any minute, then 429.',
        security: [],
        body: RefreshBody,
        response: { 200: RefreshAnswer, ...problems(400, 401, 403, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const resource = requestedResource(resources, request.body)
      const { token, transport } = presentedRefreshToken(request, request.body?.refreshToken)
      const grant = await sessions.refresh(callerOf(request), token).catch((error: unknown) => {
        if (transport === 'cookies' && isRefusal(error)) reply.dropCookies()
        throw error
      })
      return reply.deliverTokens(grant, transport, resource)
    },
  )

  app.post(
    '/api/auth/logout',
    {
      config: { rateLimit: {} },
      schema: {
        tags: ['Sessions'],
        summary: 'End this session',
        response: { 200: LogoutAnswer, ...problems(401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      await sessions.signOut(callerOf(request), await current.toEnd(request))
      reply.forgetSession()
      return { message: 'Logged out successfully' as const }
    },
  )
}

export default tokenRoutes

/** The body's token, or else the cookie's, whose request must come from our own pages. */
function presentedRefreshToken(
  request: FastifyRequest,
  inBody: string | undefined,
): { token: string; transport: Transport } {
  if (inBody) return { token: inBody, transport: 'body' }
  const inCookie = request.readCookie(REFRESH_COOKIE)
  if (inCookie === undefined) throw refreshProblem(REFRESH_TOKEN_REQUIRED)
  request.assertOwnOrigin({ strict: true })
  return { token: inCookie, transport: 'cookies' }
}
