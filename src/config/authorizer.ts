import * as Type from 'typebox'
import { validate, withoutBlanks } from '../environment.js'
import { loadConfig } from './service.js'

/** What only the authorizer reads. */
export const authorizerEnvironmentSchema = Type.Object({
  ACCEPTS: Type.Enum(['jwt', 'api-key'], { description: 'The kind of credential that it takes' }),
  REQUIRED_SCOPES: Type.String({
    default: '',
    description: 'Scopes, separated by spaces, all of which a caller must hold',
  }),
})

/**
 * What an authorizer reads. Tables need only be named where it takes API keys.
 * @throws {ConfigError} as `loadConfig`.
 */
export function loadAuthorizerConfig(source: NodeJS.ProcessEnv) {
  const env = validate(authorizerEnvironmentSchema, withoutBlanks(source))
  const { issuer, audience, logLevel, tables, apiKeys, verificationCacheMs } = loadConfig(source)
  return {
    issuer,
    audience,
    logLevel,
    tables,
    keyPrefix: apiKeys.keyPrefix,
    reservedScopes: apiKeys.scopes.reserved,
    cacheMs: verificationCacheMs,
    accepts: env.ACCEPTS,
    requiredScopes: env.REQUIRED_SCOPES.split(' ').filter((scope) => scope !== ''),
  }
}
