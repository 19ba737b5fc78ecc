import type { FastifyReply, FastifyRequest } from 'fastify'
import { MailFlow } from '../../email/mail-flow.js'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import { HalfWayFlows } from '../../sign-in/half-way-flow.js'
import { MailSignInConfirmBody } from '../../sign-in/schemas.js'
import { proofOf } from '../../tickets/schemas.js'
import { ForgotPasswordBody } from '../../users/schemas.js'
import { unlessWithoutMail } from '../failure/without-mail.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, fieldOf, fieldsOf, keepChoiceOf } from '../kit/forms.js'
import { queryOf } from '../kit/query.js'
import { MAIL_SIGN_IN } from '../kit/paths.js'
import { fieldErrors } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { MailSignIn, StartOver } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly value?: string | undefined
  readonly returnTo?: string | undefined
  readonly status?: number
}

/**
 * Signing in by mail. The page does not redirect when it is opened: a redirect would carry the ticket on. A link is
 * good in the browser that asked alone, so that a program that opens and presses gets nothing.
 */
export function mailSignInHandlers(context: PageContext) {
  const { mailSignIn } = context.services
  const flow = new MailFlow('sign-in', context.options)
  const halfWay = new HalfWayFlows(context.options)

  const offered = unlessWithoutMail(context, { service: mailSignIn, title: 'mailSignIn.title' })

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown = {},
  ) => {
    const kept = await flow.read(request)
    const view = context.view(request)
    const { returnTo = kept?.returnTo } = shown
    const { appName, loginHint } = (await context.asking(request, reply, returnTo)) ?? {}
    const keepsSignedIn = keepChoiceOf(request) ?? kept?.isShort !== true
    const props = { value: kept?.email ?? loginHint, keepsSignedIn, ...shown, returnTo, appName }
    return context.send(reply, <MailSignIn view={view} email={kept?.email} {...props} />, status)
  }

  const show: Handler = async (request, reply) => {
    const returnTo = context.returnTo(queryOf(request).returnTo)
    const notice = context.notice(request)
    return send(request, reply, { notice, ...(returnTo !== undefined && { returnTo }) })
  }

  const ask: Handler = async (request, reply) => {
    const typed = fieldsOf(request, ['email'])
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const form = checkForm(request, ForgotPasswordBody, typed)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { errors, value: typed.email, returnTo, status: 400 })
    }
    const { email } = form.value
    const asked = await mailSignIn.ask(callerOf(request), email)
    await flow.keep(request, reply, asked, { email, returnTo, isShort: isShort(request) })
    return goOn(reply, MAIL_SIGN_IN)
  }

  const confirm: Handler = async (request, reply) => {
    const view = context.view(request)
    const asked = await flow.read(request)
    const kept = asked && { ...asked, isShort: isShort(request) ?? asked.isShort }
    const startOver = fieldOf(request, 'startOver') !== undefined
    const typed = startOver ? kept?.presented : fieldsOf(request, ['ticket', 'code'])
    const { ticket, code } = typed ?? {}
    if (!kept) {
      const notice = { tone: 'bad', text: view.language.text('mailSignIn.elsewhere') } as const
      return send(request, reply, { notice, status: 400 })
    }
    const presented = ticket === undefined ? { ...(code !== undefined && { code }) } : { ticket }
    const form = checkForm(request, MailSignInConfirmBody, { flow: kept.flow, ...presented })
    if (form.wrong) {
      const names = form.wrong.filter((name) => name !== 'ticket')
      return send(request, reply, { errors: fieldErrors(view, names), status: 400 })
    }
    try {
      const wish = { transport: 'cookies', startOver, isShort: kept.isShort } as const
      const grant = await mailSignIn.confirm(callerOf(request), proofOf(form.value), wish)
      await reply.deliverTokens(grant, 'cookies')
    } catch (error) {
      const onward = await halfWay.keep(request, reply, error, kept)
      if (onward !== undefined) return goOn(reply, onward)
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      if (codeOf(error) !== 'ACCOUNT_UNPROVED') return send(request, reply, { notice, status })
      await flow.present(reply, kept, presented)
      await context.asking(request, reply, kept.returnTo)
      return context.send(reply, <StartOver view={view} email={kept.email} />, status)
    }
    return goOn(reply, kept.returnTo ?? DEFAULT_RETURN_TO)
  }

  return { show: offered(show), ask: offered(ask), confirm: offered(confirm) }
}

/** Whether the person is on a computer that others use; undefined for a form that does not say it. */
function isShort(request: FastifyRequest): boolean | undefined {
  const isKept = keepChoiceOf(request)
  return isKept === undefined ? undefined : !isKept
}
