import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { problems } from '../http/openapi/problems.js'
import { HolderAnswer, UsageAnswer } from './schemas.js'

const SECURITY = [{ apiKey: [] }]
const FAILURES = problems(400, 401, 403, 429, 503)
const UNCOUNTED = 'Limited by address; takes nothing from the rate limit and the quota of the key.'

/** What the holder of a key asks about it, by the key alone. */
const holderRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const onRequest = (request: FastifyRequest) => app.authenticateHolder(request)

  app.get(
    '/api/key',
    {
      config: { rateLimit: {} },
      onRequest,
      schema: {
        tags: ['API keys'],
        summary: 'What my key may do, until when, and what is left',
        description: UNCOUNTED,
        security: SECURITY,
        response: { 200: HolderAnswer, ...FAILURES },
      },
    },
    async (request) => ({ key: await app.describeHeldKey(request) }),
  )

  app.get(
    '/api/key/usage',
    {
      config: { rateLimit: {} },
      onRequest,
      schema: {
        tags: ['API keys'],
        summary: 'Calls of my key by day and outcome',
        description: UNCOUNTED,
        security: SECURITY,
        response: { 200: UsageAnswer, ...FAILURES },
      },
    },
    async ({ apiKey }) => ({ days: await app.apiKeyUsage.read(apiKey.keyId) }),
  )
}

export default holderRoutes
