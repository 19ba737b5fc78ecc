import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { FORGOT_LIMIT, RESET_LIMIT } from '../limits/by-address.js'
import { FlowAnswer, proofOf } from '../tickets/schemas.js'
import { ForgotPasswordBody, ResetPasswordBody } from '../users/schemas.js'
import type { PasswordReset } from './password-reset.js'

export interface ResetRoutesOptions {
  readonly passwordReset: Late<PasswordReset>
}

/** Passwords that are forgotten, or were never set. */
const resetRoutes: FastifyPluginAsyncTypebox<ResetRoutesOptions> = async (
  app,
  { passwordReset },
) => {
  app.post(
    '/api/auth/password/forgot',
    {
      config: { rateLimit: { groupId: FORGOT_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Ask for a mail that sets a password',
        description:
          'The answer is the same in the same time, whether or not there is an account. The mail has a link, good for 30 minutes, and a code, good for ten. An address gets at most three mails an hour, and three more where it is asked for in a browser that its account knows; then no mail is sent, and those before stay good.',
        security: [],
        body: ForgotPasswordBody,
        response: { 202: FlowAnswer, ...problems(400, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { flow } = await passwordReset.ask(callerOf(request), request.body.email)
      return reply.code(202).send({ flow })
    },
  )

  app.post(
    '/api/auth/password/reset',
    {
      config: { rateLimit: { groupId: RESET_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Set a password with the link or the code of a mail',
        description:
          'Sets a first password too. Every session, refresh token and grant of the account ends, and none begins. API keys and identities that were made in the last 7 days, or since the oldest of the sessions if that is later, are suspended. While the address has not been proved, the owner of the mailbox becomes the owner of the account: its keys, identities and name are removed, and the address is proved. Five codes are compared for each `flow`, ten wrong ones for each account in a day; links go on working.',
        security: [],
        body: ResetPasswordBody,
        response: { 204: Type.Null(), ...problems(400, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { newPassword, ...proof } = request.body
      await passwordReset.reset(callerOf(request), proofOf(proof), newPassword)
      return reply.code(204).send(null)
    },
  )
}

export default resetRoutes
