import { Logger } from '@aws-lambda-powertools/logger'
import { answer } from '../authorizer/answer.js'
import { judge, type Verifiers } from '../authorizer/authorizer.js'
import { addressOf, headerOf, isQuestion } from '../authorizer/credential.js'
import { eventLine } from '../events/report.js'
import { LEGACY_AUDIENCE_WARNING } from '../relying-party/resource.js'
import { IssuerKeys } from '../relying-party/issuer-keys.js'
import { Problem } from '../http/problem.js'
import { systemClock } from '../lib/clock.js'
import { plainError } from '../lib/plain-error.js'
import { loadAuthorizerConfig } from '../config/authorizer.js'
import { onceMade } from '../lib/once-made.js'
import { ApiKeyVerifier } from '../api-keys/verification/verifier.js'
import { AccessTokenVerifier, LATCHKEYS_OWN_TOKEN } from '../access-tokens/verifier.js'

/** Lambda authorizer for other APIs of the account. Made once for each instance. */
const config = loadAuthorizerConfig(process.env)
const { issuer, audiences, logLevel } = config
const logger = new Logger({ serviceName: 'latchkey-authorizer', logLevel })
if (config.hasLegacyAudience) {
  logger.warn(LEGACY_AUDIENCE_WARNING, eventLine('legacy_audience', {}))
}
const clock = systemClock

const keys = new IssuerKeys(issuer, clock)
const tokens = new AccessTokenVerifier({ issuer, audiences, keys, clock })

/** The store's client is loaded by the first API key: an authorizer of tokens never needs it. */
const apiKeys = onceMade(async () => {
  const [{ createClient }, { Database }, { ApiKeysStore }] = await Promise.all([
    import('../dynamodb/client.js'),
    import('../dynamodb/database.js'),
    import('../api-keys/store.js'),
  ])
  const { keyPrefix, cacheMs, reservedScopes } = config
  const database = new Database(createClient())
  const store = new ApiKeysStore(database, config.tables, reservedScopes)
  return new ApiKeyVerifier({
    keyPrefix,
    cacheMs,
    clock,
    find: ({ keyId }) => store.findWithOwner(keyId),
  })
})

const verifiers: Verifiers = {
  verifyAccessToken: async (token) => tokens.verify(token),
  async verifyApiKey(text, address) {
    return (await apiKeys()).verify(text, address)
  },
}

/** Writes the line that an alarm counts: API Gateway answers 500. */
function logFailure(error: unknown): void {
  if (error instanceof Problem) {
    const { cause } = error.extras
    const line = { reason: error.type.code, cause: cause instanceof Error ? cause.name : undefined }
    logger.error('dependency_failed', eventLine('dependency_failed', line))
  } else {
    const line = { event: 'unexpected_error' }
    logger.error(
      'unexpected_error',
      error instanceof Error ? { ...line, error: plainError(error) } : line,
    )
  }
}

export async function handler(event: unknown) {
  if (!isQuestion(event)) {
    // A schedule that keeps the function warm, or an authorizer of a kind that sends a token alone: no.
    logger.warn('event_unknown', eventLine('event_unknown', {}))
    return { isAuthorized: false }
  }
  const verdict = await judge(event, config, verifiers, clock).catch((error: unknown) => {
    logFailure(error)
    throw error
  })
  if (!verdict.allowed) {
    const { reason, detail } = verdict
    const name = detail === LATCHKEYS_OWN_TOKEN ? 'authn_token_misdirected' : 'authz_fail'
    const client = { ip: addressOf(event), userAgent: headerOf(event, 'user-agent') }
    logger.warn(name, { event: name, reason, ...client, ...(detail !== undefined && { detail }) })
  }
  return answer(event, verdict)
}
