import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/caller.js'
import { DEFAULT_RETURN_TO, parkedIdOf } from '../../http/return-to.js'
import { usableFactorsOf } from '../../users/factors.js'
import { codeOf, goOn, isTooLate, type PageContext } from '../kit/context.js'
import { proofErrors, proofOf } from '../kit/factor-proof.js'
import { fieldOf } from '../kit/forms.js'
import { queryOf } from '../kit/query.js'
import type { Handler } from '../kit/routes.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import { withReturnTo } from '../sign-in/view.js'
import { StepUp } from './view.js'

interface Shown {
  readonly returnTo: string
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly status?: number
}

/**
 * A person who is signed in proves once more who they are, and goes back to the page that asked for it. Nothing is kept
 * in between: the form is proved in the session that it comes with. What they wanted to do, they do again.
 */
export function stepUpHandlers(context: PageContext) {
  const { sessions, stepUp } = context.services

  /** Back to a page of our own. */
  const ownPath = (given: string | undefined): string => {
    const returnTo = context.returnTo(given)
    return returnTo?.startsWith('/') === true ? returnTo : DEFAULT_RETURN_TO
  }

  /** Whether there is nothing to prove: an app says itself what it wants of the sign-in. */
  const isDone = async (request: FastifyRequest, returnTo: string): Promise<boolean> => {
    if (parkedIdOf(returnTo) === undefined) return isRecent(request)
    return (await context.pending(request, returnTo))?.next !== 'step-up'
  }

  const isRecent = ({ session }: FastifyRequest): boolean => {
    try {
      sessions.assertRecent(session)
      return true
    } catch (error) {
      if (!isTooLate(error)) throw error
      return false
    }
  }

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...shown }: Shown,
  ) => {
    const { account } = request.session
    const { email, passwordHash } = account
    const kinds = usableFactorsOf(account, context.options.hasPasskeys)
    // Who signs in at a provider or by mail does that again, and who has to set up a factor does it there.
    const hasPassword = passwordHash !== undefined && email !== undefined
    if (kinds.length === 0 && (!hasPassword || sessions.needsSecondFactor(account))) {
      return goOn(reply, withReturnTo('/login', shown.returnTo, 'RECENT_SIGN_IN_REQUIRED'))
    }
    const factors = kinds.length === 0 ? 'password' : kinds
    const view = context.view(request)
    const { appName } = (await context.asking(request, reply, shown.returnTo)) ?? {}
    return context.send(reply, <StepUp {...{ view, factors, email, appName }} {...shown} />, status)
  }

  const show: Handler = async (request, reply) => {
    const returnTo = ownPath(queryOf(request).returnTo)
    const isOver = await isDone(request, returnTo)
    return isOver ? goOn(reply, returnTo) : send(request, reply, { returnTo })
  }

  const prove: Handler = async (request, reply) => {
    const view = context.view(request)
    const returnTo = ownPath(fieldOf(request, 'returnTo'))
    const password = fieldOf(request, 'password')
    const proof = password === undefined ? proofOf(request) : { password }
    if (!proof) {
      const errors = {
        ...proofErrors(view, request),
        password: view.language.text('field.password.wrong'),
      }
      return send(request, reply, { returnTo, errors, status: 400 })
    }
    try {
      const caller = callerOf(request)
      const { ticket } = await stepUp.begin(request.session)
      const grant = await stepUp.complete(caller, request.session, { ticket, proof })
      await reply.deliverTokens(grant, 'cookies')
    } catch (error) {
      const notice = context.explain(request, reply, error)
      const errors =
        codeOf(error) === 'INVALID_CREDENTIALS'
          ? { password: view.language.text('stepUp.wrongPassword') }
          : proofErrors(view, request, error)
      const { statusCode: status } = reply
      const said = Object.keys(errors).length > 0 ? undefined : notice
      return send(request, reply, { returnTo, errors, notice: said, status })
    }
    return returnTo.includes('?') ? goOn(reply, returnTo) : goOn(reply, returnTo, 'STEPPED_UP')
  }

  return { show, prove }
}
