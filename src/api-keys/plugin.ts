import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import type { ScopeRules } from '../access-tokens/scopes.js'
import type { Database } from '../dynamodb/database.js'
import type { TableNames } from '../dynamodb/tables.js'
import type { Clock } from '../lib/clock.js'
import { userOfKey } from '../dynamodb/user-items.js'
import type { KeyPrefix } from './verification/format.js'
import { ApiKeyVerifier } from './verification/verifier.js'
import apiKey from '../plugins/api-key.js'
import { isOutage } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import { ApiKeys } from './api-keys.js'
import { KeyLimits } from './limits.js'
import type { RateLimitCounter } from '../limits/counter.js'
import { PermitLeases } from '../limits/permit-leases.js'
import type { KeyPolicy } from './policy.js'
import { ApiKeysStore } from './store.js'
import { UsageRecorder } from './usage.js'

export interface ApiKeysOptions {
  readonly database: Database
  readonly tables: TableNames
  readonly rateLimitCounter: RateLimitCounter
  readonly keyPrefix: KeyPrefix
  readonly scopes: ScopeRules
  readonly policy: KeyPolicy
  readonly maxPerOwner: number
  /** How long an instance trusts what it read of a key, milliseconds: the longest that a revocation takes. */
  readonly cacheMs: number
  /** Whether a limit that can't be counted lets calls on. */
  readonly allowOnOutage: boolean
  readonly clock: Clock
  readonly random: Random
}

/** Partners' keys: their life cycle in `app.apiKeys`, their verification through `requireApiKey`. */
export default fp<ApiKeysOptions>(
  async function apiKeys(app, options) {
    const { database, tables, rateLimitCounter, keyPrefix, cacheMs, allowOnOutage, clock } = options
    const store = new ApiKeysStore(database, tables, options.scopes.reserved)
    const usage = new UsageRecorder(database, tables.apiKeys, clock)
    const limits = new KeyLimits(new PermitLeases(rateLimitCounter, clock), clock)

    app.decorate('apiKeys', new ApiKeys({ ...options, store }))
    app.decorate('apiKeyUsage', usage)
    app.decorate('apiKeyLimits', limits)
    const verifier = new ApiKeyVerifier({
      keyPrefix,
      cacheMs,
      clock,
      find: ({ keyId }) => store.findWithOwner(keyId),
    })
    // What this instance changes, it knows at once; the others within `cacheMs`.
    database.onWrite(tables.apiKeys, ({ keyId }) => verifier.forget(String(keyId)))
    database.onWrite(tables.users, (key) => {
      const userId = userOfKey(key)
      if (userId !== undefined) verifier.forgetUser(userId)
    })
    await app.register(apiKey, {
      verifier,
      admit: (key) =>
        limits.admit(key).catch((error: unknown) => {
          if (allowOnOutage && isOutage(error)) return undefined
          throw error
        }),
      onOutcome({ keyId }, outcome) {
        // Too many to be written, but not to be counted (`events/metrics.ts`).
        if (outcome === 'allowed') report(app.log, 'api_key_allowed', { keyId })
        return usage.count(keyId, outcome)
      },
    })
    app.addHook('preClose', () => usage.flush())
  },
  { name: 'api-keys', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    apiKeys: ApiKeys
    apiKeyUsage: UsageRecorder
    apiKeyLimits: KeyLimits
  }
}
