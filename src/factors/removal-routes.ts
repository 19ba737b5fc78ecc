import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { FACTORS_REMOVAL_LIMIT } from '../limits/by-address.js'
import type { FactorsRemovals } from './removals.js'
import { KeepFactorsBody } from './schemas.js'

export interface FactorsRemovalRoutesOptions {
  readonly factorsRemovals: Late<FactorsRemovals>
}

/** What the owner of an account can do about a removal that an administrator began. */
const factorsRemovalRoutes: FastifyPluginAsyncTypebox<FactorsRemovalRoutesOptions> = async (
  app,
  { factorsRemovals },
) => {
  app.post(
    '/api/auth/factors/removal/cancel',
    {
      config: { rateLimit: { groupId: FACTORS_REMOVAL_LIMIT } },
      schema: {
        tags: ['Second factors'],
        summary: 'Keep my second factors with the link of a mail',
        description:
          'Takes back that an administrator began to remove them. It needs no session and no factor, and opens nothing. The link is good for as long as the removal is under way.',
        security: [],
        body: KeepFactorsBody,
        response: { 204: Type.Null(), ...problems(400, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      await factorsRemovals.cancel(callerOf(request), request.body.ticket)
      return reply.code(204).send(null)
    },
  )
}

export default factorsRemovalRoutes
