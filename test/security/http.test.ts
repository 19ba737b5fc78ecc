import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { newAdmin } from '../support/keys.js'
import { startProxy } from '../support/proxy.js'
import { REVOCATION } from '../support/revocation.js'
import { type Answer, ISSUER, newAccount, type Service, startService } from '../support/service.js'
import { openWire, type WireAnswer } from '../support/wire.js'

const REGISTER = '/api/auth/register'
const LOGIN = '/api/auth/login'
const REFRESH = '/api/auth/refresh'
const LOGOUT = '/api/auth/logout'
const PASSWORD = '/api/auth/password'
const SESSIONS = '/api/auth/sessions'
const PROTECTED = '/api/protected'

const JSON_TYPE = { 'content-type': 'application/json' }

t.test(
  'RS-1, PD-1: every answer has the security headers, every failure is a problem',
  async (t) => {
    const proxy = await startProxy(t)
    const env = { RATE_LIMIT_PER_ACCOUNT: '1' }
    const service = await startService(t, { endpoint: proxy.endpoint, env })
    service.app.get('/broken', { schema: { hide: true } }, async () => {
      throw new Error('a mistake of ours')
    })
    const { accessToken: token } = await service.signIn(await service.signUp())
    const nobody = credentials(newAccount())
    const failSignIn = () => service.post(LOGIN, nobody)
    const loseTheStore = () => {
      proxy.decide(() => 'fail')
      return service.get('/healthz')
    }

    const answers: [status: number, what: string, () => Promise<Answer>][] = [
      [200, 'a page of JSON', () => service.get('/healthz')],
      [200, 'HEAD', () => service.call('HEAD', '/healthz')],
      [201, 'a new user', () => service.post(REGISTER, credentials(newAccount()))],
      [400, 'a body that is not the schema', () => service.post(REGISTER, {})],
      [400, 'a URL that is none', () => service.get('/%')],
      [400, 'a path that is not UTF-8', () => service.get('/%ff%fe')],
      [400, 'a body that is no JSON', () => post(service, REGISTER, '{')],
      [401, 'no token', () => service.get(PROTECTED)],
      [401, 'a wrong password', failSignIn],
      [429, 'one password too many', failSignIn],
      [403, 'the wrong role', () => service.get('/api/admin', { token })],
      [404, 'nowhere', () => service.get('/nowhere')],
      [405, 'another method', () => service.call('PUT', PROTECTED)],
      [405, 'OPTIONS', () => service.call('OPTIONS', PROTECTED)],
      [413, 'a body of 20 kB', () => service.post(REGISTER, { email: 'x'.repeat(20_000) })],
      [415, 'a text', () => post(service, REGISTER, 'text', { 'content-type': 'text/plain' })],
      [500, 'a mistake of ours', () => service.get('/broken')],
      [204, 'nothing to say', () => service.delete(SESSIONS, { token })],
      [503, 'an outage', loseTheStore],
    ]
    for (const [status, what, ask] of answers) {
      t.test(`the security headers of ${status}: ${what}`, async (t) =>
        hasOurHeaders(t, await ask(), status),
      )
    }
  },
)

t.test(
  'RS-1, PD-1: a bad URL as the first request of an instance gets the security headers',
  async (t) => {
    const answer = await (await startService(t)).get('/api/%')
    hasOurHeaders(t, answer, 400)
  },
)

t.test(
  'RS-1, PD-1: the answer to a request that Node itself refuses has the security headers',
  async (t) => {
    const wire = await openWire(await startService(t))
    const answer = await wire('GET', PROTECTED, { headers: { cookie: 'x'.repeat(17_000) } })
    hasOurHeaders(t, answer, 431)
  },
)

t.test('content types of HTTP requests', async (t) => {
  const service = await startService(t)
  const body = JSON.stringify({ ...credentials(newAccount()), role: 'admin' })

  t.test(
    'CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
    async (t) => {
      const validated = [
        ...['application/json', 'APPLICATION/JSON', 'application/json;charset=utf-8'],
        ...[' application/json', '\tapplication/json', 'application/json ', 'application/json;'],
        ...['application/json; charset', 'application/json;\ta', 'application/json\n'],
        ...['\u00a0application/json', 'application/json;a="'],
      ]
      const refused = [
        ...['application/json\ta', 'application/json a', 'application/json\0', 'application/ json'],
        'application/json;charset=utf-16',
        ...['application/jsonx', 'application/json/x', 'application/json,application/json'],
        ...['application/vnd.api+json', 'text/json', 'json', '/', '*/*', 'application/*', ''],
      ]
      for (const [types, status] of [
        [validated, 400],
        [refused, 415],
      ] as const) {
        for (const type of types) {
          const answer = await post(service, REGISTER, body, { 'content-type': type })
          t.equal(answer.status, status, JSON.stringify(type))
        }
      }
      t.equal((await service.call('POST', REGISTER, { body, headers: {} })).status, 415, 'no type')
    },
  )

  t.test(
    'CVE-2022-41919: a content type that a form may send without asking is refused (CSRF)',
    async (t) => {
      const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']
      const disguises = ['', ';application/json', '; charset=utf-8', '; boundary=application/json']
      const valid = JSON.stringify(credentials(newAccount()))
      for (const type of simple.flatMap((type) => disguises.map((disguise) => type + disguise))) {
        const answer = await post(service, REGISTER, valid, { 'content-type': type })
        t.equal(answer.status, 415, type)
      }
      t.equal((await post(service, REGISTER, valid)).status, 201, 'the same body as JSON')
    },
  )
})

t.test('HTTP routes and the guards of their paths', async (t) => {
  const service = await startService(t)
  const { accessToken } = await service.signIn((await newAdmin(service)).account)
  const authorization = `Bearer ${accessToken}`
  const wire = await openWire(service)
  const operations = operationsOf((await service.get('/openapi.json')).body)
  const guarded = operations.filter(({ isPublic }) => !isPublic)

  t.test(
    'CVE-2026-33808, CVE-2026-33807: each route asks for a credential or says it is public',
    async (t) => {
      const own = [service.app, await service.app.lateRoutes()]
        .flatMap((app) => app.printRoutes({ commonPrefix: false }).match(/(?<=\().+(?=\))/gm) ?? [])
        .flatMap((list) => list.split(', '))
        .filter(isOwnMethod)
      t.equal(own.length, operations.length + UNDOCUMENTED, 'all others are documented')
      t.ok(guarded.length > 0)
      for (const { method, path, isForm } of guarded) {
        for (const verb of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
          const answer = await wire(verb, path, isForm ? CLIENTLESS : {})
          t.equal(answer.status, 401, `${verb} ${path}`)
          t.ok(answer.headers['www-authenticate'], 'with a challenge')
        }
      }
    },
  )

  t.test(
    'CVE-2026-2880, CVE-2026-14198: no other spelling of a route’s path leads past its guard',
    async (t) => {
      for (const { method, path } of guarded) {
        for (const [what, spelled] of spellings(path)) {
          const { status } = await wire(method, spelled)
          t.ok(REFUSED.has(status), `${method} ${spelled}: ${what}, ${status}`)
        }
      }
    },
  )

  t.test(
    'CVE-2026-0976, GHSA-x732-6j76-qmhm: only the path itself is the HTTP route',
    async (t) => {
      const headers = { authorization }
      for (const { method, path } of guarded) {
        for (const [what, spelled] of spellings(path).filter(([what]) => !SAME_PATH.has(what))) {
          const { status } = await wire(method, spelled, { headers })
          t.ok(REFUSED.has(status), `${method} ${spelled}: ${what}, ${status}`)
        }
      }
      t.equal((await wire('GET', PROTECTED, { headers })).status, 200)
    },
  )
})

t.test('CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing', async (t) => {
  const service = await startService(t)
  const wire = await openWire(service)
  const account = await service.signUp()
  const body = JSON.stringify({ ...credentials(account), useCookies: true })
  const honest = await wire('GET', '/.well-known/openid-configuration')
  const lies: Record<string, string>[] = [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    { forwarded: 'for=6.6.6.6;host=evil.example;proto=http' },
    { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', 'client-ip': '6.6.6.6' },
    { 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz', 'x-http-method-override': 'GET' },
  ]
  for (const lie of lies) {
    const what = Object.keys(lie).join(', ')
    const discovery = await wire('GET', '/.well-known/openid-configuration', { headers: lie })
    t.same(discovery.body, honest.body, `${what}: the issuer is the configured one`)

    const own = { ...JSON_TYPE, origin: ISSUER, ...lie }
    const signedIn = await wire('POST', LOGIN, { headers: own, body })
    const cookies = signedIn.headers['set-cookie'] as string[]
    for (const cookie of cookies) {
      t.match(cookie, /; HttpOnly; Secure; SameSite=Lax/, `${what}: cookies are Secure`)
      t.notMatch(cookie, /Domain=/i)
    }
    const cookie = cookies.map((each) => each.split(';', 1)[0]).join('; ')
    const { body: list } = await wire('GET', SESSIONS, { headers: { cookie, ...lie } })
    t.equal(list.sessions[0].ip, '127.0.0.1', `${what}: the address is the connection’s`)

    for (const origin of ['https://evil.example', 'http://evil.example']) {
      const foreign = { ...lie, origin, cookie }
      t.equal((await wire('POST', LOGOUT, { headers: foreign })).status, 403, `${what}, ${origin}`)
    }
    t.equal((await wire('GET', PROTECTED, { headers: lie })).status, 401)
  }
})

t.test('credentials in HTTP headers', async (t) => {
  const service = await startService(t)
  service.app.get(
    '/scoped',
    {
      onRequest: [service.app.requireAccessToken(), service.app.requireScope('user', 'reports')],
      schema: { hide: true },
    },
    async () => ({}),
  )
  const account = await service.signUp()
  const { accessToken: token, refreshToken } = await service.signIn(account)
  const wire = await openWire(service)
  const authorized = (authorization: string, path = PROTECTED) =>
    service.get(path, { headers: { authorization } })

  t.test('BR-1: the scheme of a token in Authorization is Bearer in any case, once', async (t) => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer ']) {
      t.equal((await authorized(`${scheme} ${token}`)).status, 200, scheme)
    }
    for (const twice of [
      ['Bearer a', 'Bearer b'],
      [`Bearer ${token}`, `Bearer ${token}`],
      [`Bearer ${token}`, 'Basic eDp5'],
    ]) {
      for (const path of [PROTECTED, SESSIONS]) {
        const answer = await wire('GET', path, { headers: { authorization: twice } })
        t.match(answer, { status: 400, body: { code: 'INVALID_REQUEST' } }, twice.join(' + '))
        const joined = await authorized(twice.join(', '), path)
        t.equal(joined.status, 400, 'joined by a comma, as API Gateway does')
      }
    }
  })

  t.test(
    'BR-2, BR-5, CVE-2026-9689: a token in the URL is refused, alone or with others',
    async (t) => {
      for (const path of [PROTECTED, SESSIONS, '/api/profile', '/api/admin']) {
        for (const query of [
          `access_token=${token}`,
          'access_token=a&access_token=b',
          'access_token',
        ]) {
          for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
            const { status, body } = await service.get(`${path}?${query}`, { headers })
            t.match({ status, body }, { status: 400, body: { code: 'INVALID_REQUEST' } }, path)
          }
        }
      }
      const inBody = { currentPassword: account.password, newPassword: 'x', access_token: token }
      t.equal((await service.post(PASSWORD, inBody)).status, 401, 'in the body it is none')
      t.equal((await service.post(PASSWORD, inBody, { token })).status, 400, 'or one too many')
    },
  )

  t.test(
    'BR-3, BR-4: the Bearer challenge names the fault, and none where there was no token',
    async (t) => {
      const described = (error: string, description: string) =>
        `Bearer realm="latchkey", error="${error}", error_description="${description}"`
      const rows: [() => Promise<Answer>, number, string][] = [
        [() => service.get(PROTECTED), 401, 'Bearer realm="latchkey"'],
        [() => authorized('Basic eDp5'), 401, 'Bearer realm="latchkey"'],
        [() => authorized('Bearer x'), 401, described('invalid_token', 'Invalid token')],
        [
          () => authorized('Bearer a b'),
          400,
          described('invalid_request', 'Send one access token, in one Authorization header'),
        ],
        [
          () => authorized(`Bearer ${token}`, '/api/admin'),
          403,
          described('insufficient_scope', 'Forbidden'),
        ],
        [
          () => authorized(`Bearer ${token}`, '/scoped'),
          403,
          `${described('insufficient_scope', 'Insufficient scope')}, scope="user reports"`,
        ],
      ]
      for (const [ask, status, challenge] of rows) {
        const answer = await ask()
        t.equal(answer.status, status, challenge)
        t.equal(answer.headers['www-authenticate'], challenge)
      }
    },
  )

  t.test(
    'GHSA-xmf8-cvqr-rfgj: whatever the Authorization header holds, it is 400 or 401',
    async (t) => {
      for (const value of naughtyStrings(token)) {
        for (const authorization of [value, `Bearer ${value}`]) {
          for (const path of [PROTECTED, SESSIONS]) {
            const { status } = await authorized(authorization, path)
            t.match(String(status), /^40[01]$/, `${path} ${show(authorization)}`)
          }
        }
      }
    },
  )

  const cookiePlaces = [
    ['GET', PROTECTED, ACCESS_COOKIE, token],
    ['GET', SESSIONS, ACCESS_COOKIE, token],
    ['POST', LOGOUT, ACCESS_COOKIE, token],
    ['POST', LOGOUT, REFRESH_COOKIE, refreshToken],
    ['POST', REFRESH, REFRESH_COOKIE, refreshToken],
  ] as const
  const withCookie = (method: string, path: string, cookie: string) =>
    service.call(method, path, { headers: { cookie, origin: ISSUER } })

  t.test('fastify-jwt@25a48a7: a tampered access cookie is 401, whatever is in it', async (t) => {
    for (const [method, path, name, genuine] of cookiePlaces) {
      for (const value of naughtyStrings(genuine)) {
        const { status } = await withCookie(method, path, `${name}=${value}`)
        t.equal(status, 401, `${path} ${name}=${show(value)}`)
      }
    }
  })

  t.test('CVE-2023-27495, CS-1: of a cookie sent twice, none is chosen', async (t) => {
    for (const [method, path, name, own] of cookiePlaces) {
      for (const cookie of [
        `${name}=${own}; ${name}=tossed`,
        `${name}=tossed; ${name}=${own}`,
        `${name}=${own};${name}=${own}`,
        `${name}=${own}; a=b;\t${name} =tossed`,
      ]) {
        const { status, body } = await withCookie(method, path, cookie)
        t.match({ status, body }, { status: 400, body: { code: 'DUPLICATE_COOKIE' } }, path)
      }
      for (const lookalike of [name.toLowerCase(), name.replace(/^__\w+-/, ''), `${name}x`]) {
        const { status } = await withCookie(method, path, `${lookalike}=${own}`)
        t.equal(status, 401, `${path} ${lookalike}`)
      }
    }
  })
})

t.test('fields of HTTP bodies', async (t) => {
  const service = await startService(t)

  t.test(
    'GHSA-7rqj-j65f-68wh, CVE-2022-31127, CVE-2022-35924: a user’s e-mail address is one, and ASCII',
    async (t) => {
      const { email, password } = newAccount()
      const [local = '', domain = ''] = email.split('@')
      const addresses = [
        ...['\uff20', '\ufe6b', '\u00a0@', '@\u200b', '@@', ''].map((at) => local + at + domain),
        ...['\u212a', '\u017f', '\u0435', '\u0131', '\u200b', '\0', '\ufeff', '\ud800'].map(
          (letter) => letter + email,
        ),
        ...[',', ';', ' ', ', ', '\n', '\r\nBcc: ', '%0a', '>,<'].map(
          (mark) => `${email}${mark}b@b.example`,
        ),
        ...[
          `<${email}>`,
          `"${email}"`,
          `Ada <${email}>`,
          `mailto:${email}`,
          `${email}?cc=b@b.example`,
        ],
        ...['<b>x</b>@b.example', '"<script>"@b.example', `${local}@<b>.example`, `${email}<br>`],
        ...[` ${email}`, `${email} `, `${email}\n`, `${email}\0`, `${email}.`, `.${email}`],
        ...[`${local}@localhost`, `${local}@[127.0.0.1]`, `${local}@b..example`],
      ]
      for (const address of addresses) {
        const answer = await service.post(REGISTER, { email: address, password })
        t.equal(answer.status, 400, JSON.stringify(address))
      }
    },
  )

  t.test('half a character in an HTTP body is refused, and never asked of the store', async (t) => {
    const account = await service.signUp()
    const { email, password } = account
    const administrator = await newAdmin(service)
    const { accessToken: token } = await service.signIn(administrator.account)
    for (const half of ['\ud800', '\udc00']) {
      const [torn, newPassword] = [half + email, half + newAccount().password]
      const change = { currentPassword: password, newPassword }
      for (const [status, path, body] of [
        [400, LOGIN, { email: torn, password }],
        [401, LOGIN, { email, password: half + password }],
        [400, '/api/admin/users/find', { email: torn }],
        [400, REGISTER, { email: torn, password }],
        [400, REGISTER, { email: newAccount().email, password, name: half }],
        [400, REGISTER, { email: newAccount().email, password: newPassword }],
        [400, PASSWORD, { ...change, currentPassword: administrator.account.password }],
        [401, PASSWORD, { ...change, currentPassword: half + password }],
        [200, '/api/auth/password/check', { password, email: torn }],
        [401, REFRESH, { refreshToken: half }],
      ] as const) {
        const bearer = /admin|password$/.test(path) ? { token } : {}
        const answer = await service.post(path, body, bearer)
        t.equal(answer.status, status, `${path} ${JSON.stringify(Object.keys(body))}`)
      }
    }
    t.same(service.events('dependency_failed'), [])
  })

  t.test(
    'F12: what would outgrow a key or an item of the store never gets to it by HTTP',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const long = 'x'.repeat(10_000)
      const { email, password } = account
      const before = service.calls.length
      for (const [method, path, call] of [
        ['POST', LOGIN, { body: { email: `${long}@example.com`, password } }],
        ['POST', LOGIN, { body: { email: `a@${long}.example`, password } }],
        ['POST', LOGIN, { body: { email, password: long } }],
        ['POST', REGISTER, { body: { email: newAccount().email, password, name: long } }],
        ['POST', REFRESH, { body: { refreshToken: long } }],
        ['POST', '/api/auth/login/factor', { body: { ticket: long, totp: '000000' } }],
        ['POST', '/api/auth/password/reset', { body: { ticket: long, newPassword: password } }],
        ['GET', PROTECTED, { token: long }],
        ['GET', '/api/data', { headers: { 'x-api-key': long } }],
        ['GET', `/oauth/authorize?client_id=${long}`, {}],
      ] as const) {
        const { status } = await service.call(method, path, call)
        t.match(String(status), /^40[013]$/, `${method} ${path.slice(0, 40)}`)
      }
      t.same(service.calls.slice(before), [], 'nothing was asked of the store')
      for (const path of [`${SESSIONS}/${long}`, `/api/apikeys/${long}`]) {
        const { status } = await service.delete(path, { token })
        t.match(String(status), /^4(00|04|14)$/, path.slice(0, 40))
      }
      const agent = { 'user-agent': long }
      const signedIn = await service.signIn(account, { headers: agent })
      const { body } = await service.get(SESSIONS, { token: signedIn.accessToken })
      const [current] = body.sessions.filter((each: { current: boolean }) => each.current)
      t.ok(current.userAgent.length <= 256, 'a program may have a long name, which is cut')
      t.same(service.events('dependency_failed'), [])
    },
  )

  t.test(
    'GHSA-7rqj-j65f-68wh: no other letter of an e-mail address signs in as the one it looks like',
    async (t) => {
      const mark = randomUUID()
      const account = await service.signUp({ email: `kiss-${mark}@kiss.example` })
      const { email, password } = account
      for (const [letter, lookalike] of [
        ['k', '\u212a'],
        ['s', '\u017f'],
        ['i', '\u0131'],
        ['@', '\uff20'],
      ] as const) {
        const answer = await service.post(LOGIN, {
          email: email.replaceAll(letter, lookalike),
          password,
        })
        t.match(String(answer.status), /^40[01]$/, `${letter} as ${lookalike}`)
      }
      t.ok(await service.signIn({ ...account, email: email.toUpperCase() }))
    },
  )

  t.test('CVE-2025-61928: no one sets fields by HTTP that they were not asked for', async (t) => {
    const account = newAccount()
    const signedUp = await service.signUp()
    const { accessToken: token, refreshToken } = await service.signIn(signedUp)
    const extras = [
      ...['"role":"admin"', '"id":"x"', '"userId":"x"', '"status":"active"', '"epoch":0'],
      ...['"passwordHash":"x"', '"keptSession":"x"', '"createdAt":"x"', '"emailVerified":true'],
      ...['"__proto__":{"role":"admin"}', '"constructor":{"prototype":{"role":"admin"}}'],
    ]
    const newPassword = newAccount().password
    const change = { currentPassword: signedUp.password, newPassword }
    const bearer = { authorization: `Bearer ${token}` }
    for (const extra of extras) {
      for (const [path, fields, headers] of [
        [REGISTER, credentials(account), {}],
        [LOGIN, credentials(signedUp), {}],
        [REFRESH, { refreshToken }, {}],
        [PASSWORD, change, bearer],
      ] as const) {
        const body = JSON.stringify(fields).replace('{', `{${extra},`)
        const answer = await post(service, path, body, { ...JSON_TYPE, ...headers })
        t.equal(answer.status, 400, `${path} ${extra}`)
      }
    }
    const body = { ...change, userId: signedUp.id }
    t.equal((await service.post(PASSWORD, body)).status, 401, 'nor act for another without a token')
    const { user } = (await service.post(REGISTER, credentials(account))).body
    t.equal(user.role, 'user')
    t.equal((await service.post(LOGIN, credentials(signedUp))).status, 200, 'nothing was changed')
  })

  t.test('CVE-2026-9689: a member of a body sent twice is one value to every reader', async (t) => {
    const [first, last] = [newAccount(), newAccount()]
    const body = JSON.stringify(credentials(last)).replace('{', `{"email":"${first.email}",`)
    const { status, body: made } = await post(service, REGISTER, body)
    t.match({ status, made }, { status: 201, made: { user: { email: last.email } } })
    const taken = await service.post(REGISTER, credentials({ ...first, password: last.password }))
    t.equal(taken.status, 201, 'the first was not used')
  })
})

interface Operation {
  readonly method: string
  readonly path: string
  readonly isPublic: boolean
  /** A client authenticates after its form was read, for it may do so in the form. */
  readonly isForm: boolean
}

const FORM = 'application/x-www-form-urlencoded'
/** All that any OAuth request wants but the client's credentials. */
const CLIENTLESS = {
  headers: { 'content-type': FORM },
  body: 'grant_type=client_credentials&token=x',
}

interface OpenApi {
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
}

interface OpenApiOperation {
  readonly security?: readonly object[]
  readonly requestBody?: { readonly content: object }
}

function operationsOf({ security, paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([template, methods]) => {
    const path = template.replaceAll(/\{\w+\}/g, randomUUID())
    return Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      isPublic: (operation.security ?? security).length === 0 || path === REVOCATION,
      isForm: FORM in (operation.requestBody?.content ?? {}),
    }))
  })
}

/** Of another spelling: 400 where it is no UTF-8, 405 where it is the path of another route. */
const REFUSED = new Set([400, 401, 404, 405])

/** The document itself, the pages for people (30 shown, 56 posted to), what they are made of, and what leads there. */
const UNDOCUMENTED = 115

/** Fastify adds HEAD to each GET. */
const isOwnMethod = (method: string): boolean => method !== 'HEAD'

/** Spellings that are the same path by RFC 3986 §6.2.2, or that carry it in another way. */
const SAME_PATH = new Set(['an escaped letter', 'the absolute form', 'a fragment', 'a query'])

/** Other spellings of a path, some of which some server somewhere takes for the same one. */
function spellings(path: string): [what: string, path: string][] {
  const [, first = '', ...rest] = path.split('/')
  const tail = rest.join('/')
  return [
    ['a doubled first slash', `/${path}`],
    ['a doubled slash', `/${first}//${tail}`],
    ['a trailing slash', `${path}/`],
    ['two trailing slashes', `${path}//`],
    ['capitals', path.toUpperCase()],
    ['an escaped slash', `/${first}%2F${tail}`],
    ['a slash escaped twice', `/${first}%252F${tail}`],
    ['an escaped slash before', `/%2F${first}/${tail}`],
    ['an escaped slash after', `${path}%2f`],
    ['a parameter', `${path};y`],
    ['a parameter with a value', `${path};y=1`],
    ['a parameter in the middle', `/${first};y/${tail}`],
    ['a dot segment', `/.${path}`],
    ['a dot segment after', `${path}/.`],
    ['an escaped dot segment', `/%2e${path}`],
    ['a way out and in', `/x/..${path}`],
    ['an escaped way out and in', `/x/%2e%2e${path}`],
    ['a way out with a parameter', `${path}/..;/`],
    ['a backslash', `/${first}\\${tail}`],
    ['an escaped backslash', `/${first}%5C${tail}`],
    ['NUL', `${path}%00`],
    ['a space', `${path}%20`],
    ['a newline', `${path}%0a`],
    ['an extension', `${path}.json`],
    ['an escaped question mark', `${path}%3f`],
    ['an overlong slash', `/${first}%c0%af${tail}`],
    ['an escaped letter', `/%${first.charCodeAt(0).toString(16)}${first.slice(1)}/${tail}`],
    ['the absolute form', `http://evil.example${path}`],
    ['a fragment', `${path}#x`],
    ['a query', `${path}?x=/healthz`],
  ]
}

/** Strings that have broken parsers of credentials, after the Big List of Naughty Strings. */
function naughtyStrings(genuine: string): string[] {
  return [
    ...['undefined', 'null', 'NaN', 'true', '0', '-1', '1e309', '[]', '{}', '""'],
    ...['%', '%00', '%E0%A4%A', '%s%n', '${7*7}', '{{7*7}}', '$(id)', '`id`', "' OR 1=1 --"],
    ...['../../../etc/passwd', '<script>alert(1)</script>', '\\', '\u00ff\u00fe', '\u00e9', '\x7f'],
    ...['.', '..', '...', 'a.b', 'a.b.c', 'a.b.c.d', '====', 'eyJ', 'eyJ.eyJ.'],
    ...['s:a.b', 'j:{"a":1}', '[object Object]'],
    ...['__proto__', 'constructor', 'toString', 'A'.repeat(8_000), '.'.repeat(4_000)],
    ...[`${genuine}.signature`, `s:${genuine}`, `${genuine}%`, `${genuine}%00`, `\u00a0${genuine}`],
    ...[genuine.slice(1), genuine.slice(0, -1), genuine.toUpperCase(), genuine + genuine],
  ]
}

const OUR_HEADERS = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-xss-protection': '0',
}

function hasOurHeaders(t: Test, { status, headers, body }: WireAnswer, expected: number): void {
  t.equal(status, expected)
  t.match(headers, OUR_HEADERS)
  for (const name of ['server', 'x-powered-by']) t.notOk(name in headers, `no ${name}`)
  if (status < 400) return
  t.match(headers, {
    'content-type': /^application\/problem\+json/,
    'cache-control': 'no-store',
  })
  const { title } = body
  t.match(body, { title: String, status, code: /^[A-Z_]+$/, error: title, requestId: String })
}

const show = (value: string): string => JSON.stringify(value).slice(0, 60)

const credentials = ({ email, password }: { email: string; password: string }) => ({
  email,
  password,
})

const post = (service: Service, path: string, body: string, headers = JSON_TYPE) =>
  service.call('POST', path, { body, headers })
