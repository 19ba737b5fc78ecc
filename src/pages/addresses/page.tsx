import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { callerOf } from '../../http/caller.js'
import { RegisterBody } from '../../users/schemas.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, fieldOf, fieldsOf } from '../kit/forms.js'
import { queryOf } from '../kit/query.js'
import type { Handler } from '../kit/routes.js'
import { fieldErrors } from '../kit/refusals.js'
import { returnTicket } from '../kit/returning.js'
import type { FieldErrors } from '../kit/view.js'
import { withReturnTo } from '../sign-in/view.js'
import { FreeAddress, Readdress } from './view.js'

interface Shown {
  readonly returnTo: string | undefined
  readonly errors?: FieldErrors
  readonly value?: string | undefined
  readonly status?: number
}

const ReaddressForm = Type.Object({ email: RegisterBody.properties.email })
const expired = (returnTo?: string) => withReturnTo('/login', returnTo, 'SIGN_IN_EXPIRED')

/** Addresses that leave an account, and accounts that get another one. */
export function addressHandlers(context: PageContext) {
  const { options } = context
  const { providers } = options
  const { freeing, accounts } = context.services
  const ticket = returnTicket(options)

  const showFreeing: Handler = async (request, reply) => {
    const asked = await freeing?.read(request)
    if (!asked) return goOn(reply, expired(context.returnTo(queryOf(request).returnTo)))
    const provider = providers.find(({ id }) => id === asked.provider)?.name ?? asked.provider
    const view = context.view(request)
    await context.asking(request, reply, asked.returnTo)
    return context.send(reply, <FreeAddress {...{ view, ...asked, provider }} />)
  }

  const freeAddress: Handler = async (request, reply) => {
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    return freeing ? freeing.confirm(request, reply, returnTo) : goOn(reply, expired(returnTo))
  }

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown & { readonly formerEmail: string },
  ) => {
    await context.asking(request, reply, shown.returnTo)
    return context.send(reply, <Readdress view={context.view(request)} {...shown} />, status)
  }

  const showReaddress: Handler = async (request, reply) => {
    const returnTo = context.returnTo(queryOf(request).returnTo)
    const returning = await ticket.read(request)
    if (!returning) return goOn(reply, expired(returnTo))
    return send(request, reply, { formerEmail: returning.formerEmail, returnTo })
  }

  const readdress: Handler = async (request, reply) => {
    const returnTo = context.returnTo(fieldOf(request, 'returnTo'))
    const returning = await ticket.read(request)
    if (!returning) return goOn(reply, expired(returnTo))
    const shown = { formerEmail: returning.formerEmail, returnTo }
    const typed = fieldsOf(request, ['email'])
    const form = checkForm(request, ReaddressForm, typed)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { ...shown, errors, value: typed.email, status: 400 })
    }
    const { email } = form.value
    try {
      if (!(await accounts.readdress(callerOf(request), returning, email))) {
        ticket.drop(reply)
        return await goOn(reply, expired(returnTo))
      }
    } catch (error) {
      if (codeOf(error) !== 'EMAIL_TAKEN') throw error
      const { text } = context.explain(request, reply, error)
      const errors = { email: text }
      return send(request, reply, { ...shown, errors, value: email, status: reply.statusCode })
    }
    ticket.drop(reply)
    return goOn(reply, withReturnTo('/login', returnTo), 'READDRESSED')
  }

  return { showFreeing, freeAddress, showReaddress, readdress }
}
