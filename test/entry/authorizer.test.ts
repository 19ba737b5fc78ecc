import type { Test } from 'tap'
import t from 'tap'
import { signInToApp } from '../support/app-tokens.js'
import { testClock } from '../support/clock.js'
import { sharedEngine } from '../support/engine.js'
import { forgerFor } from '../support/forge.js'
import { newOwner } from '../support/keys.js'
import { BILLING, newTokenFor, ORDERS, RESOURCES, signInTo } from '../support/resources.js'
import { startService } from '../support/service.js'
import { startListening } from '../support/socket.js'

const METHOD_ARN = 'arn:aws:execute-api:eu-west-1:123456789012:api/prod/GET/orders/17'
const WHOLE_STAGE = 'arn:aws:execute-api:eu-west-1:123456789012:api/prod/*'

/** The question of an HTTP API (format 2.0) about a request with these headers. */
const question2 = (headers: Readonly<Record<string, string>>, ip = '192.0.2.1') => ({
  version: '2.0',
  type: 'REQUEST',
  routeArn: METHOD_ARN,
  headers,
  requestContext: { http: { method: 'GET', path: '/orders/17', sourceIp: ip } },
})

/** The question of a REST API (format 1.0). */
const question1 = (headers: Readonly<Record<string, string>>, ip = '192.0.2.1') => ({
  version: '1.0',
  type: 'REQUEST',
  methodArn: METHOD_ARN,
  headers,
  multiValueHeaders: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  ),
  requestContext: { identity: { sourceIp: ip } },
})

let starts = 0

/** Starts the function as it is deployed: it reads the environment when it is loaded. */
async function loadAuthorizer(environment: Readonly<Record<string, string>>) {
  Object.assign(process.env, environment)
  const url = `../../src/entry/authorizer.js?${starts++}`
  const { handler } = (await import(url)) as { handler: (event: object) => Promise<any> }
  return handler
}

async function startIssuer(t: Test) {
  const clock = testClock(Date.now())
  const { url, service } = await startListening((url) =>
    startService(t, { clock, env: { ISSUER: url, RESOURCES } }),
  )
  const { tables } = service.config
  const environment = {
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: (await sharedEngine()).endpoint,
    ISSUER: url,
    USERS_TABLE: tables.users,
    API_KEYS_TABLE: tables.apiKeys,
    REQUIRED_SCOPES: '',
    RESOURCE: ORDERS,
    LEGACY_AUDIENCE: '',
    ACR_VALUES: '',
    MAX_AGE: '',
    VERIFICATION_CACHE_SECONDS: '0',
    POWERTOOLS_DEV: '',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  }
  return { service, environment }
}

t.test('the authorizer and access tokens of apps of others', async (t) => {
  const { service, environment } = await startIssuer(t)
  const asked = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }
  const { access_token: token } = await (await signInToApp(service)).tokens(asked)
  const question = question2({ authorization: `Bearer ${token}` })
  for (const [scopes, isAuthorized] of [
    ['', false],
    ['user', false],
    ['orders:read', true],
    // All of them, where API Gateway's own authorizer takes one.
    ['orders:read orders:write', false],
  ] as const) {
    const settings = { ...environment, ACCEPTS: 'jwt', REQUIRED_SCOPES: scopes }
    t.match(await (await loadAuthorizer(settings))(question), { isAuthorized }, scopes)
  }
})

t.test('the authorizer and access tokens', async (t) => {
  const { service, environment } = await startIssuer(t)
  const handler = await loadAuthorizer({ ...environment, ACCEPTS: 'jwt' })
  const account = await service.signUp()
  const { accessToken, refreshToken, user } = await signInTo(service, ORDERS, account)
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  t.test('the authorizer says who calls by an access token, as text', async (t) => {
    const { isAuthorized, context } = await handler(question2(bearer(accessToken)))
    t.equal(isAuthorized, true)
    t.match(context, { credential: 'jwt', sub: user.id, scope: 'user', role: 'user' })
    t.ok(Object.values(context as object).every((value) => typeof value === 'string'))
    t.notMatch(JSON.stringify(context), account.email)
    const shouted = await handler(question2({ Authorization: `BEARER ${accessToken}` }))
    t.equal(shouted.isAuthorized, true, 'names of headers and of the scheme have no case')
  })

  t.test(
    'F30 the authorizer allows a token for the whole stage, so that a cached answer fits each route',
    async (t) => {
      const policy = await handler(question1(bearer(accessToken)))
      t.equal(policy.principalId, user.id)
      t.same(policy.policyDocument, {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: WHOLE_STAGE }],
      })
      t.match(policy.context, { sub: user.id })
    },
  )

  t.test('the authorizer refuses access tokens in every other shape', async (t) => {
    const forger = await forgerFor(service, accessToken)
    const now = Math.floor(Date.now() / 1000)
    const bad: Record<string, Record<string, string>> = {
      none: {},
      'another scheme': { authorization: `Basic ${accessToken}` },
      'two tokens': { authorization: `Bearer ${accessToken},Bearer ${accessToken}` },
      'a refresh token': bearer(refreshToken),
      expired: bearer(forger.forge({ claims: { iat: now - 1000, exp: now - 100 } })),
      'another audience': bearer(forger.forge({ claims: { aud: 'other' } })),
      'another issuer': bearer(forger.forge({ claims: { iss: 'https://evil.example' } })),
      'an ID token': bearer(forger.forge({ header: { typ: 'JWT' } })),
      'an unknown key': bearer(forger.forge({ header: { kid: 'unknown' } })),
      unsigned: bearer(forger.forge({ header: { alg: 'none' } })),
      'a token in x-api-key': { 'x-api-key': accessToken },
    }
    for (const [what, headers] of Object.entries(bad)) {
      t.same(await handler(question2(headers)), { isAuthorized: false, context: {} }, what)
      await t.rejects(handler(question1(headers)), { message: 'Unauthorized' }, what)
    }
    const doubled = {
      ...question1({}),
      multiValueHeaders: { authorization: ['Bearer a', 'Bearer b'] },
    }
    await t.rejects(handler(doubled), { message: 'Unauthorized' }, 'two headers')
  })

  t.test('the authorizer goes on verifying access tokens while the issuer is away', async (t) => {
    await service.app.close()
    t.equal((await handler(question2(bearer(accessToken)))).isAuthorized, true)
    const { accessToken: unseen } = { accessToken }
    t.equal((await handler(question1(bearer(unseen)))).principalId, user.id)
  })
})

t.test('the authorizer and a sign-in that is strong and recent enough', async (t) => {
  const { service, environment } = await startIssuer(t)
  const genuine = await newTokenFor(service, ORDERS)
  const forger = await forgerFor(service, genuine)
  const now = Math.floor(Date.now() / 1000)
  const signedIn = { acr: 'urn:latchkey:2', amr: ['pwd', 'otp', 'mfa'], auth_time: now - 60 }
  const bearer = (claims: object) => ({
    authorization: `Bearer ${forger.forge({ claims: { ...signedIn, ...claims } })}`,
  })
  const load = (settings: Readonly<Record<string, string>>) =>
    loadAuthorizer({ ...environment, ACCEPTS: 'jwt', ...settings })

  t.test('the authorizer tells the API the strength and age of a sign-in, as text', async (t) => {
    const handler = await load({})
    const { context } = await handler(question2(bearer({})))
    t.match(context, { amr: 'pwd otp mfa', acr: 'urn:latchkey:2', authTime: String(now - 60) })
    t.match((await handler(question1(bearer({})))).context, { authTime: String(now - 60) })
    const none = { acr: undefined, amr: undefined, auth_time: undefined }
    const { isAuthorized, context: silent } = await handler(question2(bearer(none)))
    t.equal(isAuthorized, true)
    for (const name of ['amr', 'acr', 'authTime']) t.notOk(name in silent, name)
  })

  t.test(
    'the authorizer asks for a strong and recent sign-in by ACR_VALUES and MAX_AGE',
    async (t) => {
      const handler = await load({ ACR_VALUES: ' urn:latchkey:2  phr', MAX_AGE: '300' })
      t.equal((await handler(question2(bearer({})))).isAuthorized, true)
      t.equal((await handler(question2(bearer({ acr: 'phr' })))).isAuthorized, true)
      for (const [what, claims] of Object.entries({
        'a weaker one': { acr: 'urn:latchkey:1' },
        'an older one': { auth_time: now - 400 },
        'of no level': { acr: undefined },
        'of no time': { auth_time: undefined },
        'of no session': { sid: undefined },
      })) {
        const no = { isAuthorized: false, context: {} }
        t.same(await handler(question2(bearer(claims))), no, what)
        const { policyDocument, context } = await handler(question1(bearer(claims)))
        t.equal(policyDocument.Statement[0].Effect, 'Deny', `${what}: known, but not let in`)
        t.same(context, {})
      }
      const recent = await load({ MAX_AGE: '0' })
      t.equal((await recent(question2(bearer({})))).isAuthorized, false)
    },
  )

  t.test(
    'the authorizer’s ACR_VALUES and MAX_AGE must be good, and are not for one of keys',
    async (t) => {
      for (const [settings, message] of [
        [
          { ACCEPTS: 'api-key', ACR_VALUES: 'urn:latchkey:2' },
          /^ACR_VALUES and MAX_AGE: no sign-in/,
        ],
        [{ ACCEPTS: 'api-key', MAX_AGE: '300' }, /^ACR_VALUES and MAX_AGE: no sign-in/],
        [{ ACR_VALUES: 'a"b' }, /^ACR_VALUES: must be a list of values/],
        [{ MAX_AGE: '-1' }, /^MAX_AGE: must be/],
        [{ MAX_AGE: '5m' }, /^MAX_AGE: must be/],
      ] as const) {
        await t.rejects(load(settings), { name: 'ConfigError', message }, JSON.stringify(settings))
      }
    },
  )
})

t.test('a cold authorizer that cannot learn the keys lets no call in', async (t) => {
  const { service, environment } = await startIssuer(t)
  const { accessToken } = await service.signIn(await service.signUp())
  await service.app.close()
  const printed = t.capture(console, 'error', () => undefined)
  const handler = await loadAuthorizer({
    ...{ ...environment, ACCEPTS: 'jwt', REQUIRED_SCOPES: 'user' },
    // Powertools print through the console that is watched here.
    ...{ POWERTOOLS_DEV: 'true', POWERTOOLS_LOG_LEVEL: 'WARN' },
  })
  const headers = { authorization: `Bearer ${accessToken}` }
  await t.rejects(handler(question2(headers)), 'it fails, and API Gateway keeps no answer')
  t.match(
    printed().map(({ args }) => JSON.parse(String(args[0])) as object),
    [{ level: 'ERROR', event: 'dependency_failed', reason: 'STORE_UNAVAILABLE', cause: 'Error' }],
    'an alarm counts this line',
  )
  await t.rejects(handler(question1({})), { message: 'Unauthorized' })
  t.same(printed(), [], 'and no refusal')
})

t.test(
  'the authorizer accepts the audience of before where it is set, with a warning at each start',
  async (t) => {
    const { service, environment } = await startIssuer(t)
    const account = await service.signUp()
    const { accessToken: before } = await service.signIn(account)
    const { accessToken: after } = await signInTo(service, ORDERS, account)
    const other = await newTokenFor(service, BILLING)
    // Powertools print through the console that is watched here.
    const logged = { POWERTOOLS_DEV: 'true', POWERTOOLS_LOG_LEVEL: 'WARN' }
    const printed = t.capture(console, 'warn', () => undefined)
    const warnings = () =>
      printed()
        .map(({ args }) => JSON.parse(String(args[0])) as { event?: string; level: string })
        .filter(({ event }) => event === 'legacy_audience')
    const isAllowed = async (LEGACY_AUDIENCE: string) => {
      const handler = await loadAuthorizer({
        ...environment,
        ...logged,
        ACCEPTS: 'jwt',
        LEGACY_AUDIENCE,
      })
      const answers: boolean[] = []
      for (const token of [before, after, other]) {
        const { isAuthorized } = await handler(question2({ authorization: `Bearer ${token}` }))
        answers.push(isAuthorized as boolean)
      }
      return answers
    }
    for (const start of [1, 2]) {
      t.same(
        await isAllowed('latchkey'),
        [true, true, false],
        `start ${start}, while apps change over`,
      )
      t.match(warnings(), [{ level: 'WARN', message: /^legacyAudience is set/ }])
    }
    t.same(await isAllowed(''), [false, true, false], 'when all have')
    t.same(warnings(), [])
  },
)

t.test('the authorizer and API keys', async (t) => {
  const { service, environment } = await startIssuer(t)
  const owner = await newOwner(service)
  const key = await owner.generate({ scopes: ['data:read'], allowedCidrs: ['192.0.2.0/24'] })
  const other = await owner.generate({ scopes: ['data:write'] })
  const byKey = (secret: string) => ({ 'x-api-key': secret })
  const handler = await loadAuthorizer({
    ...environment,
    ACCEPTS: 'api-key',
    REQUIRED_SCOPES: 'data:read',
  })

  t.test('the authorizer says whose an API key is', async (t) => {
    const { isAuthorized, context } = await handler(question2(byKey(key.secret)))
    t.equal(isAuthorized, true)
    t.same(context, {
      credential: 'api-key',
      sub: key.id,
      scope: 'data:read',
      ownerId: owner.account.id,
    })
    const policy = await handler(question1(byKey(key.secret)))
    t.equal(policy.policyDocument.Statement[0].Resource, WHOLE_STAGE)
  })

  t.test('the authorizer of API keys needs all of several scopes', async (t) => {
    const settings = { ACCEPTS: 'api-key', REQUIRED_SCOPES: 'data:read data:write' }
    const strict = await loadAuthorizer({ ...environment, ...settings })
    const both = await owner.generate({ scopes: ['data:read', 'data:write'] })
    t.equal((await strict(question2(byKey(both.secret)))).isAuthorized, true)
    t.equal((await strict(question2(byKey(key.secret)))).isAuthorized, false)
  })

  t.test(
    'the authorizer refuses API keys without the scope, from elsewhere, mistyped, disabled',
    async (t) => {
      t.equal((await handler(question2(byKey(other.secret)))).isAuthorized, false, 'the scope')
      const denied = await handler(question1(byKey(other.secret)))
      t.equal(denied.policyDocument.Statement[0].Effect, 'Deny', 'which is known, but forbidden')
      const elsewhere = await handler(question2(byKey(key.secret), '198.51.100.1'))
      t.equal(elsewhere.isAuthorized, false, 'the address')
      const wrong = [
        key.secret.slice(0, -1),
        `${key.secret}x`,
        `${key.secret},${key.secret}`,
        'x',
        '',
      ]
      for (const secret of wrong) {
        t.equal((await handler(question2(byKey(secret)))).isAuthorized, false, 'mistyped')
      }
      await service.services.users.store.change(owner.account.id, { status: 'disabled' })
      t.equal((await handler(question2(byKey(key.secret)))).isAuthorized, false, 'its owner')
    },
  )
})

t.test('an event that is no question gets no from the authorizer', async (t) => {
  const { environment } = await startIssuer(t)
  for (const ACCEPTS of ['jwt', 'api-key']) {
    const handler = await loadAuthorizer({ ...environment, ACCEPTS })
    const token = { type: 'TOKEN', methodArn: METHOD_ARN, authorizationToken: 'Bearer x' }
    const odd = [{ source: 'aws.events' }, { key1: 'value1' }, { requestContext: {} }, {}, token]
    for (const event of [...odd, null, undefined, 'ping', []]) {
      t.same(await handler(event as object), { isAuthorized: false }, JSON.stringify(event))
    }
  }
})
