import fp from 'fastify-plugin'
import { helmetHeaders } from '../http/helmet-headers.js'

let workingOut: Promise<Readonly<Record<string, string>>> | undefined

/** Of every answer; worked out once. */
export const securityHeaderValues = () =>
  // Nothing is for a cache unless its route says so: most answers are about one user.
  (workingOut ??= helmetHeaders().then((headers) => ({ ...headers, 'cache-control': 'no-store' })))

/**
 * Helmet's headers on every answer, 404s and errors included. They are the same each time, so they are
 * worked out once: its hooks on each request cost more than half the throughput of a small route.
 */
export default fp(
  async function securityHeaders(app) {
    const headers = await securityHeaderValues()
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)
