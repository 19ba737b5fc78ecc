import { Problem, type ProblemType } from '../problem.js'

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
export const SESSION_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'SESSION_NOT_FOUND',
  title: 'Session not found',
}

/** RFC 9110 §15.5.2 wants a challenge with every 401. */
export const refreshProblem = (type: ProblemType): Problem =>
  new Problem(type, { headers: { 'www-authenticate': 'Bearer realm="latchkey"' } })
