import { Problem, type ProblemType } from '../http/problem.js'

const FACTOR_INVALID: ProblemType = {
  status: 401,
  code: 'FACTOR_INVALID',
  title: 'This does not prove the second factor',
}
export const FACTOR_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'FACTOR_NOT_FOUND',
  title: 'The account has no such second factor',
}
export const DEVICE_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'DEVICE_NOT_FOUND',
  title: 'There is no such trusted device',
}
export const FACTOR_EXISTS: ProblemType = {
  status: 409,
  code: 'FACTOR_EXISTS',
  title: 'The account has this second factor already',
}
export const LAST_FACTOR: ProblemType = {
  status: 409,
  code: 'LAST_FACTOR',
  title: 'The account has to keep a second factor',
}

/** One answer for a wrong one, a used one and one that the account does not have (RFC 9110 §15.5.2). */
export const factorInvalid = (detail?: string): Problem =>
  new Problem(FACTOR_INVALID, {
    headers: { 'www-authenticate': 'Bearer realm="latchkey"' },
    ...(detail !== undefined && { detail }),
  })
