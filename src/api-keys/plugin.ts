import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { callerOf } from '../http/caller.js'
import { isOutage } from '../http/problem.js'
import type { Late } from '../lib/late.js'
import type { KeySuspension } from '../lib/suspension.js'
import apiKey from '../plugins/api-key.js'
import type { KeyDesk } from './desk.js'
import type { KeyLimits } from './limits.js'
import type { UsageRecorder } from './usage.js'
import type { ApiKeyVerifier } from './verification/verifier.js'

export interface ApiKeysOptions {
  readonly verifier: ApiKeyVerifier
  readonly limits: KeyLimits
  readonly usage: UsageRecorder
  readonly desk: Late<KeyDesk>
  /** Whether a limit that can't be counted lets calls on. */
  readonly allowOnOutage: boolean
}

/** Partners' keys: their verification, limits and counts through `requireApiKey`. */
export default fp<ApiKeysOptions>(
  async function apiKeys(app, { verifier, limits, usage, desk, allowOnOutage }) {
    await app.register(apiKey, {
      verifier,
      admit: (key) =>
        limits.admit(key)?.catch((error: unknown) => {
          if (allowOnOutage && isOutage(error)) return {}
          throw error
        }),
      onOutcome({ keyId }, outcome) {
        // Too many to be written, but not to be counted (`events/metrics.ts`).
        if (outcome === 'allowed') report(app.log, 'api_key_allowed', { keyId })
        return usage.count(keyId, outcome)
      },
    })
    // What an outage has left of a suspension is done before its owner looks at keys, or changes anything.
    app.addHook('preHandler', (request, _reply, done) => {
      const { id, suspendingKeys } = accountOf(request) ?? {}
      if (id === undefined || suspendingKeys === undefined) {
        done()
        return
      }
      desk.suspendRecent(callerOf(request), id, suspendingKeys).then(() => done(), done)
    })
    app.addHook('preClose', () => usage.flush())
  },
  { name: 'api-keys', fastify: '5.x' },
)

/** A request without a session has none. */
function accountOf(request: FastifyRequest) {
  const { session } = request as {
    readonly session?: {
      readonly account: { readonly id: string; readonly suspendingKeys?: KeySuspension }
    }
  }
  return session?.account
}
