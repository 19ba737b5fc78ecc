import { Problem, type ProblemType } from '../http/problem.js'
import type { AuthenticationRequirement } from './required-authentication.js'

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

/** RFC 9470 §3. */
const AUTHENTICATION_INSUFFICIENT: ProblemType = {
  status: 401,
  code: 'AUTHENTICATION_INSUFFICIENT',
  title: 'A stronger or more recent sign-in is required',
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
  const error = type === ACCESS_TOKEN_REQUIRED ? undefined : OAUTH_ERROR[type.status]
  const headers = { 'www-authenticate': challengeOf(type, error, { scope }) }
  return new Problem(type, { headers, cause })
}

/**
 * The token is good, but the sign-in behind it is not strong or not fresh enough. What would be is in the challenge,
 * and in the body for scripts of other origins, which can't read the header.
 */
export function insufficientAuthentication(
  requirement: AuthenticationRequirement,
  type = AUTHENTICATION_INSUFFICIENT,
): Problem {
  const { acrValues, maxAge } = requirement
  const asked = { acr_values: acrValues?.join(' '), max_age: maxAge?.toString() }
  const error = 'insufficient_user_authentication'
  const challenge = challengeOf(type, error, asked)
  return new Problem(type, {
    headers: { 'www-authenticate': challenge },
    ...(acrValues && { acrValues }),
    ...(maxAge !== undefined && { maxAge }),
  })
}

function challengeOf(
  { title }: ProblemType,
  error: string | undefined,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const described = error === undefined ? {} : { error, error_description: title }
  const all = Object.entries({ realm: 'latchkey', ...described, ...parameters })
  return `Bearer ${all.flatMap(([name, value]) => (value ? `${name}="${value}"` : [])).join(', ')}`
}
