import Fastify, { type FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import * as Type from 'typebox'
import type { TSchema } from 'typebox'
import { describeSchema } from '../http/described-schema.js'
import {
  type ApiDocument,
  type DescribedRoute,
  type IdSource,
  withLinks,
} from '../http/openapi/links.js'
import { INTRODUCTION, meaningOf, securitySchemes, TAGS } from '../http/openapi/texts.js'
import { onceMade } from '../lib/once-made.js'

export interface OpenApiOptions {
  readonly issuer: string
  readonly version: string
}

/** RFC 9457 problem details with the members of the contract. */
const ProblemDetails = Type.Object(
  {
    type: Type.String({
      format: 'uri',
      description: 'A page that says what happened and what to do',
      examples: ['https://auth.example.com/errors#VALIDATION_FAILED'],
    }),
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
  return Object.fromEntries(
    statuses.map((status) => [status, { description: meaningOf(status), content }]),
  )
}

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
      onceMade(() => describe(routes, options)),
    )
    app.get('/openapi.json', { schema: { hide: true } }, () => app.describeApi())
  },
  { name: 'openapi', fastify: '5.x' },
)

/** The routes once more, in an app that only describes them. */
async function describe(
  routes: readonly DescribedRoute[],
  { issuer, version }: OpenApiOptions,
): Promise<ApiDocument> {
  const { default: swagger } = await import('@fastify/swagger')
  const app = Fastify()
  app.setValidatorCompiler(() => () => true).setSerializerCompiler(() => () => '')
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Latchkey', version, description: INTRODUCTION },
      servers: [{ url: issuer }],
      components: { securitySchemes: securitySchemes(issuer) },
      tags: TAGS,
      security: [{ bearer: [] }, { cookie: [] }],
    },
  })
  for (const { method, url, schema } of routes) {
    const described = describeSchema(withFailures(url, schema)) as FastifySchema
    app.route({ method, url, schema: described, handler: NOBODY })
  }
  await app.ready()
  const document = app.swagger() as ApiDocument
  describeResponses(document)
  return withLinks(document, routes)
}

/** What any route of its kind can answer: its text is read, and an id may be of nothing. */
function withFailures(url: string, schema: FastifySchema): FastifySchema {
  const given = (schema.response ?? {}) as Readonly<Record<number, object>>
  const { 400: own = {} } = given
  // OAuth has a shape of its own, the same for each status.
  const likeOwn = (...statuses: number[]) =>
    'properties' in own
      ? Object.fromEntries(statuses.map((status) => [status, own]))
      : problems(...statuses)
  const response = {
    ...likeOwn(400),
    ...(url.includes(':') && problems(404)),
    ...(schema.body !== undefined && likeOwn(413, 415)),
    ...given,
  }
  return { ...schema, response }
}

/** The generator has one phrase for each response without a description. */
const UNDESCRIBED = 'Default Response'

function describeResponses(document: ApiDocument): void {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>
  for (const { responses } of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(responses)) {
      if (response.description === UNDESCRIBED) response.description = meaningOf(Number(status))
    }
  }
}

interface Operation {
  readonly responses: Readonly<Record<string, { description: string }>>
}

const NOBODY = () => undefined

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
