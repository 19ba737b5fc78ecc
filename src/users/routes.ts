import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { problems } from '../http/openapi/problems.js'
import type { Limit } from '../limits/by-address.js'
import type { Profiles } from './profiles.js'
import { CheckPasswordAnswer, CheckPasswordBody, ProfileAnswer } from './schemas.js'
import type { Users } from './users.js'

export interface UserRoutesOptions {
  readonly users: Users
  readonly profiles: Profiles
  /** What one address may ask of a route in a window. */
  readonly limit: Limit
}

/** A person who types and stops, and types again, asks less often than this in a window. */
const PASSWORD_CHECKS = 30

/** The profile, and what the rules say of a password before it is chosen. */
const userRoutes: FastifyPluginAsyncTypebox<UserRoutesOptions> = async (
  app,
  { users, profiles, limit },
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

  app.post(
    '/api/auth/password/check',
    {
      config: { rateLimit: { max: Math.min(PASSWORD_CHECKS, limit.max) } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Whether a password could be chosen, and how hard it is to guess',
        description:
          'For forms that answer while a person types. The rules are those of sign-up and of a change of password, which check again; nothing is stored or logged.',
        security: [],
        body: CheckPasswordBody,
        response: { 200: CheckPasswordAnswer, ...problems(400, 415, 429, 503) },
      },
    },
    async (request) => {
      const { password, email = '' } = request.body
      return users.assessPassword(password, email)
    },
  )
}

export default userRoutes
