import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ANY_ORIGIN_HEADERS, corsHeaders, PREFLIGHT_HEADERS } from '../http/cors-headers.js'
import { pathOf } from '../http/path.js'
import type { RouteList } from '../http/route-list.js'

export interface CorsOptions {
  /** Exact origins that may call with credentials. None: no CORS header is ever sent. */
  readonly origins: readonly string[]
  /** Of the whole service: an answer without a route here may be about one elsewhere. */
  readonly routes: RouteList
}

/**
 * An allow list, off by default. It answers the preflights of listed origins, at every path: their pages
 * read failures too. What reads no cookie, and says so in its config, is for the pages of any origin, without
 * credentials. All other requests go on to the router, any other `OPTIONS` among them, which `@fastify/cors` would
 * answer by itself.
 */
export default fp<CorsOptions>(
  async function cors(app, { origins, routes }) {
    app.addHook('onRequest', (request, reply, done) => {
      const headers = routes.isForAnyOrigin(pathOf(request.url))
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

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
