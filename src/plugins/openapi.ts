import fp from 'fastify-plugin'
import { describeRoutes, type OpenApiOptions } from '../http/openapi/document.js'
import type { ApiDocument, DescribedRoute, IdSource } from '../http/openapi/links.js'
import { onceMade } from '../lib/once-made.js'

/**
 * `/openapi.json`, made from the routes' own schemas when it is first asked for: the generator would
 * otherwise be loaded by every start. Register before the routes.
 */
export default fp<OpenApiOptions>(
  async function openapi(app, options) {
    const routes: DescribedRoute[] = []
    app.addHook('onRoute', ({ method, url, schema, config }) => {
      if (schema && schema.hide !== true && method !== 'HEAD') {
        routes.push({ method, url, schema, ids: config?.ids })
      }
    })
    app.decorate(
      'describeApi',
      onceMade(() => describeRoutes(routes, options)),
    )
    app.get('/openapi.json', { schema: { hide: true } }, () => app.describeApi())
  },
  { name: 'openapi', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where the answer names an id that other routes take. */
    ids?: IdSource
  }
  interface FastifyInstance {
    /** The OpenAPI document of all routes so far; register nothing after the first call. */
    describeApi(): Promise<ApiDocument>
  }
}
