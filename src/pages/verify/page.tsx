import type { FastifyReply, FastifyRequest } from 'fastify'
import { MailFlow } from '../../email/mail-flow.js'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import { HalfWayFlows } from '../../sign-in/half-way-flow.js'
import { VerifyBody } from '../../sign-in/schemas.js'
import { ticketInvalid } from '../../tickets/errors.js'
import { proofOf } from '../../tickets/schemas.js'
import { unlessWithoutMail } from '../failure/without-mail.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { checkForm, fieldOf, fieldsOf } from '../kit/forms.js'
import { VERIFY } from '../kit/paths.js'
import { fieldErrors } from '../kit/refusals.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { Verify } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly ticket?: string | undefined
  readonly asksPassword?: boolean
  readonly status?: number
}

/** A form without a flow is one whose flow has expired. */
const NO_FLOW = '-'

/** After these no password helps: the link is not sent again. */
const GONE = ['TICKET_INVALID', 'EMAIL_TAKEN', 'SIGN_UP_CLOSED']

/**
 * Addresses that are proved by mail. The page does not redirect when it is opened: a redirect would carry the ticket
 * on.
 */
export function verifyHandlers(context: PageContext) {
  const { current, verification } = context.services
  const flow = new MailFlow('verification', context.options)
  const halfWay = new HalfWayFlows(context.options)

  const offered = unlessWithoutMail(context, { service: verification, title: 'verify.title' })

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown = {},
  ) => {
    const { email, returnTo } = (await flow.read(request)) ?? {}
    const view = context.view(request)
    await context.asking(request, reply, returnTo)
    return context.send(reply, <Verify view={view} email={email} {...shown} />, status)
  }

  const verify: Handler = async (request, reply) => {
    const { ticket, code, password } = fieldsOf(request, ['ticket', 'code', 'password'])
    const { flow: kept = NO_FLOW, email, returnTo } = (await flow.read(request)) ?? {}
    const form = checkForm(request, VerifyBody, {
      flow: kept,
      ...(ticket === undefined ? { ...(code && { code }) } : { ticket }),
      ...(password !== undefined && { password }),
    })
    if (form.wrong) {
      const names = form.wrong.filter((name) => name !== 'ticket')
      const errors = fieldErrors(context.view(request), names)
      return send(request, reply, { errors, ticket, status: 400 })
    }
    const session = await current.resume(request, reply)
    try {
      if (ticket === undefined && kept === NO_FLOW) throw ticketInvalid()
      const ownership = { session, password, transport: 'cookies' } as const
      const proof = proofOf(form.value)
      const { user, grant } = await verification.confirm(callerOf(request), proof, ownership)
      flow.drop(reply)
      if (grant) await reply.deliverTokens(grant, 'cookies')
      if (grant && returnTo !== undefined) return await goOn(reply, returnTo)
      const isIn = grant !== undefined || session?.account.id === user.id
      return await goOn(reply, isIn ? DEFAULT_RETURN_TO : '/login', 'EMAIL_VERIFIED')
    } catch (error) {
      const onward = await halfWay.keep(request, reply, error, { email, returnTo })
      if (onward !== undefined) return goOn(reply, onward)
      const notice = context.explain(request, reply, error)
      const reason = codeOf(error) ?? ''
      const { statusCode: status } = reply
      if (ticket === undefined || GONE.includes(reason)) {
        return send(request, reply, { notice, status })
      }
      const asksPassword = reason === 'PASSWORD_REQUIRED' || password !== undefined
      const again = { ticket, asksPassword, status }
      if (reason === 'PASSWORD_REQUIRED') return send(request, reply, again)
      if (reason !== 'INVALID_CREDENTIALS') return send(request, reply, { ...again, notice })
      const errors = { password: context.view(request).language.text('verify.wrongPassword') }
      return send(request, reply, { ...again, errors })
    }
  }

  const disown: Handler = async (request, reply) => {
    const ticket = fieldOf(request, 'ticket')
    if (ticket !== undefined && fieldOf(request, 'notMine') === undefined) {
      return send(request, reply, { ticket, status: 400 })
    }
    try {
      if (ticket === undefined) throw ticketInvalid()
      await verification.disown(callerOf(request), ticket)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      return send(request, reply, { notice, status: reply.statusCode })
    }
    return goOn(reply, '/login', 'ACCOUNT_DISOWNED')
  }

  const ask: Handler = async (request, reply) => {
    const { session } = request
    try {
      const asked = await verification.ask(callerOf(request), session)
      await flow.keep(request, reply, asked, { email: session.account.email ?? '' })
    } catch (error) {
      if (codeOf(error) !== 'NOTHING_TO_VERIFY') throw error
      return goOn(reply, DEFAULT_RETURN_TO)
    }
    return goOn(reply, VERIFY)
  }

  return {
    showVerify: offered((request, reply) => send(request, reply)),
    verify: offered(verify),
    disown: offered(disown),
    ask: offered(ask),
  }
}
