import type { FastifyReply, FastifyRequest } from 'fastify'
import { judgeError } from '../http/errors.js'
import type { ProblemType } from '../http/problem.js'

/**
 * Error codes of the token endpoint and those beside it (RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 6750 §3.1), and what an app
 * is told at its redirect URI (RFC 6749 §4.1.2.1, RFC 8707 §2, RFC 9470 §5, OpenID Connect Core §3.1.2.6).
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'login_required'
  | 'consent_required'
  | 'interaction_required'
  | 'unmet_authentication_requirements'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'insufficient_scope'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'

export const CONSENT_NOT_FOUND: ProblemType = {
  status: 404,
  code: 'CONSENT_NOT_FOUND',
  title: 'There is no such consent',
}

/** A refusal in OAuth's own shape, which client libraries read. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode

  constructor(code: OAuthErrorCode, description: string) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
  }
}

/** @throws {OAuthError} unless something is so. */
export function refuseUnless(
  isSo: boolean,
  code: OAuthErrorCode,
  description: string,
): asserts isSo {
  if (!isSo) throw new OAuthError(code, description)
}

/** A code or a refresh token that is unknown, spent, expired or another app's: one answer for all (RFC 6749 §5.2). */
export const invalidGrant = () =>
  new OAuthError('invalid_grant', 'The code or token is not valid, or is used up')

const GRANT_TYPES = new Set(['authorization_code', 'refresh_token', 'client_credentials'])

/** Apps have people's grants, and keys have none (RFC 6749 §5.2). */
export const refusedGrant = ({ grant_type: type }: { readonly grant_type: string }) =>
  GRANT_TYPES.has(type)
    ? new OAuthError('unauthorized_client', 'The client may not use this grant type')
    : new OAuthError('unsupported_grant_type', `Use one of: ${[...GRANT_TYPES].join(', ')}`)

/**
 * `/oauth/*` answers as RFC 6749 §5.2 says, not with problem details. What is our own trouble keeps its
 * status and `Retry-After`.
 */
export function renderOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof OAuthError) {
    if (error.code !== 'invalid_client') {
      // RFC 6750 §3.1 has the one code that is no 400.
      const status = error.code === 'insufficient_scope' ? 403 : 400
      return send(reply, status, error.code, error.message)
    }
    // RFC 6749 §5.2: a 401 names the scheme that a client may use.
    reply.header('www-authenticate', 'Basic realm="latchkey", charset="UTF-8"')
    return send(reply, 401, error.code, error.message)
  }
  const { type, extras } = judgeError(error, request)
  reply.headers(extras.headers ?? {})
  const { code, description = type.title, status = type.status } = inOAuth(type)
  return send(reply, status, code, description)
}

/** What a failure is called that OAuth has no part in. */
function inOAuth({ status }: ProblemType): {
  code: string
  description?: string
  status?: number
} {
  // RFC 6750 §3.1; the challenge says the same.
  if (status === 401) return { code: 'invalid_token' }
  if (status === 403) return { code: 'insufficient_scope' }
  // Another client has just used the refresh token: OAuth has no 409, and its clients ask again after this one.
  if (status === 409) return { code: 'temporarily_unavailable', status: 429 }
  // RFC 8628 §3.5: of the registered codes the one that says “less often”.
  if (status === 429) return { code: 'slow_down' }
  if (status === 503) return { code: 'temporarily_unavailable' }
  if (status >= 500) return { code: 'server_error' }
  // The titles speak of JSON.
  return { code: 'invalid_request', description: 'The request is not valid' }
}

const send = (reply: FastifyReply, status: number, error: string, description: string) =>
  reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error, error_description: description })
