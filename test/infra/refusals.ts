/** Settings as they may be written, how the sentence begins that refuses them, and the region of the stacks. */
export type Refusal = readonly [settings: unknown, sentence: string, region?: string]

const ORDERS = 'https://orders.example.com'
const FROM = 'auth@example.com'
const APP_ID = `app_${'A'.repeat(22)}`
const APP = { name: 'Orders', public: true, redirectUris: [`${ORDERS}/callback`] }
const MANY = Array.from({ length: 30 }, (_, index) => `app_${String(index).padStart(22, '0')}`)
const DOMAIN = {
  name: 'auth.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b',
}
const WEB_ACL = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/0a1b2c3d-0a1b-2c3d'
const IDENTITY = 'arn:aws:ses:eu-west-1:123456789012:identity/example.com'
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:pager'
const RETENTION = 'logRetentionDays must be one of 1, 3, 5, 7,'

const named = (name: string) => ({ customDomain: { ...DOMAIN, name } })
const app = (changes: object) => ({ clients: { [APP_ID]: { ...APP, ...changes } } })
const mail = (changes: object) => ({ mail: { from: FROM, ...changes } })
const variable = (name: string, value: unknown) => ({ environment: { [name]: value } })

/** Each way in which a setting has been wrong, setting by setting. */
export const REFUSALS: readonly Refusal[] = [
  // What is no object at all
  ['{"audience": "a",}', 'The context latchkey must be JSON, and is none at line 1, column 18.'],
  ['[]', 'The context latchkey must be an object'],
  [7, 'The context latchkey must be an object'],

  // Names
  [{ corsOrigin: [] }, 'corsOrigin is no setting. Did you mean corsOrigins.'],
  [{ CustomDomain: DOMAIN }, 'CustomDomain is no setting. Did you mean customDomain.'],
  [{ log_level: 'warn' }, 'log_level is no setting. Did you mean logLevel.'],
  [{ vpc: true }, 'vpc is no setting. There are $schema, audience,'],
  [{ throttle: { rates: 5, burst: 5 } }, 'throttle.rates is no setting. Did you mean rate.'],
  [{ cloudFront: { webAcl: WEB_ACL } }, 'cloudFront.webAcl is no setting. Did you mean webAclArn'],
  [{ mail: { form: FROM } }, 'mail.form is no setting. Did you mean from.'],
  [{ customDomain: { ...DOMAIN, zone: {} } }, 'customDomain.zone is no setting. There are name,'],
  [{ resources: { [ORDERS]: { scope: {} } } }, `resources.${ORDERS}.scope is no setting. Did you`],
  [app({ redirectUri: ORDERS }), `clients.${APP_ID}.redirectUri is no setting. Did you mean`],

  // Types
  [{ audience: 5 }, 'audience must be a text, such as "latchkey".'],
  [{ audience: '' }, 'audience must be a text'],
  [{ audience: 'a\u0007b' }, 'audience must be a text'],
  [{ audience: null }, 'audience must be a text'],
  [{ socialSignIn: 'false' }, 'socialSignIn must be true or false.'],
  [{ socialSignIn: 0 }, 'socialSignIn must be true or false.'],
  [{ tracing: 'no' }, 'tracing must be true or false.'],
  [{ passkeys: 'off' }, 'passkeys must be true or false.'],
  [{ logLevel: 'trace' }, 'logLevel must be one of debug, info, warn, error.'],
  [{ logLevel: 'INFO' }, 'logLevel must be one of debug, info, warn, error.'],
  [{ logLevel: null }, 'logLevel must be one of debug, info, warn, error.'],
  [{ architecture: 'amd64' }, 'architecture must be arm64 or x86_64.'],
  [{ release: 'slowly' }, 'release must be canary or all-at-once.'],
  [{ closed: 'yes' }, 'closed must be true or false.'],
  [{ probe: 'yes' }, 'probe must be true or false.'],
  [{ tables: ['users'] }, 'tables must be an object, such as'],
  [{ tables: { user: 'users' } }, 'tables.user is no setting. Did you mean users.'],
  [{ tables: { users: 'one', tickets: 'one' } }, 'tables.tickets must be a table of its own'],
  [
    {
      tables: {
        events: 'events',
        eventsStreamArn:
          'arn:aws:dynamodb:us-east-1:123456789012:table/events/stream/2030-01-31T09:30:00.000',
      },
    },
    'tables.eventsStreamArn must be of a stream in eu-west-1, the stack’s region.',
    'eu-west-1',
  ],
  [{ tables: { users: 'a b' } }, 'tables.users must be the name of a table'],
  [
    { tables: { events: 'events' }, mail: { from: FROM } },
    'tables.eventsStreamArn must be given with `tables.events` and `mail`',
  ],
  [
    {
      tables: {
        events: 'events',
        eventsStreamArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/other/stream/2030-01-31',
      },
    },
    'tables.eventsStreamArn must be of the table `tables.events`.',
  ],
  [{ corsOrigins: 'https://app.example.com' }, 'corsOrigins must be a list, such as'],
  [{ corsOrigins: [5] }, 'corsOrigins.0 must be an exact origin, such as https://app.example.com.'],
  [{ customDomain: 'auth.example.com' }, 'customDomain must be an object with `name` and'],
  [{ cloudFront: true }, 'cloudFront must be an object: {} for all defaults'],
  [{ cloudFront: null }, 'cloudFront must be an object: {} for all defaults'],
  [{ throttle: null }, 'throttle must be an object with both halves'],
  [{ throttle: 100 }, 'throttle must be an object with both halves'],
  [{ quotas: 10_000 }, 'quotas must be an object, such as {"requestsPerSecond": 20000}.'],
  [{ environment: null }, 'environment must be an object, such as {"PASSWORD_MIN_LENGTH": "15"}.'],
  [{ environment: ['SIGN_UP=closed'] }, 'environment must be an object, such as'],
  [{ resources: [ORDERS] }, 'resources must be an object, such as {"https://orders.example.com"'],
  [{ resources: { [ORDERS]: true } }, `resources.${ORDERS} must be an object, such as {"name"`],
  [{ clients: [APP] }, 'clients must be an object, such as'],
  [{ alarmEmail: ['ops@example.com'] }, 'alarmEmail must be an e-mail address'],
  ...[null, true, FROM].map((value): Refusal => [{ mail: value }, 'mail must be an object, such']),

  // Numbers
  [{ logRetentionDays: 9999 }, RETENTION],
  [{ logRetentionDays: 42 }, RETENTION],
  [{ logRetentionDays: '90' }, RETENTION],
  [{ provisionedConcurrency: -1 }, 'provisionedConcurrency must be a whole number from 0 to'],
  [{ provisionedConcurrency: '2' }, 'provisionedConcurrency must be a whole number from 0 to'],
  [{ throttle: { rate: 0.5, burst: 1 } }, 'throttle.rate must be a whole number from 1 to'],
  [{ throttle: { rate: '50', burst: 100 } }, 'throttle.rate must be a whole number from 1 to'],
  [{ throttle: { rate: 50 } }, 'throttle.burst is missing: it must be a whole number from 1 to'],
  [{ throttle: {} }, 'throttle.rate is missing: it must be a whole number from 1 to'],
  [
    { resources: { [ORDERS]: { lifetimeSeconds: 30 } } },
    `resources.${ORDERS}.lifetimeSeconds must`,
  ],

  // Quotas of the account
  [
    { provisionedConcurrency: 901 },
    'provisionedConcurrency must be at most 900: Lambda keeps 100 of the 1000 instances of the account for other functions; give quotas.concurrency where yours is another.',
  ],
  [
    { provisionedConcurrency: 1, quotas: { concurrency: 50 } },
    'provisionedConcurrency must be at most 0: Lambda keeps 100 of the 50 instances',
  ],
  [{ throttle: { rate: 10_001, burst: 1 } }, 'throttle.rate must be at most 10000, API Gateway’s'],
  [
    { throttle: { rate: 3000, burst: 1 } },
    'throttle.rate must be at most 2500, API Gateway’s quota of the account in eu-south-1: give quotas.requestsPerSecond where yours is another.',
    'eu-south-1',
  ],
  [{ throttle: { rate: 1, burst: 5001 } }, 'throttle.burst must be at most 5000, API Gateway’s'],

  // Domains
  [named('https://auth'), 'customDomain.name must be a domain name in lower case'],
  [named('example.com/auth'), 'customDomain.name must be a domain name in lower case'],
  [named('Auth.example.com'), 'customDomain.name must be a domain name in lower case'],
  ...['a..example.com', 'a-.example.com', '-a.example.com', 'a.-example.com', 'example.c'].map(
    (name): Refusal => [named(name), 'customDomain.name must be a domain name in lower case'],
  ),
  [named(`${'a'.repeat(64)}.example.com`), 'customDomain.name must be a domain name in lower'],
  [named(`${'a.'.repeat(130)}com`), 'customDomain.name must be a domain name in lower case'],
  [{ customDomain: { name: DOMAIN.name } }, 'customDomain.certificateArn is missing: it must be'],
  [
    { customDomain: { ...DOMAIN, certificateArn: '' } },
    'customDomain.certificateArn must be the ARN of an ACM certificate, such as',
  ],
  [
    { customDomain: DOMAIN },
    'customDomain.certificateArn must be of a certificate in us-east-1, the stack’s region.',
    'us-east-1',
  ],
  [
    { customDomain: DOMAIN, cloudFront: { webAclArn: WEB_ACL } },
    'customDomain.certificateArn must be of a certificate in us-east-1, where CloudFront looks',
    'eu-west-1',
  ],
  [
    { customDomain: { ...DOMAIN, hostedZone: { name: 'example.com' } } },
    'customDomain.hostedZone.id is missing: it must be the id of a hosted zone',
  ],
  [
    { customDomain: { ...DOMAIN, hostedZone: { id: '/hostedzone/Z012', name: 'example.com' } } },
    'customDomain.hostedZone.id must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ.',
  ],
  [
    { customDomain: { ...DOMAIN, hostedZone: { id: 'Z012', name: 'example.org' } } },
    'customDomain.hostedZone.name must be a zone that auth.example.com is in.',
  ],
  [{ passkeys: true }, 'passkeys can only be true with `customDomain`: a passkey belongs'],
  [{ passkeys: true, cloudFront: {} }, 'passkeys can only be true with `customDomain`'],
  ...['https://*.example.com', 'http://app.example.com', 'ftp://localhost', '*', `${ORDERS}/`].map(
    (origin): Refusal => [
      { corsOrigins: [ORDERS, origin] },
      'corsOrigins.1 must be an exact origin, such as https://app.example.com.',
    ],
  ),

  // CloudFront
  ...[WEB_ACL.replace('global', 'regional'), WEB_ACL.replace('us-east-1', 'eu-west-1')].map(
    (webAclArn): Refusal => [
      { cloudFront: { webAclArn } },
      'cloudFront.webAclArn must be the ARN of a web ACL of scope CLOUDFRONT',
    ],
  ),
  [
    { cloudFront: {} },
    'cloudFront.webAclArn must be given: a web ACL for CloudFront can only be made in us-east-1, and the stack is in eu-west-1.',
    'eu-west-1',
  ],

  // Mail
  [{ mail: {} }, 'mail.from is missing: it must be one plain address, such as auth@example.com.'],
  ...['', 'auth', 'Auth <auth@example.com>', 'a@b.example,c@d.example'].map((from): Refusal => [
    { mail: { from } },
    'mail.from must be one plain address, such as auth@example.com.',
  ]),
  [mail({ identityArn: 'example.com' }), 'mail.identityArn must be the ARN of an identity of SES'],
  ...['example.org', 'ample.com', 'other@example.com', 'mail.example.com'].map(
    (identity): Refusal => [
      mail({ identityArn: IDENTITY.replace('example.com', identity) }),
      `mail.identityArn must be of ${FROM} or its domain, and is of ${identity}.`,
    ],
  ),
  [mail({ identityArn: IDENTITY }), 'mail.identityArn must be of an identity in us-', 'us-east-1'],
  [mail({ configurationSet: 'a set' }), 'mail.configurationSet must be the name'],
  [variable('EMAIL_VERIFICATION', 'required'), 'environment.EMAIL_VERIFICATION can only be'],
  [variable('SECOND_FACTOR', 'required'), 'environment.SECOND_FACTOR: '],

  // APIs and apps
  [{ audience: ORDERS }, `audience: ${ORDERS} names an API. Move it to \`resources\``],
  [{ resources: { orders: {} } }, 'resources: orders must be an absolute https:// URI'],
  [
    { customDomain: DOMAIN, resources: { 'https://auth.example.com/orders': {} } },
    'resources: https://auth.example.com/orders must not be at the issuer',
  ],
  [
    { resources: { [ORDERS]: { scopes: { user: ['user'] } } } },
    `resources.${ORDERS}.scopes: must not have user, which Latchkey gives itself.`,
  ],
  [
    { resources: { [ORDERS]: { scopes: { 'orders:read': ['staff'] } } } },
    `resources.${ORDERS}.scopes.orders:read: must be a list of roles (user, admin).`,
  ],
  [{ clients: { orders: APP } }, 'clients: orders must be app_ and 22 random letters of base64url'],
  [
    app({ redirectUris: undefined }),
    `clients.${APP_ID}.redirectUris is missing: it must be a list`,
  ],
  [
    app({ redirectUris: ['http://orders.example.com/'] }),
    `clients.${APP_ID}.redirectUris.0: must be an https:// URI`,
  ],
  [
    app({ resources: [ORDERS] }),
    `clients.${APP_ID}.resources.0: must be an API that \`resources\` declares`,
  ],
  [
    { customDomain: DOMAIN, ...app({ redirectUris: ['https://auth.example.com/'] }) },
    `clients.${APP_ID}.redirectUris.0: must not be at the issuer`,
  ],
  [app({ public: false }), `clients.${APP_ID}.secretHashes: must have the hash of its secret`],

  // Variables
  [variable('PASSWORD_MINLENGTH', '15'), 'environment.PASSWORD_MINLENGTH is no variable of the'],
  [
    variable('PASSWORD_MIN_LENGHT', '15'),
    'environment.PASSWORD_MIN_LENGHT is no variable of the service. Did you mean PASSWORD_MIN_LENGTH.',
  ],
  [variable('NODE_OPTIONS', '--inspect'), 'environment.NODE_OPTIONS is no variable of the service'],
  [variable('PASSWORD_MIN_LENGTH', 15), 'environment.PASSWORD_MIN_LENGTH must be a text in quotes'],
  [variable('PASSWORD_MIN_LENGTH', null), 'environment.PASSWORD_MIN_LENGTH must be a text in'],
  [variable('PASSWORD_MIN_LENGTH', '3'), 'environment.PASSWORD_MIN_LENGTH: must be >= 8.'],
  [variable('OAUTH_TIMEOUT_MS', '99999'), 'environment.OAUTH_TIMEOUT_MS: must be <= 10000.'],
  [variable('SIGN_UP', 'no-one'), 'environment.SIGN_UP: must be open, closed, invited, or domains'],
  [variable('BRAND_LOGO', `/${'a'.repeat(3000)}`), 'environment.BRAND_LOGO: must not have more'],
  [variable('BRAND_ACCENT_COLOR', 'blue'), 'environment.BRAND_ACCENT_COLOR: must look like #'],
  [
    { environment: { SESSION_ABSOLUTE_SECONDS: '1000' } },
    'environment.SESSION_ABSOLUTE_SECONDS: must be at least SESSION_IDLE_SECONDS.',
  ],
  [variable('ISSUER', 'x'), 'environment.ISSUER is set by the stack itself.'],
  [variable('USERS_TABLE', 'x'), 'environment.USERS_TABLE is set by the stack itself.'],
  [variable('MAIL_QUEUE_URL', 'x'), 'environment.MAIL_QUEUE_URL is set by the stack itself.'],
  [variable('EVENT_QUEUE_URL', 'x'), 'environment.EVENT_QUEUE_URL is set by the stack itself.'],
  [variable('EVENT_BUS_ARN', 'x'), 'environment.EVENT_BUS_ARN is the setting events.busArn.'],
  [{ events: 'create' }, 'events must be an object, such as {}.'],
  [{ events: { busArn: 'default' } }, 'events.busArn must be the ARN of an event bus, such as'],
  [
    { events: { busArn: 'arn:aws:events:us-east-1:123456789012:event-bus/security' } },
    'events.busArn must be of an event bus in eu-west-1, the stack’s region.',
    'eu-west-1',
  ],
  [variable('CLIENTS', '{}'), 'environment.CLIENTS is the setting clients.'],
  [variable('PASSKEYS', 'on'), 'environment.PASSKEYS is the setting passkeys.'],
  [variable('MAIL_FROM', FROM), 'environment.MAIL_FROM is the setting mail.from.'],
  [variable('OAUTH_PROVIDERS', '{}'), 'environment.OAUTH_PROVIDERS is set by the stack itself:'],
  [{ clients: Object.fromEntries(MANY.map((id) => [id, APP])) }, 'clients takes 3855 of the 4096'],
  [
    {
      environment: { BRAND_LOGO: `/${'a'.repeat(2900)}`, BRAND_SUPPORT_URL: `/${'b'.repeat(300)}` },
    },
    'environment.BRAND_LOGO takes 2918 of the 4096 bytes that Lambda has for all variables',
  ],

  // Stages and tags
  [{ stage: 'Staging' }, 'stage must be at most 20 small letters, digits and hyphens, begin with'],
  [{ stage: '' }, 'stage must be at most 20 small letters'],
  [{ stage: 'staging-' }, 'stage must be at most 20 small letters'],
  [{ stage: 1 }, 'stage must be at most 20 small letters'],
  [{ tags: ['team'] }, 'tags must be an object of at most 40 tags, such as {"team": "identity"}.'],
  [{ tags: { team: 5 } }, 'tags.team must be a text of at most 256 letters'],
  [{ tags: { 'aws:team': 'a' } }, 'tags.aws:team is no name of a tag: it must be at most 128'],
  [{ tags: { 'AWS:team': 'a' } }, 'tags.AWS:team is no name of a tag: it must be at most 128'],
  [{ tags: { team: 'a', Team: 'b' } }, 'tags.Team is there twice: roles of IAM take capitals'],
  [{ tags: { team: 'a?b' } }, 'tags.team must be a text of at most 256 letters'],

  // Authorizers for other apps
  [{ apiKeyAuthorizers: ['data:read'] }, 'apiKeyAuthorizers must be an object of at most 20, such'],
  [{ apiKeyAuthorizers: { partners: 'data:read' } }, 'apiKeyAuthorizers.partners must be a list'],
  [{ apiKeyAuthorizers: { partners: ['a b'] } }, 'apiKeyAuthorizers.partners.0 must be a scope'],
  [
    { apiKeyAuthorizers: { 'our-partners': [] } },
    'apiKeyAuthorizers.our-partners is no name of an',
  ],

  // Alarms and keys
  [{ alarmEmail: 'ops@exam\u0000ple.com' }, 'alarmEmail must be an e-mail address'],
  [{ alarmEmail: 'ops' }, 'alarmEmail must be an e-mail address, such as ops@example.com.'],
  ...['pager', `${TOPIC}.fifo`, TOPIC.replace(':sns:', ':sqs:')].map((alarmTopicArn): Refusal => [
    { alarmTopicArn },
    'alarmTopicArn must be the ARN of a standard topic of SNS, such as',
  ]),
  [{ alarmTopicArn: TOPIC }, 'alarmTopicArn must be of a topic in us-east-1', 'us-east-1'],
  [{ encryptionKeyArn: 7 }, 'encryptionKeyArn must be the ARN of a KMS key, such as'],
  [{ encryptionKeyArn: 'abc' }, 'encryptionKeyArn must be the ARN of a KMS key, such as'],
  [{ encryptionKeyArn: KEY.replace(':key/', ':alias/') }, 'encryptionKeyArn must be the ARN of'],
  [{ encryptionKeyArn: KEY }, 'encryptionKeyArn can only be deployed to a known region: give'],
  [
    { encryptionKeyArn: KEY },
    'encryptionKeyArn must be of a key in us-east-1, the stack’s region.',
    'us-east-1',
  ],
]
