import swagger from '@fastify/swagger'
import fp from 'fastify-plugin'
import { type TSchema, Type } from 'typebox'
import { ACCESS_COOKIE } from './cookies.js'

export interface OpenApiOptions {
  readonly issuer: string
  readonly version: string
}

/** RFC 9457 problem details with the members of the contract. */
const ProblemDetails = Type.Object(
  {
    type: Type.String({ examples: ['about:blank'] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    code: Type.String({ description: 'Stable, for programs', examples: ['VALIDATION_FAILED'] }),
    error: Type.String({ description: 'The same sentence as `title`' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() })),
    ),
    requestId: Type.String(),
  },
  { description: 'Problem details (RFC 9457)' },
)

/** `response` entries for the failures that a route can answer with. */
export function problems(...statuses: number[]): Record<number, TSchema> {
  const content = { 'application/problem+json': { schema: ProblemDetails } }
  const response = { description: 'Problem details (RFC 9457)', content }
  return Object.fromEntries(statuses.map((status) => [status, response]))
}

/** `/openapi.json`, made from the routes' own schemas. Register before the routes. */
export default fp<OpenApiOptions>(
  async function openapi(app, { issuer, version }) {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'Latchkey', version, description: 'Serverless API authentication' },
        servers: [{ url: issuer }],
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
            apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
            client: { type: 'http', scheme: 'basic' },
            cookie: { type: 'apiKey', in: 'cookie', name: ACCESS_COOKIE },
          },
        },
        security: [{ bearer: [] }, { cookie: [] }],
      },
    })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'openapi', fastify: '5.x' },
)
