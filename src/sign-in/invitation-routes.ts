import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requestedResource, type Resources } from '../access-tokens/resources.js'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { INVITATION_LIMIT } from '../limits/by-address.js'
import { profileOf } from '../users/user.js'
import type { InvitationAcceptance } from './invitation-acceptance.js'
import { AcceptInvitationBody, AcceptInvitationAnswer } from './schemas.js'

export interface InvitationRoutesOptions {
  readonly invitationAcceptance: Late<InvitationAcceptance>
  readonly resources: Resources
}

/** Accounts of people whom an administrator has invited. */
const invitationRoutes: FastifyPluginAsyncTypebox<InvitationRoutesOptions> = async (
  app,
  { invitationAcceptance, resources },
) => {
  app.post(
    '/api/auth/invitation/accept',
    {
      config: { rateLimit: { groupId: INVITATION_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Accept an invitation with the link of its mail',
        description:
          'Makes the account, with a proved address and the role of the invitation, and opens its first session. `TICKET_INVALID` is the answer for an invitation that is withdrawn, accepted or expired as for an unknown one, and for a link that a newer mail has replaced. While the invitation is open, a sign-in by mail, a provider that proves the address, and a registration that a mail confirms make the account as well.',
        security: [],
        body: AcceptInvitationBody,
        response: {
          200: AcceptInvitationAnswer,
          ...problems(400, 401, 403, 404, 409, 415, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { ticket, password, name, useCookies = false } = request.body
      const resource = requestedResource(resources, request.body)
      if (useCookies) request.assertOwnOrigin({ strict: false })
      const transport = useCookies ? 'cookies' : 'body'
      const accepting = { password, name, transport } as const
      const grant = await invitationAcceptance.accept(callerOf(request), ticket, accepting)
      return {
        ...(await reply.deliverTokens(grant, transport, resource)),
        user: profileOf(grant.user),
      }
    },
  )
}

export default invitationRoutes
