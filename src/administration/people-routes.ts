import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { presentSession } from '../sessions/listed.js'
import type { People } from './people.js'
import {
  PeopleAnswer,
  PeopleQuery,
  SearchPeopleBody,
  SessionsOfUserAnswer,
  UserParams,
} from './schemas.js'

export interface PeopleRoutesOptions {
  readonly people: Late<People>
}

const TAGS = ['Administration']

/** The directory of people, for administrators. */
const peopleRoutes: FastifyPluginAsyncTypebox<PeopleRoutesOptions> = async (app, { people }) => {
  const common = { config: { rateLimit: {} }, onRequest: app.requireAdmin() }

  app.get(
    '/api/admin/users',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'List users',
        description:
          'The newest accounts first, 20 a page. An account that is made or changed meanwhile may come a moment late; what the list says of each is read from the account itself, so a page may have fewer.',
        querystring: PeopleQuery,
        response: { 200: PeopleAnswer, ...problems(400, 401, 403, 429, 503) },
      },
    },
    async (request) => people.list(callerOf(request), request.session, request.query),
  )

  app.post(
    '/api/admin/users/search',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Search users by the beginning of their e-mail address, or by id',
        description:
          'In the order of their addresses, 20 a page; a user whose id it is comes first. By POST, since addresses have no place in URLs.',
        body: SearchPeopleBody,
        response: { 200: PeopleAnswer, ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request) => people.search(callerOf(request), request.session, request.body),
  )

  app.get(
    '/api/admin/users/:id/sessions',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'List the sessions of a user',
        description: 'Those that live, the most recently used first.',
        params: UserParams,
        response: { 200: SessionsOfUserAnswer, ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request) => {
      const { params, session } = request
      const { sessions, lastSignInAt } = await people.sessionsOf(
        callerOf(request),
        session,
        params.id,
      )
      const shown = sessions.map((each) => presentSession(each, session.sessionId))
      return { sessions: shown, lastSignInAt }
    },
  )
}

export default peopleRoutes
