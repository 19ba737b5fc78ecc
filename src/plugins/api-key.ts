import fp from 'fastify-plugin'
import { type ApiKeyRules, decorateWithApiKey } from './api-key-hooks.js'
import type { ApiKeyRecord } from './api-key-record.js'
import { ApiKeyVerifier, type ApiKeyVerifierOptions } from './api-key-verifier.js'

export type ApiKeyOptions = ApiKeyVerifierOptions & Omit<ApiKeyRules<ApiKeyRecord>, 'verify'>

/** API keys for the service itself: the hooks of `api-key-hooks.ts` over keys that are read from a store. */
export default fp<ApiKeyOptions>(
  async function apiKey(app, options) {
    const verifier = new ApiKeyVerifier(options)
    decorateWithApiKey(app, {
      ...options,
      verify: (text, address) => verifier.verify(text, address),
    })
  },
  { name: 'api-key', fastify: '5.x' },
)
