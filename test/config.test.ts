import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import t, { type Test } from 'tap'
import { authorizerEnvironmentSchema } from '../src/config/authorizer.js'
import { lambdaEnvironmentSchema } from '../src/config/lambda.js'
import { loadLocalConfig, localEnvironmentSchema } from '../src/config/local.js'
import { readClients } from '../src/config/declared-clients.js'
import { environmentSchema, loadConfig } from '../src/config/service.js'
import { eventWorkerEnvironmentSchema, loadEventWorkerConfig } from '../src/config/event-worker.js'
import { loadWorkerConfig, workerEnvironmentSchema } from '../src/config/worker.js'
import { ENVIRONMENT_NAMES } from '../src/config/environment-names.js'

const ISSUER = 'https://auth.example.com'
const DAY_MS = 86_400_000
const UNBOUNDED = { default: undefined, most: undefined }

t.test('the configuration needs no variable but the issuer', async (t) => {
  t.same(loadConfig({ ISSUER }), {
    issuer: ISSUER,
    audience: 'latchkey',
    resources: [],
    clients: {},
    logLevel: 'info',
    tables: {
      users: 'latchkey-users',
      refreshTokens: 'latchkey-refresh-tokens',
      apiKeys: 'latchkey-api-keys',
      rateLimits: 'latchkey-rate-limits',
      tickets: 'latchkey-tickets',
      clients: 'latchkey-clients',
      events: 'latchkey-events',
    },
    audit: { keptMs: 400 * DAY_MS },
    mail: undefined,
    emailVerification: 'optional',
    signUp: 'open',
    secondFactor: 'optional',
    passkeys: true,
    passwords: {
      minLength: 12,
      memoryCost: 19_456,
      timeCost: 2,
      parallelism: 1,
      concurrency: Math.min(4, availableParallelism()),
      queue: 100,
    },
    sessions: { graceMs: 10_000, idleMs: 14 * DAY_MS, absoluteMs: 30 * DAY_MS },
    verificationCacheMs: 30_000,
    rateLimits: {
      address: { max: 100, windowMs: 60_000 },
      account: { max: 10, windowMs: 900_000 },
      failures: { max: 100, windowMs: 3_600_000 },
      allowOnOutage: false,
    },
    apiKeys: {
      keyPrefix: { name: 'lk', environment: 'live' },
      scopes: {
        all: ['data:read', 'data:write', 'token:introspect'],
        reserved: new Set(['token:introspect']),
      },
      policy: { lifetimeMs: UNBOUNDED, rateLimit: UNBOUNDED, monthlyQuota: UNBOUNDED },
      maxPerOwner: 20,
      leaks: undefined,
    },
    oauth: { providers: {}, timeoutMs: 5000 },
    brand: {
      name: 'Latchkey',
      logo: undefined,
      accentColour: '#3453d1',
      termsUrl: undefined,
      privacyUrl: undefined,
      supportUrl: undefined,
    },
    corsOrigins: [],
  })
})

/** A value of its own for each variable, so that none can stand in for another. */
const EVERY_VARIABLE = {
  ISSUER: 'https://id.example.org',
  AUDIENCE: 'our-latchkey',
  RESOURCES:
    '{"https://orders.example.org":{"name":"Orders","scopes":{"orders:read":["user"]},"lifetimeSeconds":300}}',
  CLIENTS:
    '{"app_AAAAAAAAAAAAAAAAAAAAAA":{"name":"Orders","public":true,"redirectUris":["https://orders.example.org/cb"]}}',
  LOG_LEVEL: 'warn',
  USERS_TABLE: 'the-users',
  REFRESH_TOKENS_TABLE: 'the-tokens',
  API_KEYS_TABLE: 'the-keys',
  RATE_LIMITS_TABLE: 'the-limits',
  TICKETS_TABLE: 'the-tickets',
  CLIENTS_TABLE: 'the-clients',
  EVENTS_TABLE: 'the-events',
  AUDIT_RETENTION_DAYS: '30',
  MAIL_FROM: 'auth@example.com',
  EMAIL_VERIFICATION: 'required',
  SECOND_FACTOR: 'administrators',
  PASSKEYS: 'off',
  SIGN_UP: 'domains:Example.org, xn--bcher-kva.example',
  PASSWORD_MIN_LENGTH: '15',
  ARGON2_MEMORY_KIB: '65536',
  ARGON2_TIME_COST: '3',
  ARGON2_PARALLELISM: '4',
  ARGON2_CONCURRENCY: '7',
  ARGON2_QUEUE: '11',
  REFRESH_GRACE_SECONDS: '20',
  SESSION_IDLE_SECONDS: '1000',
  SESSION_ABSOLUTE_SECONDS: '2000',
  VERIFICATION_CACHE_SECONDS: '5',
  RATE_LIMIT_WINDOW_SECONDS: '30',
  RATE_LIMIT_PER_ADDRESS: '50',
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: '600',
  RATE_LIMIT_PER_ACCOUNT: '6',
  RATE_LIMIT_FAILURES_PER_ADDRESS: '70',
  RATE_LIMIT_ON_OUTAGE: 'allow',
  API_KEY_PREFIX: 'acme',
  API_KEY_ENVIRONMENT: 'test',
  API_KEY_SCOPES: 'orders:read,orders.write',
  API_KEY_ADMIN_SCOPES: 'orders.write',
  API_KEY_DEFAULT_LIFETIME_DAYS: '30',
  API_KEY_MAX_LIFETIME_DAYS: '90',
  API_KEY_DEFAULT_RATE_LIMIT: '60/10',
  API_KEY_MAX_RATE_LIMIT: '600/60',
  API_KEY_DEFAULT_MONTHLY_QUOTA: '1000',
  API_KEY_MAX_MONTHLY_QUOTA: '2000',
  API_KEYS_PER_OWNER: '3',
  API_KEY_LEAK_ACTION: 'rotate',
  API_KEY_LEAK_PUBLIC_KEY: publicKeyPem('P-256'),
  OAUTH_PROVIDERS: '{"google":{"clientId":"the-client","clientSecret":"the-secret"}}',
  OAUTH_TIMEOUT_MS: '250',
  BRAND_NAME: 'Acme',
  BRAND_LOGO: 'data:image/png;base64,iVBORw==',
  BRAND_ACCENT_COLOR: '#C0FFEE',
  BRAND_TERMS_URL: 'https://example.com/terms',
  BRAND_PRIVACY_URL: '/privacy',
  BRAND_SUPPORT_URL: 'mailto:support@example.com',
  CORS_ORIGINS: 'https://app.example.com',
}

t.test('the configuration takes every variable', async (t) => {
  t.same(Object.keys(EVERY_VARIABLE), Object.keys(environmentSchema.properties))
  const config = loadConfig(EVERY_VARIABLE)
  const publicKey = config.apiKeys.leaks?.publicKey
  t.ok(publicKey?.equals(createPublicKey(EVERY_VARIABLE.API_KEY_LEAK_PUBLIC_KEY)))
  t.same(config, {
    issuer: 'https://id.example.org',
    audience: 'our-latchkey',
    resources: [
      {
        identifier: 'https://orders.example.org',
        name: 'Orders',
        scopes: { 'orders:read': ['user'] },
        lifetimeSeconds: 300,
      },
    ],
    clients: {
      app_AAAAAAAAAAAAAAAAAAAAAA: {
        name: 'Orders',
        public: true,
        redirectUris: ['https://orders.example.org/cb'],
      },
    },
    logLevel: 'warn',
    tables: {
      users: 'the-users',
      refreshTokens: 'the-tokens',
      apiKeys: 'the-keys',
      rateLimits: 'the-limits',
      tickets: 'the-tickets',
      clients: 'the-clients',
      events: 'the-events',
    },
    audit: { keptMs: 30 * DAY_MS },
    mail: { from: 'auth@example.com' },
    emailVerification: 'required',
    signUp: { domains: ['example.org', 'xn--bcher-kva.example'] },
    secondFactor: 'administrators',
    passkeys: false,
    passwords: {
      minLength: 15,
      memoryCost: 65_536,
      timeCost: 3,
      parallelism: 4,
      concurrency: 7,
      queue: 11,
    },
    sessions: { graceMs: 20_000, idleMs: 1_000_000, absoluteMs: 2_000_000 },
    verificationCacheMs: 5000,
    rateLimits: {
      address: { max: 50, windowMs: 30_000 },
      account: { max: 6, windowMs: 600_000 },
      failures: { max: 70, windowMs: 3_600_000 },
      allowOnOutage: true,
    },
    apiKeys: {
      keyPrefix: { name: 'acme', environment: 'test' },
      scopes: {
        all: ['orders:read', 'orders.write'],
        reserved: new Set(['orders.write', 'token:introspect']),
      },
      policy: {
        lifetimeMs: { default: 30 * DAY_MS, most: 90 * DAY_MS },
        rateLimit: {
          default: { limit: 60, windowSeconds: 10 },
          most: { limit: 600, windowSeconds: 60 },
        },
        monthlyQuota: { default: 1000, most: 2000 },
      },
      maxPerOwner: 3,
      leaks: { action: 'rotate', publicKey },
    },
    oauth: {
      providers: { google: { clientId: 'the-client', clientSecret: 'the-secret' } },
      timeoutMs: 250,
    },
    brand: {
      name: 'Acme',
      logo: { type: 'image/png', bytes: Buffer.from('iVBORw==', 'base64') },
      accentColour: '#C0FFEE',
      termsUrl: 'https://example.com/terms',
      privacyUrl: '/privacy',
      supportUrl: 'mailto:support@example.com',
    },
    corsOrigins: ['https://app.example.com'],
  })
})

t.test('the configuration has passkeys where the issuer has a name of its own', async (t) => {
  const passkeys = (issuer: string, setting = '') =>
    loadConfig({ ISSUER: issuer, PASSKEYS: setting }).passkeys
  for (const issuer of [ISSUER, 'http://localhost:3000']) {
    t.equal(passkeys(issuer), true, issuer)
    t.equal(passkeys(issuer, 'on'), true)
    t.equal(passkeys(issuer, 'off'), false)
  }
  const address = 'PASSKEYS: on needs an ISSUER with a name'
  const foreign = 'PASSKEYS: on needs an ISSUER of your own domain'
  const refused = {
    'http://127.0.0.1:3000': address,
    'http://[::1]:3000': address,
    'https://192.0.2.7': address,
    'https://abc123.execute-api.eu-west-1.amazonaws.com': foreign,
    'https://abc123.execute-api.cn-north-1.amazonaws.com.cn': foreign,
  }
  for (const [issuer, sentence] of Object.entries(refused)) {
    t.equal(passkeys(issuer), false, issuer)
    t.equal(passkeys(issuer, 'off'), false)
    t.throws(() => passkeys(issuer, 'on'), refusal(sentence))
  }
})

t.test(
  'the configuration lets a caller set other defaults, which the environment overrides',
  async (t) => {
    const defaults = { ISSUER: 'http://127.0.0.1:3000' }
    t.equal(loadConfig({}, defaults).issuer, defaults.ISSUER)
    t.equal(loadConfig({ ISSUER }, defaults).issuer, ISSUER)
  },
)

t.test('the configuration takes a blank variable for an unset one', async (t) => {
  const names = Object.keys(EVERY_VARIABLE)
  for (const blank of ['', ' ', '\t']) {
    const blanks = Object.fromEntries(names.map((name) => [name, blank]))
    t.same(loadConfig({ ...blanks, ISSUER }), loadConfig({ ISSUER }), JSON.stringify(blank))
    t.throws(() => loadConfig(blanks), refusal('ISSUER: is missing'))
  }
})

/** Least and greatest value of each number. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  AUDIT_RETENTION_DAYS: [1, 3650],
  PASSWORD_MIN_LENGTH: [8, 64],
  ARGON2_MEMORY_KIB: [19_456, 1_048_576],
  ARGON2_TIME_COST: [2, 20],
  ARGON2_PARALLELISM: [1, 8],
  ARGON2_CONCURRENCY: [1, 64],
  ARGON2_QUEUE: [0, 10_000],
  REFRESH_GRACE_SECONDS: [1, 60],
  SESSION_IDLE_SECONDS: [900, 31_536_000],
  SESSION_ABSOLUTE_SECONDS: [900, 31_536_000],
  VERIFICATION_CACHE_SECONDS: [0, 300],
  RATE_LIMIT_WINDOW_SECONDS: [1, 86_400],
  RATE_LIMIT_PER_ADDRESS: [1, 100_000],
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: [1, 86_400],
  RATE_LIMIT_PER_ACCOUNT: [1, 100],
  RATE_LIMIT_FAILURES_PER_ADDRESS: [1, 5000],
  API_KEY_DEFAULT_LIFETIME_DAYS: [1, 3650],
  API_KEY_MAX_LIFETIME_DAYS: [1, 3650],
  API_KEY_DEFAULT_MONTHLY_QUOTA: [1, 1_000_000_000],
  API_KEY_MAX_MONTHLY_QUOTA: [1, 1_000_000_000],
  API_KEYS_PER_OWNER: [1, 1000],
  OAUTH_TIMEOUT_MS: [100, 10_000],
}

t.test('the configuration bounds every number', async (t) => {
  t.same(Object.keys(BOUNDS), numbersOf(environmentSchema.properties))
  // Either session lifetime may take any value of its own, so long as the other lets it.
  const others = { SESSION_IDLE_SECONDS: '900', SESSION_ABSOLUTE_SECONDS: '31536000' }
  for (const [name, [least, greatest]] of Object.entries(BOUNDS)) {
    const load = (value: number | string) => loadConfig({ ISSUER, ...others, [name]: `${value}` })
    t.doesNotThrow(() => load(least), `${name}=${least}`)
    t.doesNotThrow(() => load(greatest), `${name}=${greatest}`)
    for (const value of [least - 1, greatest + 1, least + 0.5, 'many']) {
      t.throws(() => load(value), refusal(`${name}: must be `), `${name}=${value}`)
    }
  }
})

t.test('the configuration refuses a variable that is no choice or too short', async (t) => {
  const levels = 'must be one of the choices (debug, info, warn, error)'
  const tooShort = 'must not have fewer than 3 characters'
  const refusals: [string, string, string][] = [
    ['LOG_LEVEL', 'verbose', levels],
    ['LOG_LEVEL', 'INFO', levels],
    ['RATE_LIMIT_ON_OUTAGE', 'maybe', 'must be one of the choices (refuse, allow)'],
    ...['data:read,admin', 'user', 'user,data:read'].map((value): [string, string, string] => [
      'API_KEY_SCOPES',
      value,
      'must not have',
    ]),
    ['USERS_TABLE', 'ab', tooShort],
    ['REFRESH_TOKENS_TABLE', 'ab', tooShort],
    ['API_KEYS_TABLE', 'ab', tooShort],
    ['RATE_LIMITS_TABLE', 'ab', tooShort],
    ['TICKETS_TABLE', 'ab', tooShort],
    ['CLIENTS_TABLE', 'ab', tooShort],
    ['EVENTS_TABLE', 'ab', tooShort],
    ...['LK', 'l', 'l_k', '1k', 'l'.repeat(17)].flatMap((value): [string, string, string][] => [
      ['API_KEY_PREFIX', value, 'must look like lk. '],
      ['API_KEY_ENVIRONMENT', value, 'must look like live. '],
    ]),
    ...[',', 'a,', 'a,,b', 'a b', 'a, b', 'A', '"', '\\'].map((value): [string, string, string] => [
      'API_KEY_SCOPES',
      value,
      'must look like data:read,data:write,token:introspect. ',
    ]),
    ['API_KEY_LEAK_ACTION', 'ignore', 'must be one of the choices (disable, rotate)'],
    ...['x', publicKeyPem('P-384'), publicKeyPem('secp256k1')].map(
      (value): [string, string, string] => [
        'API_KEY_LEAK_PUBLIC_KEY',
        value,
        'must be an ECDSA P-256',
      ],
    ),
    ['BRAND_NAME', 'x'.repeat(41), 'must not have more than 40 characters'],
    ['BRAND_NAME', 'a\u200bb', 'must be visible, without line breaks or invisible characters. '],
    ...['blue', '#fff', '#3453d1;}', 'url(x)'].map((value): [string, string, string] => [
      'BRAND_ACCENT_COLOR',
      value,
      'must look like #3453d1. ',
    ]),
    ...[
      ...['https://cdn.example.com/logo.svg', '//cdn.example.com/logo.svg', '/\\cdn.example.com/x'],
      ...['data:text/html;base64,PGI+', 'data:image/svg+xml,<svg/>', 'logo.svg', '/logo.svg?x"y'],
    ].map((value): [string, string, string] => ['BRAND_LOGO', value, 'must be a path such as']),
    ...['http://example.com', 'javascript:alert(1)', '//example.com', 'terms', '/a b'].flatMap(
      (value): [string, string, string][] => [
        ['BRAND_TERMS_URL', value, 'must be an https:// URL or a path'],
        ['BRAND_PRIVACY_URL', value, 'must be an https:// URL or a path'],
        ['BRAND_SUPPORT_URL', value, 'must be an https:// URL, a mailto: address or a path'],
      ],
    ),
    ['SESSION_ABSOLUTE_SECONDS', '86400', 'must be at least SESSION_IDLE_SECONDS'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', 'must not be 0'],
  ]
  for (const [name, value, why] of refusals) {
    const load = () => loadConfig({ ISSUER, [name]: value })
    t.throws(load, refusal(`${name}: ${why}`), `${name}=${value}`)
  }
})

t.test('a wrong configuration names every variable that is wrong, each on its line', async (t) => {
  const wrong = { ISSUER, PASSWORD_MIN_LENGTH: '4', LOG_LEVEL: 'loud' }
  t.throws(() => loadConfig(wrong), { message: /^LOG_LEVEL: .+\nPASSWORD_MIN_LENGTH: [^\n]+$/ })
})

t.test('the configuration takes an https origin for an issuer, and any on loopback', async (t) => {
  const issuers = [
    'https://auth.example.com',
    'https://auth.example.com:8443',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'http://auth.localhost:3000',
    'http://a1b2.execute-api.localhost:4566',
  ]
  for (const issuer of issuers) t.equal(loadConfig({ ISSUER: issuer }).issuer, issuer, issuer)
})

/** Neither an issuer nor a CORS origin, though some come close. */
const NO_ORIGINS = [
  'auth.example.com',
  'http://auth.example.com',
  'http://localhost.example.com',
  'http://auth.localhost.example.com',
  'http://authlocalhost',
  'http://localhost.',
  'http://127.0.0.1.example.com',
  'ftp://auth.example.com',
  'javascript:alert(1)',
  'null',
  '*',
  'https://*.example.com',
  'https://auth.example.com/',
  'https://auth.example.com/path',
  'https://auth.example.com?query',
  'https://auth.example.com#fragment',
  'https://user:password@auth.example.com',
  'https://AUTH.example.com',
  'https://auth.example.com:443',
]

t.test(
  'an AUDIENCE that names an API is refused by the configuration, and told where it belongs',
  async (t) => {
    for (const AUDIENCE of ['https://api.example.com', 'urn:orders', 'api:orders', `${ISSUER}/`]) {
      t.throws(
        () => loadConfig({ ISSUER, AUDIENCE }),
        refusal(`AUDIENCE: ${AUDIENCE} names an API. Move it to RESOURCES, and use latchkey here.`),
      )
    }
    for (const AUDIENCE of ['latchkey', 'orders', ISSUER]) {
      t.equal(loadConfig({ ISSUER, AUDIENCE }).audience, AUDIENCE)
    }
  },
)

t.test('the configuration reads CLIENTS, the apps of the deployment', async (t) => {
  const id = 'app_AAAAAAAAAAAAAAAAAAAAAA'
  const orders = { name: 'Orders', redirectUris: ['https://orders.example.com/cb'] }
  const open = { ...orders, public: true }
  const [hash, other] = ['A'.repeat(43), 'B'.repeat(43)]
  const load = async (clients: unknown) =>
    readClients(loadConfig({ ISSUER, CLIENTS: JSON.stringify(clients) }))
  t.match(await load({ [id]: { ...orders, secretHashes: [hash, other] } }), [
    { clientId: id, isPublic: false, isDeclared: true, secrets: [{ hash }, { hash: other }] },
  ])
  const refused: [clients: unknown, why: string][] = [
    [[], 'CLIENTS: must be an object'],
    [{ orders: open }, 'CLIENTS: orders must be app_ and 22'],
    [{ [id]: [] }, `CLIENTS.${id}: must be an object`],
    [{ [id]: { ...open, secret: 'x' } }, `CLIENTS.${id}.secret: there is no such setting`],
    [{ [id]: { ...open, name: 'a\nb' } }, `CLIENTS.${id}.name: must be one line`],
    [{ [id]: { ...open, name: undefined } }, `CLIENTS.${id}.name: must be one line`],
    [{ [id]: { name: 'x', public: true } }, `CLIENTS.${id}.redirectUris: must have at least one`],
    [{ [id]: { ...open, redirectUris: [] } }, `CLIENTS.${id}.redirectUris: must have at least one`],
    [{ [id]: { ...open, redirectUris: 'x' } }, `CLIENTS.${id}.redirectUris: must be a list`],
    [
      { [id]: { ...open, redirectUris: ['http://a.example/'] } },
      `CLIENTS.${id}.redirectUris.0: must be an https:// URI`,
    ],
    [{ [id]: { ...open, resources: ['x'] } }, `CLIENTS.${id}.resources.0: must be an API`],
    [{ [id]: { ...open, public: 'yes' } }, `CLIENTS.${id}.public: must be true or false`],
    [{ [id]: orders }, `CLIENTS.${id}.secretHashes: must have the hash`],
    [{ [id]: { ...open, secretHashes: [hash] } }, `CLIENTS.${id}.secretHashes: must have the hash`],
    [{ [id]: { ...orders, secretHashes: ['lkcs_x'] } }, `CLIENTS.${id}.secretHashes: must be at`],
  ]
  for (const [clients, why] of refused) {
    await t.rejects(load(clients), { name: 'ConfigError', message: why }, why)
  }
})

t.test('the configuration reads RESOURCES', async (t) => {
  const load = (resources: unknown, env: object = {}) =>
    loadConfig({ ISSUER, RESOURCES: JSON.stringify(resources), ...env }).resources
  const orders = 'https://orders.example.com'
  t.same(load({ [orders]: {}, 'http://localhost:4000': {}, 'https://api.example.com/a/b': {} }), [
    { identifier: orders, name: orders, scopes: {}, lifetimeSeconds: 900 },
    {
      identifier: 'http://localhost:4000',
      name: 'http://localhost:4000',
      scopes: {},
      lifetimeSeconds: 900,
    },
    {
      identifier: 'https://api.example.com/a/b',
      name: 'https://api.example.com/a/b',
      scopes: {},
      lifetimeSeconds: 900,
    },
  ])
  const refused: [resources: unknown, why: string, env?: object][] = [
    [[], 'RESOURCES: must be an object'],
    [{ orders: {} }, 'RESOURCES: orders must be an absolute https:// URI'],
    [{ 'urn:orders': {} }, 'RESOURCES: urn:orders must be an absolute https:// URI'],
    [
      { 'http://orders.example.com': {} },
      'RESOURCES: http://orders.example.com must be an absolute',
    ],
    [{ 'https://*.example.com': {} }, 'RESOURCES: https://*.example.com must be an absolute'],
    [{ [`${orders}#`]: {} }, `RESOURCES: ${orders}# must have no query, fragment or user`],
    [{ [`${orders}?a`]: {} }, `RESOURCES: ${orders}?a must have no query, fragment or user`],
    [{ 'https://ORDERS.example.com': {} }, 'RESOURCES: https://ORDERS.example.com must be written'],
    [{ [`${orders}/a/..`]: {} }, `RESOURCES: ${orders}/a/.. must be written`],
    [{ [ISSUER]: {} }, `RESOURCES: ${ISSUER} must not be at the issuer`],
    [
      { [`${ISSUER}/oauth/userinfo`]: {} },
      `RESOURCES: ${ISSUER}/oauth/userinfo must not be at the`,
    ],
    [{ [orders]: {}, [`${orders}/`]: {} }, `RESOURCES: ${orders} is there with / and without`],
    [{ [orders]: [] }, `RESOURCES.${orders}: must be an object`],
    [{ [orders]: { audience: 'x' } }, `RESOURCES.${orders}.audience: there is no such setting`],
    [{ [orders]: { name: '' } }, `RESOURCES.${orders}.name: must be one line`],
    [{ [orders]: { name: 'a\nb' } }, `RESOURCES.${orders}.name: must be one line`],
    [
      { [orders]: { lifetimeSeconds: 901 } },
      `RESOURCES.${orders}.lifetimeSeconds: must be a whole`,
    ],
    [
      { [orders]: { lifetimeSeconds: '60' } },
      `RESOURCES.${orders}.lifetimeSeconds: must be a whole`,
    ],
    [{ [orders]: { scopes: ['a'] } }, `RESOURCES.${orders}.scopes: must be an object`],
    [{ [orders]: { scopes: { 'a b': [] } } }, `RESOURCES.${orders}.scopes: a b must look like`],
    [{ [orders]: { scopes: { admin: [] } } }, `RESOURCES.${orders}.scopes: must not have admin`],
    [
      { [orders]: { scopes: { 'token:introspect': [] } } },
      `RESOURCES.${orders}.scopes: must not have token:introspect`,
    ],
    [
      { [orders]: { scopes: { a: ['root'] } } },
      `RESOURCES.${orders}.scopes.a: must be a list of roles`,
    ],
    [
      { [orders]: { scopes: { a: 'user' } } },
      `RESOURCES.${orders}.scopes.a: must be a list of roles`,
    ],
  ]
  for (const [resources, why] of refused) {
    t.throws(
      () => load(resources),
      {
        name: 'ConfigError',
        message: new RegExp(`^${why.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')}`),
      },
      why,
    )
  }
  t.throws(() => loadConfig({ ISSUER, RESOURCES: '{' }), {
    name: 'ConfigError',
    message: /^RESOURCES: must be JSON/,
  })
})

t.test('the configuration refuses CORS_ORIGINS that are no exact origin', async (t) => {
  for (const value of NO_ORIGINS) {
    t.throws(() => loadConfig({ ISSUER: value }), refusal('ISSUER: must be '), `ISSUER=${value}`)
    const among = `https://app.example.com,${value}`
    t.throws(
      () => loadConfig({ ISSUER, CORS_ORIGINS: among }),
      refusal('CORS_ORIGINS: '),
      `CORS_ORIGINS=${among}`,
    )
  }
})

t.test('the configuration says why every origin is too many for CORS_ORIGINS', async (t) => {
  const why = 'CORS_ORIGINS: * is not possible, since pages call with credentials.'
  t.throws(() => loadConfig({ ISSUER, CORS_ORIGINS: '*' }), {
    message: `${why} Name the origins of your apps, such as https://app.example.com.`,
  })
})

t.test('the configuration reads CORS_ORIGINS as a list', async (t) => {
  const [app, admin] = ['https://app.example.com', 'http://localhost:5173']
  const lists: [string, readonly string[]][] = [
    [app, [app]],
    [`${app},${admin}`, [app, admin]],
    [` ${app} , ${admin} `, [app, admin]],
    [`,${app},,`, [app]],
    [',', []],
  ]
  for (const [value, origins] of lists) {
    t.same(loadConfig({ ISSUER, CORS_ORIGINS: value }).corsOrigins, origins, value)
  }
})

const ACME = { clientId: 'c', clientSecret: 'hidden', issuer: 'https://login.acme.example' }
const provider = (settings: object) => JSON.stringify({ acme: { ...ACME, ...settings } })

t.test('the configuration takes identity providers as data', async (t) => {
  const [client, tenant] = [{ clientId: 'c', clientSecret: 's' }, randomUUID()]
  const good = {
    google: client,
    github: { ...client, issuer: 'https://github.acme.example/login/oauth' },
    microsoft: { ...client, tenant, emailsVerified: true },
    acme: {
      ...ACME,
      name: 'Acme',
      emailsVerified: true,
      domains: ['acme.example', 'xn--bcher-kva.example'],
      idTokenSignedResponseAlg: 'ES256',
    },
    'on-loopback': { ...ACME, issuer: 'http://127.0.0.1:8080/path/' },
  }
  const { oauth } = loadConfig({ ISSUER, OAUTH_PROVIDERS: JSON.stringify(good) })
  t.same(oauth.providers, good)
})

t.test('the configuration says where OAUTH_PROVIDERS stops being JSON', async (t) => {
  const rows: [value: string, place: string][] = [
    ['{', 'line 1, column 2'],
    ['{"a": 1,}', 'line 1, column 9'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{"a": [1 2]}', 'line 1, column 10'],
    ['{\n "a": "hidden",\n b: 1}', 'line 3, column 2'],
    ["{'a': 'hidden'}", 'line 1, column 2'],
    ['{"a": "hidden\n"}', 'line 1, column 7'],
    ['{} hidden', 'line 1, column 4'],
    ['hidden', 'line 1, column 1'],
    ['{"a":[{"b":null},-0.5e+3,"\\u00e9\\n"],"c":true', 'line 1, column 46'],
  ]
  for (const [OAUTH_PROVIDERS, place] of rows) {
    t.throws(
      () => loadConfig({ ISSUER, OAUTH_PROVIDERS }),
      refusal(`OAUTH_PROVIDERS: must be JSON. It is none at ${place}.`),
      OAUTH_PROVIDERS,
    )
  }
})

t.test(
  'the configuration refuses identity providers that are wrong, and quotes none of their secrets',
  async (t) => {
    const rows: [what: string, value: string, why: string][] = [
      [
        'no JSON',
        '{"acme":{"clientSecret":"hidden"',
        'OAUTH_PROVIDERS: must be JSON. It is none at line 1, column 33.',
      ],
      ['a list', '["hidden"]', 'OAUTH_PROVIDERS: must be an object.'],
      ['null', 'null', 'OAUTH_PROVIDERS: must be an object.'],
      ['text', '{"acme":"hidden"}', 'OAUTH_PROVIDERS.acme: must be an object.'],
      [
        'a typing error',
        provider({ clientSecrets: 'hidden' }),
        'OAUTH_PROVIDERS.acme.clientSecrets: there is no such setting.',
      ],
      [
        'a number for a secret',
        provider({ clientSecret: 12345 }),
        'OAUTH_PROVIDERS.acme.clientSecret: must be string',
      ],
      ...['hidden\n', ' hid\tden', '…', 'hidden\u00e9', 'hid\0den', '', 'hidden\u{1F511}'].flatMap(
        (credential): [string, string, string][] =>
          ['clientId', 'clientSecret'].map((name) => [
            `${name} ${JSON.stringify(credential)}`,
            provider({ [name]: credential }),
            `OAUTH_PROVIDERS.acme.${name}: must `,
          ]),
      ),
      ...['a"b', 'a`b', 'a{b}', `a.${'b'.repeat(300)}`].map((host): [string, string, string] => [
        host,
        JSON.stringify({ github: { ...ACME, issuer: `https://${host}.example/login/oauth` } }),
        'OAUTH_PROVIDERS.github.issuer: ',
      ]),
      ...['', ' \u3164', 'hidden\n'].map((name): [string, string, string] => [
        `a name ${JSON.stringify(name)}`,
        provider({ name }),
        'OAUTH_PROVIDERS.acme.name: must ',
      ]),
      ...[
        'Acme.example',
        '*',
        '*.acme.example',
        'localhost',
        'bücher.example',
        '',
        'a@b.example',
      ].map((domain): [string, string, string] => [
        `the domain ${domain}`,
        provider({ domains: [domain] }),
        'OAUTH_PROVIDERS.acme.domains/0: ',
      ]),
      ['no client', provider({ clientId: undefined }), 'OAUTH_PROVIDERS.acme.clientId: is missing'],
      [
        'no secret',
        provider({ clientSecret: undefined }),
        'OAUTH_PROVIDERS.acme.clientSecret: is missing',
      ],
      ['no issuer', provider({ issuer: undefined }), 'OAUTH_PROVIDERS.acme.issuer: is missing'],
      ...['http://login.acme.example', 'login.acme.example', 'ftp://login.acme.example'].map(
        (issuer): [string, string, string] => [
          issuer,
          provider({ issuer }),
          'OAUTH_PROVIDERS.acme.issuer: must be an https:// URL',
        ],
      ),
      ...['?hidden', '#hidden', '/path?a=hidden'].map((tail): [string, string, string] => [
        tail,
        provider({ issuer: ACME.issuer + tail }),
        'OAUTH_PROVIDERS.acme.issuer: must have no query, fragment or user',
      ]),
      [
        'a user',
        provider({ issuer: 'https://hidden@login.acme.example' }),
        'OAUTH_PROVIDERS.acme.issuer: must have no query, fragment or user',
      ],
      [
        'a tenant',
        provider({ tenant: 'contoso' }),
        'OAUTH_PROVIDERS.acme.tenant: does not have the right form. Microsoft tenant: its id,',
      ],
      ...['none', 'HS256', 'rs256'].map((alg): [string, string, string] => [
        alg,
        provider({ idTokenSignedResponseAlg: alg }),
        'OAUTH_PROVIDERS.acme.idTokenSignedResponseAlg: must be one of the choices',
      ]),
      ...[
        ...['register', 'login', 'refresh', 'logout', 'sessions', 'password', 'identities'],
        ...['Acme', '', '-a', '../x', 'a b', 'a/b', 'a_b', '1st', '__proto__', 'a'.repeat(33)],
      ].map((id): [string, string, string] => [
        `named ${id}`,
        `{${JSON.stringify(id)}:${JSON.stringify(ACME)}}`,
        `OAUTH_PROVIDERS.${id}: must be named`,
      ]),
      ...['', '/login/oauth/', '/login/oauth/authorize'].map((path): [string, string, string] => [
        `a GitHub at ${path}`,
        JSON.stringify({ github: { ...ACME, issuer: `https://github.acme.example${path}` } }),
        'OAUTH_PROVIDERS.github.issuer: must end with /login/oauth',
      ]),
      [
        'a word for a switch',
        provider({ emailsVerified: 'true' }),
        'OAUTH_PROVIDERS.acme.emailsVerified: must be boolean',
      ],
      ...[{}, { tenant: 'common' }, { tenant: 'organizations' }].map(
        (tenants): [string, string, string] => [
          `addresses of every Microsoft tenant taken for verified ${JSON.stringify(tenants)}`,
          JSON.stringify({
            microsoft: { clientId: 'c', clientSecret: 's', emailsVerified: true, ...tenants },
          }),
          'OAUTH_PROVIDERS.microsoft.emailsVerified: needs the id of a single tenant',
        ],
      ),
      [
        'the second of two',
        JSON.stringify({ google: ACME, acme: { ...ACME, clientId: '' } }),
        'OAUTH_PROVIDERS.acme.clientId: must not have fewer than 1 characters',
      ],
    ]
    for (const row of rows) refusesProviders(t, ...row)
  },
)

t.test(
  'the configuration refuses identity providers that JavaScript itself finds nothing wrong with',
  async (t) => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      const why = `OAUTH_PROVIDERS.acme.${name}: there is no such setting.`
      refusesProviders(t, `a setting named ${name}`, provider({ [name]: 'hidden' }), why)
    }
    const why = 'OAUTH_PROVIDERS.acme.issuer: must have no query, fragment or user'
    const { host } = new URL(ACME.issuer)
    for (const issuer of [`${ACME.issuer}?`, `${ACME.issuer}#`, `https://:hidden@${host}`]) {
      refusesProviders(t, issuer, provider({ issuer }), why)
    }
  },
)

t.test('the configuration of the local server', async (t) => {
  const defaults = {
    host: 'localhost',
    port: 3000,
    dataDir: '.data',
    endpoint: undefined,
    smtp: undefined,
    isProduction: false,
  }

  t.test('the configuration of the local server needs no variable', async (t) => {
    t.same(loadLocalConfig({}), defaults)
    t.same(loadLocalConfig({ HOST: '', PORT: '', DATA_DIR: '' }), defaults)
    t.same(loadLocalConfig({ HOST: ' ', PORT: ' ', DATA_DIR: ' ' }), defaults)
  })

  t.test('the configuration of the local server takes every variable', async (t) => {
    const endpoint = 'http://127.0.0.1:8000'
    const variables = {
      HOST: '::1',
      PORT: '0',
      DATA_DIR: 'd',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      SMTP_URL: 'smtps://mail.example.com:465',
      NODE_ENV: 'production',
    }
    t.same(Object.keys(variables), Object.keys(localEnvironmentSchema.properties))
    t.match(loadLocalConfig(variables), {
      host: '::1',
      port: 0,
      dataDir: 'd',
      endpoint,
      smtp: { host: 'mail.example.com', port: 465 },
      isProduction: true,
    })
  })

  t.test('the configuration of the local server bounds the port', async (t) => {
    t.equal(loadLocalConfig({ PORT: '65535' }).port, 65_535)
    for (const value of ['-1', '65536', '80.5', 'http']) {
      t.throws(() => loadLocalConfig({ PORT: value }), refusal('PORT: must be '), `PORT=${value}`)
    }
  })
})

/** Refused with the sentence that begins so, in which no secret is. */
function refusesProviders(t: Test, what: string, value: string, why: string): void {
  try {
    loadConfig({ ISSUER, OAUTH_PROVIDERS: value })
    t.fail(`${what} was taken`)
  } catch (error) {
    const { name, message } = error as Error
    t.equal(name, 'ConfigError', what)
    t.ok(message.startsWith(why), `${what}: ${message}`)
    t.notMatch(message, /hidden/, `${what} quotes nothing`)
  }
}

/** `message` is a part of the sentence, and names the variable. */
const refusal = (message: string) => ({ name: 'ConfigError', message })

function publicKeyPem(namedCurve: string): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve })
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

const numbersOf = (properties: Readonly<Record<string, object>>): string[] =>
  Object.keys(properties).filter((name) => {
    const schema = properties[name] ?? {}
    return 'type' in schema && schema.type === 'integer'
  })

t.test(
  'the list of environment names that infra sets is the list of the configuration’s schemas',
  async (t) => {
    const described = {
      ...environmentSchema.properties,
      ...lambdaEnvironmentSchema.properties,
      ...authorizerEnvironmentSchema.properties,
      ...workerEnvironmentSchema.properties,
      ...eventWorkerEnvironmentSchema.properties,
    }
    t.same([...ENVIRONMENT_NAMES], Object.keys(described))
  },
)

t.test('the configuration’s SIGN_UP is open, closed, or whole domains', (t) => {
  const wrong = ['shut', 'domains', 'domains:', 'domains:com', 'domains:a.example,', 'Open']
  for (const SIGN_UP of [...wrong, 'domains:bücher.example', 'domains:*.example.com']) {
    t.throws(
      () => loadConfig({ ISSUER, SIGN_UP }),
      refusal('SIGN_UP: must be open, closed'),
      SIGN_UP,
    )
  }
  t.end()
})

t.test('the configuration of the function that sends mail says what is missing', (t) => {
  const all = {
    ISSUER,
    MAIL_FROM: 'auth@example.com',
    EVENTS_TABLE: 'the-events',
    TICKET_KEYS_SECRET: 'ticket-keys',
    MAIL_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/mail',
    SES_CONFIGURATION_SET: 'latchkey',
    BRAND_NAME: 'Orders',
  }
  t.match(loadWorkerConfig(all), {
    issuer: ISSUER,
    from: 'auth@example.com',
    table: 'the-events',
    brand: { name: 'Orders' },
    ticketKeysSecret: 'ticket-keys',
    queueUrl: all.MAIL_QUEUE_URL,
    configurationSet: 'latchkey',
  })
  for (const name of ['ISSUER', 'MAIL_FROM', 'TICKET_KEYS_SECRET', 'MAIL_QUEUE_URL']) {
    t.throws(() => loadWorkerConfig({ ...all, [name]: '' }), refusal(`${name}: is missing`), name)
  }
  t.equal(loadWorkerConfig({ ...all, SES_CONFIGURATION_SET: '' }).configurationSet, undefined)
  t.end()
})

t.test('the configuration of the function that sends events says what is missing', (t) => {
  const all = {
    ISSUER,
    EVENTS_TABLE: 'the-events',
    EVENT_BUS_ARN: 'arn:aws:events:eu-west-1:123456789012:event-bus/latchkey',
    EVENT_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/events',
  }
  t.match(loadEventWorkerConfig(all), {
    issuer: ISSUER,
    table: 'the-events',
    busArn: all.EVENT_BUS_ARN,
    queueUrl: all.EVENT_QUEUE_URL,
    endpoint: undefined,
  })
  for (const name of ['ISSUER', 'EVENT_BUS_ARN', 'EVENT_QUEUE_URL']) {
    t.throws(
      () => loadEventWorkerConfig({ ...all, [name]: '' }),
      refusal(`${name}: is missing`),
      name,
    )
  }
  const everywhere = { ...all, AWS_ENDPOINT_URL: 'http://localhost:4566' }
  t.equal(loadEventWorkerConfig(everywhere).endpoint, 'http://localhost:4566')
  const own = { ...everywhere, AWS_ENDPOINT_URL_EVENTBRIDGE: 'http://localhost:1' }
  t.equal(loadEventWorkerConfig(own).endpoint, 'http://localhost:1')
  t.end()
})
