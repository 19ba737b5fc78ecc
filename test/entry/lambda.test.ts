import { randomBytes } from 'node:crypto'
import type { Context } from 'aws-lambda'
import t from 'tap'
import { SecretKeyRingStore } from '../../src/aws/secret-key-ring.js'
import { Secrets } from '../../src/aws/secrets.js'
import { createClient } from '../../src/dynamodb/client.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { sharedEngine } from '../support/engine.js'
import { cookiesOf, eventOf, type Format, type GatewayCall, hear } from '../support/lambda.js'
import { startSecretsManager } from '../support/secrets-manager.js'
import { newAccount } from '../support/service.js'
import { parallel } from '../support/tally.js'

const ISSUER = 'https://auth.example.com'
const OWN = { origin: ISSUER }

/** The functions as they are deployed: they read the environment once, when they are loaded. */
const manager = await startSecretsManager(t)
const { endpoint } = await sharedEngine()
const prefix = randomBytes(4).toString('hex')
const tables = {
  users: `${prefix}-users`,
  refreshTokens: `${prefix}-refresh-tokens`,
  apiKeys: `${prefix}-api-keys`,
  rateLimits: `${prefix}-rate-limits`,
}
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
  ISSUER,
  KEY_RING_SECRET: 'key-ring',
  // Powertools print through the console that is watched here, and not past it.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
  USERS_TABLE: tables.users,
  REFRESH_TOKENS_TABLE: tables.refreshTokens,
  API_KEYS_TABLE: tables.apiKeys,
  RATE_LIMITS_TABLE: tables.rateLimits,
  RATE_LIMIT_PER_ADDRESS: '100000',
})
const client = createClient({ region: 'eu-west-1' })
await createMissingTables(client, tables)
t.teardown(() => client.destroy())

const printed: string[] = []
for (const name of ['log', 'info', 'warn', 'error'] as const) {
  console[name] = (...parts: unknown[]) => void printed.push(parts.join(' '))
}

const contextFor = (milliseconds: number) =>
  ({ getRemainingTimeInMillis: () => milliseconds }) as Context

t.test('many first rotations at once make one key ring', async (t) => {
  const { handler } = await import('../../src/entry/rotate-keys.js')
  // What CloudFormation leaves behind.
  manager.versions.set('key-ring', new Map([['made-by-cloudformation', 'qT7;random!letters']]))
  await parallel(20, () => handler())
  const versions = [...(manager.versions.get('key-ring')?.keys() ?? [])]
  t.same(versions, ['made-by-cloudformation', 'latchkey-key-ring-r-000000000001'])
  await handler()
  t.equal(manager.versions.get('key-ring')?.size, 2, 'one that is not due changes nothing')
})

t.test('F33 a key ring that can not be read is 503, and no reason to start anew', async (t) => {
  manager.isAway = true
  const { handler } = await import('../../src/entry/lambda.js')
  for (const format of ['1.0', '2.0'] as const) {
    const answer = await handler(eventOf(format, { path: '/healthz' }), contextFor(10_000))
    t.equal(answer.statusCode, 503)
    t.equal(answer.headers['retry-after'], '2')
    t.match(JSON.parse(answer.body), { code: 'SERVICE_UNAVAILABLE', status: 503 })
  }
  manager.isAway = false
  const answer = await handler(eventOf('2.0', { path: '/healthz' }), contextFor(10_000))
  t.equal(answer.statusCode, 200, 'the next event finds it working')
})

for (const format of ['1.0', '2.0'] as const) {
  t.test(`the contract in payload format ${format}`, (t) => contract(t, format))
}

async function contract(t: Parameters<typeof startSecretsManager>[0], format: Format) {
  const { handler } = await import('../../src/entry/lambda.js')
  const call = async (given: GatewayCall) => {
    const answer = await handler(eventOf(format, given), contextFor(10_000))
    hear(given, answer)
    const json = answer.headers['content-type']?.includes('json') === true
    const body = json ? (JSON.parse(answer.body) as Record<string, any>) : {}
    return { ...answer, json: body }
  }
  const { email, password } = newAccount()
  const credentials = { email, password }
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

  await t.test('sign-up, sign-in, refresh, profile, logout', async (t) => {
    const name = 'Zoë 🔑'
    const registration = { ...credentials, name }
    const made = await call({
      method: 'POST',
      path: '/api/auth/register',
      body: registration,
      isBase64Encoded: true,
    })
    t.match(made, { statusCode: 201, json: { user: { email, name } } }, 'F24 a base64 body')
    const login = { method: 'POST', path: '/api/auth/login', body: credentials, ip: '198.51.100.7' }
    const { json: tokens } = await call({
      ...login,
      headers: { 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6' },
    })
    const profile = await call({ path: '/api/profile', ...bearer(tokens.accessToken) })
    t.match(profile, { statusCode: 200, json: { user: { email, name } } })
    const sessions = await call({ path: '/api/auth/sessions', ...bearer(tokens.accessToken) })
    t.equal(sessions.json.sessions[0].ip, '198.51.100.7', 'F25 the address that the gateway saw')
    const body = { refreshToken: tokens.refreshToken }
    const refreshed = await call({ method: 'POST', path: '/api/auth/refresh', body })
    t.equal(refreshed.statusCode, 200)
    const out = { method: 'POST', path: '/api/auth/logout', ...bearer(tokens.accessToken) }
    t.equal((await call(out)).statusCode, 200)
    t.equal((await call({ path: '/api/protected' })).statusCode, 401)
  })

  await t.test('F22 F29 cookies, two at once', async (t) => {
    const login = { ...credentials, useCookies: true }
    const signedIn = await call({
      method: 'POST',
      path: '/api/auth/login',
      headers: OWN,
      body: login,
    })
    const cookies = cookiesOf(signedIn)
    t.same(
      cookies.map((cookie) => cookie.split('=')[0]),
      ['__Host-latchkey_access', '__Host-latchkey_refresh'],
    )
    const profile = await call({ path: '/api/profile', cookies })
    t.match(profile, { statusCode: 200, json: { user: { email } } })
    const refreshed = await call({
      method: 'POST',
      path: '/api/auth/refresh',
      headers: OWN,
      cookies,
    })
    t.equal(refreshed.statusCode, 200)
    t.equal(cookiesOf(refreshed).length, 2)
    const twice = await call({ path: '/api/profile', cookies: [...cookies, cookies[0] ?? ''] })
    t.match(twice, { statusCode: 400, json: { code: 'DUPLICATE_COOKIE' } })
  })

  await t.test('API keys, machine tokens and what others need', async (t) => {
    const { json } = await call({ method: 'POST', path: '/api/auth/login', body: credentials })
    const { json: made } = await call({
      method: 'POST',
      path: '/api/apikeys/generate',
      body: { name: 'k', scopes: ['data:read'] },
      ...bearer(json.accessToken),
    })
    const data = await call({ path: '/api/data', headers: { 'x-api-key': made.apiKey } })
    t.match(data, { statusCode: 200, json: { data: { keyId: made.key.id } } })
    const basic = Buffer.from(`${made.key.id}:${made.apiKey}`).toString('base64')
    const token = await call({
      method: 'POST',
      path: '/oauth/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${basic}`,
      },
      body: 'grant_type=client_credentials',
    })
    t.match(token, { statusCode: 200, json: { token_type: 'Bearer', scope: 'data:read' } })
    for (const path of [
      '/.well-known/jwks.json',
      '/.well-known/openid-configuration',
      '/openapi.json',
      '/healthz',
    ]) {
      t.equal((await call({ path })).statusCode, 200, path)
    }
    t.match(await call({ path: '/nowhere' }), { statusCode: 404, json: { code: 'NOT_FOUND' } })
    t.match(await call({ path: '/api/auth/login' }), {
      statusCode: 405,
      headers: { allow: 'POST' },
    })
  })

  await t.test('F20 F23 F27 F28 what is odd is refused', async (t) => {
    const huge = { email, password: 'x'.repeat(20_000) }
    const posted = await call({ method: 'POST', path: '/api/auth/login', body: huge })
    t.equal(posted.statusCode, 413)
    const twice = { authorization: 'Bearer a,Bearer b' }
    t.equal((await call({ path: '/api/protected', headers: twice })).statusCode, 400)
    const forged = { 'x-apigateway-event': '%7B%22isForged%22%3Atrue%7D' }
    t.equal((await call({ path: '/api/protected', headers: forged })).statusCode, 401)
    const paths = [
      '//api/admin',
      '/api//admin',
      '/api%2Fadmin',
      '/x%2F..%2Fapi/admin',
      '/api/admin/',
    ]
    for (const path of paths) t.match((await call({ path })).statusCode, /^40[014]$/, path)
    const query = 'error=A%2CB'
    t.equal((await call({ path: '/login', query })).statusCode, 200, 'a comma is no list')
    const list = 'error=A&error=B'
    t.equal((await call({ path: '/login', query: list })).statusCode, 400, 'two values are two')
  })
}

t.test('F17 a slow store is answered for before Lambda ends the call', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const late = await handler(eventOf('2.0', { path: '/healthz' }), contextFor(0))
  t.match(late, { statusCode: 503, headers: { 'retry-after': '2' } })
  const next = await handler(eventOf('2.0', { path: '/healthz' }), contextFor(10_000))
  t.equal(next.statusCode, 200)
})

t.test('what happens is counted, and no secret is printed', async (t) => {
  const lines = printed.filter((line) => line.includes('CloudWatchMetrics'))
  const counted = lines.map((line) => JSON.parse(line) as Record<string, number>)
  const total = (name: string) =>
    counted.reduce((sum, line) => sum + [line[name] ?? 0].flat().reduce((a, b) => a + b, 0), 0)
  t.equal(total('ColdStart'), 1)
  t.equal(total('SignUp'), 2)
  t.ok(total('SignInSucceeded') >= 6)
  t.ok(total('StartFailed') >= 1)
  const [ring] = [...(manager.versions.get('key-ring')?.values() ?? [])].slice(-1)
  t.ok(ring?.startsWith('{"revision":1,'))
  const all = printed.join('\n')
  t.notMatch(all, /BEGIN PRIVATE KEY|lk_live_|eyJ|@example\.com/)
})

t.test('a secret ring is written once for each revision', async (t) => {
  const secrets = new Secrets({ endpoint: manager.endpoint })
  const store = new SecretKeyRingStore(secrets, 'another-ring')
  t.equal(await store.read(), undefined)
  const ring = { signing: [], refresh: [] }
  const other = { signing: [], refresh: [], other: true }
  t.equal(await store.write({ revision: 1, ring }), true)
  t.equal(await store.write({ revision: 1, ring }), true, 'a retry of the same')
  t.equal(await store.write({ revision: 1, ring: other }), false)
  t.same(await store.read(), { revision: 1, ring })
})
