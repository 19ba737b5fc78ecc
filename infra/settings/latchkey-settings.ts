import type { ResourceSettings } from '../../src/access-tokens/declared-resources.js'
import type { DeclaredClientSettings } from '../../src/oauth/clients/declared.js'

// Made from schema.ts by `npm run generate`; a test compares the two.

/** What a team may choose. Every default is safe; nothing is required. */
export interface LatchkeySettings {
  /**
   * `aud` of Latchkey’s own tokens, which open nothing but the service itself. The APIs of the team are `resources`.
   * @default 'latchkey'
   */
  readonly audience?: string
  /**
   * APIs of the team that people and machines can ask tokens for, by their identifiers: absolute `https` URIs such
   * as `https://orders.example.com`.
   * @default - none
   */
  readonly resources?: Readonly<Record<string, ResourceSettings>>
  /**
   * Apps that sign people in, by their client ids: `app_` and 22 random letters of base64url. Of a secret they have
   * the hash alone. Administrators register apps without a deployment, too.
   * @default - none
   */
  readonly clients?: Readonly<Record<string, DeclaredClientSettings>>
  /**
   * Exact origins whose pages may call with credentials, and where a social sign-in may end.
   * @default - none
   */
  readonly corsOrigins?: readonly string[]
  /**
   * The address that people and tokens see. The default endpoint of the API is turned off then.
   * @default - the API’s own `execute-api` address
   */
  readonly customDomain?: CustomDomainSettings
  /**
   * CloudFront with AWS WAF in front of the API, which is then closed to who comes past them; `{}` for all defaults.
   * The custom domain becomes CloudFront’s.
   * @default - callers come to the API itself, which AWS WAF can’t be attached to
   */
  readonly cloudFront?: CloudFrontSettings
  /**
   * Whether identity providers are read from the secret `Providers`; fill it in before.
   * @default false
   */
  readonly socialSignIn?: boolean
  /**
   * Mail by Amazon SES, in the stack’s region. An address must then be proved before its account can be used, unless
   * `environment` says `EMAIL_VERIFICATION=optional`.
   * @default - the service sends no mail
   */
  readonly mail?: MailSettings
  /**
   * Sends the events of the audit trail to an event bus of EventBridge, from which rules and webhooks take them;
   * `{}` for a bus of its own.
   * @default - events leave the service for no other system
   */
  readonly events?: EventSettings
  /**
   * Whether people can have passkeys. Each belongs to the domain of the service for good, so that they need
   * `customDomain`: AWS gives other addresses by chance, and the passkeys would be lost with them.
   * @default - true with `customDomain`, else false
   */
  readonly passkeys?: boolean
  /**
   * Least severe level that is logged.
   * @default 'info'
   */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error'
  /**
   * Days that logs are kept.
   * @default 90
   */
  readonly logRetentionDays?: number
  /**
   * Traces by X-Ray.
   * @default false
   */
  readonly tracing?: boolean
  /**
   * What the functions run on. Lambda asks a fifth less for `arm64`; the bundles are right for either.
   * @default 'arm64'
   */
  readonly architecture?: 'arm64' | 'x86_64'
  /**
   * Instances of the app that are always warm; at most the concurrency quota of the account less 100.
   * @default 0
   */
  readonly provisionedConcurrency?: number
  /**
   * How a new version of the app takes the place of the old one: `canary` gives it a tenth of the calls for five
   * minutes, and goes back when an alarm fires; `all-at-once` is for development, and for a fix that can’t wait.
   * @default 'canary'
   */
  readonly release?: 'canary' | 'all-at-once'
  /**
   * Whether callers get a 503 for all but the keys, discovery and `/healthz`, as while tables are restored. All
   * calls move at once then.
   * @default false
   */
  readonly closed?: boolean
  /**
   * Tables that are there already, such as restored ones, by their names. The stack makes the others. `npm run admin
   * -- tables adopt` gives them what the stack gives its own.
   * @default - the stack makes all
   */
  readonly tables?: TableSettings
  /**
   * Requests a second that the API takes, and the burst above them. Requests above it get a 429 from API Gateway.
   * @default - 100 and 200
   */
  readonly throttle?: ThrottleSettings
  /**
   * What the account may use in the stack’s region, where that is not AWS’s default (Service Quotas shows it). It
   * changes no quota: it bounds `throttle` and `provisionedConcurrency`.
   * @default - AWS’s defaults
   */
  readonly quotas?: QuotaSettings
  /**
   * The e-mail address that alarms are sent to.
   * @default - none; the alarms are in the console alone
   */
  readonly alarmEmail?: string
  /**
   * ARN of a topic of yours that alarms call, such as that of a pager, in the stack’s region; beside `alarmEmail` or
   * alone. Where it has a KMS key, the key’s policy must let `cloudwatch.amazonaws.com` use it.
   * @default - none
   */
  readonly alarmTopicArn?: string
  /**
   * Whether Route 53 asks the service from outside, every half minute from three regions, for `/healthz` and the
   * keys. Its alarms can only be in us-east-1.
   * @default false
   */
  readonly probe?: boolean
  /**
   * Further variables of the service (see `docs/configuration.md`), such as `PASSWORD_MIN_LENGTH`.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>
}

export interface CustomDomainSettings {
  /** E.g. `auth.example.com`. */
  readonly name: string
  /** ARN of an ACM certificate for it, in the stack’s region; with `cloudFront` in us-east-1. */
  readonly certificateArn: string
  /**
   * A public hosted zone to make the record in.
   * @default - none is made; point the name at the output `DomainTarget`
   */
  readonly hostedZone?: HostedZoneSettings
}

export interface HostedZoneSettings {
  /** Its id, as Route 53 shows it. */
  readonly id: string
  /** Its domain, which `customDomain.name` is in. */
  readonly name: string
}

export interface CloudFrontSettings {
  /**
   * ARN of a web ACL of yours to use, of scope `CLOUDFRONT`.
   * @default - one is made with rules of AWS and a limit by address; the stack must be in us-east-1 for it
   */
  readonly webAclArn?: string
}

export interface MailSettings {
  /** The address that mails come from, such as `auth@example.com`. */
  readonly from: string
  /**
   * ARN of the verified identity of SES that it belongs to: itself, or its domain.
   * @default - the domain of `from`, in the account and the region of the stack
   */
  readonly identityArn?: string
  /**
   * Name of a configuration set of yours.
   * @default - one is made: TLS required, no tracking, no further mail after a bounce or a complaint
   */
  readonly configurationSet?: string
}

export interface EventSettings {
  /**
   * ARN of an event bus of yours, in the stack’s region. In another account its policy must let the function put
   * events.
   * @default - one is made
   */
  readonly busArn?: string
}

export interface TableSettings {
  /**
   * Accounts.
   * @default - one is made
   */
  readonly users?: string
  /**
   * Sessions.
   * @default - one is made
   */
  readonly refreshTokens?: string
  /**
   * API keys.
   * @default - one is made
   */
  readonly apiKeys?: string
  /**
   * Counts of limits.
   * @default - one is made
   */
  readonly rateLimits?: string
  /**
   * What is good once.
   * @default - one is made
   */
  readonly tickets?: string
  /**
   * Apps.
   * @default - one is made
   */
  readonly clients?: string
  /**
   * Messages and events.
   * @default - one is made
   */
  readonly events?: string
  /** ARN of the stream of `events`, where the service sends mail or events. */
  readonly eventsStreamArn?: string
}

export interface ThrottleSettings {
  /** Requests a second. */
  readonly rate: number
  /** Requests at once, above the rate. */
  readonly burst: number
}

export interface QuotaSettings {
  /**
   * API Gateway’s “Throttle rate”: the greatest `throttle.rate`.
   * @default - 10000, and 2500 in some regions
   */
  readonly requestsPerSecond?: number
  /**
   * API Gateway’s “Throttle burst rate”: the greatest `throttle.burst`.
   * @default - 5000, and 1250 in some regions
   */
  readonly burst?: number
  /**
   * Lambda’s “Concurrent executions”, of which 100 stay free of `provisionedConcurrency`. New accounts have less
   * than the default.
   * @default 1000
   */
  readonly concurrency?: number
}
