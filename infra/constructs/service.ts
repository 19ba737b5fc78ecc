import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { type CfnStage, HttpApi, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Alias, type IFunction, type IVersion } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct, type IDependable } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import { acknowledge } from './acknowledge.js'
import { Alarms } from './alarms.js'
import { CustomDomain } from './custom-domain.js'
import { Dashboard } from './dashboard.js'
import { Edge } from './edge.js'
import { KeyRotation } from './key-rotation.js'
import { LatchkeyFunction } from './function.js'
import { keyVariables, type LatchkeyData } from './data.js'
import { Mail } from './mail.js'
import { allowApp, allowSecret } from '../permissions/grants.js'
import { requireRoot } from './root-only.js'
import { checkSettings, type LatchkeySettings, retentionOf } from '../settings.js'

export interface LatchkeyServiceProps extends LatchkeySettings {
  readonly data: LatchkeyData
}

/** Below API Gateway's 30 seconds; the app itself answers 503 half a second before (F17). */
const APP_TIMEOUT = Duration.seconds(15)
/** Half a core and more than argon2 needs: sign-in is its time. */
const APP_MEMORY_MB = 1024

/** What may be replaced at any time: the functions, the API, the alarms and the dashboard. */
export class LatchkeyService extends Construct {
  readonly api: HttpApi
  /** `iss` of every token, and the base URL of the service; no trailing slash. */
  readonly issuer: string
  /** Identifiers of the APIs that tokens can be asked for. */
  readonly resources: readonly string[]
  readonly app: LatchkeyFunction
  /** Where the DNS record of the custom domain points; undefined without one. */
  readonly domainTarget: string | undefined
  /** When these are there, the issuer answers. */
  readonly answering: readonly IDependable[]

  constructor(scope: Construct, id: string, { data, ...settings }: LatchkeyServiceProps) {
    super(scope, id)
    checkSettings(settings, Stack.of(this).region)
    const { audience = 'latchkey', resources = {}, corsOrigins = [], environment = {} } = settings
    const { customDomain, cloudFront, mail } = settings
    const { passkeys = customDomain !== undefined } = settings
    const { logLevel = 'info', tracing = false, socialSignIn = false } = settings
    const logRetention = retentionOf(settings)
    const { tables, keys, providers } = data
    const { encryptionKey } = keys.keyRing
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
      cloudFront && new Edge(this, 'Edge', { ...cloudFront, api, customDomain, encryptionKey })
    const name = customDomain?.name ?? edge?.domainName
    this.api = api
    this.resources = Object.keys(resources)
    this.issuer = name === undefined ? api.apiEndpoint : `https://${name}`
    this.domainTarget = customDomain && (edge?.domainName ?? domain?.target)

    const common = { logRetention, tracing, logLevel }
    this.app = new LatchkeyFunction(this, 'App', {
      ...common,
      bundle: 'app',
      description: 'Latchkey: sign-in, sessions and keys',
      memorySize: APP_MEMORY_MB,
      timeout: APP_TIMEOUT,
      environment: {
        ...(mail && { EMAIL_VERIFICATION: 'required' }),
        ...environment,
        ...(mail && { MAIL_FROM: mail.from }),
        PASSKEYS: passkeys ? 'on' : 'off',
        ...tableNames(data),
        ISSUER: this.issuer,
        AUDIENCE: audience,
        RESOURCES: JSON.stringify(resources),
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
    const sender =
      mail &&
      new Mail(this, 'Mail', {
        ...common,
        data,
        settings: mail,
        issuer: this.issuer,
        environment,
      })
    const live = this.#live(settings, rotation)
    const everything = new HttpRoute(this, 'Everything', {
      httpApi: api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Integration', live),
    })
    this.#configureStage(settings, logRetention)
    acknowledge(everything, {
      'AwsSolutions-APIG4':
        'Latchkey is what authenticates: sign-up and sign-in are public, and each other route asks for its own credential (test/security/credentials.test.ts).',
    })

    const ways = edge?.ways ?? domain?.ways ?? []
    this.answering = [api.defaultStage as IDependable, everything, live, rotation, ...ways]

    const watched = { api, app: this.app, rotation, tables, mail: sender }
    new Alarms(this, 'Alarms', { ...watched, email: settings.alarmEmail })
    new Dashboard(this, 'Dashboard', watched)
  }

  /** The function itself, or warm instances of its version. */
  #live({ provisionedConcurrency = 0 }: LatchkeySettings, { firstKeys }: KeyRotation): IFunction {
    if (provisionedConcurrency === 0) return this.app
    const version = this.app.currentVersion as IVersion
    const provisionedConcurrentExecutions = provisionedConcurrency
    const warm = new Alias(this, 'Warm', {
      aliasName: 'warm',
      version,
      provisionedConcurrentExecutions,
    })
    // They start at once, and can't without keys.
    warm.node.addDependency(firstKeys)
    return warm as IFunction
  }

  /** A limit for all, and a log of what was asked: no header, no query, no body, and so no secret. */
  #configureStage(
    { throttle = { rate: 100, burst: 200 } }: LatchkeySettings,
    retention: RetentionDays,
  ) {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const stage = this.api.defaultStage?.node.defaultChild as CfnStage
    stage.defaultRouteSettings = {
      throttlingRateLimit: throttle.rate,
      throttlingBurstLimit: throttle.burst,
      detailedMetricsEnabled: true,
    }
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
  }
}

/** The variables that name the tables. */
export function tableNames({ tables: { byId } }: LatchkeyData) {
  return {
    USERS_TABLE: byId.users.tableName,
    REFRESH_TOKENS_TABLE: byId.refreshTokens.tableName,
    API_KEYS_TABLE: byId.apiKeys.tableName,
    RATE_LIMITS_TABLE: byId.rateLimits.tableName,
    TICKETS_TABLE: byId.tickets.tableName,
    EVENTS_TABLE: byId.events.tableName,
  } satisfies Partial<Record<EnvironmentName, string>>
}
