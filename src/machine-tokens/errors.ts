import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'

/** Error codes of RFC 6749 §5.2, RFC 7009 §2.2.1 and RFC 6750 §3.1. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
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
  if (error instanceof Problem) {
    if (error.type.status >= 500) {
      request.log.error({ event: 'dependency_failed', reason: error.type.code })
    }
    reply.headers(error.extras.headers ?? {})
    return send(reply, error.type.status, 'temporarily_unavailable', error.type.title)
  }
  const { statusCode = 500 } = error as Partial<FastifyError>
  if (statusCode < 500)
    return send(reply, statusCode, 'invalid_request', 'The request is not valid')
  request.log.error({ event: 'unexpected_error', err: error })
  return send(reply, 500, 'server_error', 'Something went wrong on our side')
}

const send = (reply: FastifyReply, status: number, error: string, description: string) =>
  reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error, error_description: description })
