import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { ADDRESS_CHANGE_LIMIT, ADDRESS_UNDO_LIMIT } from '../limits/by-address.js'
import type { CurrentSession } from '../sessions/current.js'
import { FlowAnswer } from '../tickets/schemas.js'
import { ProfileAnswer } from '../users/schemas.js'
import { profileOf } from '../users/user.js'
import type { AddressChange } from './address-change.js'
import type { AddressUndo } from './address-undo.js'
import { ChangeAddressBody, ConfirmAddressBody, UndoAddressBody } from './schemas.js'

export interface AddressRoutesOptions {
  readonly addressChange: Late<AddressChange>
  readonly addressUndo: Late<AddressUndo>
  readonly current: CurrentSession
}

/** Accounts that get another address. */
const addressRoutes: FastifyPluginAsyncTypebox<AddressRoutesOptions> = async (
  app,
  { addressChange, addressUndo, current },
) => {
  app.post(
    '/api/auth/email',
    {
      config: { rateLimit: { groupId: ADDRESS_CHANGE_LIMIT } },
      onRequest: app.requireRecentSession(),
      schema: {
        tags: ['Sign-in'],
        summary: 'Ask for a mail that changes my address',
        description:
          'Sends a code, good for ten minutes, to the new address. Where another account has it, the owner gets a notice instead, and the answer is the same in the same time. The sign-in must not be older than 15 minutes. An address gets at most three mails an hour, and three more where they are asked for in a browser that the account knows; then no mail is sent, and those before stay good. An account may change its address ten times in seven days.',
        body: ChangeAddressBody,
        response: { 202: FlowAnswer, ...problems(400, 401, 403, 404, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const { session, body } = request
      const { flow } = await addressChange.ask(callerOf(request), session, body.newEmail)
      return reply.code(202).send({ flow })
    },
  )

  app.post(
    '/api/auth/email/confirm',
    {
      config: { rateLimit: { groupId: ADDRESS_CHANGE_LIMIT } },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Sign-in'],
        summary: 'Change my address with the code of a mail',
        description:
          'In the session that has asked for it. The new address is proved, and every other session ends. The old address gets a mail whose link undoes the change for seven days; as long, no other account gets that address.',
        body: ConfirmAddressBody,
        response: { 200: ProfileAnswer, ...problems(400, 401, 403, 404, 409, 415, 429, 503) },
      },
    },
    async (request) => {
      const { session, body } = request
      return { user: profileOf(await addressChange.confirm(callerOf(request), session, body.code)) }
    },
  )

  app.post(
    '/api/auth/email/undo',
    {
      config: { rateLimit: { groupId: ADDRESS_UNDO_LIMIT } },
      schema: {
        tags: ['Sign-in'],
        summary: 'Undo a change of address with the link of a mail',
        description:
          'With the password that the account had before the change, under the limits of sign-in; or in a session that began at a provider which was linked before the change. The mailbox alone does not prove the account. The old address is back, with the password of that time. Every session, refresh token and grant ends, and so do later changes of address. API keys and identities that were added since the change are suspended.',
        security: [],
        body: UndoAddressBody,
        response: { 200: ProfileAnswer, ...problems(400, 403, 404, 415, 429, 503) },
      },
    },
    async (request) => {
      const { ticket, password } = request.body
      const session = password === undefined ? await current.ofRequestIfAny(request) : undefined
      const credential = { password, session }
      return { user: profileOf(await addressUndo.undo(callerOf(request), ticket, credential)) }
    },
  )
}

export default addressRoutes
