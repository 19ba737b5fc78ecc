import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { listedIdentity } from '../users/identities/identity.js'
import {
  EnableIdentityBody,
  IdentitiesAnswer,
  IdentityAnswer,
  IdentityParams,
} from '../users/schemas.js'
import { callerOf } from '../http/caller.js'
import type { Accounts } from './accounts.js'

export interface IdentityRoutesOptions {
  readonly accounts: Late<Accounts>
}

/** The identities that a user signs in with; they are linked by signing in (`/api/auth/:provider?link=true`). */
const identityRoutes: FastifyPluginAsyncTypebox<IdentityRoutesOptions> = async (
  app,
  { accounts },
) => {
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
        identities: identities.map(listedIdentity),
        hasPassword: passwordHash !== undefined,
      }
    },
  )

  app.patch(
    '/api/auth/identities/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Social sign-in'],
        summary: 'Enable one of my identities that is suspended',
        description: 'The sign-in must not be older than 15 minutes.',
        params: IdentityParams,
        body: EnableIdentityBody,
        response: { 200: IdentityAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request) => {
      const { params, session } = request
      return { identity: await accounts.enableIdentity(callerOf(request), session, params.id) }
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
      await accounts.unlinkIdentity(callerOf(request), request.session, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export default identityRoutes
