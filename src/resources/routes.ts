import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { problems } from '../http/openapi/problems.js'

export const DataAnswer = Type.Object({ data: Type.Object({ keyId: Type.String() }) })

/** The smallest protected routes: what an API behind Latchkey looks like. */
const resourceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/protected',
    {
      onRequest: app.requireUser(),
      schema: {
        tags: ['Protected resources'],
        summary: 'For any signed-in user',
        response: { 200: Type.Object({ userId: Type.String() }), ...problems(401, 503) },
      },
    },
    async (request) => ({ userId: request.user.sub }),
  )

  app.get(
    '/api/admin',
    {
      onRequest: [app.requireUser(), app.requireRole('admin')],
      schema: {
        tags: ['Protected resources'],
        summary: 'For administrators',
        response: {
          200: Type.Object({ message: Type.Literal('Admin data') }),
          ...problems(401, 403, 503),
        },
      },
    },
    async () => ({ message: 'Admin data' as const }),
  )

  app.get(
    '/api/data',
    {
      onRequest: app.requireApiKey({ scopes: ['data:read'] }),
      schema: {
        tags: ['Protected resources'],
        summary: 'For partners with an API key',
        security: [{ apiKey: [] }],
        response: {
          200: DataAnswer,
          ...problems(400, 401, 403, 429, 503),
        },
      },
    },
    async (request) => ({ data: { keyId: request.apiKey.keyId } }),
  )
}

export default resourceRoutes
