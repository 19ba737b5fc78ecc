import { Problem, type ProblemType } from '../http/problem.js'

/**
 * Every `error` of `/login?error=CODE`. The list is closed: every failure is one of these. The texts
 * of the pages say what a person reads for each.
 */
export const SIGN_IN_ERRORS = [
  'ACCESS_DENIED',
  'SIGN_IN_EXPIRED',
  'SIGN_IN_REQUIRED',
  'RECENT_SIGN_IN_REQUIRED',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_ERROR',
  'EMAIL_MISSING',
  'EMAIL_UNSUPPORTED',
  'EMAIL_UNVERIFIED',
  'EMAIL_VERIFICATION_REQUIRED',
  'ACCOUNT_EXISTS',
  'ACCOUNT_DISABLED',
  'SECOND_FACTOR_ENROLMENT_REQUIRED',
  'SIGN_UP_CLOSED',
  'IDENTITY_SUSPENDED',
  'IDENTITY_TAKEN',
  'TOO_MANY_IDENTITIES',
  'TEMPORARILY_UNAVAILABLE',
] as const

export type SignInError = (typeof SIGN_IN_ERRORS)[number]

const RETRY_AFTER_SECONDS = '10'

/** The provider did not answer in time, or with a failure of its own. */
export const providerUnavailable = (cause: unknown): Problem =>
  new Problem(
    { status: 503, code: 'PROVIDER_UNAVAILABLE', title: 'The identity provider does not answer' },
    { headers: { 'retry-after': RETRY_AFTER_SECONDS }, cause },
  )

/** @param cause the check that failed; logged, never shown. */
export const providerError = (cause: string): Problem =>
  new Problem(
    { status: 502, code: 'PROVIDER_ERROR', title: 'The identity provider gave a wrong answer' },
    { cause },
  )

/** What has become of a flow, in a code of the closed list. */
export const signInProblem = (code: 'ACCESS_DENIED' | 'SIGN_IN_EXPIRED' | 'SIGN_IN_REQUIRED') =>
  new Problem({ status: 403, code, title: 'The sign-in was not completed' })

export const RETURN_TO_INVALID: ProblemType = {
  status: 400,
  code: 'RETURN_TO_INVALID',
  title: 'returnTo must be a path of this service, or a URL of one of its CORS_ORIGINS',
}
export const FOREIGN_LINK: ProblemType = {
  status: 403,
  code: 'FOREIGN_LINK',
  title: 'Linking an identity must be started from our own pages',
}

/** What a provider says that it refuses (RFC 6749 §4.1.2.1), of which a person can fix the first. */
export function refusalOf(error: string): Problem {
  if (error === 'access_denied') return signInProblem('ACCESS_DENIED')
  if (error === 'temporarily_unavailable' || error === 'server_error') {
    return providerUnavailable(error)
  }
  return providerError('authorization_error')
}
