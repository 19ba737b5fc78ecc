import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ANY_ORIGIN_HEADERS, corsHeaders, PREFLIGHT_HEADERS } from '../http/cors-headers.js'
import { pathOf } from '../http/path.js'

export interface CorsOptions {
  /** Exact origins that may call with credentials. None: no CORS header is ever sent. */
  readonly origins: readonly string[]
}

/**
 * An allow list, off by default. It answers the preflights of listed origins, at every path: their pages
 * read failures too. What reads no cookie, and says so in its config, is for the pages of any origin, without
 * credentials. All other requests go on to the router, any other `OPTIONS` among them, which `@fastify/cors` would
 * answer by itself. Register before any route.
 */
export default fp<CorsOptions>(
  async function cors(app, { origins }) {
    const open = new Set<string>()
    app.addHook('onRoute', ({ url, config }) => {
      if (config?.isForAnyOrigin) open.add(url)
    })
    app.addHook('onRequest', (request, reply, done) => {
      const headers = open.has(pathOf(request.url))
        ? ANY_ORIGIN_HEADERS
        : corsHeaders(origins, request.headers.origin)
      reply.headers(headers)
      if (isPreflight(request) && 'access-control-allow-origin' in headers) {
        reply.code(204).headers(PREFLIGHT_HEADERS).send()
      } else {
        done()
      }
    })
  },
  { name: 'cors', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set where no cookie is read: pages of every origin may call, without credentials. */
    isForAnyOrigin?: true
  }
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
