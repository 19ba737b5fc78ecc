import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { SIGN_IN_LIMIT, VERIFICATION_LIMIT } from '../limits/by-address.js'
import type { CurrentSession } from '../sessions/current.js'
import { FlowAnswer, proofOf } from '../tickets/schemas.js'
import { profileOf } from '../users/user.js'
import { DisownBody, VerifyAnswer, VerifyBody } from './schemas.js'
import type { Verification } from './verification.js'

export interface VerificationRoutesOptions {
  readonly verification: Late<Verification>
  readonly current: CurrentSession
  readonly resources: Resources
}

/** Addresses that are proved by mail. */
const verificationRoutes: FastifyPluginAsyncTypebox<VerificationRoutesOptions> = async (
  app,
  { verification, current, resources },
) => {
  app.post(
    '/api/auth/email/verification',
    {
      config: { rateLimit: { groupId: VERIFICATION_LIMIT } },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sign-in'],
        summary: 'Ask for a mail that proves my address',
        description:
          'The mail has a link, good for 24 hours, and a code, good for ten minutes. An address gets at most three mails an hour, and three more where it is asked for in a browser that its account knows; then no mail is sent, and those before stay good.',
        response: { 202: FlowAnswer, ...problems(401, 403, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      const { flow } = await verification.ask(callerOf(request), request.session)
      return reply.code(202).send({ flow })
    },
  )

  app.post(
    '/api/auth/email/verification/confirm',
    {
      config: { rateLimit: { groupId: SIGN_IN_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Prove an address with the link or the code of a mail',
        description:
          'A code needs the `flow` that it was asked for with. A link needs that `flow`, or a session of the account, or else its password, under the limits of sign-in: the mailbox alone does not prove that the account is yours. After a registration with `EMAIL_VERIFICATION=required` this makes the account, and the answer has the tokens of its first session.',
        security: [],
        body: VerifyBody,
        response: { 200: VerifyAnswer, ...problems(400, 401, 403, 404, 409, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { password, useCookies = false } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const transport = useCookies ? 'cookies' : 'body'
      const session = await current.ofRequestIfAny(request)
      const ownership = { session, password, transport } as const
      const verified = await verification.confirm(
        callerOf(request),
        proofOf(request.body),
        ownership,
      )
      const { user, grant } = verified
      return {
        ...(grant && (await reply.deliverTokens(grant, transport, resource))),
        user: profileOf(user),
      }
    },
  )

  app.post(
    '/api/auth/email/verification/disown',
    {
      config: { rateLimit: { groupId: VERIFICATION_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Say that another person made the account with my address',
        description:
          'With the link of the mail that proves the address, while it is unproved. The owner of the mailbox becomes the owner of the account: its password, sessions, API keys, identities and name are removed, and `POST /api/auth/password/forgot` sets a password. A registration that waits for its proof comes to nothing.',
        security: [],
        body: DisownBody,
        response: { 204: Type.Null(), ...problems(400, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      await verification.disown(callerOf(request), request.body.ticket)
      return reply.code(204).send(null)
    },
  )
}

export default verificationRoutes
