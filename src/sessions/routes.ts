import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../plugins/cookies.js'
import type { AccessTokenClaims } from '../plugins/jwt-claims.js'
import { bearerToken } from '../plugins/jwt.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../plugins/jwt-errors.js'
import { problems } from '../plugins/openapi.js'
import { Problem } from '../problem.js'
import { REFRESH_TOKEN_REQUIRED, refreshProblem, SESSION_NOT_FOUND } from './errors.js'
import {
  LoginAnswer,
  LoginBody,
  LogoutAnswer,
  RefreshAnswer,
  RefreshBody,
  SessionParams,
  SessionsAnswer,
} from './schemas.js'
import { expiresAt, type Session } from './session.js'
import type { Transport } from './transport.js'

/** Sign-in, refresh, and what a user may do with their sessions. */
const sessionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/api/auth/login',
    {
      config: { rateLimit: {} },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in',
        security: [],
        body: LoginBody,
        response: { 200: LoginAnswer, ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { email, password, useCookies = false } = request.body
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const grant = await signIn(request, email, password)
      const { user } = grant
      return {
        ...(await reply.deliverTokens(grant, useCookies ? 'cookies' : 'body')),
        user: { id: user.id, email: user.email, role: user.role },
      }
    },
  )

  /** What does not depend on each other goes in one round trip; argon2 waits for the limit. */
  async function signIn(request: FastifyRequest, email: string, password: string) {
    const [attempt, found] = await Promise.all([
      app.limitAccount(request, email),
      app.users.find(email),
    ])
    const user = await app.users.authenticate(found, password).catch(async (error: unknown) => {
      await failSignIn(request, error, () => attempt.abandoned())
      throw error
    })
    const [grant] = await Promise.all([
      app.sessions.open(user, request.device()),
      attempt.succeeded(),
    ])
    const { sessionId } = grant
    request.log.info({ event: 'authn_login_success', userId: user.id, sessionId })
    return grant
  }

  app.post(
    '/api/auth/refresh',
    {
      config: { rateLimit: {} },
      schema: {
        tags: ['Sign-in'],
        summary: 'Exchange a refresh token for new tokens',
        description: 'Repeated within the grace window it yields the same successor.',
        security: [],
        body: RefreshBody,
        response: { 200: RefreshAnswer, ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { token, transport } = presentedRefreshToken(request, request.body?.refreshToken)
      try {
        const grant = await app.sessions.refresh(token, request.device())
        request.log.info({
          event: 'authn_token_refresh',
          userId: grant.user.id,
          sessionId: grant.sessionId,
        })
        return await reply.deliverTokens(grant, transport)
      } catch (error) {
        if (error instanceof Problem && error.type.status === 401) {
          const reused = error.type.code === 'REFRESH_TOKEN_REUSED'
          const event = reused ? 'authn_token_reuse' : 'authn_token_refresh_fail'
          request.log.warn({ event, reason: error.type.code })
          if (transport === 'cookies') reply.dropCookies()
        }
        throw error
      }
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
      const { userId, sessionId } = await sessionToEnd(request)
      await app.sessions.end(userId, sessionId)
      request.log.info({ event: 'authn_logout', userId, sessionId })
      reply.dropCookies().header('clear-site-data', '"cache", "storage"')
      return { message: 'Logged out successfully' as const }
    },
  )

  /** By access token, or by a refresh cookie, which outlives its access cookie. */
  async function sessionToEnd(request: FastifyRequest) {
    const bearer = bearerToken(request)
    if (bearer !== undefined) return sessionOf(await app.verifyAccessToken(bearer))
    const refreshCookie = request.readCookie(REFRESH_COOKIE)
    const accessCookie = request.readCookie(ACCESS_COOKIE)
    if (refreshCookie === undefined && accessCookie === undefined) {
      throw bearerProblem(ACCESS_TOKEN_REQUIRED)
    }
    request.assertOwnOrigin({ strict: true })
    if (refreshCookie !== undefined) return app.sessions.identify(refreshCookie)
    return sessionOf(await app.verifyAccessToken(accessCookie as string))
  }

  app.get(
    '/api/auth/sessions',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession,
      schema: {
        tags: ['Sessions'],
        summary: 'List my sessions',
        response: { 200: SessionsAnswer, ...problems(401, 429, 503) },
      },
    },
    async (request) => {
      const { account, sessionId } = request.session
      const sessions = await app.sessions.list(account)
      return { sessions: sessions.map((session) => present(session, sessionId)) }
    },
  )

  app.delete(
    '/api/auth/sessions/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession,
      schema: {
        tags: ['Sessions'],
        summary: 'End one of my sessions',
        params: SessionParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const userId = request.user.sub
      const sessionId = request.params.id
      if (!(await app.sessions.end(userId, sessionId))) throw new Problem(SESSION_NOT_FOUND)
      request.log.info({ event: 'authn_session_ended', userId, sessionId })
      if (sessionId === request.session.sessionId) reply.dropCookies()
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/auth/sessions',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession,
      schema: {
        tags: ['Sessions'],
        summary: 'End all my sessions, this one too',
        response: { 204: Type.Null(), ...problems(401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const userId = request.user.sub
      await app.users.store.endSessions(userId)
      request.log.info({ event: 'authn_sessions_ended', userId })
      return reply.dropCookies().code(204).send(null)
    },
  )
}

export default sessionRoutes

function sessionOf({ sub, sid }: AccessTokenClaims) {
  if (sid === undefined) throw bearerProblem(TOKEN_INVALID)
  return { userId: sub, sessionId: sid }
}

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

async function failSignIn(
  request: FastifyRequest,
  error: unknown,
  abandon: () => Promise<void>,
): Promise<void> {
  if (error instanceof Problem && error.type.status === 401) {
    request.log.warn({ event: 'authn_login_fail', reason: error.extras.cause })
    return
  }
  request.log.warn({ event: 'authn_login_fail', reason: 'unavailable' })
  await abandon()
}

function present(session: Session, currentId: string) {
  return {
    id: session.sessionId,
    current: session.sessionId === currentId,
    createdAt: new Date(session.createdAt).toISOString(),
    lastUsedAt: new Date(session.lastUsedAt).toISOString(),
    expiresAt: new Date(expiresAt(session)).toISOString(),
    userAgent: session.userAgent === '' ? null : (session.userAgent ?? null),
    ip: session.ip,
  }
}
