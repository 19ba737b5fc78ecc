import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { problems } from '../http/openapi/problems.js'
import { IdentitiesAnswer, IdentityParams } from './schemas.js'

/** The identities that a user signs in with; they are linked by signing in (`/api/auth/:provider?link=true`). */
const identityRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/auth/identities',
    {
      config: {
        rateLimit: {},
        ids: { pointer: '/identities/0/id', of: '/api/auth/identities/:id' },
      },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Social sign-in'],
        summary: 'List my identities at providers',
        response: { 200: IdentitiesAnswer, ...problems(401, 429, 503) },
      },
    },
    async (request) => {
      const { identities = [], passwordHash } = request.session.account
      return {
        identities: identities.map(({ id, provider, issuer, email, linkedAt }) => ({
          id,
          provider,
          issuer,
          email: email ?? null,
          linkedAt,
        })),
        hasPassword: passwordHash !== undefined,
      }
    },
  )

  app.delete(
    '/api/auth/identities/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Social sign-in'],
        summary: 'Unlink one of my identities',
        description: 'Not the last way to sign in. The sign-in must not be older than 15 minutes.',
        params: IdentityParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      await app.unlinkIdentity(request, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export default identityRoutes
