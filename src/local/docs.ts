import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** What the page is made of, all of it our own; no upgrade to TLS, which a local server does not speak. */
const POLICY = {
  'default-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
}

/** Swagger UI at `/docs`. Local only: a deployed service serves the document, not the page. */
export default fp(
  async function docs(app) {
    const document = await app.describeApi()
    await app.register(swagger, { mode: 'static', specification: { document } })
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: POLICY })
  },
  { name: 'docs', fastify: '5.x' },
)
