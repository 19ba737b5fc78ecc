import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../clock.js'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../plugins/cookies.js'
import { ACCESS_TOKEN_SECONDS, type AccessTokenClaims } from '../plugins/jwt-claims.js'
import { bearerToken } from '../plugins/jwt.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../plugins/jwt-errors.js'
import { problems } from '../plugins/openapi.js'
import { Problem } from '../problem.js'
import { newId, type Random } from '../random.js'
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
import { type Device, expiresAt, type Session } from './session.js'
import type { User } from './plugin.js'
import type { Grant } from './sessions.js'
import { deliver, type Transport } from './transport.js'

export interface SessionRoutesOptions {
  readonly idleMs: number
  readonly clock: Clock
  readonly random: Random
}

/** The client that a password sign-in stands for: the service's own (RFC 9068 §2.2 wants one named). */
const FIRST_PARTY_CLIENT = 'latchkey'

/** Roles as scopes, for authorizers that look at nothing else, such as API Gateway's. */
const SCOPES: Readonly<Record<string, string>> = { user: 'user', admin: 'user admin' }

/** Sign-in, refresh, and what a user may do with their sessions. */
const sessionRoutes: FastifyPluginAsyncTypebox<SessionRoutesOptions> = async (
  app,
  { idleMs, clock, random },
) => {
  const tokensFor = async ({ user, sessionId, refreshToken }: Grant<User>) => {
    const accessToken = await app.signAccessToken(claimsFor(user, sessionId, clock(), random))
    return { accessToken, refreshToken }
  }

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
      const tokens = await tokensFor(grant)
      const transport = useCookies ? 'cookies' : 'body'
      const { user } = grant
      return {
        ...deliver(reply, tokens, transport, idleMs / 1000),
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
      app.sessions.open(user, deviceOf(request)),
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
        const grant = await app.sessions.refresh(token, deviceOf(request))
        request.log.info({
          event: 'authn_token_refresh',
          userId: grant.user.id,
          sessionId: grant.sessionId,
        })
        return deliver(reply, await tokensFor(grant), transport, idleMs / 1000)
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

function claimsFor(
  { id, role }: User,
  sessionId: string,
  now: number,
  random: Random,
): Omit<AccessTokenClaims, 'iss' | 'aud'> {
  const iat = Math.floor(now / 1000)
  return {
    sub: id,
    client_id: FIRST_PARTY_CLIENT,
    iat,
    exp: iat + ACCESS_TOKEN_SECONDS,
    jti: newId(random),
    sid: sessionId,
    role,
    scope: SCOPES[role] ?? '',
  }
}

function sessionOf({ sub, sid }: AccessTokenClaims) {
  if (sid === undefined) throw bearerProblem(TOKEN_INVALID)
  return { userId: sub, sessionId: sid }
}

function deviceOf(request: FastifyRequest): Device {
  const userAgent = request.headers['user-agent']
  return { ip: request.ip, ...(userAgent && { userAgent }) }
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
