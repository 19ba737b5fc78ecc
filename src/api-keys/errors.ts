import type { ProblemType } from '../http/problem.js'

export const API_KEY_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'API_KEY_NOT_FOUND',
  title: 'API key not found',
}
export const TOO_MANY_KEYS: ProblemType = {
  status: 409,
  code: 'TOO_MANY_KEYS',
  title: 'You have as many API keys as are allowed',
}
export const SCOPE_RESERVED: ProblemType = {
  status: 403,
  code: 'SCOPE_RESERVED',
  title: 'Only administrators may give that scope to a key',
}
export const API_KEY_RESTRICTED: ProblemType = {
  status: 403,
  code: 'API_KEY_RESTRICTED',
  title: 'An administrator has restricted this key',
}
export const SECRET_SUPERSEDED: ProblemType = {
  status: 403,
  code: 'SECRET_SUPERSEDED',
  title: 'Only the newest secret of a key may rotate it',
}
export const SETTINGS_REFUSED: ProblemType = {
  status: 400,
  code: 'VALIDATION_FAILED',
  title: 'The request is not valid',
}
