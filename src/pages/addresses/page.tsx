import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { callerOf } from '../../http/caller.js'
import { RegisterBody } from '../../users/schemas.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, fieldsOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import { fieldErrors } from '../kit/refusals.js'
import { returnTicket } from '../kit/returning.js'
import type { FieldErrors } from '../kit/view.js'
import { FreeAddress, Readdress } from './view.js'

interface Shown {
  readonly errors?: FieldErrors
  readonly value?: string | undefined
  readonly status?: number
}

const ReaddressForm = Type.Object({ email: RegisterBody.properties.email })
const EXPIRED = '/login?error=SIGN_IN_EXPIRED'

/** Addresses that leave an account, and accounts that get another one. */
export function addressHandlers(context: PageContext) {
  const { options } = context
  const { providers } = options
  const { freeing, accounts } = context.services
  const ticket = returnTicket(options)

  const showFreeing: Handler = async (request, reply) => {
    const asked = await freeing?.read(request)
    if (!asked) return goOn(reply, EXPIRED)
    const provider = providers.find(({ id }) => id === asked.provider)?.name ?? asked.provider
    const view = context.view(request)
    return context.send(reply, <FreeAddress view={view} email={asked.email} provider={provider} />)
  }

  const freeAddress: Handler = async (request, reply) =>
    freeing ? freeing.confirm(request, reply) : goOn(reply, EXPIRED)

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown & { readonly formerEmail: string },
  ) => context.send(reply, <Readdress view={context.view(request)} {...shown} />, status)

  const showReaddress: Handler = async (request, reply) => {
    const returning = await ticket.read(request)
    if (!returning) return goOn(reply, EXPIRED)
    return send(request, reply, returning)
  }

  const readdress: Handler = async (request, reply) => {
    const returning = await ticket.read(request)
    if (!returning) return goOn(reply, EXPIRED)
    const { formerEmail } = returning
    const typed = fieldsOf(request, ['email'])
    const form = checkForm(request, ReaddressForm, typed)
    if (form.wrong) {
      const errors = fieldErrors(context.view(request), form.wrong)
      return send(request, reply, { formerEmail, errors, value: typed.email, status: 400 })
    }
    const { email } = form.value
    try {
      if (!(await accounts.readdress(callerOf(request), returning, email))) {
        ticket.drop(reply)
        return await goOn(reply, EXPIRED)
      }
    } catch (error) {
      if (codeOf(error) !== 'EMAIL_TAKEN') throw error
      const { text } = context.explain(request, reply, error)
      const shown = { formerEmail, errors: { email: text }, value: email }
      return send(request, reply, { ...shown, status: reply.statusCode })
    }
    ticket.drop(reply)
    return goOn(reply, '/login', 'READDRESSED')
  }

  return { showFreeing, freeAddress, showReaddress, readdress }
}
