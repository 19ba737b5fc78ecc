import { Problem, type ProblemExtras, type ProblemType } from '../../http/problem.js'
import type { ApiKeyRefusal } from './record.js'

export const API_KEY_REQUIRED: ProblemType = {
  status: 401,
  code: 'API_KEY_REQUIRED',
  title: 'API key required',
}
const API_KEY_INVALID: ProblemType = {
  status: 401,
  code: 'API_KEY_INVALID',
  title: 'Invalid API key',
}
const API_KEY_EXPIRED: ProblemType = {
  status: 401,
  code: 'API_KEY_EXPIRED',
  title: 'The API key has expired',
}
const API_KEY_DISABLED: ProblemType = {
  status: 401,
  code: 'API_KEY_DISABLED',
  title: 'The API key is disabled',
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

/** Why a key is refused, for a caller who has presented its right secret. */
const STANDING: Partial<
  Record<ApiKeyRefusal, { readonly type: ProblemType; readonly detail: string }>
> = {
  expired: { type: API_KEY_EXPIRED, detail: 'Ask its owner for a new one.' },
  disabled: { type: API_KEY_DISABLED, detail: 'Ask its owner.' },
  suspended: {
    type: API_KEY_DISABLED,
    detail: 'It is suspended: its owner, or an administrator, can enable it again.',
  },
  owner_disabled: { type: API_KEY_DISABLED, detail: 'Ask its owner.' },
}

/** A key that is no good. Its standing is told apart from a wrong key only to who holds the right secret. */
export function refusedKey(reason?: ApiKeyRefusal): Problem {
  const { type = API_KEY_INVALID, detail } = (reason && STANDING[reason]) ?? {}
  return apiKeyProblem(type, { cause: reason, ...(detail !== undefined && { detail }) })
}

export const apiKeyProblem = (
  type: ProblemType,
  extras: Pick<ProblemExtras, 'cause' | 'detail'> = {},
): Problem => new Problem(type, { ...(type.status === 401 && { headers: CHALLENGE }), ...extras })

/** As introspection tells it to another API: why a key is no good whose right secret was sent. */
export type InactiveReason = 'expired' | 'disabled'

export function inactiveReason(refusal: ApiKeyRefusal): InactiveReason | undefined {
  const standing = STANDING[refusal]
  return standing && (standing.type === API_KEY_EXPIRED ? 'expired' : 'disabled')
}
