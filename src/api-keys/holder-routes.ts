import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { HolderKeys } from './holder-keys.js'
import { HolderAnswer, UsageAnswer } from './schemas.js'
import type { UsageRecorder } from './usage.js'
import { holderHook, presentedKey } from './verification/hooks.js'
import type { ApiKeyVerifier } from './verification/verifier.js'

export interface HolderRoutesOptions {
  readonly verifier: ApiKeyVerifier
  readonly holderKeys: Late<HolderKeys>
  readonly usage: UsageRecorder
}

const SECURITY = [{ apiKey: [] }]
const FAILURES = problems(400, 401, 403, 429, 503)
const UNCOUNTED = 'Limited by address; takes nothing from the rate limit and the quota of the key.'

/** What the holder of a key asks about it, by the key alone. */
const holderRoutes: FastifyPluginAsyncTypebox<HolderRoutesOptions> = async (
  app,
  { verifier, holderKeys, usage },
) => {
  const onRequest = holderHook(verifier)

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
    async (request) => ({
      key: await holderKeys.describe({ key: request.apiKey, text: presentedKey(request) }),
    }),
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
    async ({ apiKey }) => ({ days: await usage.read(apiKey.keyId) }),
  )
}

export default holderRoutes
