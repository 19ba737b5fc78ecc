import * as Type from 'typebox'
import type { Static } from 'typebox'
import {
  type AuthenticationRequirement,
  requirementFault,
} from '../access-tokens/required-authentication.js'
import { identifierFault } from '../access-tokens/resource-identifier.js'
import { ConfigError, validate, withoutBlanks } from './environment.js'
import { loadConfig } from './service.js'

/** What only the authorizer reads. */
export const authorizerEnvironmentSchema = Type.Object({
  ACCEPTS: Type.Enum(['jwt', 'api-key'], { description: 'The kind of credential that it takes' }),
  REQUIRED_SCOPES: Type.String({
    default: '',
    description:
      'Scopes, separated by spaces, all of which a caller must hold; without any, no token of an app of others is taken',
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
  ACR_VALUES: Type.Optional(
    Type.String({
      description:
        'Levels of a sign-in, separated by spaces, one of which a person’s must have; for `jwt`',
      examples: ['urn:latchkey:2'],
    }),
  ),
  MAX_AGE: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Seconds that may have passed since a person signed in; for `jwt`',
    }),
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
    requiredAuthentication: parseRequirement(env),
    requiredScopes: split(env.REQUIRED_SCOPES),
  }
}

type Environment = Static<typeof authorizerEnvironmentSchema>

const split = (list: string): string[] => list.split(' ').filter((part) => part !== '')

function parseRequirement({
  ACCEPTS,
  ACR_VALUES: acrValues,
  MAX_AGE: maxAge,
}: Environment): AuthenticationRequirement | undefined {
  if (acrValues === undefined && maxAge === undefined) return undefined
  if (ACCEPTS !== 'jwt') {
    throw new ConfigError('ACR_VALUES and MAX_AGE: no sign-in is behind an API key. Remove them.')
  }
  const requirement = {
    ...(acrValues !== undefined && { acrValues: split(acrValues) }),
    ...(maxAge !== undefined && { maxAge }),
  }
  const fault = requirementFault(requirement)
  if (fault !== undefined) throw new ConfigError(`${fault.replace('acrValues', 'ACR_VALUES')}.`)
  return requirement
}

function parseAudiences(
  issuer: string,
  { RESOURCE: resource = '', LEGACY_AUDIENCE: legacy }: Environment,
): string[] {
  const fault = identifierFault(resource, issuer)
  if (fault !== undefined) throw new ConfigError(`RESOURCE: ${fault}.`)
  return legacy === undefined ? [resource] : [resource, legacy]
}
