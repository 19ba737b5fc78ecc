import { Problem, type ProblemType } from '../problem.js'
import type { ApiKeyRefusal } from './api-key-record.js'

export const API_KEY_REQUIRED: ProblemType = {
  status: 401,
  code: 'API_KEY_REQUIRED',
  title: 'API key required',
}
export const API_KEY_INVALID: ProblemType = {
  status: 401,
  code: 'API_KEY_INVALID',
  title: 'Invalid API key',
}
export const API_KEY_MISPLACED: ProblemType = {
  status: 400,
  code: 'API_KEY_MISPLACED',
  title: 'Send one API key, in one x-api-key header',
}
export const ADDRESS_NOT_ALLOWED: ProblemType = {
  status: 403,
  code: 'ADDRESS_NOT_ALLOWED',
  title: 'The API key may not be used from this address',
}
export const QUOTA_EXCEEDED: ProblemType = {
  status: 429,
  code: 'QUOTA_EXCEEDED',
  title: 'The monthly quota of this API key is used up',
}

/** RFC 9110 §11.6.1 wants a challenge with every 401; the scheme is ours. */
const CHALLENGE = { 'www-authenticate': 'ApiKey realm="latchkey", header="x-api-key"' }

/** Said only to who holds the right secret. */
const DETAILS: Partial<Record<ApiKeyRefusal, string>> = {
  expired: 'The key has expired. Ask its owner for a new one.',
  disabled: 'The key is disabled. Ask its owner.',
  owner_disabled: 'The key is disabled. Ask its owner.',
}

export function apiKeyProblem(type: ProblemType, reason?: ApiKeyRefusal): Problem {
  const detail = reason && DETAILS[reason]
  return new Problem(type, {
    ...(type.status === 401 && { headers: CHALLENGE }),
    ...(detail !== undefined && { detail }),
    cause: reason,
  })
}
