import helmet from '@fastify/helmet'
import Fastify, { type FastifyReply } from 'fastify'
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
 * Helmet's headers on every answer, 404s and errors included. They are the same each time, so they are
 * worked out once: its hooks on each request cost more than half the throughput of a small route.
 */
export default fp(
  async function securityHeaders(app) {
    // Nothing is for a cache unless its route says so: most answers are about one user.
    const headers = { ...(await helmetHeaders()), 'cache-control': 'no-store' }
    app.decorate('applySecurityHeaders', (reply: FastifyReply) => {
      reply.headers(headers)
    })
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)

/** What helmet sets on an answer of an app that has nothing else. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const probe = Fastify()
  await probe.register(helmet, POLICY)
  probe.get('/', async (_request, reply) => reply.raw.getHeaders())
  const answer = await probe.inject('/')
  await probe.close()
  return answer.json()
}

declare module 'fastify' {
  interface FastifyInstance {
    /** For answers that no hook precedes, such as `frameworkErrors`. */
    applySecurityHeaders(reply: FastifyReply): void
  }
}
