import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** Swagger UI at `/docs`. Local only: a deployed service serves the document, not the page. */
export default fp(
  async function docs(app) {
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  },
  { name: 'docs', fastify: '5.x' },
)
