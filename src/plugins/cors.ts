import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { corsHeaders, PREFLIGHT_HEADERS } from '../http/cors-headers.js'

export interface CorsOptions {
  /** Exact origins that may call with credentials. None: no CORS header is ever sent. */
  readonly origins: readonly string[]
}

/**
 * An allow list, off by default. It answers the preflights of listed origins, at every path: their pages
 * read failures too. All other requests go on to the router, any other `OPTIONS` among them, which
 * `@fastify/cors` would answer by itself.
 */
export default fp<CorsOptions>(
  async function cors(app, { origins }) {
    if (origins.length === 0) return
    app.addHook('onRequest', async (request, reply) => {
      const headers = corsHeaders(origins, request.headers.origin)
      reply.headers(headers)
      if (!isPreflight(request) || !('access-control-allow-origin' in headers)) return undefined
      return reply.code(204).headers(PREFLIGHT_HEADERS).send()
    })
  },
  { name: 'cors', fastify: '5.x' },
)

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
