import { availableParallelism } from 'node:os'
import * as Type from 'typebox'
import type { Static } from 'typebox'
import { ConfigError, parseOrigin, validate, withoutBlanks } from './environment.js'
import { API_KEY_VARIABLES, apiKeySettings } from './api-key-settings.js'
import { DISPLAY_NAME } from '../lib/display-name.js'
import { parseContact, parseLink, parseLogo } from './brand-settings.js'
import { declaredResources, ResourceFault } from '../access-tokens/declared-resources.js'
import { ownAudienceFault } from '../access-tokens/resource-identifier.js'
import { parseProviders } from './provider-settings.js'
import { parseObject } from './json.js'
import { parsePasskeys, parseSecondFactor } from './factor-settings.js'
import { parseMail } from './mail-settings.js'
import { parseSignUp } from './sign-up-setting.js'

const FAILURES_WINDOW_MS = 3_600_000

/**
 * Every environment variable of the service, with its default. `npm run generate` writes them
 * into `docs/configuration.md`.
 */
export const environmentSchema = Type.Object({
  ISSUER: Type.String({
    description:
      'Public base URL of the service: `iss` of every token, and the origin that cookies belong to. `https://` except on loopback, no trailing slash. The local server takes its own address',
    examples: ['https://auth.example.com'],
  }),
  AUDIENCE: Type.String({
    default: 'latchkey',
    minLength: 1,
    description:
      '`aud` of Latchkey’s own tokens, which open nothing but the service itself. An absolute URI only where it is `ISSUER`: the APIs of the team belong in `RESOURCES`',
  }),
  RESOURCES: Type.String({
    default: '{}',
    description:
      'APIs of the team that people and machines can ask tokens for, as one JSON object, by their identifiers; none by default. See [A token for each API](api.md#a-token-for-each-api)',
    examples: ['{"https://orders.example.com":{"scopes":{"orders:read":["user","admin"]}}}'],
  }),
  CLIENTS: Type.String({
    default: '{}',
    description:
      'Apps that sign people in here, as one JSON object, by their client ids; none by default. Most are registered by administrators instead. See [Apps in the settings](clients.md#apps-in-the-settings)',
    examples: [
      '{"app_3q2-7wAAAAAAAAAAAAAAAA":{"name":"Orders","public":true,"redirectUris":["https://orders.example.com/callback"]}}',
    ],
  }),
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error'], {
    default: 'info',
    description: 'Least severe level that is logged',
  }),
  USERS_TABLE: Type.String({
    default: 'latchkey-users',
    minLength: 3,
    description: 'Table of users',
  }),
  REFRESH_TOKENS_TABLE: Type.String({
    default: 'latchkey-refresh-tokens',
    minLength: 3,
    description: 'Table of sessions and their refresh token hashes',
  }),
  API_KEYS_TABLE: Type.String({
    default: 'latchkey-api-keys',
    minLength: 3,
    description: 'Table of API keys, as hashes, and of their use',
  }),
  RATE_LIMITS_TABLE: Type.String({
    default: 'latchkey-rate-limits',
    minLength: 3,
    description: 'Table of rate limit counters',
  }),
  TICKETS_TABLE: Type.String({
    default: 'latchkey-tickets',
    minLength: 3,
    description: 'Table of what is good once, such as a begun social sign-in',
  }),
  CLIENTS_TABLE: Type.String({
    default: 'latchkey-clients',
    minLength: 3,
    description: 'Table of the apps that sign people in here',
  }),
  EVENTS_TABLE: Type.String({
    default: 'latchkey-events',
    minLength: 3,
    description: 'Table of the audit trail, and of mails that are to be sent',
  }),
  AUDIT_RETENTION_DAYS: Type.Integer({
    default: 400,
    minimum: 1,
    maximum: 3650,
    description: 'How long the audit trail keeps an event',
  }),
  MAIL_FROM: Type.Optional(
    Type.String({
      description:
        'Address that mails come from, such as auth@example.com; without one the service sends none. The local server has one of its own',
      examples: ['auth@example.com'],
    }),
  ),
  EMAIL_VERIFICATION: Type.Enum(['optional', 'required'], {
    default: 'optional',
    description:
      'Whether an address must be proved before its account can be used: with `required`, an account is made when the code or the link of its mail is used. `required` needs `MAIL_FROM`',
  }),
  SECOND_FACTOR: Type.Enum(['optional', 'administrators', 'required'], {
    default: 'optional',
    description:
      'Who has to have a second factor: no one (`optional`), administrators, or everyone (`required`). Who has one is always asked for it. `administrators` and `required` need `MAIL_FROM`: a person without one sets it up after the code of a mail',
  }),
  PASSKEYS: Type.Optional(
    Type.Enum(['on', 'off'], {
      description:
        'Whether people can have passkeys. A passkey belongs to the domain of `ISSUER`. Default: `on`, and `off` where that is an IP address or a domain of AWS',
    }),
  ),
  SIGN_UP: Type.String({
    default: 'open',
    description:
      'Who may make an account: anyone (`open`), no one (`closed`), people whom an administrator has invited by mail (`invited`, which needs `MAIL_FROM`), or people with a proved address whose whole domain is listed (`domains:example.com,example.org`). An identity provider proves it, or a mail with `EMAIL_VERIFICATION=required`, without which `invited` and `domains` have no sign-up by password at `/register`. Unless it is `closed`, an invitation admits its address beside the others. `npm run admin -- create` always works',
    examples: ['domains:example.com'],
  }),
  PASSWORD_MIN_LENGTH: Type.Integer({
    default: 12,
    minimum: 8,
    maximum: 64,
    description:
      'Least number of characters in a new password (NIST SP 800-63B: 15 where it is the only factor)',
  }),
  ARGON2_MEMORY_KIB: Type.Integer({
    default: 19456,
    minimum: 19456,
    maximum: 1048576,
    description: 'argon2id memory for each hash, KiB',
  }),
  ARGON2_TIME_COST: Type.Integer({
    default: 2,
    minimum: 2,
    maximum: 20,
    description: 'argon2id passes',
  }),
  ARGON2_PARALLELISM: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 8,
    description: 'argon2id lanes',
  }),
  ARGON2_CONCURRENCY: Type.Integer({
    default: Math.min(4, availableParallelism()),
    minimum: 1,
    maximum: 64,
    description:
      'Passwords hashed at once; the others wait. Default: the number of cores, at most 4',
  }),
  ARGON2_QUEUE: Type.Integer({
    default: 100,
    minimum: 0,
    maximum: 10000,
    description:
      'Passwords that may wait to be hashed; past it the answer is 503 with `Retry-After`',
  }),
  REFRESH_GRACE_SECONDS: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 60,
    description: 'How long a refresh token that was just rotated yields the same successor again',
  }),
  SESSION_IDLE_SECONDS: Type.Integer({
    default: 14 * 86_400,
    minimum: 900,
    maximum: 365 * 86_400,
    description: 'A session that is not refreshed for this long ends',
  }),
  SESSION_ABSOLUTE_SECONDS: Type.Integer({
    default: 30 * 86_400,
    minimum: 900,
    maximum: 365 * 86_400,
    description: 'A session ends after this long, however often it is refreshed',
  }),
  VERIFICATION_CACHE_SECONDS: Type.Integer({
    default: 30,
    minimum: 0,
    maximum: 300,
    description:
      'How long an instance may trust what it read of an API key, or show a profile, from memory; 0 reads every time',
  }),
  RATE_LIMIT_WINDOW_SECONDS: Type.Integer({
    default: 60,
    minimum: 1,
    maximum: 86_400,
    description: 'Window of the limit by address',
  }),
  RATE_LIMIT_PER_ADDRESS: Type.Integer({
    default: 100,
    minimum: 1,
    maximum: 100_000,
    description: 'Requests in a window to one auth route from one address (IPv6: one /64)',
  }),
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: Type.Integer({
    default: 900,
    minimum: 1,
    maximum: 86_400,
    description: 'Window of the limit by account',
  }),
  RATE_LIMIT_PER_ACCOUNT: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 100,
    description:
      'Failed sign-ins in a window to one account, counted apart for each address that the owner has signed in from',
  }),
  RATE_LIMIT_FAILURES_PER_ADDRESS: Type.Integer({
    default: 100,
    minimum: 1,
    maximum: 5000,
    description:
      'Failed sign-ins in an hour from one address (IPv6: one /64), over all accounts; browsers that an account knows go on',
  }),
  RATE_LIMIT_ON_OUTAGE: Type.Enum(['refuse', 'allow'], {
    default: 'refuse',
    description:
      'When the limiter cannot count: `refuse` answers 503 with `Retry-After`, `allow` lets the request on unlimited',
  }),
  ...API_KEY_VARIABLES,
  OAUTH_PROVIDERS: Type.String({
    default: '{}',
    description:
      'Identity providers as one JSON object, by the name in `/api/auth/:provider`; none by default. See [Social sign-in](social-sign-in.md#providers)',
    examples: ['{"google":{"clientId":"the-id","clientSecret":"the-secret"}}'],
  }),
  OAUTH_TIMEOUT_MS: Type.Integer({
    default: 5000,
    minimum: 100,
    maximum: 10_000,
    description: 'How long an identity provider may take for one answer, milliseconds',
  }),
  BRAND_NAME: Type.String({
    default: 'Latchkey',
    minLength: 1,
    maxLength: 40,
    pattern: DISPLAY_NAME,
    description: 'What the pages call the service',
  }),
  BRAND_LOGO: Type.Optional(
    Type.String({
      maxLength: 3000,
      description:
        'Logo of the pages: a path of the same origin, or an image as a data URL (`data:image/svg+xml;base64,…`, also png and webp) of at most 3000 characters',
      examples: ['/brand/logo.svg'],
    }),
  ),
  BRAND_ACCENT_COLOR: Type.String({
    default: '#3453d1',
    pattern: '^#[0-9a-fA-F]{6}$',
    description:
      'Colour of buttons and links, `#rrggbb`; it is made darker or lighter where it could not be read',
  }),
  BRAND_TERMS_URL: Type.Optional(
    Type.String({
      description: 'Terms that the pages link to: `https://…`, or a path of the same origin',
      examples: ['https://example.com/terms'],
    }),
  ),
  BRAND_PRIVACY_URL: Type.Optional(
    Type.String({
      description: 'Privacy notice that the pages link to, likewise',
      examples: ['https://example.com/privacy'],
    }),
  ),
  BRAND_SUPPORT_URL: Type.Optional(
    Type.String({
      description:
        'Where people get help, linked on every page: `https://…`, `mailto:…`, or a path of the same origin',
      examples: ['mailto:support@example.com'],
    }),
  ),
  CORS_ORIGINS: Type.String({
    default: '',
    description:
      'Origins, separated by commas, whose pages may call with credentials; none by default',
    examples: ['https://app.example.com,https://admin.example.com'],
  }),
})

type Environment = Static<typeof environmentSchema>

/**
 * Reads and checks the environment once.
 * @param source usually `process.env`; `defaults` has the values of variables that it lacks.
 * @throws {ConfigError} one sentence for each variable that is wrong, and what to put there.
 */
export function loadConfig(source: NodeJS.ProcessEnv, defaults: Partial<Environment> = {}) {
  if (source.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new ConfigError('NODE_TLS_REJECT_UNAUTHORIZED: must not be 0. Certificates are checked.')
  }
  const env = validate(environmentSchema, { ...defaults, ...withoutBlanks(source) })
  if (env.SESSION_ABSOLUTE_SECONDS < env.SESSION_IDLE_SECONDS) {
    throw new ConfigError('SESSION_ABSOLUTE_SECONDS: must be at least SESSION_IDLE_SECONDS.')
  }
  const issuer = parseIssuer(env.ISSUER)
  const signUp = parseSignUp(env.SIGN_UP)
  const mail = parseMail(env.MAIL_FROM, env.EMAIL_VERIFICATION)
  if (typeof signUp === 'object' && mail.mail && mail.emailVerification === 'optional') {
    throw new ConfigError(
      'SIGN_UP: domains needs EMAIL_VERIFICATION=required where the service sends mail (MAIL_FROM).',
    )
  }
  if (signUp === 'invited' && !mail.mail) {
    throw new ConfigError('SIGN_UP: invited needs MAIL_FROM: invitations are sent by mail.')
  }
  const resources = parseResources(env.RESOURCES, issuer, env.AUDIENCE)
  return {
    issuer,
    audience: parseAudience(env.AUDIENCE, issuer),
    resources,
    /** As they are written: `readClients` reads them. */
    clients: parseObject('CLIENTS', env.CLIENTS),
    logLevel: env.LOG_LEVEL,
    tables: {
      users: env.USERS_TABLE,
      refreshTokens: env.REFRESH_TOKENS_TABLE,
      apiKeys: env.API_KEYS_TABLE,
      rateLimits: env.RATE_LIMITS_TABLE,
      tickets: env.TICKETS_TABLE,
      clients: env.CLIENTS_TABLE,
      events: env.EVENTS_TABLE,
    },
    audit: { keptMs: env.AUDIT_RETENTION_DAYS * 86_400_000 },
    ...mail,
    signUp,
    secondFactor: parseSecondFactor(env.SECOND_FACTOR, env.MAIL_FROM),
    passkeys: parsePasskeys(env.PASSKEYS, issuer),
    passwords: {
      minLength: env.PASSWORD_MIN_LENGTH,
      memoryCost: env.ARGON2_MEMORY_KIB,
      timeCost: env.ARGON2_TIME_COST,
      parallelism: env.ARGON2_PARALLELISM,
      concurrency: env.ARGON2_CONCURRENCY,
      queue: env.ARGON2_QUEUE,
    },
    sessions: {
      graceMs: env.REFRESH_GRACE_SECONDS * 1000,
      idleMs: env.SESSION_IDLE_SECONDS * 1000,
      absoluteMs: env.SESSION_ABSOLUTE_SECONDS * 1000,
    },
    verificationCacheMs: env.VERIFICATION_CACHE_SECONDS * 1000,
    rateLimits: {
      address: {
        max: env.RATE_LIMIT_PER_ADDRESS,
        windowMs: env.RATE_LIMIT_WINDOW_SECONDS * 1000,
      },
      account: {
        max: env.RATE_LIMIT_PER_ACCOUNT,
        windowMs: env.RATE_LIMIT_ACCOUNT_WINDOW_SECONDS * 1000,
      },
      failures: { max: env.RATE_LIMIT_FAILURES_PER_ADDRESS, windowMs: FAILURES_WINDOW_MS },
      allowOnOutage: env.RATE_LIMIT_ON_OUTAGE === 'allow',
    },
    apiKeys: apiKeySettings(env),
    oauth: {
      providers: parseProviders(env.OAUTH_PROVIDERS),
      timeoutMs: env.OAUTH_TIMEOUT_MS,
    },
    brand: {
      name: env.BRAND_NAME,
      logo: parseLogo(env.BRAND_LOGO),
      accentColour: env.BRAND_ACCENT_COLOR,
      termsUrl: parseLink('BRAND_TERMS_URL', env.BRAND_TERMS_URL),
      privacyUrl: parseLink('BRAND_PRIVACY_URL', env.BRAND_PRIVACY_URL),
      supportUrl: parseContact('BRAND_SUPPORT_URL', env.BRAND_SUPPORT_URL),
    },
    corsOrigins: parseOrigins(env.CORS_ORIGINS),
  } as const
}

export type Config = ReturnType<typeof loadConfig>

function parseIssuer(value: string): string {
  const url = parseOrigin('ISSUER', value)
  if (url !== value) {
    throw new ConfigError(
      `ISSUER: must be an origin without a path or slash, such as ${url}. The service must be at the root of its domain: a stage other than $default or a base path won't do.`,
    )
  }
  return value
}

function parseAudience(audience: string, issuer: string): string {
  const fault = ownAudienceFault(audience, issuer)
  if (fault !== undefined) throw new ConfigError(`AUDIENCE: ${fault}.`)
  return audience
}

function parseResources(json: string, issuer: string, audience: string) {
  try {
    return declaredResources(parseObject('RESOURCES', json), issuer, audience)
  } catch (error) {
    if (error instanceof ResourceFault) throw new ConfigError(`RESOURCES${error.message}.`)
    throw error
  }
}

function parseOrigins(value: string): readonly string[] {
  const origins = value.split(',').map((origin) => origin.trim())
  return origins
    .filter((origin) => origin !== '')
    .map((origin) => {
      if (origin === '*') {
        throw new ConfigError(
          'CORS_ORIGINS: * is not possible, since pages call with credentials. Name the origins of your apps, such as https://app.example.com.',
        )
      }
      const exact = parseOrigin('CORS_ORIGINS', origin)
      if (exact === origin) return origin
      throw new ConfigError(
        `CORS_ORIGINS: must be exact origins without a path or slash, such as ${exact}.`,
      )
    })
}
