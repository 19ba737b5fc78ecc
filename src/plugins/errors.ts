import { validateHeaderValue } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type FailurePage, renderFailure } from '../http/errors.js'

export interface ErrorsOptions {
  /** Base URL of the service, whose page `/errors` explains each failure. */
  readonly issuer: string
  readonly failurePage: FailurePage
}

/**
 * Every failure leaves as RFC 9457 problem details, or as a page where a person reads it: validation, 404, 405,
 * framework errors, our own `Problem`s, and the unexpected, of which nothing is said but a request id.
 */
export default fp<ErrorsOptions>(
  async function errors(app, { issuer, failurePage }) {
    app.decorate('explainedAt', issuer)
    app.decorate('failurePage', failurePage)
    app.setErrorHandler(renderFailure)
    app.addHook('onSend', dropUnwritable)
  },
  { name: 'errors', fastify: '5.x' },
)

/** RFC 9110 §5.5: what most values are, so that few have to be asked of Node. */
const WRITABLE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Node refuses a header only when all is said, too late for an error handler. */
function dropUnwritable(
  _request: FastifyRequest,
  reply: FastifyReply,
  _payload: unknown,
  done: (error?: Error) => void,
): void {
  let failed: Error | undefined
  const headers = reply.getHeaders()
  for (const name of Object.keys(headers)) {
    const values = headers[name]
    if (typeof values === 'string' && WRITABLE.test(values)) continue
    try {
      for (const value of [values].flat()) validateHeaderValue(name, String(value))
    } catch (error) {
      reply.removeHeader(name)
      failed = error as Error
    }
  }
  done(failed)
}
