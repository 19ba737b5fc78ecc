import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { PersonalDataDesk } from './desk.js'

export interface PersonalDataRoutesOptions {
  readonly personalData: Late<PersonalDataDesk>
}

/** All that is kept of a person, for themselves. */
const personalDataRoutes: FastifyPluginAsyncTypebox<PersonalDataRoutesOptions> = async (
  app,
  { personalData },
) => {
  const common = { config: { rateLimit: {} }, onRequest: app.requireRecentSession() }

  app.get(
    '/api/account/export',
    {
      ...common,
      schema: {
        tags: ['Account'],
        summary: 'Get all that is kept of me',
        description:
          'As docs/account-export.schema.json says. Secrets and their hashes are named, and not given. Ten times a day. The sign-in must not be older than 15 minutes.',
        response: {
          200: Type.Object({}, { additionalProperties: true }),
          ...problems(401, 429, 503),
        },
      },
    },
    async (request) => personalData.export(callerOf(request), request.session),
  )

  app.delete(
    '/api/account',
    {
      ...common,
      schema: {
        tags: ['Account'],
        summary: 'Delete my account, for good',
        description:
          'All that is kept of the person goes, and the address is free at once; the audit trail keeps what happened, under a random name. The sign-in must not be older than 15 minutes. An administrator’s account is refused.',
        response: { 204: Type.Null(), ...problems(401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      await personalData.erase(callerOf(request), request.session)
      reply.forgetSession()
      return reply.code(204).send(null)
    },
  )
}

export default personalDataRoutes
