import fp from 'fastify-plugin'
import { systemClock } from '../lib/clock.js'
import { decorateWithApiKey } from '../api-keys/verification/hooks.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { answered } from './answered.js'
import { IntrospectionClient } from './introspection-client.js'
import { KeyIntrospection } from './introspection.js'
import { checkIssuer } from './issuer.js'

export type { ApiKeyRequirement } from '../api-keys/verification/hooks.js'
export type { VerifiedKey } from '../api-keys/verification/record.js'

export interface ApiKeyOptions {
  /** Base URL of the Latchkey service. */
  readonly issuer: string
  /**
   * An API key of your own with the scope `token:introspect`, which an administrator gives. Keys are stored as
   * hashes and unlike tokens carry no signature, so only the issuer can tell whether one is live, and it answers
   * only authorized callers. `undefined`, for example a variable that is not set, is refused at registration.
   */
  readonly introspectionKey: string | undefined
}

/**
 * Latchkey's API keys in an API of your own: the guard `requireApiKey({ scopes })` makes an `onRequest` hook, the
 * key is in `request.apiKey`, and `verifyApiKey` for one that came another way. Keys are introspected (RFC 7662); a
 * good one is trusted for at most 30 seconds, never past its end, and one that is no good refused for 10.
 * While the issuer does not answer, keys that are not in memory get 503 with `Retry-After`. Address ranges
 * of keys are kept, by `request.ip`; their rate limits and quotas count at the issuer's own routes only.
 *
 * @throws {TypeError} at registration, for an issuer or a key that can't be one, and for a route without its guard.
 * @example
 * await app.register(apiKey, { issuer, introspectionKey: process.env.INTROSPECTION_KEY })
 * app.get('/stock', { onRequest: app.requireApiKey({ scopes: ['data:read'] }) }, async (request) => request.apiKey.keyId)
 */
export default fp<ApiKeyOptions>(
  async function latchkeyApiKey(app, { issuer, introspectionKey }) {
    const client = new IntrospectionClient(checkIssuer(issuer), introspectionKey)
    const keys = new KeyIntrospection(client, systemClock)
    const verify = (text: string, address: string) => keys.verify(text, address)
    app.decorate('verifyApiKey', verify)
    decorateWithApiKey(app, { verify }, answered(issuer))
  },
  { name: 'latchkey-api-key', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} API_KEY_INVALID, API_KEY_EXPIRED, API_KEY_DISABLED, ADDRESS_NOT_ALLOWED. */
    verifyApiKey(text: string, address: string): VerifiedKey | Promise<VerifiedKey>
  }
}
