import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { problems } from '../http/openapi/problems.js'
import type { Profiles } from './profiles.js'
import { ProfileAnswer } from './schemas.js'

export interface UserRoutesOptions {
  readonly profiles: Profiles
}

/** The profile of a user. */
const userRoutes: FastifyPluginAsyncTypebox<UserRoutesOptions> = async (app, { profiles }) => {
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
}

export default userRoutes
