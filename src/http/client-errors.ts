import { randomUUID } from 'node:crypto'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type EventLog, report } from '../events/report.js'
import { refuseInTurn } from './exchanges.js'
import { problemBody, type ProblemType } from './problem.js'
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

/** What answers have in common that are made without a reply. */
export interface RawAnswers {
  readonly log: EventLog
  /** Base URL of the service, whose page `/errors` explains each failure. */
  readonly issuer: string
  /** What every answer to an origin has. */
  readonly headersFor: (origin: string | undefined) => Readonly<Record<string, string>>
}

/**
 * Fastify's `clientErrorHandler`: problem details for what Node's own parser refuses. No request exists yet
 * that a plugin could answer.
 */
export const answerUnreadable =
  (answers: RawAnswers) =>
  (error: ClientError, socket: Socket): void => {
    if (error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const head = headOf(error)
    endWith(socket, (request) => {
      const origin = request ? request.headers.origin : originOf(head)
      return answerOf(answers, problemOf(error, head), origin)
    })
  }

/** Connections that nothing more is read from. */
const ending = new WeakSet<Duplex>()
/** Milliseconds that a client has to read its last answer, and to stop sending. */
const LINGER_MS = 5000

/**
 * Ends a connection with an answer, in its turn. What still comes in is thrown away for a moment: a connection
 * that is closed before it was read to its end loses the answer (RFC 9112 §9.6).
 */
export function endWith(
  socket: Duplex,
  answer: (request: IncomingMessage | undefined) => RawAnswer,
): void {
  // What can't be read goes on being unreadable.
  if (ending.has(socket)) return
  ending.add(socket)
  refuseInTurn(socket, (request) => {
    if (socket.writable) socket.end(wireAnswer(answer(request)))
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
    socket.once('close', () => clearTimeout(timer))
  })
}

interface ClientError extends Error {
  readonly code?: string
  /** What was being read, where it is known. */
  readonly rawPacket?: unknown
  /** How far that went. */
  readonly bytesParsed?: number
}

/** What came of a head that can't be read. Other requests may stand before it. */
function headOf({ rawPacket, bytesParsed = 0 }: ClientError): string {
  if (!Buffer.isBuffer(rawPacket)) return ''
  const text = rawPacket.toString('latin1')
  const before = text.lastIndexOf(BLANK_LINE, bytesParsed - BLANK_LINE.length)
  return bytesParsed < BLANK_LINE.length || before < 0
    ? text
    : text.slice(before + BLANK_LINE.length)
}

const BLANK_LINE = '\r\n\r\n'

function problemOf({ code = '' }: ClientError, head: string): ProblemType {
  if (code === 'HPE_INVALID_METHOD' && REQUEST_LINE.test(head)) return NOT_IMPLEMENTED
  return PROBLEMS[code] ?? BAD_REQUEST
}

const NOT_IMPLEMENTED: ProblemType = {
  status: 501,
  code: 'NOT_IMPLEMENTED',
  title: 'The method is not known',
}

/** Of a request that is one but for its method; all else is none (RFC 9110 §15.6.2). */
const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/1\.[01]\r?\n/

/** An app may read why it was refused, though its request is no whole one. */
const originOf = (head: string): string | undefined => /\r\norigin: *(\S+)\r\n/i.exec(head)?.[1]

interface RawAnswer {
  readonly status: number
  readonly head: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer made without a reply: of `problem`, with the headers that every answer has. */
export function answerOf(
  { log, issuer, headersFor }: RawAnswers,
  problem: ProblemType,
  origin: string | undefined,
  extra: Readonly<Record<string, string>> = {},
): RawAnswer {
  const requestId = randomUUID()
  report(log, 'input_validation_fail', { reason: problem.code, requestId })
  const body = JSON.stringify(problemBody(problem, requestId, issuer))
  const head = {
    ...headersFor(origin),
    ...extra,
    connection: 'close',
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  }
  return { status: problem.status, head, body }
}

/** The bytes of it, for a connection without a parsed request. */
function wireAnswer({ status, head, body }: RawAnswer): string {
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}
