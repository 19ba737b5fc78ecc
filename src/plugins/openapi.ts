import fp from 'fastify-plugin'
import type { ApiDocument, DescribedRoute, IdSource } from '../http/openapi/links.js'
import { onceMade } from '../lib/once-made.js'

export interface OpenApiOptions {
  /** Makes the document of the routes. */
  readonly describe: (routes: readonly DescribedRoute[]) => Promise<ApiDocument>
}

/**
 * `/openapi.json`, made from the routes' own schemas when it is first asked for. Register before the routes.
 */
export default fp<OpenApiOptions>(
  async function openapi(app, { describe }) {
    const routes: DescribedRoute[] = []
    app.addHook('onRoute', ({ method, url, schema, config }) => {
      if (schema && schema.hide !== true && method !== 'HEAD') {
        routes.push({ method, url, schema, ids: config?.ids })
      }
    })
    app.decorate(
      'describeApi',
      onceMade(() => describe(routes)),
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
