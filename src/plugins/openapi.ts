import type { StaticDocumentSpec } from '@fastify/swagger'
import Fastify, { type RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import * as Type from 'typebox'
import type { TSchema } from 'typebox'
import { ACCESS_COOKIE, cookieName } from './cookies.js'

export interface OpenApiOptions {
  readonly issuer: string
  readonly version: string
}

type ApiDocument = StaticDocumentSpec['document']

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
      Type.Array(
        Type.Object({
          field: Type.String(),
          message: Type.String(),
          code: Type.Optional(Type.String({ examples: ['TOO_SHORT'] })),
        }),
      ),
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

/**
 * `/openapi.json`, made from the routes' own schemas when it is first asked for: the generator would
 * otherwise be loaded by every start. Register before the routes.
 */
export default fp<OpenApiOptions>(
  async function openapi(app, options) {
    const routes: RouteOptions[] = []
    app.addHook('onRoute', ({ method, url, schema }) => {
      if (schema && schema.hide !== true && method !== 'HEAD') {
        routes.push({ method, url, schema, handler: NOBODY })
      }
    })
    let document: Promise<ApiDocument> | undefined
    app.decorate('describeApi', () => (document ??= describe(routes, options)))
    app.get('/openapi.json', { schema: { hide: true } }, () => app.describeApi())
  },
  { name: 'openapi', fastify: '5.x' },
)

/** The routes once more, in an app that only describes them. */
async function describe(
  routes: readonly RouteOptions[],
  { issuer, version }: OpenApiOptions,
): Promise<ApiDocument> {
  const { default: swagger } = await import('@fastify/swagger')
  const app = Fastify()
  app.setValidatorCompiler(() => () => true).setSerializerCompiler(() => () => '')
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
          cookie: { type: 'apiKey', in: 'cookie', name: cookieName(ACCESS_COOKIE, issuer) },
          signature: { type: 'apiKey', in: 'header', name: 'github-public-key-signature' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
  })
  for (const route of routes) app.route(route)
  await app.ready()
  return app.swagger() as ApiDocument
}

const NOBODY = () => undefined

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document of all routes so far; register nothing after the first call. */
    describeApi(): Promise<ApiDocument>
  }
}
