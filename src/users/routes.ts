import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { bearerProblem, TOKEN_INVALID } from '../plugins/jwt-errors.js'
import { problems } from '../plugins/openapi.js'
import type { Problem } from '../problem.js'
import { INVALID_CREDENTIALS } from './errors.js'
import { ChangePasswordBody, RegisterBody, UserAnswer } from './schemas.js'
import { profileOf } from './user.js'

/** Sign-up, profile and change of password. */
const userRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/api/auth/register',
    {
      config: { rateLimit: {} },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign up',
        security: [],
        body: RegisterBody,
        response: { 201: UserAnswer, ...problems(400, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const user = await app.users.register(request.body)
      request.log.info({ event: 'user_created', userId: user.id })
      return reply.code(201).send({ user: profileOf(user) })
    },
  )

  app.get(
    '/api/profile',
    {
      onRequest: app.requireUser,
      schema: {
        tags: ['Protected resources'],
        summary: 'Who am I',
        response: { 200: UserAnswer, ...problems(401, 503) },
      },
    },
    async (request) => {
      const user = await app.profiles.find(request.user.sub)
      if (!user) throw bearerProblem(TOKEN_INVALID)
      return { user }
    },
  )

  app.post(
    '/api/auth/password',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession,
      schema: {
        tags: ['Sign-in'],
        summary: 'Change the password, or set a first one',
        description:
          'Every other session ends. A user who has none yet leaves `currentPassword` out and must have signed in within 15 minutes.',
        body: ChangePasswordBody,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { currentPassword, newPassword } = request.body
      const { account, sessionId } = request.session
      if (account.passwordHash === undefined) app.assertRecent(request.session)
      const attempt = await app.limitAccount(request, account.email)
      try {
        await app.users.changePassword(account, currentPassword, newPassword, sessionId)
      } catch (error) {
        const { code } = (error as Partial<Problem>).type ?? {}
        if (code !== INVALID_CREDENTIALS.code) await attempt.abandoned()
        request.log.warn({ event: 'authn_password_change_fail', userId: account.id, reason: code })
        throw error
      }
      await attempt.succeeded()
      request.log.info({ event: 'authn_password_change', userId: account.id })
      return reply.code(204).send(null)
    },
  )
}

export default userRoutes
