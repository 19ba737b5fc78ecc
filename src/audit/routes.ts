import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { UserParams } from '../administration/schemas.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { TrailDesk } from './desk.js'
import { EventsAnswer, EventsQuery, ManagedEventsAnswer } from './schemas.js'

export interface AuditRoutesOptions {
  readonly trailDesk: Late<TrailDesk>
}

const NEWEST_FIRST =
  'The newest first, 20 a page. Wrong passwords, codes and second factors of one hour are one event with a count.'

/** The audit trail. */
const auditRoutes: FastifyPluginAsyncTypebox<AuditRoutesOptions> = async (app, { trailDesk }) => {
  app.get(
    '/api/account/events',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Account'],
        summary: 'List what happened in my account',
        description: `${NEWEST_FIRST} \`ip\` and \`userAgent\` are those of the person, or of a stranger who was refused.`,
        querystring: EventsQuery,
        response: { 200: EventsAnswer, ...problems(400, 401, 429, 503) },
      },
    },
    async ({ session, query }) => trailDesk.list(session, query),
  )

  app.get(
    '/api/admin/users/:id/events',
    {
      config: { rateLimit: {} },
      onRequest: app.requireAdmin(),
      schema: {
        tags: ['Administration'],
        summary: 'List what happened in the account of a user',
        description: `${NEWEST_FIRST} What happened in a deleted account stays for as long as the trail is kept, under the name that its deletion gave it.`,
        params: UserParams,
        querystring: EventsQuery,
        response: { 200: ManagedEventsAnswer, ...problems(400, 401, 403, 429, 503) },
      },
    },
    async (request) => {
      const { session, params, query } = request
      return trailDesk.listOf(callerOf(request), session, params.id, query)
    },
  )
}

export default auditRoutes
