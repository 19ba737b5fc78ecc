import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { Database } from '../../src/dynamodb/database.js'
import { Outbox } from '../../src/email/outbox.js'
import type { SecretKeys } from '../../src/keyring/secret-keys.js'
import { systemClock } from '../../src/lib/clock.js'
import { systemRandom } from '../../src/lib/random.js'
import { linkTicket } from '../../src/tickets/mail-secrets.js'
import { SoftPasskey } from '../support/authenticator.js'
import { listenOnLoopback } from '../support/loopback.js'
import { ACCEPTED } from '../support/aws-api.js'
import { contract, ISSUER } from '../support/contract.js'
import {
  cookiesOf,
  eventOf,
  type GatewayAnswer,
  type GatewayCall,
  hear,
} from '../support/lambda.js'
import { providersEnvironment } from '../support/identity-provider.js'
import { CREATION, PASSKEY_SIGN_IN, PASSKEYS, REQUEST } from '../support/passkeys.js'
import { queueRecord, streamRecord } from '../support/mail-queue.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { newAccount, startService } from '../support/service.js'
import {
  answerWith,
  honestClaims,
  settingsOf,
  signIdToken,
  startStandIn,
} from '../support/stand-in.js'
import { parallel } from '../support/tally.js'
import { recordSecret } from '../support/transcript.js'
import { type Deployed, OWN_ARCHITECTURE } from './deployed.js'
import { type Instance, startInstance } from './runtime.js'
import { openWorld } from './world.js'

const { deployed, manager, ses, queue, tables, client, environmentOf } = await openWorld(t)

const start = (what: Deployed, more?: Readonly<Record<string, string>>) =>
  startInstance(t, { ...what, environment: environmentOf(what, more) })

const noSecrets = (instance: Instance) => {
  t.notMatch(instance.output.join(''), /PRIVATE KEY|lk_live_|eyJ|@example\.com/)
}

t.test('the functions run on Node 24, with the addon of their own architecture alone', (t) => {
  for (const { runtime, architectures } of Object.values(deployed)) {
    t.equal(runtime, 'nodejs24.x')
    t.same(architectures, [OWN_ARCHITECTURE])
  }
  const [own, other] = OWN_ARCHITECTURE === 'arm64' ? ['arm64', 'x64'] : ['x64', 'arm64']
  const header = readFileSync(join(deployed.app.folder, `argon2-${own}.node`)).subarray(0, 20)
  t.equal(header.subarray(0, 4).toString('latin1'), '\x7fELF')
  // EM_AARCH64 or EM_X86_64.
  t.equal(header.readUInt16LE(18), own === 'arm64' ? 183 : 62)
  t.notOk(existsSync(join(deployed.app.folder, `argon2-${other}.node`)))
  t.end()
})

t.test('20 first starts of the rotation make one key ring', async (t) => {
  const instances = await parallel(20, () => start(deployed.rotation))
  await Promise.all(instances.map((instance) => instance.invoke({})))
  t.same(
    [...(manager.versions.get('key-ring')?.keys() ?? [])],
    ['made-by-cloudformation', 'latchkey-key-ring-r-000000000001'],
  )
  for (const instance of instances) noSecrets(instance)
})

for (const format of ['1.0', '2.0'] as const) {
  t.test(`the contract in payload format ${format}`, async (t) => {
    const app = await start(deployed.app, { RATE_LIMIT_PER_ADDRESS: '100000' })
    await contract(t, format, (event) => app.invoke(event))
    noSecrets(app)
  })
}

t.test('the pages, and what they are made of', async (t) => {
  const png = 'iVBORw0KGgo/+w=='
  const app = await start(deployed.app, { BRAND_LOGO: `data:image/png;base64,${png}` })
  const call = async (given: GatewayCall) => {
    const answer: GatewayAnswer = await app.invoke(eventOf('2.0', given))
    hear(given, answer)
    return answer
  }
  const login = await call({ path: '/login', headers: { 'accept-language': 'de' } })
  t.match(login, { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
  t.match(login.body, '<h1>Anmelden</h1>')
  const source = await startService(t, { env: { ISSUER } })
  const files = [...login.body.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
  t.match(files.map((path) => path.split('.').at(-1)).sort(), ['css', 'js', 'png', 'svg'])
  await source.get('/login')
  for (const path of files) {
    const { statusCode, body, headers } = await call({ path })
    t.match({ statusCode, headers }, { statusCode: 200, headers: { 'cache-control': /immutable/ } })
    if (path.endsWith('.png')) t.equal(body, png, 'an image is not text')
    else t.equal(body, (await source.get(path)).text, `${path} is as the sources have it`)
  }

  const { email, password } = newAccount()
  const post = (path: string, body: object, headers = {}) =>
    call({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: ISSUER,
        ...headers,
      },
      body: new URLSearchParams(body as Record<string, string>).toString(),
    })
  const made = await post('/register', { email, password, name: '<Zoë>' })
  t.match(made, { statusCode: 303, headers: { location: '/dashboard' } })
  const cookies = cookiesOf(made)
  const home = await call({ path: '/dashboard', cookies })
  t.match(home.body, '<h1>Hello, &lt;Zoë></h1>')
  t.equal(
    (await post('/login', { email, password }, { origin: 'https://evil.example' })).statusCode,
    403,
  )

  for (const password of ['leavemealone', 'passwordpassword', 'liverpool1992', 'superman-batman']) {
    const [path, body] = ['/api/auth/password/check', { password }]
    const judged = JSON.parse((await call({ method: 'POST', path, body })).body) as object
    t.same(judged, (await source.post(path, body)).body, `${password} is judged as by the source`)
  }
  noSecrets(app)
})

t.test('the bundle has the schemas and the texts of the source', async (t) => {
  const optional = optionalRoutes()
  const app = await start(deployed.app, optional)
  const { body } = await app.invoke(eventOf('2.0', { path: '/openapi.json' }))
  const { RESOURCES = '' } = environmentOf(deployed.app)
  const service = await startService(t, { env: { ISSUER, RESOURCES, ...optional } })
  t.same(JSON.parse(body), (await service.get('/openapi.json')).body)
})

t.test('social sign-in', async (t) => {
  const standIn = await startStandIn(t)
  const app = await start(deployed.app, providersEnvironment({ acme: settingsOf(standIn) }))
  const call = async (given: GatewayCall) => {
    const answer: GatewayAnswer = await app.invoke(eventOf('2.0', given))
    hear(given, answer)
    return { ...answer, location: new URL(answer.headers.location ?? '/', ISSUER) }
  }
  const begun = await call({ path: '/api/auth/acme' })
  t.equal(begun.location.origin, standIn.origin)
  const { nonce = '', state = '' } = Object.fromEntries(begun.location.searchParams)
  const email = newAccount().email
  const claims = { ...honestClaims(standIn, nonce, Date.now()), email, email_verified: true }
  answerWith(standIn, await signIdToken(claims, standIn.key))
  const ended = await call({
    path: '/api/auth/acme/callback',
    query: new URLSearchParams({ state, code: 'code', iss: standIn.issuer }).toString(),
    cookies: cookiesOf(begun),
  })
  t.equal(ended.location.pathname, '/dashboard')
  const [token] = standIn.heard.filter(({ path }) => path === '/token')
  t.match(token?.headers.authorization, /^Basic /, 'the client authenticates itself')
  t.equal(token?.form.get('grant_type'), 'authorization_code')
  const cookies = cookiesOf(ended).filter((cookie) => cookie.startsWith('__Host-latchkey_'))
  const profile = await call({ path: '/api/profile', cookies })
  t.match(JSON.parse(profile.body), { user: { email } })
})

t.test('passkeys of each algorithm', async (t) => {
  const app = await start(deployed.app, { PASSKEYS: 'on' })
  const post = async (path: string, body: object = {}, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const given = { method: 'POST', path, body, headers }
    const answer = await app.invoke(eventOf('2.0', given))
    hear(given, answer)
    return { status: answer.statusCode, body: JSON.parse(answer.body) }
  }
  for (const algorithm of ['ES256', 'RS256', 'EdDSA'] as const) {
    const { email, password } = newAccount()
    await post('/api/auth/register', { email, password })
    const { accessToken } = (await post('/api/auth/login', { email, password })).body
    const passkey = new SoftPasskey({ origin: ISSUER, algorithm })
    const { body: creation } = await post(CREATION, {}, accessToken)
    const attestation = passkey.create(creation, { format: 'packed' })
    const made = await post(PASSKEYS, { attestation }, accessToken)
    t.match(made, { status: 201, body: { passkey: { isSynced: false } } }, algorithm)
    const { body: request } = await post(REQUEST)
    const assertion = passkey.get(request)
    t.equal((await post(PASSKEY_SIGN_IN, { assertion })).status, 200, algorithm)
    t.equal((await post(PASSKEY_SIGN_IN, { assertion })).status, 401, 'once')
    const { body: another } = await post(REQUEST)
    const forged = passkey.get(another, { signer: new SoftPasskey({ origin: ISSUER, algorithm }) })
    t.equal((await post(PASSKEY_SIGN_IN, { assertion: forged })).status, 401)
  }
  noSecrets(app)
})

t.test('a setting that is wrong is named in the log, and callers hear 503', async (t) => {
  const app = await start(deployed.app, { ARGON2_MEMORY_KIB: '5' })
  const answer = await app.invoke(eventOf('2.0', { path: '/healthz' }))
  t.equal(answer.statusCode, 503)
  t.match(
    app.output.join(''),
    'ARGON2_MEMORY_KIB: must be >= 19456. argon2id memory for each hash, KiB.',
  )
})

t.test('F17 an event without time left is answered before Lambda ends it', async (t) => {
  const app = await start(deployed.app)
  const late = await app.invoke(eventOf('2.0', { path: '/healthz' }), 0)
  t.match(late, { statusCode: 503, headers: { 'retry-after': '2' } })
  const next = await app.invoke(eventOf('2.0', { path: '/healthz' }))
  t.equal(next.statusCode, 200)
})

t.test('the authorizer lets in whom the app has given a credential', async (t) => {
  const gateway = await startGateway(t)
  const resource = 'https://orders.example.com'
  const RESOURCES = JSON.stringify({ [resource]: {} })
  const app = await start(deployed.app, { ISSUER: gateway.issuer, RESOURCES })
  gateway.serve(app)
  const call = async (path: string, body: object, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const given = { method: 'POST', path, body, headers }
    const answer = await app.invoke(eventOf('2.0', given))
    hear(given, answer)
    return JSON.parse(answer.body)
  }
  const { email, password } = newAccount()
  await call('/api/auth/register', { email, password })
  const { accessToken, user } = await call('/api/auth/login', { email, password })
  const scopes = ['data:read']
  const { apiKey, key } = await call('/api/apikeys/generate', { name: 'k', scopes }, accessToken)
  const forOrders = await call('/api/auth/login', { email, password, resource })

  const question = (headers: Readonly<Record<string, string>>) => ({
    version: '2.0',
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:eu-west-1:123456789012:api/$default/GET/orders',
    headers,
    requestContext: { http: { method: 'GET', path: '/orders', sourceIp: '192.0.2.1' } },
  })
  const own = { ISSUER: gateway.issuer }
  const forKeys = await start(deployed.authorizer, own)
  t.match(await forKeys.invoke(question({ 'x-api-key': apiKey })), {
    isAuthorized: true,
    context: { credential: 'api-key', sub: key.id, ownerId: user.id, scope: 'data:read' },
  })
  const mistyped = await forKeys.invoke(question({ 'x-api-key': `${apiKey}x` }))
  t.same(mistyped, { isAuthorized: false, context: {} })

  const forTokens = await start(deployed.authorizer, {
    ...own,
    ACCEPTS: 'jwt',
    RESOURCE: resource,
    REQUIRED_SCOPES: 'user',
  })
  const bearer = { authorization: `Bearer ${forOrders.accessToken}` }
  t.match(await forTokens.invoke(question(bearer)), {
    isAuthorized: true,
    context: { credential: 'jwt', sub: user.id, role: 'user' },
  })
  const ofLatchkey = { authorization: `Bearer ${accessToken}` }
  const refused = await forTokens.invoke(question(ofLatchkey))
  t.match(refused, { isAuthorized: false }, 'a token for Latchkey itself opens no API')
  const rest = {
    ...question(bearer),
    version: '1.0',
    methodArn: question({}).routeArn,
    requestContext: { identity: { sourceIp: '192.0.2.1' } },
  }
  const policy = await forTokens.invoke(rest)
  t.match(policy.policyDocument.Statement, [{ Effect: 'Allow', Action: 'execute-api:Invoke' }])
  await t.rejects(forTokens.invoke({ ...rest, headers: {} }), { message: 'Unauthorized' })
  for (const instance of [app, forKeys, forTokens]) noSecrets(instance)
})

t.test(
  'the function that sends mail takes its event from the stream and from the queue',
  async (t) => {
    const kept = [...(manager.versions.get('ticket-keys')?.values() ?? [])].at(-1) ?? ''
    const [key] = (JSON.parse(kept) as { ring: SecretKeys }).ring.keys
    if (!key) throw new Error('the rotation has made its keys')
    const address = newAccount().email
    const ticket = { id: 'AAAAAAAAAAAAAAAAAAAAAA', keyId: key.id, userId: 'user', address }
    const outbox = new Outbox({ table: tables.events, clock: systemClock, random: systemRandom })
    const { Put } = outbox.item({
      kind: 'password-reset',
      to: address,
      isDecoy: false,
      language: 'de',
      ticket: { kind: 'password-reset', ...ticket },
    })
    await new Database(client).put(Put)

    const worker = await start(deployed.worker)
    const nothingLeft = { batchItemFailures: [] }
    t.same(await worker.invoke({ Records: [streamRecord(Put.Item)] }), nothingLeft)
    const [body = ''] = queue.bodies
    t.same(await worker.invoke({ Records: [queueRecord(body)] }), nothingLeft)
    const [call, ...others] = ses.calls
    t.same(others, [])
    t.match(call?.body, {
      FromEmailAddress: '"Latchkey" <auth@example.com>',
      Destination: { ToAddresses: [address] },
      ConfigurationSetName: 'latchkey',
    })
    const text: string = call?.body.Content.Simple.Body.Text.Data
    const link = linkTicket(key, { kind: 'password-reset', ...ticket })
    recordSecret('token', link)
    t.ok(text.includes(link))

    ses.answer = () => ({
      status: 429,
      type: 'TooManyRequestsException',
      body: { message: 'later' },
    })
    const { Put: late } = outbox.item({
      kind: 'password-changed',
      to: address,
      isDecoy: false,
      language: 'en',
    })
    await new Database(client).put(late)
    const { userId, eventId } = late.Item
    const record = queueRecord(JSON.stringify({ userId, eventId }))
    t.same(await worker.invoke({ Records: [record] }), {
      batchItemFailures: [{ itemIdentifier: record.messageId }],
    })
    ses.answer = () => ACCEPTED
    t.same(await worker.invoke({ key1: 'value1' }), nothingLeft)
    noSecrets(worker)
  },
)

/** The service's address: the authorizer fetches the issuer's keys from it. */
async function startGateway(t: Parameters<typeof startInstance>[0]) {
  let app: Instance | undefined
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    void app?.invoke(eventOf('2.0', { path })).then(({ statusCode, headers, body }) => {
      response.writeHead(statusCode, headers).end(body)
    })
  })
  const issuer = await listenOnLoopback(t, server)
  return {
    issuer,
    serve: (instance: Instance) => void (app = instance),
  }
}
