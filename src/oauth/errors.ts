import { Problem, type ProblemType } from '../problem.js'

/**
 * Every `error` of `/login?error=CODE`, and what a person should hear. The closed list: whatever else goes
 * wrong is one of these. Texts for the sign-in page are made from it.
 */
export const SIGN_IN_ERRORS = {
  ACCESS_DENIED: 'You did not let the provider sign you in',
  SIGN_IN_EXPIRED: 'This sign-in has expired, or was started in another browser. Try again',
  SIGN_IN_REQUIRED: 'Sign in before you link an identity',
  RECENT_SIGN_IN_REQUIRED: 'Sign in again before you link an identity',
  PROVIDER_UNAVAILABLE: 'The provider does not answer. Try again later',
  PROVIDER_ERROR: 'The provider gave an answer that can not be trusted',
  EMAIL_MISSING: 'The provider gave no usable e-mail address',
  EMAIL_UNVERIFIED: 'The provider has not verified your e-mail address',
  ACCOUNT_EXISTS:
    'There is an account with your e-mail address. Sign in to it and link the provider there',
  ACCOUNT_DISABLED: 'This account is disabled',
  IDENTITY_TAKEN: 'This identity is linked to another account',
  TOO_MANY_IDENTITIES: 'Your account has as many identities as it may',
  TEMPORARILY_UNAVAILABLE: 'Something does not work on our side. Try again in a moment',
} as const

export type SignInError = keyof typeof SIGN_IN_ERRORS

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

/** What has become of a flow, in the words of the closed list. */
export const signInProblem = (code: 'ACCESS_DENIED' | 'SIGN_IN_EXPIRED' | 'SIGN_IN_REQUIRED') =>
  new Problem({ status: 403, code, title: SIGN_IN_ERRORS[code] })

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
