import { Duration } from 'aws-cdk-lib'
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { LatchkeyFunction } from './function.js'
import { LogMetric } from './log-metric.js'
import type { LogsProps } from './logs.js'
import type { AuthenticationRequirement } from '../../src/access-tokens/required-authentication.js'
import type { ApiTarget } from './api-target.js'
import type { LatchkeySettings } from '../settings/latchkey-settings.js'

export interface AuthorizerFunctionProps extends LatchkeySettings {
  /** What callers show: an access token in `Authorization`, or an API key in `x-api-key`. */
  readonly accepts: 'jwt' | 'api-key'
  /** Scopes that they must have, all of them. */
  readonly scopes: readonly string[]
  readonly issuer: string
  readonly logs: LogsProps
  /** What a token must be for, where tokens are taken. */
  readonly target?: ApiTarget | undefined
  /** How strong and how fresh the sign-in behind a token must be. */
  readonly authentication?: AuthenticationRequirement | undefined
}

/**
 * Its own lines, and those of Lambda for a call that took too long, an instance that ended, and one that could not start:
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
const FAILURES =
  '{ ($.event = "dependency_failed") || ($.event = "unexpected_error") || ($.record.status = "timeout") || ($.record.status = "failure") || (($.type = "platform.initReport") && ($.record.status = "error")) }'

/** Longest description that Lambda takes. */
const MAX_DESCRIPTION = 256

/** The Lambda authorizer: payload format 2.0 of HTTP APIs, or `REQUEST` events of REST APIs. */
export class AuthorizerFunction extends LatchkeyFunction {
  /**
   * Calls that it could not judge. Lambda's own count of errors has refusals too: in payload format 1.0 an error is how
   * an authorizer says 401.
   */
  readonly failures: Metric

  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    const { accepts, scopes, issuer, logs, target, authentication = {} } = props
    const { acrValues, maxAge } = authentication
    const { logLevel = 'info', tracing = false, architecture = 'arm64', environment = {} } = props
    const what = accepts === 'jwt' ? 'access tokens' : 'API keys'
    const description = `Latchkey: takes ${what}${scopes.length > 0 ? ` with ${scopes.join(' ')}` : ''}`
    super(scope, id, {
      bundle: 'authorizer',
      description: description.slice(0, MAX_DESCRIPTION),
      memorySize: 512,
      timeout: Duration.seconds(10),
      logLevel,
      logs,
      tracing,
      architecture,
      environment: {
        ...readByAuthorizers(environment),
        ISSUER: issuer,
        ...(target && { RESOURCE: target.resource }),
        ...(target?.legacyAudience !== undefined && { LEGACY_AUDIENCE: target.legacyAudience }),
        ACCEPTS: accepts,
        REQUIRED_SCOPES: scopes.join(' '),
        ...(acrValues && { ACR_VALUES: acrValues.join(' ') }),
        ...(maxAge !== undefined && { MAX_AGE: String(maxAge) }),
      },
    })
    this.failures = new LogMetric(this, 'Failures', {
      logGroup: this.logGroup,
      of: this.functionName,
      pattern: FAILURES,
    }).sum
  }
}

/** What others mean needs variables that an authorizer does not have, such as the address that mails come from. */
const readByAuthorizers = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) =>
      /^(API_KEY_.*|VERIFICATION_CACHE_SECONDS)$/.test(name),
    ),
  )
