import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { type CfnStage, HttpApi, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Alias, type IFunction, type IVersion } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Trigger } from 'aws-cdk-lib/triggers'
import { Construct } from 'constructs'
import type { EnvironmentName } from '../src/environment-names.js'
import { acknowledge } from './acknowledge.js'
import { Alarms } from './alarms.js'
import { CustomDomain } from './custom-domain.js'
import { Dashboard } from './dashboard.js'
import { Edge } from './edge.js'
import { LatchkeyFunction } from './latchkey-function.js'
import type { LatchkeyData } from './latchkey-data.js'
import { allowApp, allowSecret } from './permissions.js'
import { checkSettings, type LatchkeySettings, retentionOf } from './settings.js'

export interface LatchkeyServiceProps extends LatchkeySettings {
  readonly data: LatchkeyData
}

/** Below API Gateway's 30 seconds; the app itself answers 503 half a second before (F17). */
const APP_TIMEOUT = Duration.seconds(15)
/** Half a core and more than argon2 needs: sign-in is its time. */
const APP_MEMORY_MB = 1024

/** What may be made anew at any time: the functions, the API, what watches over them. */
export class LatchkeyService extends Construct {
  readonly api: HttpApi
  /** `iss` of every token, and the base URL of the service; no trailing slash. */
  readonly issuer: string
  readonly audience: string
  readonly app: LatchkeyFunction
  readonly rotation: LatchkeyFunction

  constructor(scope: Construct, id: string, { data, ...settings }: LatchkeyServiceProps) {
    super(scope, id)
    checkSettings(settings, Stack.of(this).region)
    const { audience = 'latchkey', corsOrigins = [], environment = {} } = settings
    const { customDomain, cloudFront } = settings
    const { logLevel = 'info', tracing = false, socialSignIn = false } = settings
    const logRetention = retentionOf(settings)
    const domain =
      customDomain && !cloudFront ? new CustomDomain(this, 'Domain', customDomain) : undefined
    this.api = new HttpApi(this, 'Api', {
      description: 'Latchkey',
      createDefaultStage: true,
      // The app answers CORS itself: it must let credentials through for exact origins, errors included.
      disableExecuteApiEndpoint: domain !== undefined,
      ...(domain && { defaultDomainMapping: { domainName: domain.domainName } }),
    })
    this.audience = audience
    const { tables, keyRing, providers } = data
    const { api } = this
    const { encryptionKey } = keyRing
    const edge =
      cloudFront && new Edge(this, 'Edge', { ...cloudFront, api, customDomain, encryptionKey })
    const name = customDomain?.name ?? edge?.domainName
    this.issuer = name === undefined ? api.apiEndpoint : `https://${name}`

    const common = { logRetention, tracing, logLevel }
    this.app = new LatchkeyFunction(this, 'App', {
      ...common,
      bundle: 'app',
      description: 'Latchkey: sign-in, sessions and keys',
      memorySize: APP_MEMORY_MB,
      timeout: APP_TIMEOUT,
      environment: {
        ...environment,
        ...tableNames(data),
        ISSUER: this.issuer,
        AUDIENCE: audience,
        CORS_ORIGINS: corsOrigins.join(','),
        KEY_RING_SECRET: keyRing.secretArn,
        ...(socialSignIn && { OAUTH_PROVIDERS_SECRET: providers.secretArn }),
        ...(edge && { ORIGIN_SECRET: edge.secret.secretArn }),
      },
    })
    allowApp(this.app, tables)
    allowSecret(this.app, keyRing)
    if (socialSignIn) allowSecret(this.app, providers)
    if (edge) allowSecret(this.app, edge.secret)

    const { SESSION_ABSOLUTE_SECONDS: absolute } = environment
    const failed = new Queue(this, 'FailedRotations', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const isLast = 'It is a dead letter queue itself.'
    acknowledge(failed, { 'AwsSolutions-SQS3': isLast, 'Serverless-SQSRedrivePolicy': isLast })
    this.rotation = new LatchkeyFunction(this, 'RotateKeys', {
      ...common,
      bundle: 'rotate-keys',
      description: 'Latchkey: makes the key ring, and its next keys when they are due',
      memorySize: 512,
      timeout: Duration.minutes(1),
      deadLetterQueue: failed,
      environment: {
        KEY_RING_SECRET: keyRing.secretArn,
        ...(absolute !== undefined && { SESSION_ABSOLUTE_SECONDS: absolute }),
      },
    })
    allowSecret(this.rotation, keyRing, { write: true })
    new Trigger(this, 'FirstKeys', { handler: this.rotation, executeAfter: [keyRing] })
    new Rule(this, 'DailyRotation', {
      description: 'Lets Latchkey look whether its keys are due',
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(this.rotation, { retryAttempts: 2, deadLetterQueue: failed })],
    })

    const everything = new HttpRoute(this, 'Everything', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Integration', this.#live(settings)),
    })
    this.#configureStage(settings, logRetention)
    acknowledge(everything, {
      'AwsSolutions-APIG4':
        'Latchkey is what authenticates: sign-up and sign-in are public, and each other route asks for its own credential (test/security/credentials.test.ts).',
    })

    const watched = { api, app: this.app, rotation: this.rotation, tables }
    new Alarms(this, 'Alarms', { ...watched, email: settings.alarmEmail })
    new Dashboard(this, 'Dashboard', watched)
    new CfnOutput(this, 'Issuer', { value: this.issuer, description: 'Base URL, and `iss`' })
  }

  /** The function itself, or warm instances of its version. */
  #live({ provisionedConcurrency = 0 }: LatchkeySettings): IFunction {
    if (provisionedConcurrency === 0) return this.app
    const version = this.app.currentVersion as IVersion
    const provisionedConcurrentExecutions = provisionedConcurrency
    return new Alias(this, 'Warm', {
      aliasName: 'warm',
      version,
      provisionedConcurrentExecutions,
    }) as IFunction
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
        error: '$context.error.messageString',
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
  } satisfies Partial<Record<EnvironmentName, string>>
}
