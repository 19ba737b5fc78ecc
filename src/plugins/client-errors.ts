import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import fp from 'fastify-plugin'
import { answerOf, wireAnswer } from '../http/client-errors.js'
import { BAD_REQUEST, METHOD_NOT_ALLOWED } from '../http/errors.js'
import { Problem, type ProblemType } from '../http/problem.js'

const EXPECTATION_FAILED: ProblemType = {
  status: 417,
  code: 'EXPECTATION_FAILED',
  title: 'Only 100-continue may be expected',
}

/**
 * What Node would answer by itself, without a word: a request without `Host`, an expectation that it does not
 * know, a tunnel.
 */
export default fp(
  async function clientErrors(app) {
    app.addHook('onRequest', async ({ raw }) => {
      // RFC 9112 §3.2.
      if (raw.httpVersion === '1.1' && raw.headers.host === undefined)
        throw new Problem(BAD_REQUEST)
    })
    app.server.on('checkExpectation', ({ headers }: IncomingMessage, response: ServerResponse) => {
      const { head, body } = answerOf(app, EXPECTATION_FAILED, headers.origin)
      response.writeHead(EXPECTATION_FAILED.status, head).end(body)
    })
    app.server.on('connect', ({ headers }: IncomingMessage, socket: Duplex) => {
      // RFC 9110 §15.5.6: no method has an authority for its target.
      const extra = { allow: '' }
      socket.end(wireAnswer(answerOf(app, METHOD_NOT_ALLOWED, headers.origin, extra)))
    })
  },
  { name: 'client-errors', fastify: '5.x', dependencies: ['security-headers', 'cors'] },
)
