import fp from 'fastify-plugin'
import { helmetHeaders } from './helmet-headers.js'

let workingOut: ReturnType<typeof helmetHeaders> | undefined

/**
 * Helmet's headers on every answer, 404s and errors included. They are the same each time, so they are
 * worked out once: its hooks on each request cost more than half the throughput of a small route.
 */
export default fp(
  async function securityHeaders(app) {
    // Nothing is for a cache unless its route says so: most answers are about one user.
    const headers = { ...(await (workingOut ??= helmetHeaders())), 'cache-control': 'no-store' }
    app.decorate('securityHeaders', headers)
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** For answers that no hook precedes, such as `frameworkErrors`. */
    readonly securityHeaders: Readonly<Record<string, string>>
  }
}
