import type { FastifyReply, FastifyRequest } from 'fastify'
import { CreatePasskeyBody } from '../../factors/passkeys/schemas.js'
import { ConfirmTotpBody } from '../../factors/schemas.js'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO } from '../../http/return-to.js'
import type { EnrolledSignIn } from '../../sign-in/forced-enrolment.js'
import { type HalfWayFlow, HalfWayFlows } from '../../sign-in/half-way-flow.js'
import { codeOf, goOn, type PageContext } from '../kit/context.js'
import { credentialOf } from '../kit/factor-proof.js'
import { checkForm, fieldOf, fieldsOf } from '../kit/forms.js'
import { ENROLMENT, ENROLMENT_TOTP } from '../kit/paths.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { withReturnTo } from '../sign-in/view.js'
import { Enrolled, EnrolTotp, Ways } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

type Work = (
  request: FastifyRequest,
  reply: FastifyReply,
  flow: HalfWayFlow,
) => Promise<FastifyReply>

/** The first factor of an account that has to have one, in a sign-in whose ticket the browser keeps. */
export function enrolmentHandlers(context: PageContext) {
  const { current, forcedEnrolment } = context.services
  const { hasPasskeys } = context.options
  const flows = new HalfWayFlows(context.options)

  /** A person who is signed in by now has got what they wanted. */
  const leave = async (request: FastifyRequest, reply: FastifyReply, flow?: HalfWayFlow) => {
    const onward = flow?.returnTo ?? DEFAULT_RETURN_TO
    if (await current.resume(request, reply)) return goOn(reply, onward)
    flows.drop(reply)
    return goOn(reply, withReturnTo('/login', flow?.returnTo, 'SIGN_IN_EXPIRED'))
  }

  const during =
    (work: Work): Handler =>
    async (request, reply) => {
      const flow = await flows.read(request, 'enrolment')
      if (!flow || !(await forcedEnrolment.look(flow.ticket))) return leave(request, reply, flow)
      return work(request, reply, flow)
    }

  const sendWays = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice }: Shown = {},
  ) => {
    const view = context.view(request)
    return context.send(reply, <Ways {...{ view, hasPasskeys, notice }} />, status)
  }

  const sendTotp = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { ticket }: HalfWayFlow,
    { status, errors = {} }: Shown = {},
  ) => {
    const secret = await forcedEnrolment.pendingTotp(ticket)
    if (!secret) return goOn(reply, ENROLMENT)
    const view = context.view(request)
    return context.send(reply, <EnrolTotp {...{ view, secret, errors }} />, status)
  }

  const enter = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { returnTo = DEFAULT_RETURN_TO }: HalfWayFlow,
    { recoveryCodes, ...grant }: EnrolledSignIn,
  ) => {
    await reply.deliverTokens(grant, 'cookies')
    const view = context.view(request)
    const page = <Enrolled view={view} codes={recoveryCodes} returnTo={returnTo} />
    return context.send(reply, page, 201)
  }

  const beginTotp = during(async (_request, reply, { ticket }) => {
    await forcedEnrolment.beginTotp(ticket)
    return goOn(reply, ENROLMENT_TOTP)
  })

  const confirmTotp = during(async (request, reply, flow) => {
    const errors = { code: context.view(request).language.text('field.totp.wrong') }
    const form = checkForm(request, ConfirmTotpBody, fieldsOf(request, ['code']))
    if (form.wrong) return sendTotp(request, reply, flow, { errors, status: 400 })
    try {
      const { ticket } = flow
      const wish = { transport: 'cookies' } as const
      const { code } = form.value
      const entered = await forcedEnrolment.confirmTotp(callerOf(request), ticket, code, wish)
      return await enter(request, reply, flow, entered)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      const { statusCode: status } = reply
      return codeOf(error) === 'FACTOR_INVALID'
        ? sendTotp(request, reply, flow, { errors, status })
        : sendWays(request, reply, { notice, status })
    }
  })

  /** For the script, which finds the ticket nowhere. */
  const passkeyOptions = during(async (_request, reply, { ticket }) =>
    reply.send(await forcedEnrolment.beginPasskey(ticket)),
  )

  const addPasskey = during(async (request, reply, flow) => {
    const attestation = credentialOf(fieldOf(request, 'attestation') ?? '')
    const form = checkForm(request, CreatePasskeyBody, { attestation })
    if (form.wrong) {
      const text = context.view(request).language.text('passkey.attestation.failed')
      return sendWays(request, reply, { notice: { tone: 'bad', text }, status: 400 })
    }
    try {
      const wish = { transport: 'cookies' } as const
      const { ticket } = flow
      const entered = await forcedEnrolment.createPasskey(
        callerOf(request),
        ticket,
        form.value,
        wish,
      )
      return await enter(request, reply, flow, entered)
    } catch (error) {
      const notice = context.explain(request, reply, error)
      return sendWays(request, reply, { notice, status: reply.statusCode })
    }
  })

  return {
    showWays: during(async (request, reply) => sendWays(request, reply)),
    beginTotp,
    showTotp: during(async (request, reply, flow) => sendTotp(request, reply, flow)),
    confirmTotp,
    passkeyOptions,
    addPasskey,
  }
}
