import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import { HalfWayFlows } from '../../sign-in/half-way-flow.js'
import { AcceptInvitationBody } from '../../sign-in/schemas.js'
import { unlessWithoutMail } from '../failure/without-mail.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, fieldsOf, pastedTicket } from '../kit/forms.js'
import { fieldErrors, passwordRefusal } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice, Values } from '../kit/view.js'
import { Invitation } from './view.js'

interface Shown {
  readonly ticket?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: Values
  readonly status?: number
}

/** After these no link helps: it is not sent again. */
const GONE = ['TICKET_INVALID', 'EMAIL_TAKEN', 'SIGN_UP_CLOSED']

/**
 * Accounts of invited people. The page that the mail leads to does not redirect when it is opened: a redirect would
 * carry the ticket on.
 */
export function invitationHandlers(context: PageContext) {
  const { users, invitationAcceptance } = context.services
  const halfWay = new HalfWayFlows(context.options)

  const offered = unlessWithoutMail(context, {
    service: invitationAcceptance,
    title: 'invitation.title',
  })

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown = {},
  ) => {
    const { providers } = context.options
    const asked = await context.askedLast(request, reply)
    const own = { view: context.view(request), rules: users.passwordRules, providers }
    const props = { ...own, ...asked, ...shown }
    return context.send(reply, <Invitation {...props} />, status)
  }

  const accept: Handler = async (request, reply) => {
    const view = context.view(request)
    const ticket = pastedTicket(request)
    const typed = fieldsOf(request, ['name', 'password'])
    const values = { name: typed.name }
    const given = { ...typed, ...(ticket !== undefined && { ticket }) }
    const form = checkForm(request, AcceptInvitationBody, given)
    if (form.wrong) {
      const names = form.wrong.map((name) => (name === 'ticket' ? 'link' : name))
      return send(request, reply, { errors: fieldErrors(view, names), ticket, values, status: 400 })
    }
    const { password, name } = form.value
    const { returnTo } = await context.askedLast(request, reply)
    try {
      const accepting = { password, name, transport: 'cookies' } as const
      const caller = callerOf(request)
      const grant = await invitationAcceptance.accept(caller, form.value.ticket, accepting)
      await reply.deliverTokens(grant, 'cookies')
    } catch (error) {
      const onward = await halfWay.keep(request, reply, error, { email: undefined, returnTo })
      if (onward !== undefined) return goOn(reply, onward)
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      const code = codeOf(error) ?? ''
      if (code === 'TICKET_INVALID') {
        const text = view.language.text('invitation.refused')
        return send(request, reply, { notice: { ...notice, text }, status })
      }
      if (GONE.includes(code)) return send(request, reply, { notice, status })
      const errors = passwordRefusal(view, users, error, 'password')
      const isRefused = Object.keys(errors).length > 0
      const again = { ticket, values, status }
      return send(request, reply, isRefused ? { ...again, errors } : { ...again, notice })
    }
    if (returnTo !== undefined) return goOn(reply, returnTo)
    return goOn(reply, DEFAULT_RETURN_TO, 'INVITATION_ACCEPTED')
  }

  return {
    showInvitation: offered(async (request, reply) => send(request, reply)),
    acceptInvitation: offered(accept),
  }
}
