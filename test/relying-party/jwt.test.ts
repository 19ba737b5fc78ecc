import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import securityHeaders from '../../src/plugins/security-headers.js'
import jwt from '../../src/relying-party/jwt.js'
import { signInToApp } from '../support/app-tokens.js'
import { HOUR, MINUTE, SECOND } from '../support/clock.js'
import { type Forgery, forgerFor } from '../support/forge.js'
import { type Issuer, startIssuer } from '../support/issuer.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { machineToken } from '../support/social.js'
import { BILLING, newTokenFor, ORDERS, signInTo } from '../support/resources.js'
import { maintenanceOf } from '../support/rings.js'
import { parallel } from '../support/tally.js'

const JWKS = 'GET /.well-known/jwks.json'

/** Another team's API, which has an error handler of its own. */
async function startApi(t: Test, issuer: string): Promise<FastifyInstance> {
  const app = Fastify()
  app.setErrorHandler((error, _request, reply) => reply.code(500).send({ own: String(error) }))
  await app.register(securityHeaders)
  await app.register(jwt, { issuer, resource: ORDERS })
  const { requireRole, requireScope } = app
  const requireAccessToken = app.requireAccessToken()
  app.get('/me', { onRequest: requireAccessToken }, async ({ user }) => ({ sub: user.sub }))
  app.get('/mine', { onRequest: app.requireUser() }, async ({ user }) => ({ sub: user.sub }))
  app.get('/admin', { onRequest: [requireAccessToken, requireRole('admin')] }, async () => ({}))
  app.get('/orders', { onRequest: [requireAccessToken, requireScope('orders')] }, async () => ({}))
  app.get(
    '/read',
    { onRequest: [requireAccessToken, requireScope('orders:read')] },
    async () => ({}),
  )
  app.get('/broken', { onRequest: requireAccessToken }, async () => {
    throw new Error('of the other team')
  })
  t.teardown(() => app.close())
  return app
}

async function ask(app: FastifyInstance, token?: string, url = '/me') {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const { statusCode, headers: head, body } = await app.inject({ url, headers })
  return { status: statusCode, headers: head, body: JSON.parse(body) as Record<string, unknown> }
}

const signIn = ({ service }: Issuer): Promise<string> => newTokenFor(service, ORDERS)

t.test('latchkey/jwt of another team answers as the service itself does', async (t) => {
  const issuer = await startIssuer(t)
  const { service } = issuer
  const app = await startApi(t, issuer.url)
  const account = await service.signUp()
  const { accessToken: token } = await signInTo(service, ORDERS, account)

  t.match(await ask(app, token), { status: 200, body: { sub: account.id } })
  const admin = await newAdmin(service)
  const { accessToken: adminToken } = await signInTo(service, ORDERS, admin.account)
  t.equal((await ask(app, adminToken, '/admin')).status, 200)

  const refusals: [what: string, token: string | undefined, url: string, answer: object][] = [
    [
      'no token',
      undefined,
      '/me',
      { status: 401, code: 'ACCESS_TOKEN_REQUIRED', challenge: 'Bearer realm="latchkey"' },
    ],
    [
      'no JWT',
      'nonsense',
      '/me',
      { status: 401, code: 'TOKEN_INVALID', challenge: /invalid_token/ },
    ],
    [
      'another role',
      token,
      '/admin',
      { status: 403, code: 'FORBIDDEN', challenge: /insufficient/ },
    ],
    [
      'another scope',
      token,
      '/orders',
      { status: 403, code: 'INSUFFICIENT_SCOPE', challenge: /"orders"/ },
    ],
  ]
  for (const [what, presented, url, { ...expected }] of refusals) {
    const { status, headers, body } = await ask(app, presented, url)
    const challenge = headers['www-authenticate']
    t.match({ status, code: body.code, challenge }, expected, what)
    t.match(headers, {
      'content-type': 'application/problem+json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    t.match(body, { status, title: String, error: String, requestId: String })
  }
  t.match(await ask(app, token, '/broken'), { status: 500, body: { own: /of the other team/ } })
  const twice = await app.inject({ url: '/me?access_token=x' })
  t.equal(twice.statusCode, 400)
})

t.test(
  'latchkey/jwt lets a machine’s token open what is for machines, and nothing of people',
  async (t) => {
    const issuer = await startIssuer(t)
    const { service } = issuer
    const app = await startApi(t, issuer.url)
    const owner = await newOwner(service)
    const { accessToken: token } = await signInTo(service, ORDERS, owner.account)
    t.match(await ask(app, token, '/mine'), { status: 200, body: { sub: owner.id } })

    const key = await owner.generate()
    const machine = await machineToken(service, key)
    t.match(await ask(app, machine), { status: 200, body: { sub: key.id } })
    const refused = await ask(app, machine, '/mine')
    const own = await service.get('/api/protected', { token: machine })
    t.match(refused, { status: 401, body: { code: 'TOKEN_INVALID' } })
    t.same(
      [refused.status, refused.body.code, refused.headers['www-authenticate']],
      [own.status, own.body.code, own.headers['www-authenticate']],
      'in the service’s own words',
    )
    t.match(await ask(app, undefined, '/mine'), {
      status: 401,
      body: { code: 'ACCESS_TOKEN_REQUIRED' },
    })
    t.match(await ask(app, machine, '/admin'), { status: 403, body: { code: 'FORBIDDEN' } })
  },
)

t.test('latchkey/jwt lets an app of others in where its person has allowed it', async (t) => {
  const issuer = await startIssuer(t)
  const api = await startApi(t, issuer.url)
  const asked = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }
  const ofOthers = await (await signInToApp(issuer.service)).tokens(asked)
  t.match(await ask(api, ofOthers.access_token, '/mine'), {
    status: 403,
    body: { code: 'INSUFFICIENT_SCOPE' },
    headers: { 'www-authenticate': /error="insufficient_scope".*scope="user"/ },
  })
  t.equal((await ask(api, ofOthers.access_token, '/read')).status, 200)
  t.equal((await ask(api, ofOthers.access_token, '/orders')).status, 403)
  const own = await (await signInToApp(issuer.service, { isFirstParty: true })).tokens(asked)
  t.equal((await ask(api, own.access_token, '/mine')).status, 200, 'one of the team gets in')
})

t.test('latchkey/jwt says in its log which setting is not that of the tokens', async (t) => {
  const issuer = await startIssuer(t)
  const lines: string[] = []
  const app = Fastify({
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
  })
  t.teardown(() => app.close())
  await app.register(jwt, { issuer: issuer.url, resource: BILLING })
  app.get('/orders', { onRequest: app.requireAccessToken() }, async () => [])
  const { statusCode } = await app.inject({
    url: '/orders',
    headers: { authorization: `Bearer ${await signIn(issuer)}` },
  })
  t.equal(statusCode, 401)
  const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  t.match(
    said.filter(({ event }) => event === 'authz_fail'),
    [{ reason: 'TOKEN_INVALID', detail: `aud is "${ORDERS}", not "${BILLING}"` }],
  )
})

t.test('latchkey/jwt refuses every token but its issuer’s', async (t) => {
  const issuer = await startIssuer(t)
  const { service } = issuer
  const app = await startApi(t, issuer.url)
  const genuine = await signIn(issuer)
  const forger = await forgerFor(service, genuine)
  const { privateKey: foreign } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const byForeign = (input: string) => sign('sha256', Buffer.from(input), foreign)
  const publicPem = forger.publicKey.export({ type: 'spki', format: 'pem' })
  const byHmac = (input: string) => createHmac('sha256', publicPem).update(input).digest()
  const now = service.clock() / 1000
  const attacks: Record<string, Forgery> = {
    'another audience': { claims: { aud: 'another-api' } },
    'another issuer': { claims: { iss: 'https://evil.example.com' } },
    'an ID token': { header: { typ: 'JWT' }, claims: { nonce: 'n' } },
    'no type': { header: { typ: undefined } },
    'HS256 by the public key': { header: { alg: 'HS256' }, sign: byHmac },
    'no algorithm': { header: { alg: 'none' }, sign: () => Buffer.alloc(0) },
    'another key under our kid': { sign: byForeign },
    'another key under its own kid': { header: { kid: 'foreign' }, sign: byForeign },
    'a key in its header': {
      header: { jwk: foreign.export({ format: 'jwk' }), kid: 'own' },
      sign: byForeign,
    },
    'of the future': { claims: { iat: now + 60 } },
  }
  t.equal((await ask(app, genuine)).status, 200)
  for (const [what, forgery] of Object.entries(attacks)) {
    const { status, body } = await ask(app, forger.forge(forgery))
    t.match({ status, body }, { status: 401, body: { code: 'TOKEN_INVALID' } }, what)
  }
  const expired = forger.forge({ claims: { exp: now } })
  t.match(await ask(app, expired), { status: 401, body: { code: 'TOKEN_EXPIRED' } })
})

t.test(
  'latchkey/jwt reads the keys once, and for unknown ones looks at most every 10 s',
  async (t) => {
    const issuer = await startIssuer(t)
    const { service, asked } = issuer
    const app = await startApi(t, issuer.url)
    const genuine = await signIn(issuer)
    t.same(asked, [], 'a service that is away holds up no start')
    const answers = await parallel(50, () => ask(app, genuine))
    t.ok(answers.every(({ status }) => status === 200))
    t.same(asked, [JWKS])

    const forger = await forgerFor(service, genuine)
    const unknown = (kid: string) => ask(app, forger.forge({ header: { kid } }))
    for (let i = 0; i < 20; i++) t.equal((await unknown(`kid-${i}`)).status, 401)
    t.equal(asked.length, 1, 'read a moment ago')
    service.clock.advance(11 * SECOND)
    for (let i = 0; i < 20; i++) t.equal((await unknown(`kid-${i}`)).status, 401)
    t.equal(asked.length, 2)
  },
)

t.test('keys of the issuer rotate under latchkey/jwt without a refused token', async (t) => {
  const issuer = await startIssuer(t)
  const { service, asked } = issuer
  const app = await startApi(t, issuer.url)
  const account = await service.signUp()
  await service.services.keyRing.maintain({ force: true })
  const kids = new Set<string>()
  let last: string | undefined
  for (let minutes = 0; minutes < 150; minutes += 10) {
    const { accessToken: token } = await signInTo(service, ORDERS, account)
    kids.add(
      (
        JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
          kid: string
        }
      ).kid,
    )
    t.equal((await ask(app, token)).status, 200, `after ${minutes} minutes`)
    if (last !== undefined) t.equal((await ask(app, last)).status, 200, 'and the one before it')
    last = token
    service.clock.advance(10 * MINUTE)
  }
  t.equal(kids.size, 2)
  t.ok(asked.length <= 16, 'no more than once in five minutes')
})

t.test(
  'latchkey/jwt drops a key that was taken out within five minutes, remembered tokens too',
  async (t) => {
    const issuer = await startIssuer(t)
    const { service } = issuer
    const app = await startApi(t, issuer.url)
    const token = await signIn(issuer)
    t.equal((await ask(app, token)).status, 200)
    const { clock } = service
    await maintenanceOf(service).replaceNow()
    // The instance that answers has its new keys by now.
    await service.services.keyRing.maintain()
    clock.advance(5 * MINUTE - 1)
    t.equal((await ask(app, token)).status, 200, 'until then it is remembered')
    clock.advance(1)
    t.equal((await ask(app, token)).status, 401)
    t.equal((await ask(app, await signIn(issuer))).status, 200, 'the spare signs')
  },
)

t.test('latchkey/jwt while the issuer is away', async (t) => {
  const issuer = await startIssuer(t)
  const { service } = issuer
  const [app, late] = [await startApi(t, issuer.url), await startApi(t, issuer.url)]
  const known = await signIn(issuer)
  const { clock } = service
  t.equal((await ask(app, known)).status, 200)
  const forger = await forgerFor(service, known)
  issuer.away = true

  await t.test(
    'latchkey/jwt takes keys that it knows while the issuer is away, however old',
    async (t) => {
      clock.advance(5 * HOUR)
      const accessToken = await newTokenFor(service, ORDERS)
      t.equal((await ask(app, accessToken)).status, 200)
    },
  )
  await t.test(
    'latchkey/jwt can’t say what an unknown key is while the issuer is away',
    async (t) => {
      clock.advance(11 * SECOND)
      const unknown = forger.forge({
        header: { kid: 'new' },
        claims: { exp: clock() / 1000 + 900 },
      })
      for (const presented of [unknown, unknown]) {
        const { status, headers, body } = await ask(app, presented)
        t.match({ status, code: body.code }, { status: 503, code: 'STORE_UNAVAILABLE' })
        t.match(headers['retry-after'], /^\d+$/)
      }
      const before = issuer.asked.length
      for (const presented of [unknown, known]) {
        t.equal((await ask(late, presented)).status, 503, 'nor who never had any')
      }
      t.equal(issuer.asked.length, before + 1, 'and it is not asked by every request')
      t.equal((await ask(late, 'nonsense')).status, 401, 'but what is none is none')
    },
  )
  await t.test('latchkey/jwt asks the issuer again when it is back', async (t) => {
    issuer.away = false
    clock.advance(11 * SECOND)
    const accessToken = await newTokenFor(service, ORDERS)
    t.equal((await ask(late, accessToken)).status, 200)
  })
})

t.test(
  'to latchkey/jwt a 429 or a 5xx for the keys is no refusal, and its Retry-After counts',
  async (t) => {
    const issuer = await startIssuer(t)
    const { service } = issuer
    const { clock } = service
    const known = await signIn(issuer)
    const forger = await forgerFor(service, known)
    const answers: [Issuer['answer'], wait: string, isAskedIn: number][] = [
      [{ status: 429, retryAfter: '40' }, '40', 40],
      [{ status: 503, retryAfter: '7' }, '7', 10],
      [{ status: 503, retryAfter: '9999' }, '60', 60],
      [{ status: 429 }, '2', 10],
      [{ status: 502, retryAfter: 'soon' }, '2', 10],
      [{ status: 403 }, '2', 10],
      [{ status: 200 }, '2', 10],
    ]
    for (const [answer, wait, isAskedIn] of answers) {
      const [app, late] = [await startApi(t, issuer.url), await startApi(t, issuer.url)]
      const what = JSON.stringify(answer)
      t.equal((await ask(app, await signIn(issuer))).status, 200)
      clock.advance(HOUR)
      issuer.answer = answer
      const fresh = await newTokenFor(service, ORDERS)
      t.equal((await ask(app, fresh)).status, 200, `${what}: a known key verifies`)
      const unknown = forger.forge({
        header: { kid: 'new' },
        claims: { exp: clock() / 1000 + 900 },
      })
      for (const [api, token] of [
        [app, unknown],
        [late, fresh],
      ] as const) {
        const { status, headers, body } = await ask(api, token)
        t.match({ status, code: body.code }, { status: 503, code: 'STORE_UNAVAILABLE' }, what)
        t.equal(headers['retry-after'], wait, what)
      }
      const { length } = issuer.asked
      clock.advance(isAskedIn * SECOND - 1)
      for (const api of [app, late]) await ask(api, unknown)
      t.equal(issuer.asked.length, length, `${what}: it is left alone for so long`)
      issuer.answer = undefined
      clock.advance(1)
      t.equal((await ask(late, fresh)).status, 200, `${what}: and asked again then`)
    }
  },
)

t.test(
  'to latchkey/jwt an issuer that only drips is away when the time is up',
  { timeout: 20_000 },
  async (t) => {
    const deadline = new AbortController()
    const limits: number[] = []
    t.intercept(AbortSignal, 'timeout', {
      value: (milliseconds: number) => {
        limits.push(milliseconds)
        return deadline.signal
      },
    })
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"keys":[')
      const drip = setInterval(() => response.write(' ', () => deadline.abort()), 50)
      response.on('close', () => clearInterval(drip))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const app = await startApi(t, `http://127.0.0.1:${port}`)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'RS256', typ: 'at+jwt', kid: 'k' })}.${part({})}.AAAA`
    const { status, body } = await ask(app, token)
    t.match({ status, code: body.code }, { status: 503, code: 'STORE_UNAVAILABLE' })
    t.same(limits, [3000])
  },
)

t.test('latchkey/jwt with a wrong issuer stops the boot', async (t) => {
  for (const issuer of [
    'auth.example.com',
    'http://auth.example.com',
    'https://auth.example.com/',
    'https://auth.example.com/tenant',
    '',
  ]) {
    await t.rejects(async () => startApi(t, issuer), /^issuer: must be the base URL/, issuer)
  }
})

t.test('latchkey/jwt with a resource that is no API of its own stops the boot', async (t) => {
  const issuer = 'https://auth.example.com'
  for (const [resource, why] of [
    [undefined, /^resource: .*is missing/],
    ['latchkey', /must be an absolute https/],
    ['http://orders.example.com', /must be an absolute https/],
    ['urn:orders', /must be an absolute https/],
    ['https://orders.example.com#a', /no query, fragment or user/],
    ['https://orders.example.com?', /no query, fragment or user/],
    ['https://me@orders.example.com', /no query, fragment or user/],
    ['https://Orders.example.com', /must be written https:\/\/orders.example.com/],
    ['https://orders.example.com:443/a', /must be written/],
    ['https://orders.example.com/a/../b', /must be written/],
    [issuer, /which is Latchkey itself/],
    [`${issuer}/orders`, /which is Latchkey itself/],
  ] as const) {
    const options = { issuer, resource } as Parameters<typeof jwt>[1]
    await t.rejects(async () => Fastify().register(jwt, options), why, String(resource))
  }
})

t.test(
  'latchkey/jwt refuses Latchkey’s own token, and an event says that an app sends it',
  async (t) => {
    const issuer = await startIssuer(t)
    const { service } = issuer
    const { app, lines } = await startLogging(t, { issuer: issuer.url, resource: ORDERS })
    const { accessToken } = await service.signIn(await service.signUp())
    t.equal(await statusOf(app, accessToken), 401)
    t.match(
      lines().filter(({ event }) => event === 'authn_token_misdirected'),
      [{ level: 40, detail: "this app sends us Latchkey's own token" }],
    )
    t.equal(await statusOf(app, await newTokenFor(service, BILLING)), 401)
    t.equal(lines().filter(({ event }) => event === 'authn_token_misdirected').length, 1)
  },
)

t.test(
  'migration: latchkey/jwt’s legacyAudience takes the tokens of before, and warns at every start',
  async (t) => {
    const issuer = await startIssuer(t)
    const { service } = issuer
    const options = { issuer: issuer.url, resource: ORDERS }
    const account = await service.signUp()
    const { accessToken: before } = await service.signIn(account)
    const { accessToken: after } = await signInTo(service, ORDERS, account)
    const other = await newTokenFor(service, BILLING)
    const statuses = async (legacyAudience?: string) => {
      const { app, lines } = await startLogging(t, { ...options, legacyAudience })
      const warnings = lines().filter(({ event }) => event === 'legacy_audience')
      const answers = []
      for (const token of [before, after, other]) answers.push(await statusOf(app, token))
      return [...answers, warnings.length]
    }
    for (let starts = 0; starts < 2; starts++) {
      t.same(await statuses('latchkey'), [200, 200, 401, 1], 'while apps change over')
    }
    t.same(await statuses(), [401, 200, 401, 0], 'when all have')
  },
)

async function startLogging(t: Test, options: Parameters<typeof jwt>[1]) {
  const written: string[] = []
  const app = Fastify({
    logger: { level: 'info', stream: { write: (line) => void written.push(line) } },
  })
  t.teardown(() => app.close())
  await app.register(jwt, options)
  app.get('/orders', { onRequest: app.requireAccessToken() }, async () => [])
  await app.ready()
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { app, lines }
}

async function statusOf(app: FastifyInstance, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await app.inject({ url: '/orders', headers })).statusCode
}
