import type { FastifyReply, FastifyRequest } from 'fastify'
import { MailFlow } from '../../email/mail-flow.js'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import { ChangeAddressBody, ConfirmAddressBody, UndoAddressBody } from '../../sign-in/schemas.js'
import { unlessWithoutMail } from '../failure/without-mail.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldsOf, pastedTicket } from '../kit/forms.js'
import { CHANGE_EMAIL } from '../kit/paths.js'
import { fieldErrors } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { ChangeEmail, Undo } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

/**
 * Another address for an account, and the way back. The page that a mail leads to does not redirect when it is opened: a
 * redirect would carry the ticket on.
 */
export function emailHandlers(context: PageContext) {
  const { current, addressChange, addressUndo } = context.services
  const flow = new MailFlow('address-change', context.options)

  const offered = unlessWithoutMail(context, {
    service: addressChange,
    title: 'email.change.title',
  })

  const sendChange = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown & { readonly value?: string | undefined } = {},
  ) => {
    const { email: asked } = (await flow.read(request)) ?? {}
    const [view, owner] = [context.view(request), context.owner(request)]
    const page = <ChangeEmail view={view} owner={owner} asked={asked} {...shown} />
    return context.send(reply, page, status)
  }

  const ask: Handler = async (request, reply) => {
    const view = context.view(request)
    const typed = fieldsOf(request, ['newEmail'])
    const form = checkForm(request, ChangeAddressBody, typed)
    const again = { value: typed.newEmail, status: 400 }
    if (form.wrong) {
      return sendChange(request, reply, { ...again, errors: fieldErrors(view, form.wrong) })
    }
    const { newEmail } = form.value
    try {
      const asked = await addressChange.ask(callerOf(request), request.session, newEmail)
      await flow.keep(request, reply, asked, { email: newEmail })
    } catch (error) {
      if (isTooLate(error)) return proveAgain(reply, CHANGE_EMAIL)
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      if (codeOf(error) !== 'VALIDATION_FAILED') {
        return sendChange(request, reply, { ...again, status, notice })
      }
      const errors = { newEmail: view.language.text('email.change.same') }
      return sendChange(request, reply, { ...again, errors })
    }
    return goOn(reply, CHANGE_EMAIL)
  }

  const confirm: Handler = async (request, reply) => {
    const form = checkForm(request, ConfirmAddressBody, fieldsOf(request, ['code']))
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return sendChange(request, reply, { errors, status: 400 })
    }
    try {
      await addressChange.confirm(callerOf(request), request.session, form.value.code)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      return sendChange(request, reply, { notice, status: reply.statusCode })
    }
    flow.drop(reply)
    return goOn(reply, DEFAULT_RETURN_TO, 'EMAIL_CHANGED')
  }

  const sendUndo = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown & { readonly ticket?: string | undefined } = {},
  ) => context.send(reply, <Undo view={context.view(request)} {...shown} />, status)

  const undo: Handler = async (request, reply) => {
    const { password } = fieldsOf(request, ['password'])
    const ticket = pastedTicket(request)
    const form = checkForm(request, UndoAddressBody, {
      ...(ticket !== undefined && { ticket }),
      ...(password !== undefined && { password }),
    })
    if (form.wrong) {
      const names = form.wrong.map((name) => (name === 'ticket' ? 'link' : name))
      const errors = fieldErrors(context.view(request), names)
      return sendUndo(request, reply, { errors, status: 400 })
    }
    try {
      const session = password === undefined ? await current.resume(request, reply) : undefined
      await addressUndo.undo(callerOf(request), form.value.ticket, { password, session })
    } catch (error) {
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      const isRefused = codeOf(error) === 'TICKET_INVALID'
      const text = context.view(request).language.text('undo.refused')
      const said = isRefused ? { ...notice, text } : notice
      return sendUndo(request, reply, { ticket, notice: said, status })
    }
    return goOn(reply, '/login', 'EMAIL_CHANGE_UNDONE')
  }

  return {
    showChange: offered((request, reply) => sendChange(request, reply)),
    ask: offered(ask),
    confirm: offered(confirm),
    showUndo: offered(async (request, reply) => sendUndo(request, reply)),
    undo: offered(undo),
  }
}
