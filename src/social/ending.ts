import type { FastifyReply, FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { Problem } from '../http/problem.js'
import { SIGN_IN_ERRORS, type SignInError } from './errors.js'

/**
 * Where a flow ends: one redirect, to the place that was asked for or to the sign-in page with a code of
 * the closed list. Never a token, a code or a name in the URL.
 */
export const arrive = (reply: FastifyReply, returnTo: string): FastifyReply =>
  reply.redirect(returnTo, 302)

/** These are settled by signing in. */
const NEEDS_SIGN_IN: readonly SignInError[] = ['SIGN_IN_REQUIRED', 'RECENT_SIGN_IN_REQUIRED']

interface Stop {
  readonly provider: string
  readonly error: unknown
  /** Whether the person has a session that goes on. */
  readonly isSignedIn: boolean
  /** 303 after a form. */
  readonly status?: 302 | 303
}

/** Logs what went wrong, and tells the person in the words of the closed list. */
export function giveUp(
  request: FastifyRequest,
  reply: FastifyReply,
  { provider, error, isSignedIn, status = 302 }: Stop,
): FastifyReply {
  const code = signInErrorOf(error)
  if (!(error instanceof Problem)) report(request.log, 'unexpected_error', { err: error })
  const cause = error instanceof Problem ? causeOf(error) : undefined
  report(request.log, 'authn_login_fail', { provider, reason: code, cause })
  const page = isSignedIn && !NEEDS_SIGN_IN.includes(code) ? '/dashboard' : '/login'
  return reply.redirect(`${page}?error=${code}`, status)
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
