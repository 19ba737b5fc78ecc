import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import fp from 'fastify-plugin'
import { answerOf, endWith, type RawAnswers } from '../http/client-errors.js'
import { BAD_REQUEST, METHOD_NOT_ALLOWED } from '../http/errors.js'
import { followExchange } from '../http/exchanges.js'
import { Problem, type ProblemType } from '../http/problem.js'
import { followsProtocol } from '../http/protocol.js'

const EXPECTATION_FAILED: ProblemType = {
  status: 417,
  code: 'EXPECTATION_FAILED',
  title: 'Only 100-continue may be expected',
}

export interface ClientErrorsOptions {
  readonly answers: RawAnswers
}

/**
 * What Node would answer by itself, without a word, or let through: an expectation that it does not know, a tunnel,
 * a request without `Host` or with two. And the end of a connection: no answer is lost by it. A request without an
 * address, whose connection is gone, is dropped.
 */
export default fp<ClientErrorsOptions>(
  async function clientErrors(app, { answers }) {
    app.addHook('onRequest', ({ raw }, reply, done) => {
      // No answer would arrive, and limits could not say whose request it is.
      if (raw.socket.remoteAddress === undefined) {
        reply.hijack()
        raw.destroy()
        return
      }
      if (followsProtocol(raw)) {
        done()
        return
      }
      // Where such a request ends is unknown.
      reply.raw.shouldKeepAlive = false
      done(new Problem(BAD_REQUEST))
    })
    app.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      followExchange(request, response)
      // Node drops what comes in one piece with a request for another protocol, which is answered in ours
      // (RFC 9110 §7.8): a next request could begin in the middle.
      if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    })
    Object.assign(app.server, {
      // A client that has said all still reads: its answers are finished before the connection ends.
      httpAllowHalfOpen: true,
      // Their size is bounded; of their number, Node would drop the last ones without a word.
      maxHeadersCount: 0,
    })
    app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      followExchange(request, response)
      const { head, body } = answerOf(answers, EXPECTATION_FAILED, request.headers.origin)
      response.writeHead(EXPECTATION_FAILED.status, head).end(body)
    })
    app.server.on('connect', ({ headers }: IncomingMessage, socket: Duplex) => {
      // RFC 9110 §15.5.6: no method has an authority for its target.
      endWith(socket, () => answerOf(answers, METHOD_NOT_ALLOWED, headers.origin, { allow: '' }))
      // Node has taken its own listeners away.
      socket.on('error', () => socket.destroy()).resume()
    })
  },
  { name: 'client-errors', fastify: '5.x' },
)
