import { Duration, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { LatchkeyData } from './latchkey-data.js'
import { LatchkeyFunction } from './latchkey-function.js'
import { LatchkeyService, tableNames } from './latchkey-service.js'
import { allowAdmin, allowAuthorizer } from './permissions.js'
import { type LatchkeySettings, retentionOf } from './settings.js'

export type { LatchkeySettings }

export interface LatchkeyProps extends LatchkeySettings {
  /**
   * Customer-managed key for tables and secrets.
   * @default - keys that AWS manages in this account
   */
  readonly encryptionKey?: IKey
}

export interface JwtAuthorizerOptions {
  /**
   * `aud` that a token must have.
   * @default - the service's own audience
   */
  readonly audience?: string
}

export interface ApiKeyAuthorizerOptions {
  /**
   * Scopes that a key must have, all of them.
   * @default - none
   */
  readonly scopes?: readonly string[]
  /**
   * How long API Gateway may remember the answer for a key: as long may a revoked one go on working.
   * @default Duration.seconds(30)
   */
  readonly cacheTtl?: Duration
}

/**
 * The whole service in a stack of yours, and what other APIs trust it with.
 *
 * ```ts
 * const latchkey = new Latchkey(this, 'Latchkey')
 * api.addRoutes({ path: '/orders', integration, authorizer: latchkey.jwtAuthorizer() })
 * ```
 */
export class Latchkey extends Construct {
  readonly data: LatchkeyData
  readonly service: LatchkeyService
  readonly #settings: LatchkeySettings
  #authorizers = 0

  constructor(scope: Construct, id: string, { encryptionKey, ...settings }: LatchkeyProps = {}) {
    super(scope, id)
    this.#settings = settings
    this.data = new LatchkeyData(this, 'Data', encryptionKey ? { encryptionKey } : {})
    this.service = new LatchkeyService(this, 'Service', { ...settings, data: this.data })
  }

  /** Base URL, and `iss` of every token. */
  get issuer(): string {
    return this.service.issuer
  }

  get api(): HttpApi {
    return this.service.api
  }

  /** API Gateway's own authorizer for access tokens: no function of ours is called. */
  jwtAuthorizer({
    audience = this.service.audience,
  }: JwtAuthorizerOptions = {}): HttpJwtAuthorizer {
    return new HttpJwtAuthorizer(`LatchkeyJwt${this.#authorizers++}`, this.issuer, {
      jwtAudience: [audience],
    })
  }

  /** A Lambda authorizer for the header `x-api-key`. The integration finds the caller in `$context.authorizer`. */
  apiKeyAuthorizer(options: ApiKeyAuthorizerOptions = {}): HttpLambdaAuthorizer {
    const { scopes = [], cacheTtl = Duration.seconds(30) } = options
    const name = `ApiKeyAuthorizer${this.#authorizers++}`
    return new HttpLambdaAuthorizer(name, this.#authorizer(name, scopes), {
      identitySource: ['$request.header.x-api-key'],
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: cacheTtl,
    })
  }

  /**
   * Lets whoever runs `npm run admin -- --aws`, such as a role of operations, read and change users. Nobody
   * else may: who can write a user can be any user.
   */
  grantAdminister(grantee: IGrantable): void {
    allowAdmin(grantee, this.data.tables)
  }

  /** Lets a function of yours verify API keys against the tables, and tells it where they are. */
  grantVerifyApiKeys(verifier: LambdaFunction): void {
    allowAuthorizer(verifier, this.data.tables)
    const { USERS_TABLE, API_KEYS_TABLE } = tableNames(this.data)
    verifier.addEnvironment('USERS_TABLE', USERS_TABLE)
    verifier.addEnvironment('API_KEYS_TABLE', API_KEYS_TABLE)
  }

  #authorizer(name: string, scopes: readonly string[]): IFunction {
    const { logLevel = 'info', tracing = false, environment = {} } = this.#settings
    const authorizer = new LatchkeyFunction(this, name, {
      bundle: 'authorizer',
      description: `Latchkey: takes API keys${scopes.length > 0 ? ` with ${scopes.join(' ')}` : ''}`,
      memorySize: 512,
      timeout: Duration.seconds(10),
      logLevel,
      logRetention: retentionOf(this.#settings),
      tracing,
      environment: {
        ...environment,
        ISSUER: this.issuer,
        AUDIENCE: this.service.audience,
        ACCEPTS: 'api-key',
        REQUIRED_SCOPES: scopes.join(' '),
      },
    })
    this.grantVerifyApiKeys(authorizer)
    return authorizer
  }

  /** What another stack, or another account, needs to trust this service's tokens: its address alone. */
  static jwtAuthorizerOf(issuer: string, audience = 'latchkey'): HttpJwtAuthorizer {
    return new HttpJwtAuthorizer('LatchkeyJwt', issuer, { jwtAudience: [audience] })
  }

  /** The stack's region, for what must stand in the same one. */
  get region(): string {
    return Stack.of(this).region
  }
}
