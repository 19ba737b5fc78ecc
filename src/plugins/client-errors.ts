import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { ProblemType } from '../problem.js'
import { BAD_REQUEST } from './errors.js'

const PROBLEMS: Readonly<Record<string, ProblemType>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'HEADERS_TOO_LARGE',
    title: 'The request headers are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'REQUEST_TIMEOUT',
    title: 'The request took too long',
  },
}

/** No request exists yet that a plugin could answer, so the security headers are written out here. */
const HEADERS = [
  'connection: close',
  'cache-control: no-store',
  'content-type: application/problem+json; charset=utf-8',
  "content-security-policy: default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none';object-src 'none'",
  'cross-origin-opener-policy: same-origin',
  'cross-origin-resource-policy: same-origin',
  'referrer-policy: no-referrer',
  'strict-transport-security: max-age=31536000; includeSubDomains',
  'x-content-type-options: nosniff',
  'x-frame-options: DENY',
  'x-xss-protection: 0',
].join('\r\n')

/** Fastify's `clientErrorHandler`: problem details for what Node's own parser refuses. */
export function answerUnreadable(
  this: FastifyInstance,
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, code, title } = PROBLEMS[error.code ?? ''] ?? BAD_REQUEST
  const requestId = randomUUID()
  this.log.info({ event: 'input_validation_fail', reason: code, requestId })
  const problem = { type: 'about:blank', title, status, code, error: title, requestId }
  const body = JSON.stringify(problem)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${HEADERS}`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
