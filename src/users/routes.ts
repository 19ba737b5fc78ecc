import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { problems } from '../http/openapi/problems.js'
import { SIGN_UP_LIMIT } from '../limits/by-address.js'
import {
  ChangePasswordBody,
  CheckPasswordAnswer,
  CheckPasswordBody,
  ProfileAnswer,
  RegisterBody,
  UserAnswer,
} from './schemas.js'
import { profileOf } from './user.js'

/** A person who types and stops, and types again, asks less often than this in a window. */
const PASSWORD_CHECKS = 30

/** Sign-up, profile, and passwords that are chosen or changed. */
const userRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/api/auth/register',
    {
      config: { rateLimit: { groupId: SIGN_UP_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign up',
        security: [],
        body: RegisterBody,
        response: { 201: UserAnswer, ...problems(400, 403, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const user = await app.signUp(request, request.body)
      return reply.code(201).send({ user: { ...profileOf(user), email: user.email } })
    },
  )

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
      const user = await app.profiles.find(request.user.sub)
      if (!user) throw bearerProblem(TOKEN_INVALID)
      return { user }
    },
  )

  app.post(
    '/api/auth/password',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sign-in'],
        summary: 'Change the password, or set a first one',
        description:
          'Every other session ends. API keys and identities that were made in the last 7 days, or since the oldest of the sessions that end began if that is later, are suspended: they stop until their owner, after a recent sign-in, or an administrator enables each of them. A user who has no password yet leaves `currentPassword` out and must have signed in within 15 minutes.',
        body: ChangePasswordBody,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { currentPassword, newPassword, suspendRecentCredentials } = request.body
      await app.changePassword(request, {
        current: currentPassword,
        next: newPassword,
        suspendRecentCredentials,
      })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/auth/password/check',
    {
      config: { rateLimit: { max: Math.min(PASSWORD_CHECKS, app.addressLimit.max) } },
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
      return app.users.assessPassword(password, email)
    },
  )
}

export default userRoutes
