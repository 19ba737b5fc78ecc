import { Problem, type ProblemType } from '../http/problem.js'
import type { FactorKind } from './factors.js'

export const EMAIL_TAKEN: ProblemType = {
  status: 409,
  code: 'EMAIL_TAKEN',
  title: 'Email already registered',
}
export const SIGN_UP_CLOSED: ProblemType = {
  status: 403,
  code: 'SIGN_UP_CLOSED',
  title: 'Sign-up is closed',
}
export const INVALID_CREDENTIALS: ProblemType = {
  status: 401,
  code: 'INVALID_CREDENTIALS',
  title: 'Invalid credentials',
}
const PASSWORD_CHANGE_REQUIRED: ProblemType = {
  status: 401,
  code: 'PASSWORD_CHANGE_REQUIRED',
  title: 'Choose a password of your own: this one was chosen for you',
}
export const PASSWORD_CHANGE_UNNEEDED: ProblemType = {
  status: 400,
  code: 'PASSWORD_CHANGE_UNNEEDED',
  title: 'This account keeps its password: sign in without a new one',
}
export const PASSWORD_REFUSED: ProblemType = {
  status: 400,
  code: 'PASSWORD_REFUSED',
  title: 'Choose another password',
}
export const ACCOUNT_DISABLED: ProblemType = {
  status: 403,
  code: 'ACCOUNT_DISABLED',
  title: 'This account is disabled',
}
export const ACCOUNT_UNPROVED: ProblemType = {
  status: 403,
  code: 'ACCOUNT_UNPROVED',
  title: 'This account has not proved its address: a mail alone does not show that it is yours',
}
export const ACCOUNT_EXISTS: ProblemType = {
  status: 409,
  code: 'ACCOUNT_EXISTS',
  title: 'There is an account with this e-mail address: sign in to it and link the provider there',
}
export const EMAIL_MISSING: ProblemType = {
  status: 403,
  code: 'EMAIL_MISSING',
  title: 'The provider gave no e-mail address',
}
export const EMAIL_UNSUPPORTED: ProblemType = {
  status: 403,
  code: 'EMAIL_UNSUPPORTED',
  title: 'The provider gave an e-mail address that accounts can not have',
}
export const EMAIL_UNVERIFIED: ProblemType = {
  status: 403,
  code: 'EMAIL_UNVERIFIED',
  title: 'The provider has not verified the e-mail address',
}
export const IDENTITY_TAKEN: ProblemType = {
  status: 409,
  code: 'IDENTITY_TAKEN',
  title: 'This identity is linked to another account',
}
export const IDENTITY_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'IDENTITY_NOT_FOUND',
  title: 'Identity not found',
}
export const TOO_MANY_IDENTITIES: ProblemType = {
  status: 409,
  code: 'TOO_MANY_IDENTITIES',
  title: 'This account has as many identities as it may',
}
export const IDENTITY_SUSPENDED: ProblemType = {
  status: 403,
  code: 'IDENTITY_SUSPENDED',
  title: 'This identity is suspended: sign in with the password and enable it',
}
export const SIGN_IN_REQUIRED: ProblemType = {
  status: 403,
  code: 'SIGN_IN_REQUIRED',
  title: 'The sign-in was not completed',
}
export const LAST_SIGN_IN_METHOD: ProblemType = {
  status: 409,
  code: 'LAST_SIGN_IN_METHOD',
  title: 'This is the last way to sign in: set a password or link another identity first',
}

export const USER_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'USER_NOT_FOUND',
  title: 'There is no such user',
}
export const OWN_ACCOUNT: ProblemType = {
  status: 409,
  code: 'OWN_ACCOUNT',
  title: 'You can not disable yourself or give up your own role: another administrator can',
}
export const SAME_ADDRESS: ProblemType = {
  status: 400,
  code: 'VALIDATION_FAILED',
  title: 'The request is not valid',
}
export const NO_ADDRESS: ProblemType = {
  status: 409,
  code: 'NO_ADDRESS',
  title: 'This account has no address',
}
export const NOTHING_TO_VERIFY: ProblemType = {
  status: 409,
  code: 'NOTHING_TO_VERIFY',
  title: 'This account has no address that is still to be proved',
}
/** A person who has the link of a mail learns no more than that it is a good one. */
export const PASSWORD_REQUIRED: ProblemType = {
  status: 403,
  code: 'PASSWORD_REQUIRED',
  title: 'Give the password of the account too: this is not where the mail was asked for',
}

/** Why a sign-in failed: for the log, never for the client. */
export interface CredentialsFailure {
  readonly reason:
    | 'unknown_user'
    | 'no_password'
    | 'wrong_password'
    | 'user_disabled'
    | 'password_change_required'
    /** It is the password of the account that had the address before. */
    | 'address_freed'
  /** Whose account it is, where there is one. */
  readonly userId?: string
}

/** The challenge is a form, not a scheme that a browser would prompt for. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="latchkey"' }

/** One answer for all reasons. */
export const invalidCredentials = (failure: CredentialsFailure): Problem =>
  new Problem(INVALID_CREDENTIALS, { headers: CHALLENGE, cause: failure })

/** The password is right, but not the person's own. */
export const passwordChangeRequired = (userId: string): Problem =>
  new Problem(PASSWORD_CHANGE_REQUIRED, {
    headers: CHALLENGE,
    detail: 'Sign in again with the same password, and a new one in newPassword.',
    cause: { reason: 'password_change_required', userId } satisfies CredentialsFailure,
  })

const EMAIL_VERIFICATION_REQUIRED: ProblemType = {
  status: 403,
  code: 'EMAIL_VERIFICATION_REQUIRED',
  title: 'Prove the address of this account first: type the code of the mail that was sent to it',
}

/** The mail that proves an address and completes the sign-in. */
interface ProofAsked {
  readonly flow: string
  readonly isLimited: boolean
}

/** A sign-in that was right in all but the address of its account, which is still to be proved. */
export class AddressUnproved extends Problem {
  readonly asked: ProofAsked | undefined

  /** @param asked is undefined for an account without an address. */
  constructor(asked: ProofAsked | undefined) {
    super(EMAIL_VERIFICATION_REQUIRED, { ...(asked && { flow: asked.flow }) })
    this.asked = asked
  }
}

const SECOND_FACTOR_REQUIRED: ProblemType = {
  status: 401,
  code: 'SECOND_FACTOR_REQUIRED',
  title: 'Prove a second factor to sign in',
}
const SECOND_FACTOR_ENROLMENT_REQUIRED: ProblemType = {
  status: 401,
  code: 'SECOND_FACTOR_ENROLMENT_REQUIRED',
  title: 'Set up a second factor to sign in',
}

/** A sign-in that was right, and needs a second factor. Its ticket goes on, and opens nothing by itself. */
const NO_USABLE_FACTOR =
  'None of the second factors of the account can be used here: an administrator can remove them.'

export class SecondFactorRequired extends Problem {
  readonly ticket: string
  readonly factors: readonly FactorKind[]

  constructor(ticket: string, factors: readonly FactorKind[]) {
    super(SECOND_FACTOR_REQUIRED, {
      headers: CHALLENGE,
      ticket,
      factors,
      ...(factors.length === 0 && { detail: NO_USABLE_FACTOR }),
    })
    this.ticket = ticket
    this.factors = factors
  }
}

/** How an account gets its first second factor where it has to have one: by a mail, and then by a ticket. */
export type WayToEnrol = { readonly asked: ProofAsked | undefined } | { readonly ticket: string }

/** A sign-in that was right, of an account that has to have a second factor and has none. */
export class SecondFactorEnrolmentRequired extends Problem {
  readonly way: WayToEnrol

  constructor(way: WayToEnrol) {
    const on =
      'ticket' in way ? { ticket: way.ticket } : { ...(way.asked && { flow: way.asked.flow }) }
    super(SECOND_FACTOR_ENROLMENT_REQUIRED, { headers: CHALLENGE, factors: [], ...on })
    this.way = way
  }
}

/** Whether a sign-in was right so far. One of an account that no mail can reach leads nowhere. */
export function isHalfWay(
  error: unknown,
): error is AddressUnproved | SecondFactorRequired | SecondFactorEnrolmentRequired {
  if (error instanceof SecondFactorRequired) return true
  if (error instanceof SecondFactorEnrolmentRequired) {
    return 'ticket' in error.way || error.way.asked !== undefined
  }
  return error instanceof AddressUnproved && error.asked !== undefined
}

/** An account is not as it was read any more: what was decided by that is decided again. */
export class AccountChanged extends Error {
  override readonly name = 'AccountChanged'
}
