import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import { type HalfWayFlow, HalfWayFlows } from '../../sign-in/half-way-flow.js'
import { goOn, type PageContext } from '../kit/context.js'
import { isOutage } from '../../http/problem.js'
import { proofErrors, proofOf } from '../kit/factor-proof.js'
import { fieldOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { withReturnTo } from '../sign-in/view.js'
import { FewCodes, SecondStep } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

/** From so few recovery codes on, their person is told. */
const FEW_CODES = 2

/** The second step of a sign-in whose ticket the browser keeps. */
export function secondStepHandlers(context: PageContext) {
  const { current, secondStep } = context.services
  const flows = new HalfWayFlows(context.options)

  /** Also for a page that stays open in another tab: a person who is signed in by now has got what they wanted. */
  const leave = async (request: FastifyRequest, reply: FastifyReply, flow?: HalfWayFlow) => {
    const returnTo = onwardOf(request, flow)
    if (await current.resume(request, reply)) return goOn(reply, returnTo ?? DEFAULT_RETURN_TO)
    flows.drop(reply)
    return goOn(reply, withReturnTo('/login', returnTo, 'SIGN_IN_EXPIRED'))
  }

  /** Where the sign-in ends: the browser keeps one, and of two tabs each goes on where it came from. */
  const onwardOf = (request: FastifyRequest, flow: HalfWayFlow | undefined) =>
    context.returnTo(fieldOf(request, 'returnTo')) ?? flow?.returnTo

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    flow: HalfWayFlow,
    { status, ...shown }: Shown = {},
  ) => {
    const returnTo = onwardOf(request, flow)
    const step = await secondStep.look(flow.ticket)
    if (!step) return leave(request, reply, flow)
    const view = context.view(request)
    const trusts = fieldOf(request, 'trustDevice') !== undefined
    const { appName } = (await context.asking(request, reply, returnTo)) ?? {}
    const props = { ...step, ...shown, trusts, returnTo, appName }
    return context.send(reply, <SecondStep view={view} {...props} />, status)
  }

  const show: Handler = async (request, reply) => {
    const flow = await flows.read(request, 'second-factor')
    return flow ? send(request, reply, flow) : leave(request, reply)
  }

  const prove: Handler = async (request, reply) => {
    const view = context.view(request)
    const flow = await flows.read(request, 'second-factor')
    if (!flow) return leave(request, reply)
    const { ticket } = flow
    const returnTo = onwardOf(request, flow) ?? DEFAULT_RETURN_TO
    const proof = proofOf(request)
    if (!proof) {
      return send(request, reply, flow, { errors: proofErrors(view, request), status: 400 })
    }
    try {
      const trustDevice = fieldOf(request, 'trustDevice') !== undefined
      const wish = { ticket, proof, transport: 'cookies', trustDevice } as const
      const { recoveryCodesLeft, trust, ...grant } = await secondStep.complete(
        callerOf(request),
        wish,
      )
      await reply.deliverTokens(grant, 'cookies')
      if (trust) reply.writeCookie(trust.cookie, trust.secret, trust.seconds)
      if (recoveryCodesLeft === undefined || recoveryCodesLeft > FEW_CODES) {
        return await goOn(reply, returnTo)
      }
      const few = <FewCodes view={view} left={recoveryCodesLeft} returnTo={returnTo} />
      return await context.send(reply, few)
    } catch (error) {
      // The answer may be lost of a write that was made: then the form would say that the sign-in has expired.
      if (isOutage(error) && !(await secondStep.look(ticket))) throw error
      const notice = context.explain(request, reply, error)
      const errors = proofErrors(view, request, error)
      const { statusCode: status } = reply
      const said = Object.keys(errors).length > 0 ? undefined : notice
      return send(request, reply, flow, { errors, notice: said, status })
    }
  }

  return { show, prove }
}
