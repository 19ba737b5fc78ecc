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
export const PASSKEYS_OFF: ProblemType = {
  status: 404,
  code: 'PASSKEYS_OFF',
  title: 'This service has no passkeys',
}
