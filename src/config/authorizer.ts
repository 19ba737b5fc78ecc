import * as Type from 'typebox'
import type { Static } from 'typebox'
import { identifierFault } from '../access-tokens/resource-identifier.js'
import { ConfigError, validate, withoutBlanks } from './environment.js'
import { loadConfig } from './service.js'

/** What only the authorizer reads. */
export const authorizerEnvironmentSchema = Type.Object({
  ACCEPTS: Type.Enum(['jwt', 'api-key'], { description: 'The kind of credential that it takes' }),
  REQUIRED_SCOPES: Type.String({
    default: '',
    description: 'Scopes, separated by spaces, all of which a caller must hold',
  }),
  RESOURCE: Type.Optional(
    Type.String({
      description: 'Identifier of the API, which is `aud` of its access tokens; for `jwt`',
      examples: ['https://orders.example.com'],
    }),
  ),
  LEGACY_AUDIENCE: Type.Optional(
    Type.String({ description: '`aud` of tokens from before the API had an identifier' }),
  ),
})

/**
 * What an authorizer reads. Tables need only be named where it takes API keys.
 * @throws {ConfigError} as `loadConfig`.
 */
export function loadAuthorizerConfig(source: NodeJS.ProcessEnv) {
  const env = validate(authorizerEnvironmentSchema, withoutBlanks(source))
  const { issuer, logLevel, tables, apiKeys, verificationCacheMs } = loadConfig(source)
  return {
    issuer,
    audiences: env.ACCEPTS === 'jwt' ? parseAudiences(issuer, env) : [],
    hasLegacyAudience: env.LEGACY_AUDIENCE !== undefined,
    logLevel,
    tables,
    keyPrefix: apiKeys.keyPrefix,
    reservedScopes: apiKeys.scopes.reserved,
    cacheMs: verificationCacheMs,
    accepts: env.ACCEPTS,
    requiredScopes: env.REQUIRED_SCOPES.split(' ').filter((scope) => scope !== ''),
  }
}

function parseAudiences(
  issuer: string,
  { RESOURCE: resource = '', LEGACY_AUDIENCE: legacy }: Static<typeof authorizerEnvironmentSchema>,
): string[] {
  const fault = identifierFault(resource, issuer)
  if (fault !== undefined) throw new ConfigError(`RESOURCE: ${fault}.`)
  return legacy === undefined ? [resource] : [resource, legacy]
}
