import helmet from '@fastify/helmet'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'

/** An API renders nothing: no page, script, frame or form may grow out of an answer. */
const POLICY = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
      'object-src': ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  referrerPolicy: { policy: 'no-referrer' },
  // For documents and for browsers long gone.
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
} as const

/**
 * Helmet's headers on every answer, 404s and errors included. They are the same each time, so helmet
 * works them out once, on the first request, and they are copied from then on: running its middlewares
 * on each request costs more than half the throughput of a small route.
 */
export default fp(
  async function securityHeaders(app) {
    await app.register(helmet, { ...POLICY, global: false })
    let constant: Record<string, string> | undefined

    const apply = (reply: FastifyReply): void => {
      if (!constant) {
        reply.helmet()
        const helmets = reply.raw.getHeaders() as Record<string, string>
        // Nothing is for a cache unless its route says so: most answers are about one user.
        constant = { ...helmets, 'cache-control': 'no-store' }
      }
      reply.headers(constant)
    }
    app.decorate('applySecurityHeaders', apply)
    app.addHook('onRequest', (_request, reply, done) => {
      apply(reply)
      done()
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** For answers that no hook precedes, such as `frameworkErrors`. */
    applySecurityHeaders(reply: FastifyReply): void
  }
}
