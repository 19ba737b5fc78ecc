import { INSUFFICIENT_SCOPE } from '../access-tokens/errors.js'
import { API_KEY_REQUIRED, apiKeyProblem } from '../api-keys/verification/errors.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { systemClock } from '../lib/clock.js'
import { Problem } from '../http/problem.js'
import { IntrospectionClient } from './introspection-client.js'
import { KeyIntrospection } from './introspection.js'
import { checkIssuer } from './issuer.js'
import { explained } from './verification-error.js'

export type { VerifiedKey } from '../api-keys/verification/record.js'

export interface KeyVerifierOptions {
  /** Base URL of the Latchkey service. */
  readonly issuer: string
  /** An API key of your own with the scope `token:introspect`, which an administrator gives. */
  readonly introspectionKey: string | undefined
}

/** What a key must have beside being live. */
export interface KeyRequirement {
  /** Where the request comes from: keys may be bound to address ranges. */
  readonly address: string
  /** All of them. */
  readonly scopes?: readonly string[]
}

/** Verifies Latchkey's API keys. */
export interface KeyVerifier {
  /**
   * @param key the `x-api-key` header of a request.
   * @returns the key's id, its owner and its scopes.
   * @throws {VerificationError} 401 for a key that is no good or missing, 403 for one that may do too little or may not
   * be used from there, 503 while the issuer can't tell.
   * @example
   * const { keyId } = await keys.verify(request.headers['x-api-key'], { address: request.ip, scopes: ['data:read'] })
   */
  verify(key: string | undefined, requirement: KeyRequirement): Promise<VerifiedKey>
}

/**
 * Verifies Latchkey's API keys in any framework, by introspection (RFC 7662): a good key is trusted for at most 30
 * seconds, one that is no good refused for 10. Rate limits and quotas of keys count at the issuer's own routes only.
 * @throws {TypeError} for an issuer or a key that can't be one.
 * @example
 * const keys = createKeyVerifier({ issuer, introspectionKey: process.env.INTROSPECTION_KEY })
 */
export function createKeyVerifier({ issuer, introspectionKey }: KeyVerifierOptions): KeyVerifier {
  const client = new IntrospectionClient(checkIssuer(issuer), introspectionKey)
  const keys = new KeyIntrospection(client, systemClock)
  return {
    verify: (key, { address, scopes = [] }) =>
      explained(issuer, async () => {
        if (key === undefined || key === '') throw apiKeyProblem(API_KEY_REQUIRED)
        const found = await keys.verify(key, address)
        if (scopes.every((scope) => found.scopes.includes(scope))) return found
        throw new Problem(INSUFFICIENT_SCOPE, { detail: `The key needs: ${scopes.join(' ')}.` })
      }),
  }
}
