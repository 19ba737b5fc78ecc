import type { FastifyReply, FastifyRequest } from 'fastify'
import { judgeError } from '../http/errors.js'
import type { ProblemType } from '../http/problem.js'

/** Error codes of RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 6750 §3.1 and RFC 8707 §2. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'invalid_scope'
  | 'invalid_target'
  | 'insufficient_scope'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'

/** A refusal in OAuth's own shape, which client libraries read. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode

  constructor(code: OAuthErrorCode, description: string) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
  }
}

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
  const { code, description = type.title } = inOAuth(type)
  return send(reply, type.status, code, description)
}

/** What a failure is called that OAuth has no part in. */
function inOAuth({ status }: ProblemType): { code: string; description?: string } {
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
