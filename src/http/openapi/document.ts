import Fastify, { type FastifySchema } from 'fastify'
import type { Choices } from '../described-schema.js'
import { describeBodies } from './bodies.js'
import { describeSchema } from './describe-schema.js'
import { describeHeaders } from './headers.js'
import { type ApiDocument, type DescribedRoute, withLinks } from './links.js'
import { responsesOf } from './operations.js'
import { problems } from './problems.js'
import { INTRODUCTION, meaningOf, securitySchemes, TAGS } from './texts.js'

export interface OpenApiOptions {
  readonly issuer: string
  readonly version: string
  readonly choices: Choices
}

/** The routes once more, in an app that only describes them. */
export async function describeRoutes(
  routes: readonly DescribedRoute[],
  { issuer, version, choices }: OpenApiOptions,
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
    const described = describeSchema(withFailures(url, schema), choices) as FastifySchema
    app.route({ method, url, schema: described, handler: unused })
  }
  await app.ready()
  const document = app.swagger() as ApiDocument
  describeBodies(document)
  describeResponses(document)
  describeHeaders(document)
  shareProblems(document)
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
    ...((url.includes(':') || schema.querystring !== undefined) && problems(431)),
    ...(schema.body !== undefined && likeOwn(413, 415)),
    ...given,
  }
  return { ...schema, response }
}

/** The generator has one phrase for each response without a description. */
const UNDESCRIBED = 'Default Response'

function describeResponses(document: ApiDocument): void {
  for (const [status, response] of responsesOf(document)) {
    if (response.description === UNDESCRIBED) response.description = meaningOf(Number(status))
  }
}

/** Most answers of most operations are problems: written out, they would be nine tenths of the document. */
function shareProblems(document: ApiDocument): void {
  const schemas: Record<string, unknown> = {}
  for (const [, { content }] of responsesOf(document)) {
    const media = content?.['application/problem+json']
    if (media === undefined) continue
    schemas.Problem = media.schema
    media.schema = { $ref: '#/components/schemas/Problem' }
  }
  const { components } = document as { readonly components?: object }
  Object.assign(document, { components: { ...components, schemas } })
}

/** The app is never asked anything. */
const unused = () => undefined
