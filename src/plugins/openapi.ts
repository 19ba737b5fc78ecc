import fp from 'fastify-plugin'
import type { ApiDocument, IdSource } from '../http/openapi/links.js'
import { onceMade } from '../lib/once-made.js'

export interface OpenApiOptions {
  /** Makes the document of all routes. */
  readonly describe: () => Promise<ApiDocument>
}

/** `/openapi.json`, made from the routes' own schemas when it is first asked for. */
export default fp<OpenApiOptions>(
  async function openapi(app, { describe }) {
    app.decorate('describeApi', onceMade(describe))
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
