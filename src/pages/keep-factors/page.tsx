import type { FastifyReply, FastifyRequest } from 'fastify'
import { KeepFactorsBody } from '../../factors/schemas.js'
import { callerOf } from '../../http/caller.js'
import { unlessWithoutMail } from '../failure/without-mail.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, pastedTicket } from '../kit/forms.js'
import { fieldErrors } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { KeepFactors } from './view.js'

interface Shown {
  readonly ticket?: string | undefined
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

/**
 * Keeps second factors that an administrator began to remove. The page that the mail leads to does not redirect when it
 * is opened: a redirect would carry the ticket on.
 */
export function keepFactorsHandlers(context: PageContext) {
  const { factorsRemovals } = context.services

  const offered = unlessWithoutMail(context, {
    service: factorsRemovals,
    title: 'keepFactors.title',
  })

  const send = (request: FastifyRequest, reply: FastifyReply, { status, ...shown }: Shown = {}) =>
    context.send(reply, <KeepFactors view={context.view(request)} {...shown} />, status)

  const keepFactors: Handler = async (request, reply) => {
    const ticket = pastedTicket(request)
    const form = checkForm(request, KeepFactorsBody, ticket === undefined ? {} : { ticket })
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), ['link'])
      return send(request, reply, { errors, status: 400 })
    }
    try {
      await factorsRemovals.cancel(callerOf(request), form.value.ticket)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      if (codeOf(error) !== 'TICKET_INVALID')
        return send(request, reply, { ticket, notice, status })
      const text = context.view(request).language.text('keepFactors.refused')
      return send(request, reply, { notice: { ...notice, text }, status })
    }
    return goOn(reply, '/login', 'FACTORS_KEPT')
  }

  return {
    showKeepFactors: offered(async (request, reply) => send(request, reply)),
    keepFactors: offered(keepFactors),
  }
}
