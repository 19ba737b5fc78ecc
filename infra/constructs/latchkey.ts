import { Duration, Token } from 'aws-cdk-lib'
import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway'
import type { HttpApi, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct, type IConstruct, type IDependable } from 'constructs'
import {
  type ApiTarget,
  checkDeclared,
  checkedAudiences,
  warnOfLegacyAudience,
} from './api-target.js'
import { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function.js'
import { LatchkeyData } from './data.js'
import { LatchkeyService, tableNames } from './service.js'
import { allowAdmin, allowAuthorizer, allowSecret } from '../permissions/grants.js'
import { checkIssuer } from './root-only.js'
import { RouteAuthorizer } from './route-authorizer.js'
import {
  type AuthenticationRequirement,
  requirementFault,
} from '../../src/access-tokens/required-authentication.js'
import { type LatchkeySettings, SettingsError } from '../settings.js'

export type { ApiTarget, LatchkeySettings }

export interface LatchkeyProps extends LatchkeySettings {
  /**
   * Customer-managed key for tables and secrets.
   * @default - keys that AWS manages in this account
   */
  readonly encryptionKey?: IKey
}

export interface ApiKeyAuthorizerOptions {
  /**
   * Scopes that a key must have, all of them.
   * @default - none
   */
  readonly scopes?: readonly string[]
  /**
   * How long API Gateway may remember the answer for a key and an address, an hour at most: as long may a
   * revoked one go on working.
   * @default Duration.seconds(30)
   */
  readonly cacheTtl?: Duration
}

/** How strong and how fresh the sign-in behind a token must be (RFC 9470). */
export interface SignInRequirement {
  /**
   * Levels of which the token's `acr` must be one: `urn:latchkey:2` for two factors or a passkey.
   * @default - any
   */
  readonly acrValues?: readonly string[]
  /**
   * How long ago the person may have signed in. API Gateway may remember an answer for `cacheTtl` longer.
   * @default - any time
   */
  readonly maxAge?: Duration
}

/** What a token must be for, the scopes that it must have, and the sign-in that must be behind it. */
export type SignInAuthorizerOptions = ApiKeyAuthorizerOptions & ApiTarget & SignInRequirement

/** What callers of a REST API show: an access token in `Authorization`, or an API key in `x-api-key`. */
export type RestAuthorizerOptions =
  | ({ readonly accepts: 'jwt' } & SignInAuthorizerOptions)
  | ({ readonly accepts: 'api-key' } & ApiKeyAuthorizerOptions)

const CACHE_TTL = Duration.seconds(30)

/**
 * The whole service in a stack of yours, and what other APIs trust it with.
 *
 * ```ts
 * const resource = 'https://orders.example.com'
 * const latchkey = new Latchkey(this, 'Latchkey', { resources: { [resource]: { name: 'Orders' } } })
 * const authorizer = latchkey.jwtAuthorizer({ resource })
 * api.addRoutes({ path: '/orders', integration, authorizer, authorizationScopes: ['user'] })
 * ```
 */
export class Latchkey extends Construct {
  readonly data: LatchkeyData
  readonly service: LatchkeyService
  readonly #settings: LatchkeySettings

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

  /**
   * API Gateway's own authorizer for access tokens: no function of ours is called. Give each route
   * `authorizationScopes`, `['user']` for people: without, it takes the tokens of machines too.
   * A resource that this Latchkey does not declare fails at synth.
   *
   * API Gateway asks the issuer for its keys when the authorizer is made, so that it is made after all that
   * answers. Where the DNS record is made by hand, deploy the service first and authorizers after.
   */
  jwtAuthorizer(target: ApiTarget): IHttpRouteAuthorizer {
    checkDeclared(target, this.service.resources)
    return jwtAuthorizer(`LatchkeyJwt ${this.node.path}`, this.issuer, target, [
      ...this.service.answering,
    ])
  }

  /** A Lambda authorizer for the header `x-api-key`. The integration finds the caller in `$context.authorizer`. */
  apiKeyAuthorizer({
    scopes = [],
    cacheTtl = CACHE_TTL,
  }: ApiKeyAuthorizerOptions = {}): IHttpRouteAuthorizer {
    const handler = this.#authorizer('api-key', scopes)
    const make = (id: string) =>
      new HttpLambdaAuthorizer(id, handler, {
        authorizerName: nameOf(id),
        // A key may be good from some addresses only, so that what is remembered is for one of them.
        identitySource: ['$request.header.x-api-key', '$context.identity.sourceIp'],
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        resultsCacheTtl: cacheTtl,
      })
    return new RouteAuthorizer({ id: `${handler.node.path} ${cacheTtl.toSeconds()}`, make })
  }

  /**
   * A Lambda authorizer for access tokens of an HTTP API whose routes need a strong or a recent sign-in, which API
   * Gateway's own authorizer can't look at. Any other token gets a 403 from API Gateway, without a challenge.
   * @example
   * const resource = 'https://orders.example.com'
   * const authorizer = latchkey.signInAuthorizer({ resource, acrValues: ['urn:latchkey:2'], maxAge: Duration.minutes(5) })
   */
  signInAuthorizer(options: SignInAuthorizerOptions): IHttpRouteAuthorizer {
    const { cacheTtl = CACHE_TTL } = options
    if (!asksForSignIn(options)) {
      throw new SettingsError('signInAuthorizer needs acrValues, maxAge or both.')
    }
    const handler = this.#tokenAuthorizer(options)
    const make = (id: string) =>
      new HttpLambdaAuthorizer(id, handler, {
        authorizerName: nameOf(id),
        identitySource: ['$request.header.Authorization'],
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        resultsCacheTtl: cacheTtl,
      })
    return new RouteAuthorizer({ id: `${handler.node.path} ${cacheTtl.toSeconds()}`, make })
  }

  /**
   * A Lambda authorizer for a REST API, for which CDK has no JWT authorizer. The integration finds the caller
   * in `$context.authorizer`; a token may go on working for `cacheTtl` after its end.
   * @param id of its own for each REST API.
   */
  restAuthorizer(id: string, options: RestAuthorizerOptions): RequestAuthorizer {
    const { accepts, scopes = [], cacheTtl = CACHE_TTL } = options
    return new RequestAuthorizer(this, id, {
      handler:
        accepts === 'jwt' ? this.#tokenAuthorizer(options) : this.#authorizer(accepts, scopes),
      identitySources:
        accepts === 'jwt'
          ? [IdentitySource.header('Authorization')]
          : [IdentitySource.header('x-api-key'), IdentitySource.context('identity.sourceIp')],
      resultsCacheTtl: cacheTtl,
    })
  }

  /**
   * Lets the role that runs `npm run admin -- --aws`, such as a role of operations, read and change users, and read the
   * data keys, by which `keys reseal` opens their second factors. Give this to no other: a role that can write a user
   * can become any user.
   */
  grantAdminister(grantee: IGrantable): void {
    allowAdmin(grantee, this.data.tables)
    allowSecret(grantee, this.data.keys.dataKeys)
  }

  /** Lets a function of yours verify API keys against the tables, and tells it where they are. */
  grantVerifyApiKeys(verifier: LambdaFunction): void {
    allowAuthorizer(verifier, this.data.tables)
    const { USERS_TABLE, API_KEYS_TABLE } = tableNames(this.data)
    verifier.addEnvironment('USERS_TABLE', USERS_TABLE)
    verifier.addEnvironment('API_KEYS_TABLE', API_KEYS_TABLE)
  }

  #tokenAuthorizer(options: SignInAuthorizerOptions): AuthorizerFunction {
    checkDeclared(options, this.service.resources)
    warnOfLegacyAudience(this, options)
    const signIn = asksForSignIn(options) ? checkedSignIn(options) : undefined
    return this.#authorizer('jwt', options.scopes ?? [], options, signIn)
  }

  /** One function for all authorizers that want the same. */
  #authorizer(
    accepts: AuthorizerFunctionProps['accepts'],
    scopes: readonly string[],
    target?: ApiTarget,
    authentication?: AuthenticationRequirement,
  ): AuthorizerFunction {
    const { resource, legacyAudience } = target ?? {}
    const { acrValues = [], maxAge } = authentication ?? {}
    const signIn = [
      ...[...acrValues].sort().map((value) => `acr=${value}`),
      maxAge === undefined ? undefined : `max_age=${maxAge}`,
    ]
    const id = ['Authorizer', accepts, ...[...scopes].sort(), ...signIn, resource, legacyAudience]
      .filter((part) => part !== undefined)
      // A slash would part the path of a construct.
      .map((part) => part.replaceAll('/', '-'))
      .join(' ')
    const there = this.node.tryFindChild(id) as AuthorizerFunction | undefined
    if (there) return there
    const { issuer } = this
    const settings = { ...this.#settings, accepts, scopes, issuer, target, authentication }
    const authorizer = new AuthorizerFunction(this, id, settings)
    if (accepts === 'api-key') this.grantVerifyApiKeys(authorizer)
    return authorizer
  }

  /**
   * What another stack, or another account, needs to trust this service's tokens: its address, and the name that
   * the service has for the API.
   * @throws {SettingsError} for an address with a path, or a resource that is no identifier of an API.
   */
  static jwtAuthorizerOf(issuer: string, target: ApiTarget): IHttpRouteAuthorizer {
    checkIssuer(issuer)
    const named = Token.isUnresolved(issuer) ? [] : [issuer]
    return jwtAuthorizer(['LatchkeyJwt', ...named].join(' '), issuer, target)
  }
}

function jwtAuthorizer(
  prefix: string,
  issuer: string,
  target: ApiTarget,
  after: readonly IDependable[] = [],
): IHttpRouteAuthorizer {
  const jwtAudience = checkedAudiences(issuer, target)
  const id = [prefix, ...jwtAudience].join(' ')
  const make = (given: string) =>
    new HttpJwtAuthorizer(given, issuer, {
      jwtAudience,
      authorizerName: nameOf(given),
    })
  const warn = (scope: IConstruct) => warnOfLegacyAudience(scope, target)
  return new RouteAuthorizer({ id, make, after, warn })
}

const asksForSignIn = ({ acrValues, maxAge }: SignInRequirement): boolean =>
  acrValues !== undefined || maxAge !== undefined

/** @throws {SettingsError} for what no sign-in can be. */
function checkedSignIn({ acrValues, maxAge }: SignInRequirement): AuthenticationRequirement {
  const requirement = {
    ...(acrValues && { acrValues }),
    ...(maxAge && { maxAge: maxAge.toSeconds() }),
  }
  const fault = requirementFault(requirement)
  if (fault !== undefined) throw new SettingsError(`${fault}.`)
  return requirement
}

/** What API Gateway takes for a name. */
const nameOf = (id: string): string => id.replaceAll(/[^\w-]+/g, '-').slice(0, 128)
