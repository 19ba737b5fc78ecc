import fp from 'fastify-plugin'
import type { ApiDocument, IdSource } from '../http/openapi/links.js'

export interface OpenApiOptions {
  /** Makes the document of all routes, once. */
  readonly describe: () => Promise<ApiDocument>
}

/** `/openapi.json`, made from the routes' own schemas when it is first asked for. */
export default fp<OpenApiOptions>(
  async function openapi(app, { describe }) {
    app.get('/openapi.json', { schema: { hide: true } }, () => describe())
  },
  { name: 'openapi', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where the answer names an id that other routes take. */
    ids?: IdSource
  }
}
