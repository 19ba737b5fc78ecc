import type { FastifyReply, FastifyRequest } from 'fastify'
import { MailFlow } from '../../email/mail-flow.js'
import { callerOf } from '../../http/caller.js'
import { ticketInvalid } from '../../tickets/errors.js'
import { proofOf } from '../../tickets/schemas.js'
import { ForgotPasswordBody, ResetPasswordBody } from '../../users/schemas.js'
import { unlessWithoutMail } from '../failure/without-mail.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, fieldOf, fieldsOf } from '../kit/forms.js'
import { queryOf } from '../kit/query.js'
import { RESET } from '../kit/paths.js'
import { fieldErrors, passwordRefusal } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { withReturnTo } from '../sign-in/view.js'
import { Forgot, Reset } from './view.js'

interface Shown {
  readonly notice?: Notice
  readonly errors?: FieldErrors
  readonly value?: string | undefined
  readonly returnTo?: string | undefined
  readonly ticket?: string | undefined
  readonly status?: number
}

/** A form without a flow is one whose flow has expired. */
const NO_FLOW = '-'

/** A forgotten password. Neither page redirects when it is opened: a redirect would carry the ticket on. */
export function resetHandlers(context: PageContext) {
  const { users, passwordReset } = context.services
  const flow = new MailFlow('password-reset', context.options)

  const offered = unlessWithoutMail(context, {
    service: passwordReset,
    title: 'forgot.none',
    text: 'forgot.none.about',
  })

  const sendForgot = (request: FastifyRequest, reply: FastifyReply, { status, ...shown }: Shown) =>
    context.send(reply, <Forgot view={context.view(request)} {...shown} />, status)

  const sendReset = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown,
  ) => {
    const { email } = (await flow.read(request)) ?? {}
    const view = context.view(request)
    const rules = users.passwordRules
    return context.send(reply, <Reset view={view} email={email} rules={rules} {...shown} />, status)
  }

  const forgot: Handler = async (request, reply) => {
    const typed = fieldsOf(request, ['email'])
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const form = checkForm(request, ForgotPasswordBody, typed)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return sendForgot(request, reply, { errors, value: typed.email, returnTo, status: 400 })
    }
    const { email } = form.value
    const asked = await passwordReset.ask(callerOf(request), email)
    await flow.keep(request, reply, asked, { email, returnTo })
    return goOn(reply, RESET)
  }

  const reset: Handler = async (request, reply) => {
    const ticket = fieldOf(request, 'ticket')
    const kept = await flow.read(request)
    const typed =
      ticket === undefined
        ? { ...fieldsOf(request, ['code', 'newPassword']), flow: kept?.flow ?? NO_FLOW }
        : { ...fieldsOf(request, ['newPassword']), ticket }
    const form = checkForm(request, ResetPasswordBody, typed)
    if (form.wrong) {
      const names = form.wrong.filter((name) => name !== 'ticket')
      const errors = fieldErrors(context.view(request), names)
      return sendReset(request, reply, { errors, ticket, status: 400 })
    }
    const { newPassword, ...proof } = form.value
    try {
      if (proof.flow === NO_FLOW) throw ticketInvalid()
      await passwordReset.reset(callerOf(request), proofOf(proof), newPassword)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      const errors = passwordRefusal(context.view(request), users, error, 'newPassword')
      // A link that is not good is not sent again: the code of a newer mail may be typed.
      const isGone = codeOf(error) === 'TICKET_INVALID'
      const again = { ticket: isGone ? undefined : ticket, status }
      const isRefused = Object.keys(errors).length > 0
      return sendReset(request, reply, isRefused ? { ...again, errors } : { ...again, notice })
    }
    flow.drop(reply)
    return goOn(reply, withReturnTo('/login', kept?.returnTo), 'PASSWORD_RESET')
  }

  return {
    showForgot: offered(async (request, reply) =>
      sendForgot(request, reply, { returnTo: context.returnTo(queryOf(request).returnTo) }),
    ),
    forgot: offered(forgot),
    showReset: offered((request, reply) => sendReset(request, reply, {})),
    reset: offered(reset),
  }
}
