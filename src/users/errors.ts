import { Problem, type ProblemType } from '../problem.js'

export const EMAIL_TAKEN: ProblemType = {
  status: 409,
  code: 'EMAIL_TAKEN',
  title: 'Email already registered',
}
export const INVALID_CREDENTIALS: ProblemType = {
  status: 401,
  code: 'INVALID_CREDENTIALS',
  title: 'Invalid credentials',
}
export const PASSWORD_REFUSED: ProblemType = {
  status: 400,
  code: 'PASSWORD_REFUSED',
  title: 'Choose another password',
}

/** Why a sign-in failed: for the log, never for the client. */
export type CredentialsFailure = 'unknown_user' | 'wrong_password' | 'user_disabled'

/** One answer for all reasons; the challenge is a form, not a scheme that a browser would prompt for. */
export function invalidCredentials(reason: CredentialsFailure): Problem {
  return new Problem(INVALID_CREDENTIALS, {
    headers: { 'www-authenticate': 'Bearer realm="latchkey"' },
    cause: reason,
  })
}
