import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import type { Database } from '../dynamodb/database.js'
import { problems } from '../http/openapi/problems.js'

export interface HealthOptions {
  readonly database: Database
  readonly table: string
}

/** Answers 200 when the store does. */
const healthRoutes: FastifyPluginAsyncTypebox<HealthOptions> = async (app, { database, table }) => {
  app.get(
    '/healthz',
    {
      // It reads the store for anyone who asks.
      config: { rateLimit: {} },
      schema: {
        tags: ['For machines'],
        summary: 'Is the service able to work',
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ok') }), ...problems(429, 503) },
      },
    },
    async () => {
      await database.get(table, { pk: 'HEALTH' })
      return { status: 'ok' as const }
    },
  )
}

export default healthRoutes
