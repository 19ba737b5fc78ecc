import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { problemBody, type ProblemType } from '../problem.js'
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

/**
 * Fastify's `clientErrorHandler`: problem details for what Node's own parser refuses. No request exists yet
 * that a plugin could answer.
 */
export function answerUnreadable(
  this: FastifyInstance,
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = PROBLEMS[error.code ?? ''] ?? BAD_REQUEST
  const requestId = randomUUID()
  this.log.info({ event: 'input_validation_fail', reason: problem.code, requestId })
  const body = JSON.stringify(problemBody(problem, requestId))
  const headers = {
    ...this.securityHeaders,
    connection: 'close',
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const status = `${problem.status} ${STATUS_CODES[problem.status]}`
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`)
}
