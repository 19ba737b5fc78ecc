import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { Profiles } from '../users/profiles.js'
import { ProfileAnswer, RenameBody } from '../users/schemas.js'
import type { Accounts } from './accounts.js'

export interface AccountRoutesOptions {
  readonly accounts: Late<Accounts>
  readonly profiles: Profiles
}

/** The profile of a user. */
const accountRoutes: FastifyPluginAsyncTypebox<AccountRoutesOptions> = async (
  app,
  { accounts, profiles },
) => {
  app.get(
    '/api/profile',
    {
      onRequest: app.requireUser(),
      schema: {
        tags: ['Protected resources'],
        summary: 'Who am I',
        response: { 200: ProfileAnswer, ...problems(401, 503) },
      },
    },
    async (request) => {
      const user = await profiles.find(request.user.sub)
      if (!user) throw bearerProblem(TOKEN_INVALID)
      return { user }
    },
  )

  app.patch(
    '/api/profile',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Account'],
        summary: 'Change my name',
        body: RenameBody,
        response: { 200: ProfileAnswer, ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request) => {
      const { session, body } = request
      return { user: await accounts.rename(callerOf(request), session, body.name) }
    },
  )
}

export default accountRoutes
