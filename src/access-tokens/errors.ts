import { Problem, type ProblemType } from '../http/problem.js'

export const ACCESS_TOKEN_REQUIRED: ProblemType = {
  status: 401,
  code: 'ACCESS_TOKEN_REQUIRED',
  title: 'Access token required',
}
export const TOKEN_EXPIRED: ProblemType = {
  status: 401,
  code: 'TOKEN_EXPIRED',
  title: 'Token expired',
}
export const TOKEN_INVALID: ProblemType = {
  status: 401,
  code: 'TOKEN_INVALID',
  title: 'Invalid token',
}
export const INVALID_REQUEST: ProblemType = {
  status: 400,
  code: 'INVALID_REQUEST',
  title: 'Send one access token, in one Authorization header',
}
export const FORBIDDEN: ProblemType = { status: 403, code: 'FORBIDDEN', title: 'Forbidden' }
export const INSUFFICIENT_SCOPE: ProblemType = {
  status: 403,
  code: 'INSUFFICIENT_SCOPE',
  title: 'Insufficient scope',
}

const OAUTH_ERROR: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'invalid_token',
  403: 'insufficient_scope',
}

/**
 * A refusal with its RFC 6750 §3 challenge. A request without a credential gets no `error` (§3.1).
 * @param cause for the log alone: what is wrong with a token whose signature is good.
 */
export function bearerProblem(type: ProblemType, scope?: string, cause?: string): Problem {
  const parts = ['Bearer realm="latchkey"']
  if (type !== ACCESS_TOKEN_REQUIRED) {
    parts.push(`error="${OAUTH_ERROR[type.status]}"`, `error_description="${type.title}"`)
  }
  if (scope) parts.push(`scope="${scope}"`)
  return new Problem(type, { headers: { 'www-authenticate': parts.join(', ') }, cause })
}
