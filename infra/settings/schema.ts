import * as Type from 'typebox'
import type { Static, TArrayOptions, TSchema } from 'typebox'
import type { ResourceSettings } from '../../src/access-tokens/declared-resources.js'
import type { DeclaredClientSettings } from '../../src/oauth/clients/declared.js'
import {
  CERTIFICATE,
  CONFIGURATION_SET,
  DOMAIN,
  EMAIL,
  EVENT_BUS,
  IDENTITY,
  KEY,
  RETENTION_DAYS,
  SCOPE,
  TABLE,
  TABLE_STREAM,
  TEXT,
  WEB_ACL,
  TOPIC,
} from './patterns.js'

/*
 * Every setting, once. `npm run generate` makes the type of it (latchkey-settings.ts), the schema for editors
 * (latchkey.schema.json) and the table of docs/deploy.md. Besides the words of JSON Schema each setting has:
 *
 * - `errorMessage`: the rest of the sentence that begins with its name, and says what to write. VS Code shows it too.
 * - `otherwise`: what holds where it is left out, if `default` can't say so.
 * - `title`: the name of the interface of an object.
 * - `declared`: a type that is there already, and its file.
 */

/** A text of any length but none. */
const text = (errorMessage: string, rest: object = {}) =>
  Type.String({ pattern: TEXT.source, errorMessage, ...rest })

const flag = (rest: object) => Type.Boolean({ errorMessage: 'must be true or false', ...rest })

/** An object of which the names are those of `properties`. */
const object = <P extends Record<string, TSchema>>(properties: P, rest: object) =>
  Type.Object(properties, { additionalProperties: false, ...rest })

const whole = (minimum: number, maximum: number, rest: object) =>
  Type.Integer({
    minimum,
    maximum,
    errorMessage: `must be a whole number from ${minimum} to ${maximum}`,
    ...rest,
  })

const texts = (rest: TArrayOptions) =>
  Type.Array(Type.String({ errorMessage: 'must be a text in quotes' }), rest)

const resource = object(
  {
    name: Type.Optional(
      text('must be a text, such as "Orders"', {
        maxLength: 60,
        description: 'What people call it.',
        otherwise: 'its identifier',
      }),
    ),
    scopes: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Array(Type.String({ errorMessage: 'must be "user" or "admin"' }), {
          errorMessage: 'must be a list of roles, such as ["user", "admin"]',
        }),
        {
          description:
            'Its scopes, each with the roles (`user`, `admin`) whose people have it. A scope without roles is for API keys alone.',
          errorMessage: 'must be an object, such as {"orders:read": ["user"]}',
          otherwise: 'none',
        },
      ),
    ),
    lifetimeSeconds: Type.Optional(
      whole(60, 900, { default: 900, description: 'How long its access tokens live.' }),
    ),
  },
  { errorMessage: 'must be an object, such as {"name": "Orders"}' },
)

const client = object(
  {
    name: text('must be a text, such as "Orders"', { description: 'What people call it.' }),
    redirectUris: texts({
      description: 'Where a sign-in may end, exactly.',
      errorMessage: 'must be a list, such as ["https://orders.example.com/callback"]',
    }),
    postLogoutRedirectUris: Type.Optional(
      texts({
        description: 'Where a sign-out may end.',
        errorMessage: 'must be a list, such as ["https://orders.example.com/"]',
        otherwise: 'nowhere',
      }),
    ),
    public: Type.Optional(
      flag({
        default: false,
        description: 'Whether it can keep no secret, as an app in a browser or on a phone.',
      }),
    ),
    firstParty: Type.Optional(
      flag({ default: false, description: 'Whether it is one of the team’s own.' }),
    ),
    resources: Type.Optional(
      texts({
        description: 'APIs that it may ask for.',
        errorMessage: 'must be a list, such as ["https://orders.example.com"]',
        otherwise: 'every one that is declared',
      }),
    ),
    scopes: Type.Optional(
      texts({
        description: 'Scopes of them that it may ask for.',
        errorMessage: 'must be a list, such as ["orders:read"]',
        otherwise: 'all',
      }),
    ),
    secretHashes: Type.Optional(
      texts({
        description:
          'SHA-256 of its secret, base64url; two while one takes the place of the other. A public app has none.',
        errorMessage: 'must be a list of SHA-256 hashes, never a secret itself',
      }),
    ),
  },
  { errorMessage: 'must be an object with `name` and `redirectUris`' },
)

const tableName = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: TABLE.source,
      description,
      errorMessage: 'must be the name of a table, such as LatchkeyData-users-20300131T093000',
      otherwise: 'one is made',
    }),
  )

/** What a team may choose. Every default is safe; nothing is required. */
export const settingsSchema = object(
  {
    audience: Type.Optional(
      text('must be a text, such as "latchkey"', {
        default: 'latchkey',
        description:
          '`aud` of Latchkey’s own tokens, which open nothing but the service itself. The APIs of the team are `resources`.',
      }),
    ),
    resources: Type.Optional(
      Type.Record(Type.String(), resource, {
        description:
          'APIs of the team that people and machines can ask tokens for, by their identifiers: absolute `https` URIs such as `https://orders.example.com`.',
        errorMessage: 'must be an object, such as {"https://orders.example.com": {}}',
        otherwise: 'none',
        declared: ['ResourceSettings', '../../src/access-tokens/declared-resources.js'],
      }),
    ),
    clients: Type.Optional(
      Type.Record(Type.String(), client, {
        description:
          'Apps that sign people in, by their client ids: `app_` and 22 random letters of base64url. Of a secret they have the hash alone. Administrators register apps without a deployment, too.',
        errorMessage: 'must be an object, such as {"app_…": {"name": "Orders", …}}',
        otherwise: 'none',
        declared: ['DeclaredClientSettings', '../../src/oauth/clients/declared.js'],
      }),
    ),
    corsOrigins: Type.Optional(
      Type.Array(
        Type.String({ errorMessage: 'must be an exact origin, such as https://app.example.com' }),
        {
          description:
            'Exact origins whose pages may call with credentials, and where a social sign-in may end.',
          errorMessage: 'must be a list, such as ["https://app.example.com"]',
          otherwise: 'none',
        },
      ),
    ),
    customDomain: Type.Optional(
      object(
        {
          name: Type.String({
            pattern: DOMAIN.source,
            description: 'E.g. `auth.example.com`.',
            errorMessage:
              'must be a domain name in lower case, without a base path, such as auth.example.com: Latchkey must be at the root of its domain',
          }),
          certificateArn: Type.String({
            pattern: CERTIFICATE.source,
            description:
              'ARN of an ACM certificate for it, in the stack’s region; with `cloudFront` in us-east-1.',
            errorMessage:
              'must be the ARN of an ACM certificate, such as arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d',
          }),
          hostedZone: Type.Optional(
            object(
              {
                id: Type.String({
                  pattern: '^[A-Z0-9]{1,32}$',
                  description: 'Its id, as Route 53 shows it.',
                  errorMessage: 'must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ',
                }),
                name: Type.String({
                  pattern: DOMAIN.source,
                  description: 'Its domain, which `customDomain.name` is in.',
                  errorMessage: 'must be the domain of the hosted zone, such as example.com',
                }),
              },
              {
                title: 'HostedZoneSettings',
                description: 'A public hosted zone to make the record in.',
                errorMessage:
                  'must be an object, such as {"id": "Z0123456789ABCDEFGHIJ", "name": "example.com"}',
                otherwise: 'none is made; point the name at the output `DomainTarget`',
              },
            ),
          ),
        },
        {
          title: 'CustomDomainSettings',
          description:
            'The address that people and tokens see. The default endpoint of the API is turned off then.',
          errorMessage: 'must be an object with `name` and `certificateArn`, or be left out',
          otherwise: 'the API’s own `execute-api` address',
        },
      ),
    ),
    cloudFront: Type.Optional(
      object(
        {
          webAclArn: Type.Optional(
            Type.String({
              pattern: WEB_ACL.source,
              description: 'ARN of a web ACL of yours to use, of scope `CLOUDFRONT`.',
              errorMessage:
                'must be the ARN of a web ACL of scope CLOUDFRONT, such as arn:aws:wafv2:us-east-1:123456789012:global/webacl/name/id',
              otherwise:
                'one is made with rules of AWS and a limit by address; the stack must be in us-east-1 for it',
            }),
          ),
        },
        {
          title: 'CloudFrontSettings',
          description:
            'CloudFront with AWS WAF in front of the API, which is then closed to who comes past them; `{}` for all defaults. The custom domain becomes CloudFront’s.',
          errorMessage: 'must be an object: {} for all defaults, or leave it out',
          otherwise: 'callers come to the API itself, which AWS WAF can’t be attached to',
        },
      ),
    ),
    socialSignIn: Type.Optional(
      flag({
        default: false,
        description:
          'Whether identity providers are read from the secret `Providers`; fill it in before.',
      }),
    ),
    mail: Type.Optional(
      object(
        {
          from: Type.String({
            description: 'The address that mails come from, such as `auth@example.com`.',
            errorMessage: 'must be one plain address, such as auth@example.com',
          }),
          identityArn: Type.Optional(
            Type.String({
              pattern: IDENTITY.source,
              description:
                'ARN of the verified identity of SES that it belongs to: itself, or its domain.',
              errorMessage:
                'must be the ARN of an identity of SES, such as arn:aws:ses:eu-west-1:123456789012:identity/example.com',
              otherwise: 'the domain of `from`, in the account and the region of the stack',
            }),
          ),
          configurationSet: Type.Optional(
            Type.String({
              pattern: CONFIGURATION_SET.source,
              description: 'Name of a configuration set of yours.',
              errorMessage: 'must be the name of a configuration set, such as latchkey',
              otherwise:
                'one is made: TLS required, no tracking, no further mail after a bounce or a complaint',
            }),
          ),
        },
        {
          title: 'MailSettings',
          description:
            'Mail by Amazon SES, in the stack’s region. An address must then be proved before its account can be used, unless `environment` says `EMAIL_VERIFICATION=optional`.',
          errorMessage: 'must be an object, such as {"from": "auth@example.com"}',
          otherwise: 'the service sends no mail',
        },
      ),
    ),
    events: Type.Optional(
      object(
        {
          busArn: Type.Optional(
            Type.String({
              pattern: EVENT_BUS.source,
              description:
                'ARN of an event bus of yours, in the stack’s region. In another account its policy must let the function put events.',
              errorMessage:
                'must be the ARN of an event bus, such as arn:aws:events:eu-west-1:123456789012:event-bus/security',
              otherwise: 'one is made',
            }),
          ),
        },
        {
          title: 'EventSettings',
          description:
            'Sends the events of the audit trail to an event bus of EventBridge, from which rules and webhooks take them; `{}` for a bus of its own.',
          errorMessage: 'must be an object, such as {}',
          otherwise: 'events leave the service for no other system',
        },
      ),
    ),
    passkeys: Type.Optional(
      flag({
        description:
          'Whether people can have passkeys. Each belongs to the domain of the service for good, so that they need `customDomain`: AWS gives other addresses by chance, and the passkeys would be lost with them.',
        otherwise: 'true with `customDomain`, else false',
      }),
    ),
    logLevel: Type.Optional(
      Type.Enum(['debug', 'info', 'warn', 'error'], {
        default: 'info',
        description: 'Least severe level that is logged.',
        errorMessage: 'must be one of debug, info, warn, error',
      }),
    ),
    logRetentionDays: Type.Optional(
      Type.Unsafe<number>({
        type: 'integer',
        enum: RETENTION_DAYS,
        default: 90,
        description: 'Days that logs are kept.',
        errorMessage: `must be one of ${RETENTION_DAYS.join(', ')}`,
      }),
    ),
    tracing: Type.Optional(flag({ default: false, description: 'Traces by X-Ray.' })),
    architecture: Type.Optional(
      Type.Enum(['arm64', 'x86_64'], {
        default: 'arm64',
        description:
          'What the functions run on. Lambda asks a fifth less for `arm64`; the bundles are right for either.',
        errorMessage: 'must be arm64 or x86_64',
      }),
    ),
    provisionedConcurrency: Type.Optional(
      whole(0, 100_000, {
        default: 0,
        description:
          'Instances of the app that are always warm; at most the concurrency quota of the account less 100.',
      }),
    ),
    release: Type.Optional(
      Type.Enum(['canary', 'all-at-once'], {
        default: 'canary',
        description:
          'How a new version of the app takes the place of the old one: `canary` gives it a tenth of the calls for five minutes, and goes back when an alarm fires; `all-at-once` is for development, and for a fix that can’t wait.',
        errorMessage: 'must be canary or all-at-once',
      }),
    ),
    closed: Type.Optional(
      flag({
        default: false,
        description:
          'Whether callers get a 503 for all but the keys, discovery and `/healthz`, as while tables are restored. All calls move at once then.',
      }),
    ),
    tables: Type.Optional(
      object(
        {
          users: tableName('Accounts.'),
          refreshTokens: tableName('Sessions.'),
          apiKeys: tableName('API keys.'),
          rateLimits: tableName('Counts of limits.'),
          tickets: tableName('What is good once.'),
          clients: tableName('Apps.'),
          events: tableName('Messages and events.'),
          eventsStreamArn: Type.Optional(
            Type.String({
              pattern: TABLE_STREAM.source,
              description: 'ARN of the stream of `events`, where the service sends mail or events.',
              errorMessage:
                'must be the ARN of a stream, such as arn:aws:dynamodb:eu-west-1:123456789012:table/events/stream/2030-01-31T09:30:00.000',
            }),
          ),
        },
        {
          title: 'TableSettings',
          description:
            'Tables that are there already, such as restored ones, by their names. The stack makes the others. `npm run admin -- tables adopt` gives them what the stack gives its own.',
          errorMessage:
            'must be an object, such as {"users": "LatchkeyData-users-20300131T093000"}',
          otherwise: 'the stack makes all',
        },
      ),
    ),
    throttle: Type.Optional(
      object(
        {
          rate: whole(1, 1_000_000, { description: 'Requests a second.' }),
          burst: whole(1, 1_000_000, { description: 'Requests at once, above the rate.' }),
        },
        {
          title: 'ThrottleSettings',
          description:
            'Requests a second that the API takes, and the burst above them. Requests above it get a 429 from API Gateway.',
          errorMessage: 'must be an object with both halves, such as {"rate": 100, "burst": 200}',
          otherwise: '100 and 200',
        },
      ),
    ),
    quotas: Type.Optional(
      object(
        {
          requestsPerSecond: Type.Optional(
            whole(1, 1_000_000, {
              description: 'API Gateway’s “Throttle rate”: the greatest `throttle.rate`.',
              otherwise: '10000, and 2500 in some regions',
            }),
          ),
          burst: Type.Optional(
            whole(1, 1_000_000, {
              description: 'API Gateway’s “Throttle burst rate”: the greatest `throttle.burst`.',
              otherwise: '5000, and 1250 in some regions',
            }),
          ),
          concurrency: Type.Optional(
            whole(1, 1_000_000, {
              description:
                'Lambda’s “Concurrent executions”, of which 100 stay free of `provisionedConcurrency`. New accounts have less than the default.',
              default: 1000,
            }),
          ),
        },
        {
          title: 'QuotaSettings',
          description:
            'What the account may use in the stack’s region, where that is not AWS’s default (Service Quotas shows it). It changes no quota: it bounds `throttle` and `provisionedConcurrency`.',
          errorMessage: 'must be an object, such as {"requestsPerSecond": 20000}',
          otherwise: 'AWS’s defaults',
        },
      ),
    ),
    alarmEmail: Type.Optional(
      Type.String({
        pattern: EMAIL.source,
        description: 'The e-mail address that alarms are sent to.',
        errorMessage: 'must be an e-mail address, such as ops@example.com',
        otherwise: 'none; the alarms are in the console alone',
      }),
    ),
    alarmTopicArn: Type.Optional(
      Type.String({
        pattern: TOPIC.source,
        description:
          'ARN of a topic of yours that alarms call, such as that of a pager, in the stack’s region; beside `alarmEmail` or alone. Where it has a KMS key, the key’s policy must let `cloudwatch.amazonaws.com` use it.',
        errorMessage:
          'must be the ARN of a standard topic of SNS, such as arn:aws:sns:eu-west-1:123456789012:pager',
        otherwise: 'none',
      }),
    ),
    probe: Type.Optional(
      flag({
        default: false,
        description:
          'Whether Route 53 asks the service from outside, every half minute from three regions, for `/healthz` and the keys. Its alarms can only be in us-east-1.',
      }),
    ),
    environment: Type.Optional(
      Type.Record(
        Type.String(),
        Type.String({ errorMessage: 'must be a text in quotes, such as "15"' }),
        {
          description:
            'Further variables of the service (see `docs/configuration.md`), such as `PASSWORD_MIN_LENGTH`.',
          errorMessage: 'must be an object, such as {"PASSWORD_MIN_LENGTH": "15"}',
          otherwise: 'none',
        },
      ),
    ),
  },
  {
    title: 'LatchkeySettings',
    description: 'What a team may choose. Every default is safe; nothing is required.',
    errorMessage: 'must be an object',
  },
)

/** The two types that are there already have the shapes of the schema: the compiler says where they part. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<keyof Static<typeof resource>, keyof ResourceSettings>
true satisfies Same<keyof Static<typeof client>, keyof DeclaredClientSettings>

/** What `latchkey.json` may have besides: what the construct `Latchkey` gets from the app that it is in. */
export const appSettingsSchema = object(
  {
    $schema: Type.Optional(
      Type.String({
        description: 'Where this schema is, for editors: `./latchkey.schema.json`.',
        errorMessage: 'must be a text, such as "./latchkey.schema.json"',
      }),
    ),
    ...settingsSchema.properties,
    stage: Type.Optional(
      Type.String({
        pattern: '^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$',
        description:
          'Ends the names of the stacks (`Latchkey-staging`, `LatchkeyData-staging`), so that there can be several in an account and region.',
        errorMessage:
          'must be at most 20 small letters, digits and hyphens, begin with a letter and end with no hyphen, such as staging',
        otherwise: 'none: the stacks are `Latchkey` and `LatchkeyData`',
      }),
    ),
    tags: Type.Optional(
      Type.Record(
        Type.String(),
        Type.String({
          pattern: '^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$',
          errorMessage: 'must be a text of at most 256 letters, digits, spaces and _.:/=+-@',
        }),
        {
          maxProperties: 40,
          description:
            'Tags of both stacks and all their resources, such as `{"team": "identity"}`.',
          errorMessage: 'must be an object of at most 40 tags, such as {"team": "identity"}',
          otherwise: 'none',
        },
      ),
    ),
    apiKeyAuthorizers: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Array(
          Type.String({
            pattern: SCOPE.source,
            errorMessage: 'must be a scope of keys, such as data:read',
          }),
          { errorMessage: 'must be a list of the scopes that a key needs, such as ["data:read"]' },
        ),
        {
          maxProperties: 20,
          description:
            'Authorizers for the APIs of other CDK apps in the account and region, by names of yours, each with the scopes that a key needs, all of them.',
          errorMessage: 'must be an object of at most 20, such as {"partners": ["data:read"]}',
          otherwise: 'none',
        },
      ),
    ),
    encryptionKeyArn: Type.Optional(
      Type.String({
        pattern: KEY.source,
        description:
          'ARN of a KMS key of yours, in the stack’s region, for tables, secrets, logs and alarms. Its policy must let CloudWatch use it.',
        errorMessage:
          'must be the ARN of a KMS key, such as arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
        otherwise: 'keys that AWS manages',
      }),
    ),
  },
  { title: 'Settings of Latchkey' },
)
