import { Duration, Stack } from 'aws-cdk-lib'
import {
  CfnIntegration,
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct, type IDependable } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import { acknowledge } from './acknowledge.js'
import { Alarms } from './alarms.js'
import { CustomDomain } from './custom-domain.js'
import { Dashboard } from './dashboard.js'
import { deploymentName } from './deployment-name.js'
import { Edge } from './edge.js'
import { Events } from './events.js'
import { KeyRotation } from './key-rotation.js'
import { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function.js'
import { LatchkeyFunction } from './function.js'
import { keyVariables, type LatchkeyData } from './data.js'
import { LogMetric } from './log-metric.js'
import { Logs, type LogsProps } from './logs.js'
import { Mail } from './mail.js'
import { Probe } from './probe.js'
import { allowApp, allowAuthorizer, allowSecret } from '../permissions/grants.js'
import { KEPT, Release } from './release.js'
import { keepTriggerLogs } from './trigger-logs.js'
import { requireRoot } from './root-only.js'
import { checkSettings } from '../settings/check.js'
import type { LatchkeySettings } from '../settings/latchkey-settings.js'
import { retentionOf } from '../settings/retention.js'

export interface LatchkeyServiceProps extends LatchkeySettings {
  readonly data: LatchkeyData
}

/** What a function takes that judges callers of another API. */
export type AuthorizerOptions = Pick<
  AuthorizerFunctionProps,
  'accepts' | 'scopes' | 'target' | 'authentication'
>

/** Below API Gateway's 30 seconds; the app itself answers 503 half a second before (F17). */
const APP_TIMEOUT = Duration.seconds(15)
/** Half a core and more than argon2 needs: sign-in is its time. */
const APP_MEMORY_MB = 1024

/**
 * What verifiers read has a limit of its own: else one caller who uses up the limit of sign-in would keep the keys from
 * every API that starts meanwhile, and thousands that start at once would keep people from signing in.
 */
const FOR_VERIFIERS = HttpRouteKey.with('/.well-known/{proxy+}', HttpMethod.GET)
/** One answer takes the function a millisecond: this is one instance at work. CDK leaves these names as they are. */
const LIMIT_FOR_VERIFIERS = { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 }

/** API Gateway's own 429s, for which it called no function. Those of the service itself are for one caller each. */
const THROTTLED = '{ ($.status = "429") && ($.integrationLatency = "-") }'
/**
 * What no caller can bring about: the provider does not answer, or does not know the service any more (RFC 6749 §5.2
 * `invalid_client`), such as when its client secret has expired.
 */
const PROVIDER_UNAVAILABLE =
  '{ ($.event = "authn_login_fail") && (($.reason = "PROVIDER_UNAVAILABLE") || ($.cause = "token_status_401")) }'

/** What may be replaced at any time: the functions, the API, the alarms and the dashboard. */
export class LatchkeyService extends Construct {
  readonly api: HttpApi
  /** `iss` of every token, and the base URL of the service; no trailing slash. */
  readonly issuer: string
  /** Identifiers of the APIs that tokens can be asked for. */
  readonly resources: readonly string[]
  readonly app: LatchkeyFunction
  /** Makes and rotates the keys. */
  readonly rotation: LatchkeyFunction
  /** Where the DNS record of the custom domain points; undefined without one. */
  readonly domainTarget: string | undefined
  /** Sends events of the audit trail to EventBridge; undefined without the setting. */
  readonly events: Events | undefined
  /** What every log group of the service is made with. */
  readonly logs: LogsProps
  /** When these are there, the issuer answers. */
  readonly answering: readonly IDependable[]
  readonly #data: LatchkeyData
  readonly #settings: LatchkeySettings
  readonly #alarms: Alarms
  readonly #dashboard: Dashboard

  constructor(scope: Construct, id: string, { data, ...settings }: LatchkeyServiceProps) {
    super(scope, id)
    this.#data = data
    this.#settings = settings
    checkSettings(settings, Stack.of(this).region)
    const { audience = 'latchkey', resources = {}, clients = {} } = settings
    const { customDomain, cloudFront, mail, corsOrigins = [], environment = {} } = settings
    const { passkeys = customDomain !== undefined } = settings
    const { logLevel = 'info', tracing = false, socialSignIn = false } = settings
    const { architecture = 'arm64' } = settings
    const { tables, keys, providers } = data
    const { encryptionKey } = keys.keyRing
    this.logs = { retention: retentionOf(settings), encryptionKey }
    const { logs } = this
    const domain =
      customDomain && !cloudFront ? new CustomDomain(this, 'Domain', customDomain) : undefined
    const api = new HttpApi(this, 'Api', {
      description: 'Latchkey',
      createDefaultStage: true,
      // The app answers CORS itself: it must let credentials through for exact origins, errors included.
      disableExecuteApiEndpoint: domain !== undefined,
      ...(domain && { defaultDomainMapping: { domainName: domain.domainName } }),
    })
    requireRoot(api)
    const edge =
      cloudFront &&
      new Edge(this, 'Edge', { ...cloudFront, api, customDomain, encryptionKey, logs })
    const name = customDomain?.name ?? edge?.domainName
    this.api = api
    this.resources = Object.keys(resources)
    this.issuer = name === undefined ? api.apiEndpoint : `https://${name}`
    this.domainTarget = customDomain && (edge?.domainName ?? domain?.target)

    const common = { logs, tracing, architecture, logLevel }
    this.app = new LatchkeyFunction(this, 'App', {
      ...common,
      bundle: 'app',
      description: 'Latchkey: sign-in, sessions and keys',
      memorySize: APP_MEMORY_MB,
      timeout: APP_TIMEOUT,
      currentVersionOptions: KEPT,
      environment: {
        ...(mail && { EMAIL_VERIFICATION: 'required' }),
        ...environment,
        ...(mail && { MAIL_FROM: mail.from }),
        ...(settings.closed && { CLOSED: 'true' }),
        PASSKEYS: passkeys ? 'on' : 'off',
        ...tableNames(data),
        ISSUER: this.issuer,
        AUDIENCE: audience,
        RESOURCES: JSON.stringify(resources),
        CLIENTS: JSON.stringify(clients),
        CORS_ORIGINS: corsOrigins.join(','),
        ...keyVariables(keys),
        ...(socialSignIn && { OAUTH_PROVIDERS_SECRET: providers.secretArn }),
        ...(edge && { ORIGIN_SECRET: edge.secret.secretArn }),
      },
    })
    allowApp(this.app, tables)
    for (const secret of [keys.keyRing, keys.ticketKeys, keys.dataKeys]) {
      allowSecret(this.app, secret)
    }
    if (socialSignIn) allowSecret(this.app, providers)
    if (edge) allowSecret(this.app, edge.secret)

    // The app turns away who comes past the edge, so that there must be a way through it first.
    if (edge) this.app.node.addDependency(...edge.ways)

    const rotation = new KeyRotation(this, 'Rotation', {
      ...common,
      keys,
      sessionSeconds: environment.SESSION_ABSOLUTE_SECONDS,
    })
    this.rotation = rotation.function
    const sender =
      mail &&
      new Mail(this, 'Mail', {
        ...common,
        data,
        settings: mail,
        issuer: this.issuer,
        environment,
      })
    this.events =
      settings.events &&
      new Events(this, 'Events', {
        ...common,
        data,
        settings: settings.events,
        issuer: this.issuer,
      })
    const release = new Release(this, 'Release', {
      app: this.app,
      after: rotation.firstKeys,
      provisionedConcurrency: settings.provisionedConcurrency ?? 0,
    })
    const integration = new HttpLambdaIntegration('Integration', release.live)
    const route = (id: string, routeKey: HttpRouteKey) => {
      const made = new HttpRoute(this, id, { httpApi: api, routeKey, integration })
      acknowledge(made, {
        'AwsSolutions-APIG4':
          'Latchkey is what authenticates: sign-up and sign-in are public, and each other route asks for its own credential (test/security/credentials.test.ts).',
      })
      return made
    }
    const everything = route('Everything', HttpRouteKey.DEFAULT)
    const forVerifiers = route('ForVerifiers', FOR_VERIFIERS)
    permitFirst(everything, forVerifiers)
    keepTriggerLogs(this, logs)
    const accessLog = this.#configureStage(settings)
    // A stage that has the limits of a route can't be made before it.
    api.defaultStage?.node.addDependency(forVerifiers)

    const ways = edge?.ways ?? domain?.ways ?? []
    const routes = [everything, forVerifiers]
    this.answering = [api.defaultStage as IDependable, ...routes, release.live, rotation, ...ways]

    const { issuer, answering } = this
    const probe = settings.probe ? new Probe(this, 'Probe', { issuer, answering }) : undefined

    const watched = {
      ...{ api, app: this.app, rotation, tables, mail: sender, release, webAcl: edge?.webAcl },
      events: this.events,
      probe,
      throttled: new LogMetric(this, 'Throttled', {
        logGroup: accessLog,
        of: api.apiId,
        pattern: THROTTLED,
      }).sum,
      providerUnavailable: new LogMetric(this, 'ProviderUnavailable', {
        logGroup: this.app.logGroup,
        of: this.app.functionName,
        pattern: PROVIDER_UNAVAILABLE,
      }).sum,
    }
    this.#alarms = new Alarms(this, 'Alarms', {
      ...watched,
      email: settings.alarmEmail,
      topicArn: settings.alarmTopicArn,
      encryptionKey,
    })
    // What closes the service fires the alarms that would stop it.
    const isAtOnce = settings.release === 'all-at-once' || settings.closed
    if (!isAtOnce) release.shiftByCanary(this.#alarms.ofReleases)
    this.#dashboard = new Dashboard(this, 'Dashboard', watched)
  }

  /**
   * Makes a function that judges callers of other APIs, and adds it to the alarms and the dashboard.
   * @param scope what the function is in.
   */
  makeAuthorizer(scope: Construct, id: string, options: AuthorizerOptions): AuthorizerFunction {
    const { issuer, logs } = this
    const authorizer = new AuthorizerFunction(scope, id, {
      ...this.#settings,
      ...options,
      issuer,
      logs,
    })
    if (options.accepts === 'api-key') this.grantVerifyApiKeys(authorizer)
    this.#alarms.watchAuthorizer(authorizer)
    this.#dashboard.showAuthorizer(authorizer)
    return authorizer
  }

  /** Lets a function verify API keys against the tables, and tells it where they are. */
  grantVerifyApiKeys(verifier: LambdaFunction): void {
    allowAuthorizer(verifier, this.#data.tables)
    const { USERS_TABLE, API_KEYS_TABLE } = tableNames(this.#data)
    verifier.addEnvironment('USERS_TABLE', USERS_TABLE)
    verifier.addEnvironment('API_KEYS_TABLE', API_KEYS_TABLE)
  }

  /** A limit for all but verifiers, and a log of what was asked: no header, no query, no body, and so no secret. */
  #configureStage({ throttle = { rate: 100, burst: 200 } }: LatchkeySettings): Logs {
    const accessLog = new Logs(this, 'AccessLog', {
      ...this.logs,
      // Under any other beginning each log group takes room in one policy of the region, of 5,120 characters:
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      logGroupName: `/aws/vendedlogs/latchkey/${deploymentName(this)}`,
    })
    const stage = this.api.defaultStage?.node.defaultChild as CfnStage
    stage.defaultRouteSettings = {
      throttlingRateLimit: throttle.rate,
      throttlingBurstLimit: throttle.burst,
    }
    stage.routeSettings = { [FOR_VERIFIERS.key]: LIMIT_FOR_VERIFIERS }
    stage.accessLogSettings = {
      destinationArn: accessLog.logGroupArn,
      format: JSON.stringify({
        requestId: '$context.requestId',
        time: '$context.requestTime',
        ip: '$context.identity.sourceIp',
        method: '$context.httpMethod',
        path: '$context.path',
        status: '$context.status',
        latency: '$context.responseLatency',
        integrationLatency: '$context.integrationLatency',
        error: '$context.error.message',
      }),
    }
    return accessLog
  }
}

/** The API calls nothing that it may not call yet: what moves to another function or alias is refused for a moment else. */
function permitFirst(...routes: readonly HttpRoute[]): void {
  const all = routes.flatMap((route) => route.node.findAll())
  const permissions = all.filter((child) => CfnPermission.isCfnPermission(child))
  for (const child of all) {
    if (CfnIntegration.isCfnIntegration(child)) child.node.addDependency(...permissions)
  }
}

/** The variables that name the tables. */
function tableNames({ tables: { byId } }: LatchkeyData) {
  return {
    USERS_TABLE: byId.users.tableName,
    REFRESH_TOKENS_TABLE: byId.refreshTokens.tableName,
    API_KEYS_TABLE: byId.apiKeys.tableName,
    RATE_LIMITS_TABLE: byId.rateLimits.tableName,
    TICKETS_TABLE: byId.tickets.tableName,
    CLIENTS_TABLE: byId.clients.tableName,
    EVENTS_TABLE: byId.events.tableName,
  } satisfies Partial<Record<EnvironmentName, string>>
}
