import type { ProblemType } from '../../http/problem.js'

export const PASSKEY_TAKEN: ProblemType = {
  status: 409,
  code: 'PASSKEY_TAKEN',
  title: 'This passkey is registered already',
}
export const TOO_MANY_PASSKEYS: ProblemType = {
  status: 409,
  code: 'TOO_MANY_PASSKEYS',
  title: 'The account has as many passkeys as it can have',
}
export const PASSKEY_SUSPENDED: ProblemType = {
  status: 401,
  code: 'PASSKEY_SUSPENDED',
  title: 'This passkey is suspended, because it was added shortly before the password was changed',
}
export const PASSKEYS_OFF: ProblemType = {
  status: 404,
  code: 'PASSKEYS_OFF',
  title: 'This service has no passkeys',
}
