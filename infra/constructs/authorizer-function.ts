import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { LatchkeyFunction } from './function.js'
import type { AuthenticationRequirement } from '../../src/access-tokens/required-authentication.js'
import type { ApiTarget } from './api-target.js'
import { type LatchkeySettings, retentionOf } from '../settings.js'

export interface AuthorizerFunctionProps extends LatchkeySettings {
  /** What callers show: an access token in `Authorization`, or an API key in `x-api-key`. */
  readonly accepts: 'jwt' | 'api-key'
  /** Scopes that they must have, all of them. */
  readonly scopes: readonly string[]
  readonly issuer: string
  /** What a token must be for, where tokens are taken. */
  readonly target: ApiTarget | undefined
  /** How strong and how fresh the sign-in behind a token must be. */
  readonly authentication: AuthenticationRequirement | undefined
}

/** Longest description that Lambda takes. */
const MAX_DESCRIPTION = 256

/** The Lambda authorizer: payload format 2.0 of HTTP APIs, or `REQUEST` events of REST APIs. */
export class AuthorizerFunction extends LatchkeyFunction {
  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    const { accepts, scopes, issuer, target, authentication = {} } = props
    const { acrValues, maxAge } = authentication
    const { logLevel = 'info', tracing = false, environment = {} } = props
    const what = accepts === 'jwt' ? 'access tokens' : 'API keys'
    const description = `Latchkey: takes ${what}${scopes.length > 0 ? ` with ${scopes.join(' ')}` : ''}`
    super(scope, id, {
      bundle: 'authorizer',
      description: description.slice(0, MAX_DESCRIPTION),
      memorySize: 512,
      timeout: Duration.seconds(10),
      logLevel,
      logRetention: retentionOf(props),
      tracing,
      environment: {
        ...environment,
        ISSUER: issuer,
        ...(target && { RESOURCE: target.resource }),
        ...(target?.legacyAudience !== undefined && { LEGACY_AUDIENCE: target.legacyAudience }),
        ACCEPTS: accepts,
        REQUIRED_SCOPES: scopes.join(' '),
        ...(acrValues && { ACR_VALUES: acrValues.join(' ') }),
        ...(maxAge !== undefined && { MAX_AGE: String(maxAge) }),
      },
    })
  }
}
