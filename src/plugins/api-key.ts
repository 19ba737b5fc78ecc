import fp from 'fastify-plugin'
import { type ApiKeyRules, decorateWithApiKey } from '../api-keys/verification/hooks.js'
import type { ApiKeyRecord } from '../api-keys/verification/record.js'
import type { ApiKeyVerifier } from '../api-keys/verification/verifier.js'

export interface ApiKeyOptions extends Omit<ApiKeyRules<ApiKeyRecord>, 'verify'> {
  readonly verifier: ApiKeyVerifier
}

/** API keys for the service itself: the hooks of `api-keys/verification/hooks.ts` over keys that are read from a store. */
export default fp<ApiKeyOptions>(
  async function apiKey(app, { verifier, ...rules }) {
    decorateWithApiKey(app, {
      ...rules,
      verify: (text, address) => verifier.verify(text, address),
    })
  },
  { name: 'api-key', fastify: '5.x' },
)
