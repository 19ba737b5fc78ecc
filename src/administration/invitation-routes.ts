import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { InvitationDesk } from './invitation-desk.js'
import {
  InvitationAnswer,
  InvitationsAnswer,
  InvitationsQuery,
  InviteBody,
  InvitedBody,
} from './schemas.js'

export interface InvitationRoutesOptions {
  readonly invitationDesk: Late<InvitationDesk>
}

const TAGS = ['Administration']

/** Invitations, for administrators. Addresses have no place in URLs, and so an invitation is named in a body. */
const invitationRoutes: FastifyPluginAsyncTypebox<InvitationRoutesOptions> = async (
  app,
  { invitationDesk },
) => {
  const common = { config: { rateLimit: {} }, onRequest: app.requireAdmin() }

  app.post(
    '/api/admin/users/invite',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Invite a person by mail',
        description:
          'Requires a sign-in within the last 15 minutes. The person gets a mail with a link, good for 24 hours; the invitation is open for seven days, and any proof of the address admits them until then. The account has the role of the invitation. An invitation of the same address that is open ends with it. An administrator sends at most 100 an hour.',
        body: InviteBody,
        response: {
          201: InvitationAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { email, role = 'user' } = request.body
      const { session } = request
      const invitation = await invitationDesk.invite(callerOf(request), session, { email, role })
      return reply.code(201).send({ invitation })
    },
  )

  app.get(
    '/api/admin/invitations',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'List open invitations',
        description: '100 a page, in no order from page to page; the newest of a page first.',
        querystring: InvitationsQuery,
        response: { 200: InvitationsAnswer, ...problems(400, 401, 403, 429, 503) },
      },
    },
    async (request) =>
      invitationDesk.list(callerOf(request), request.session, request.query.cursor),
  )

  app.post(
    '/api/admin/invitations/resend',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Send the mail of an invitation again',
        description:
          'Requires a sign-in within the last 15 minutes. The former link is good for nothing, and the invitation is open for seven days again.',
        body: InvitedBody,
        response: {
          200: InvitationAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    async (request) => ({
      invitation: await invitationDesk.resend(
        callerOf(request),
        request.session,
        request.body.email,
      ),
    }),
  )

  app.post(
    '/api/admin/invitations/withdraw',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Withdraw an invitation',
        description: 'Its link is good for nothing, and the address admits no one any more.',
        body: InvitedBody,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      await invitationDesk.withdraw(callerOf(request), request.session, request.body.email)
      return reply.code(204).send(null)
    },
  )
}

export default invitationRoutes
