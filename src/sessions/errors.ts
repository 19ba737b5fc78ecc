import type { Acr } from '../access-tokens/authentication.js'
import { insufficientAuthentication } from '../access-tokens/errors.js'
import { Problem, type ProblemType } from '../http/problem.js'

export interface SessionRef {
  readonly userId: string
  readonly sessionId: string
}

/** A token that a second party presented, for the log alone. Origins are keyed digests. */
export interface ReplayReport {
  /** How many generations in a row are struck. */
  readonly strikes: number
  readonly origin: string | undefined
  readonly rotatedFrom: string | undefined
}

/** What the log says of a refused refresh token. */
export interface RefreshFailure extends SessionRef {
  readonly replay?: ReplayReport | undefined
}

export const REFRESH_TOKEN_REQUIRED: ProblemType = {
  status: 401,
  code: 'REFRESH_TOKEN_REQUIRED',
  title: 'Refresh token required',
}
export const REFRESH_TOKEN_INVALID: ProblemType = {
  status: 401,
  code: 'REFRESH_TOKEN_INVALID',
  title: 'Invalid refresh token',
}
export const REFRESH_TOKEN_REUSED: ProblemType = {
  status: 401,
  code: 'REFRESH_TOKEN_REUSED',
  title: 'Refresh token reused',
}
export const REFRESH_CONFLICT: ProblemType = {
  status: 409,
  code: 'REFRESH_CONFLICT',
  title: 'Another client has just used this refresh token',
}
export const SESSION_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'SESSION_NOT_FOUND',
  title: 'Session not found',
}
const RECENT_SIGN_IN_REQUIRED: ProblemType = {
  status: 401,
  code: 'RECENT_SIGN_IN_REQUIRED',
  title: 'Sign in again to make this change',
}

/**
 * RFC 9470 §3: the token is good, but its user has authenticated too long ago, or by too few factors.
 * @param maxAge seconds.
 */
export const recentSignInRequired = (maxAge: number, acr?: Acr): Problem =>
  insufficientAuthentication({ ...(acr && { acrValues: [acr] }), maxAge }, RECENT_SIGN_IN_REQUIRED)

/**
 * RFC 9110 §15.5.2 wants a challenge with every 401.
 * @param whose for the log alone: the session that a genuine token names.
 */
export const refreshProblem = (type: ProblemType, whose?: RefreshFailure): Problem =>
  new Problem(type, { headers: { 'www-authenticate': 'Bearer realm="latchkey"' }, cause: whose })

/** Says nothing about the token: its client may find the successor in its store, and asks again. */
export const refreshConflict = (whose: RefreshFailure): Problem =>
  new Problem(REFRESH_CONFLICT, {
    headers: { 'retry-after': '2' },
    detail: 'Look for a newer refresh token in your store, then ask again.',
    cause: whose,
  })
