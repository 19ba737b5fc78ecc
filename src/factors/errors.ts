import { Problem, type ProblemType } from '../http/problem.js'
import type { FactorsRemoval } from '../users/factors.js'
import { isAdminAccount, tenureBefore } from '../users/tenure.js'
import type { User } from '../users/user.js'

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
export const OWN_FACTORS: ProblemType = {
  status: 409,
  code: 'OWN_FACTORS',
  title: 'These are your own second factors: another administrator has to remove them',
}
export const FACTORS_REMOVAL_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'FACTORS_REMOVAL_NOT_FOUND',
  title: 'No removal of the second factors of this account is under way',
}
const SECOND_ADMINISTRATOR_REQUIRED: ProblemType = {
  status: 409,
  code: 'SECOND_ADMINISTRATOR_REQUIRED',
  title: 'Another administrator has to confirm this',
}

const ADMINISTRATOR_TOO_NEW: ProblemType = {
  status: 409,
  code: 'ADMINISTRATOR_TOO_NEW',
  title: 'Only an administrator of more than seven days counts as one of two',
}

/** @param removal `until`: when the wait is over, milliseconds since the epoch. */
export function secondAdministratorRequired(
  user: User,
  { beganAt, until }: Pick<FactorsRemoval, 'beganAt' | 'until'>,
): Problem {
  const time = new Date(until).toISOString()
  const detail = isAdminAccount(user, Date.parse(beganAt))
    ? `The account is an administrator's: another administrator has to confirm it, and it takes effect after ${time}.`
    : `Another administrator can confirm it at once, and you after ${time}.`
  return new Problem(SECOND_ADMINISTRATOR_REQUIRED, { detail })
}

/** @param isBeginner whether it is the one who began the removal, not the one who confirms it. */
export const administratorTooNew = (
  user: User,
  { beganAt, until }: Pick<FactorsRemoval, 'beganAt' | 'until'>,
  isBeginner: boolean,
): Problem => {
  const who = isBeginner ? 'The administrator who begins it' : 'The administrator who confirms it'
  const least = `${who} must have had the role since ${tenureBefore(beganAt)}.`
  const detail = isAdminAccount(user, Date.parse(beganAt))
    ? `${least} The command line removes the factors of administrators too.`
    : `${least} Without another administrator it takes effect after ${new Date(until).toISOString()}.`
  return new Problem(ADMINISTRATOR_TOO_NEW, { detail })
}

/** Whether those whose word a removal was are no longer enough of them. */
export const isRemovalVoid = (error: unknown): boolean =>
  error instanceof Problem &&
  [FACTORS_REMOVAL_NOT_FOUND, SECOND_ADMINISTRATOR_REQUIRED, ADMINISTRATOR_TOO_NEW].includes(
    error.type,
  )

/** What a 401 must have (RFC 9110 §15.5.2). */
export const CHALLENGE = { 'www-authenticate': 'Bearer realm="latchkey"' }

/** One answer for a wrong one, a used one and one that the account does not have. */
export const factorInvalid = (detail?: string): Problem =>
  new Problem(FACTOR_INVALID, {
    headers: CHALLENGE,
    ...(detail !== undefined && { detail }),
  })
