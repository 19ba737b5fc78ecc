import { Duration, Stack, Token } from 'aws-cdk-lib'
import type { IAuthorizer } from 'aws-cdk-lib/aws-apigateway'
import type { HttpApi, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct, type IConstruct, type IDependable } from 'constructs'
import {
  type ApiTarget,
  checkDeclared,
  checkedAudiences,
  warnOfLegacyAudience,
} from './api-target.js'
import type { AuthorizerFunction, AuthorizerFunctionProps } from './authorizer-function.js'
import { LatchkeyData } from './data.js'
import { functionOf, importedArn } from './exported-authorizer.js'
import { LatchkeyService } from './service.js'
import { allowAdmin, allowLookup, allowSecret, allowSend } from '../permissions/grants.js'
import { ResourceMetadata } from './resource-metadata.js'
import { checkIssuer } from './root-only.js'
import { RestAuthorizer } from './rest-authorizer.js'
import { RouteAuthorizer } from './route-authorizer.js'
import {
  type AuthenticationRequirement,
  requirementFault,
} from '../../src/access-tokens/required-authentication.js'
import { checkSettings } from '../settings/check.js'
import type { LatchkeySettings } from '../settings/latchkey-settings.js'
import { SettingsError } from '../settings/settings-error.js'

export type { ApiTarget, LatchkeySettings }

export interface LatchkeyProps extends LatchkeySettings {
  /**
   * Customer-managed key for tables and secrets.
   * @default - keys that AWS manages in this account
   */
  readonly encryptionKey?: IKey
}

interface CacheOptions {
  /**
   * How long API Gateway may remember the answer for a key and an address, an hour at most: as long may a
   * revoked one go on working.
   * @default Duration.seconds(30)
   */
  readonly cacheTtl?: Duration
}

export interface ApiKeyAuthorizerOptions extends CacheOptions {
  /**
   * Scopes that a key must have, all of them.
   * @default - none
   */
  readonly scopes?: readonly string[]
}

/** An authorizer of the setting `apiKeyAuthorizers`. */
export interface ImportOptions extends CacheOptions {
  /** The stack that has it. @default 'Latchkey' */
  readonly stackName?: string
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

export interface ProtectedResourceOptions {
  /** Identifier of the API, as `resources` of this Latchkey declares it. */
  readonly resource: string
  /** Scopes that a client begins with; it asks for more once one is missing. @default - none is named */
  readonly scopes?: readonly string[]
}

const CACHE_TTL = Duration.seconds(30)
/** As the app calls it, without a stage. */
const STACK_NAME = 'Latchkey'

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
    checkSettings(settings, Stack.of(this).region)
    this.#settings = settings
    this.data = new LatchkeyData(this, 'Data', {
      ...(encryptionKey && { encryptionKey }),
      tables: settings.tables,
    })
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
   * The event bus that the events of the audit trail go to. Their source is `latchkey`.
   * @throws {SettingsError} without the setting `events`.
   * @example
   * const latchkey = new Latchkey(this, 'Latchkey', { events: {} })
   * new Rule(this, 'Erased', {
   *   eventBus: latchkey.eventBus,
   *   eventPattern: { source: ['latchkey'], detailType: ['latchkey.account_erased'] },
   *   targets: [new LambdaFunction(eraseOrders)],
   * })
   */
  get eventBus(): IEventBus {
    const { events } = this.service
    if (!events) throw new SettingsError('events must be given: without, no event leaves Latchkey.')
    return events.bus
  }

  /**
   * API Gateway's own authorizer for access tokens: no function of ours is called. Give each route
   * `authorizationScopes`, `['user']` for people: without, it takes the tokens of machines too, and API Gateway does
   * not look at `typ`, so that only a scope tells an access token from an ID token, which has none. Of several scopes
   * **one is enough**; the Lambda authorizers of this construct want all of theirs. A route without fails at synth,
   * and so does a resource that this Latchkey does not declare.
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
    return lambdaAuthorizer(handler.node.path, KEY_SOURCES, cacheTtl, () => handler)
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
    return lambdaAuthorizer(handler.node.path, TOKEN_SOURCES, cacheTtl, () => handler)
  }

  /**
   * A Lambda authorizer for REST APIs, any number of them, in this stack or others of the app. API Gateway has a JWT
   * authorizer for REST APIs too, for which CDK has no construct yet. The integration finds the caller in
   * `$context.authorizer`; a token may go on working for `cacheTtl` after its end. A caller needs all of `scopes`.
   * @param id of its own in this Latchkey.
   * @example
   * const authorizer = latchkey.restAuthorizer('People', { accepts: 'jwt', resource, scopes: ['user'] })
   * new RestApi(ordersStack, 'Orders', { defaultMethodOptions: { authorizer } })
   */
  restAuthorizer(id: string, options: RestAuthorizerOptions): IAuthorizer {
    const { accepts, scopes = [], cacheTtl = CACHE_TTL } = options
    const handler =
      accepts === 'jwt' ? this.#tokenAuthorizer(options) : this.#authorizer(accepts, scopes)
    return new RestAuthorizer(this, id, { functionArn: handler.functionArn, accepts, cacheTtl })
  }

  /**
   * Lets clients that know nothing but the URL of an API, such as those of MCP, find this service: the API gets a route
   * with its document (RFC 9728), which no authorizer of it protects.
   * @example
   * const resource = 'https://notes.example.com/mcp'
   * latchkey.protectedResource(api, { resource, scopes: ['notes:read'] })
   */
  protectedResource(api: HttpApi, { resource, scopes }: ProtectedResourceOptions): void {
    checkDeclared({ resource }, this.service.resources)
    new ResourceMetadata(api, `ResourceMetadata ${resource.replaceAll('/', '-')}`, {
      ...{ api, issuer: this.issuer, resource, scopes },
      name: this.#settings.resources?.[resource]?.name,
      logs: this.service.logs,
    })
  }

  /**
   * Lets the role that runs `npm run admin -- --aws`, such as a role of operations, read and change users and apps, and
   * read the data keys, by which `keys reseal` opens their second factors. It may also look the names of the tables up, in
   * the stack and its functions, and send events again. Give this to no other: a role that can write
   * a user can become any user.
   */
  grantAdminister(grantee: IGrantable): void {
    allowAdmin(grantee, this.data.tables)
    allowSecret(grantee, this.data.keys.dataKeys)
    const { app, rotation, events } = this.service
    allowLookup(grantee, [app, rotation, ...(events ? [events.function] : [])])
    if (events) allowSend(grantee, events.queue)
  }

  /** Lets a function of yours verify API keys against the tables, and tells it where they are. */
  grantVerifyApiKeys(verifier: LambdaFunction): void {
    this.service.grantVerifyApiKeys(verifier)
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
    const options = { accepts, scopes, target, authentication }
    return there ?? this.service.makeAuthorizer(this, id, options)
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

  /**
   * Takes API keys in HTTP APIs of any CDK app in the account and region of a deployed Latchkey, by an authorizer of its
   * setting `apiKeyAuthorizers`, which says which scopes a key needs.
   * @example
   * const authorizer = Latchkey.apiKeyAuthorizerOf('partners')
   */
  static apiKeyAuthorizerOf(
    name: string,
    { stackName = STACK_NAME, cacheTtl = CACHE_TTL }: ImportOptions = {},
  ): IHttpRouteAuthorizer {
    const id = `LatchkeyKeys ${stackName} ${name}`
    return lambdaAuthorizer(id, KEY_SOURCES, cacheTtl, (scope) =>
      functionOf(scope, `${id} Function`, importedArn(stackName, name)),
    )
  }

  /**
   * As `apiKeyAuthorizerOf`, for any number of REST APIs.
   * @example
   * const authorizer = Latchkey.restApiKeyAuthorizerOf(this, 'partners')
   * new RestApi(this, 'Orders', { defaultMethodOptions: { authorizer } })
   */
  static restApiKeyAuthorizerOf(
    scope: Construct,
    name: string,
    { stackName = STACK_NAME, cacheTtl = CACHE_TTL }: ImportOptions = {},
  ): IAuthorizer {
    return new RestAuthorizer(scope, `LatchkeyKeys ${stackName} ${name}`, {
      functionArn: importedArn(stackName, name),
      accepts: 'api-key',
      cacheTtl,
    })
  }
}

/** A key may be good from some addresses only, so that what is remembered is for one of them. */
const KEY_SOURCES = ['$request.header.x-api-key', '$context.identity.sourceIp']
const TOKEN_SOURCES = ['$request.header.Authorization']

/** @param handlerIn the function, in the scope of an API. */
function lambdaAuthorizer(
  name: string,
  identitySource: string[],
  resultsCacheTtl: Duration,
  handlerIn: (scope: Construct) => IFunction,
): IHttpRouteAuthorizer {
  const make = (id: string, scope: Construct) =>
    new HttpLambdaAuthorizer(id, handlerIn(scope), {
      authorizerName: nameOf(id),
      identitySource,
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl,
    })
  return new RouteAuthorizer({ id: `${name} ${resultsCacheTtl.toSeconds()}`, make })
}

const SCOPES_REASON =
  'without, it takes the tokens of machines too; and API Gateway does not look at typ, so that only a scope tells an access token from an ID token.'

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
  return new RouteAuthorizer({ id, make, after, warn, scopesReason: SCOPES_REASON })
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
