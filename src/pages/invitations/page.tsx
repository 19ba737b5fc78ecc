import type { FastifyReply, FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import { assertAdmin } from '../../administration/guard.js'
import { InvitationsQuery, InviteBody, InvitedBody } from '../../administration/schemas.js'
import { callerOf } from '../../http/caller.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldsOf } from '../kit/forms.js'
import { INVITATIONS } from '../kit/paths.js'
import { fieldErrors } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice, Values } from '../kit/view.js'
import { Invitations } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  readonly status?: number
}

/** Open invitations, for administrators. An address is in no URL: forms name an invitation by it. */
export function invitationsHandlers(context: PageContext) {
  const { invitationDesk } = context.services

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), ...shown }: Shown = {},
  ) => {
    const { query, session } = request
    const { cursor } = Value.Check(InvitationsQuery, query) ? query : {}
    const listed = await invitationDesk.list(callerOf(request), session, cursor)
    const page = (
      <Invitations
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        hasMail={context.services.invitationAcceptance.isOffered}
        {...listed}
        {...shown}
      />
    )
    return context.send(reply, page, status)
  }

  /** The role is the store's, read with the session that the request came in. */
  const forAdmin =
    (use: Handler): Handler =>
    async (request, reply) => {
      assertAdmin(request.session)
      try {
        return await use(request, reply)
      } catch (error) {
        if (isTooLate(error)) return proveAgain(reply, INVITATIONS)
        if (codeOf(error) === undefined || codeOf(error) === 'FORBIDDEN') throw error
        const notice = context.explain(request, reply, error)
        return send(request, reply, { notice, status: reply.statusCode })
      }
    }

  const invite = forAdmin(async (request, reply) => {
    const values = fieldsOf(request, ['email', 'role'])
    const form = checkForm(request, InviteBody, values)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { errors, values, status: 400 })
    }
    const { email, role = 'user' } = form.value
    await invitationDesk.invite(callerOf(request), request.session, { email, role })
    return goOn(reply, INVITATIONS, 'INVITED')
  })

  const withEmail = (
    use: (request: FastifyRequest, email: string) => Promise<unknown>,
    done: string,
  ) =>
    forAdmin(async (request, reply) => {
      const form = checkForm(request, InvitedBody, fieldsOf(request, ['email']))
      if (form.wrong) return goOn(reply, INVITATIONS)
      await use(request, form.value.email)
      return goOn(reply, INVITATIONS, done)
    })

  return {
    showInvitations: forAdmin(async (request, reply) => send(request, reply)),
    invite,
    resend: withEmail(
      (request, email) => invitationDesk.resend(callerOf(request), request.session, email),
      'INVITED',
    ),
    withdraw: withEmail(
      (request, email) => invitationDesk.withdraw(callerOf(request), request.session, email),
      'INVITATION_WITHDRAWN',
    ),
  }
}
