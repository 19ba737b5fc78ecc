import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { problems } from '../http/openapi/problems.js'
import { callerOf } from '../http/caller.js'
import { SessionParams, SessionsAnswer } from './schemas.js'
import { presentSession } from './listed.js'
import type { Sessions } from './sessions.js'

export interface SessionRouteOptions {
  readonly sessions: Sessions
}

/** What a user may do with their sessions. */
const sessionRoutes: FastifyPluginAsyncTypebox<SessionRouteOptions> = async (app, { sessions }) => {
  app.get(
    '/api/auth/sessions',
    {
      config: { rateLimit: {}, ids: { pointer: '/sessions/0/id', of: '/api/auth/sessions/:id' } },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sessions'],
        summary: 'List my sessions',
        response: { 200: SessionsAnswer, ...problems(401, 429, 503) },
      },
    },
    async (request) => {
      const { account, sessionId } = request.session
      const listed = await sessions.list(account)
      return { sessions: listed.map((session) => presentSession(session, sessionId)) }
    },
  )

  app.delete(
    '/api/auth/sessions/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sessions'],
        summary: 'End one of my sessions',
        params: SessionParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const { session, params } = request
      await sessions.endOne(callerOf(request), session, params.id)
      if (params.id === session.sessionId) reply.forgetSession()
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/auth/sessions',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sessions'],
        summary: 'End all my sessions, this one too',
        response: { 204: Type.Null(), ...problems(401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      await sessions.endAll(callerOf(request), request.session)
      reply.forgetSession()
      return reply.code(204).send(null)
    },
  )
}

export default sessionRoutes
