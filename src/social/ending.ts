import type { FastifyReply, FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { Problem } from '../http/problem.js'
import { otherThanDefault, parkedIdOf } from '../http/return-to.js'
import type { SealedCookie } from '../http/sealed-cookie.js'
import { withQuery } from '../lib/with-query.js'
import type { HalfWayFlows } from '../sign-in/half-way-flow.js'
import type { Question } from './entrance.js'
import { SIGN_IN_ERRORS, type SignInError } from './errors.js'
import type { Outcome } from './provider-sign-in.js'

/** The page that asks whether an address is to be freed. */
const FREEING_PATH = '/login/free'

/** Where a person who is signed in proves once more who they are, and comes back to their account. */
const STEP_UP = '/step-up?returnTo=%2Fdashboard'

interface Ending {
  /** Keeps the question of a sign-in that is not over. */
  readonly questions: SealedCookie<Question>
  /** Keeps a sign-in that a mail or a second factor completes. */
  readonly halfWay: HalfWayFlows
  /** 303 after a form. */
  readonly status?: 302 | 303
}

/**
 * Where a flow ends: one redirect, to the place that was asked for or to the sign-in page with a code of
 * the closed list. Never a token, a code or a name in the URL.
 */
export async function arrive(
  reply: FastifyReply,
  outcome: Outcome,
  { questions, halfWay, status = 302 }: Ending,
): Promise<FastifyReply> {
  if (outcome.what === 'asked') {
    await questions.write(reply, outcome.question)
    // The page says where it leads although the question may be over by then.
    const returnTo = otherThanDefault(outcome.question.returnTo)
    return reply.redirect(withQuery(FREEING_PATH, { returnTo }), status)
  }
  if (outcome.what === 'half-way') {
    const page = await halfWay.keep(reply.request, reply, outcome.error, outcome)
    if (page === undefined) throw outcome.error
    return reply.redirect(page, status)
  }
  if (outcome.what === 'entered') await reply.deliverTokens(outcome.grant, 'cookies')
  return reply.redirect(outcome.returnTo, status)
}

interface Stop {
  readonly provider: string
  readonly error: unknown
  /** Where the sign-in should have ended. */
  readonly returnTo?: string | undefined
  /** Of a sign-in on a computer that others use. */
  readonly isShort?: boolean | undefined
  /** Whether the person has a session that goes on. */
  readonly isSignedIn: boolean
  /** 303 after a form. */
  readonly status?: 302 | 303
}

/** Logs what went wrong, and tells the person in the words of the closed list. */
export function giveUp(
  request: FastifyRequest,
  reply: FastifyReply,
  { provider, error, returnTo, isShort = false, isSignedIn, status = 302 }: Stop,
): FastifyReply {
  const code = signInErrorOf(error)
  if (!(error instanceof Problem)) report(request.log, 'unexpected_error', { err: error })
  const cause = error instanceof Problem ? causeOf(error) : undefined
  report(request.log, 'authn_login_fail', { provider, reason: code, cause })
  if (code === 'RECENT_SIGN_IN_REQUIRED') return reply.redirect(STEP_UP, status)
  // Where an app waits, the sign-in is not over for a person who is signed in already.
  const isOver = isSignedIn && code !== 'SIGN_IN_REQUIRED' && parkedIdOf(returnTo) === undefined
  if (isOver) return reply.redirect(`/dashboard?error=${code}`, status)
  const query = {
    error: code,
    returnTo: otherThanDefault(returnTo),
    keepSignedIn: isShort ? 'no' : undefined,
  }
  return reply.redirect(withQuery('/login', query), status)
}

function signInErrorOf(error: unknown): SignInError {
  const code = error instanceof Problem ? error.type.code : ''
  return SIGN_IN_ERRORS.find((known) => known === code) ?? 'TEMPORARILY_UNAVAILABLE'
}

/** The name of a check, or of an error's class: messages may quote what must not be logged. */
function causeOf({ extras: { cause } }: Problem): string | undefined {
  if (typeof cause === 'string') return cause
  return cause instanceof Error ? cause.name : undefined
}
