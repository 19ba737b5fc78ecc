import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { type Limit, SIGN_IN_LIMIT, SIGN_UP_LIMIT } from '../limits/by-address.js'
import { FlowAnswer } from '../tickets/schemas.js'
import {
  ChangePasswordBody,
  CheckPasswordAnswer,
  CheckPasswordBody,
  RegisterAnswer,
  RegisterBody,
} from '../users/schemas.js'
import { profileOf } from '../users/user.js'
import type { Users } from '../users/users.js'
import { LoginAnswer, LoginBody } from './schemas.js'
import type { Accounts } from './accounts.js'
import type { Registrations } from './registrations.js'
import type { SignIn } from './sign-in.js'

export interface SignInRoutesOptions {
  readonly users: Users
  readonly signIn: SignIn
  readonly accounts: Late<Accounts>
  readonly registrations: Late<Registrations>
  readonly resources: Resources
  /** What one address may ask of a route in a window. */
  readonly limit: Limit
}

/** A person who types and stops, and types again, asks less often than this in a window. */
const PASSWORD_CHECKS = 30

/** Sign-up, sign-in by password, and passwords that are chosen or changed. */
const signInRoutes: FastifyPluginAsyncTypebox<SignInRoutesOptions> = async (
  app,
  { users, signIn, accounts, registrations, resources, limit },
) => {
  app.post(
    '/api/auth/register',
    {
      config: { rateLimit: { groupId: SIGN_UP_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign up',
        description:
          'With `EMAIL_VERIFICATION=required` the answer is always 202, in the same time, whether or not the address has an account; the account is made, and its first session opened, by `POST /api/auth/email/verification/confirm`. Otherwise it is made at once, and a mail that proves the address is sent where the service sends mail.',
        security: [],
        body: RegisterBody,
        response: {
          201: RegisterAnswer,
          202: FlowAnswer,
          ...problems(400, 403, 409, 415, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { user, mail } = await registrations.signUp(callerOf(request), request.body)
      if (user === undefined) return reply.code(202).send({ flow: mail.flow })
      const { email } = user
      const proof = mail && { flow: mail.flow }
      return reply.code(201).send({ user: { ...profileOf(user), email }, ...proof })
    },
  )

  app.post(
    '/api/auth/login',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in',
        security: [],
        body: LoginBody,
        response: { 200: LoginAnswer, ...problems(400, 401, 403, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { email, password, newPassword, useCookies = false, keepSignedIn } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const transport = useCookies ? 'cookies' : 'body'
      const credentials = { email, password, newPassword }
      const wish = { transport, isShort: keepSignedIn === false } as const
      const grant = await signIn.withPassword(callerOf(request), credentials, wish)
      const { user } = grant
      return {
        ...(await reply.deliverTokens(grant, transport, resource)),
        user: { id: user.id, email: user.email, role: user.role },
      }
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
      await accounts.changePassword(callerOf(request), request.session, {
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

export default signInRoutes
