import { readdirSync, readFileSync } from 'node:fs'
import { METHODS } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import * as Type from 'typebox'
import { ERRORS } from '../../src/http/error-codes.js'
import { ERRORS_DOCUMENT, errorsDocument } from '../support/errors-document.js'
import { providersEnvironment } from '../support/identity-provider.js'
import { startProxy } from '../support/proxy.js'
import { ISSUER, newAccount, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const SOURCES = join(import.meta.dirname, '../../src')
const json = { 'content-type': 'application/json' }

t.test('every error code has a section that says why and what to do', async (t) => {
  const service = await startService(t)
  const page = await service.get('/errors')
  t.match(page, { status: 200, headers: { 'content-type': /^text\/html/ } })
  t.match(page.text, '<html lang="en">')
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  const sources = files
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
  const raised = sources.flatMap((source) =>
    [...source.matchAll(/status: \d{3},\s+code: '(\w+)',\s+title:/g)].map(([, code]) => code),
  )
  t.ok(raised.length > 40)
  const documented = Object.keys(ERRORS)
  for (const code of raised) t.ok(documented.includes(String(code)), `${code} has a section`)
  const mentioned = sources.filter((source) => !source.includes('export const ERRORS =')).join('')
  for (const code of documented) {
    t.ok(page.text.includes(`<section id="${code}">`), `/errors#${code}`)
    t.ok(mentioned.includes(`'${code}'`), `${code} is raised somewhere`)
  }
  t.equal(readFileSync(ERRORS_DOCUMENT, 'utf8'), errorsDocument(), 'npm run generate')
  const { body } = await service.get('/nowhere')
  const { origin, pathname, hash } = new URL(body.type as string)
  t.same([origin, pathname, hash], [ISSUER, '/errors', '#NOT_FOUND'], 'a problem leads there')
})

t.test('every failed HTTP request is answered with RFC 9457 problem details', async (t) => {
  const service = await startService(t)
  const failures: [string, string, string, object | undefined, number, string][] = [
    ['no such route', 'GET', '/nowhere', undefined, 404, 'NOT_FOUND'],
    ['no such method', 'PUT', '/api/profile', undefined, 405, 'METHOD_NOT_ALLOWED'],
    [
      'no such method, by pattern',
      'GET',
      '/api/auth/sessions/x',
      undefined,
      405,
      'METHOD_NOT_ALLOWED',
    ],
    ['a bad URL', 'GET', '/%E0%A4%A', undefined, 400, 'BAD_URL'],
    ['malformed JSON', 'POST', LOGIN, { headers: json, body: '{"email":' }, 400, 'MALFORMED_JSON'],
    [
      'a poisoned prototype',
      'POST',
      LOGIN,
      { headers: json, body: '{"__proto__":{"a":1}}' },
      400,
      'MALFORMED_JSON',
    ],
    ['no body', 'POST', LOGIN, { headers: json }, 400, 'VALIDATION_FAILED'],
    ['not the schema', 'POST', LOGIN, { body: { email: 1 } }, 400, 'VALIDATION_FAILED'],
    [
      'too large',
      'POST',
      LOGIN,
      { headers: json, body: `"${'x'.repeat(17 * 1024)}"` },
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'another media type',
      'POST',
      LOGIN,
      { headers: { 'content-type': 'text/plain' }, body: '{}' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ]
  for (const [what, method, url, call, status, code] of failures) {
    t.test(what, async (t) => {
      const { body, headers, ...answer } = await service.call(method, url, call)
      t.equal(answer.status, status)
      t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
      t.equal(headers['cache-control'], 'no-store')
      t.equal(headers['x-content-type-options'], 'nosniff')
      t.match(body, {
        type: `${ISSUER}/errors#${code}`,
        title: String,
        status,
        code,
        requestId: String,
      })
      t.equal(body.error, body.title)
      t.notMatch(answer.text, /FST_|node_modules|\bat \//)
    })
  }

  t.test('the problem of a 405 lists what is allowed (RFC 9110 §15.5.6)', async (t) => {
    t.equal((await service.call('PUT', '/api/profile')).headers.allow, 'GET, HEAD, PATCH')
    t.equal((await service.get('/api/auth/sessions/x')).headers.allow, 'DELETE')
    t.equal((await service.call('TRACE', '/api/profile')).status, 405)
  })
})

t.test('the problem of a request that is not valid', async (t) => {
  const service = await startService(t)
  const register = (body: object) => service.post('/api/auth/register', body)
  const { password } = newAccount()

  t.test(
    'the problem of a request that is not valid tells of every field, once and in plain words',
    async (t) => {
      const { status, body } = await register({ email: 'ada', name: '\n', disabled: true })
      t.equal(status, 400)
      t.same(body.errors, [
        { field: '/password', message: 'is required' },
        { field: '/disabled', message: 'is not known here' },
        { field: '/email', message: 'must be an e-mail address' },
        { field: '/name', message: 'must be visible, without line breaks or invisible characters' },
      ])
    },
  )

  t.test(
    'the problem of a request says what was wrong with a value that might have been null',
    async (t) => {
      const { accessToken: token } = await service.signIn(await service.signUp())
      const change = async (body: object) =>
        (await service.call('PATCH', '/api/apikeys/x', { token, body })).body.errors
      const message = 'must be a date and time such as 2031-01-01T00:00:00Z'
      t.same(await change({ expiresAt: 'tomorrow' }), [{ field: '/expiresAt', message }])
      t.same(await change({ rateLimit: { limit: 0, windowSeconds: 0 } }), [
        { field: '/rateLimit/limit', message: 'must be >= 1' },
        { field: '/rateLimit/windowSeconds', message: 'must be >= 1' },
      ])
    },
  )

  t.test(
    'the problem of a request tells of an unknown name as a JSON pointer (RFC 6901 §3), cut if long',
    async (t) => {
      const names = { 'a/b~c': 1, ['x'.repeat(1000)]: 1 }
      const { body } = await register({ email: newAccount().email, password, ...names })
      t.same(
        body.errors.map(({ field }: { field: string }) => field),
        ['/a~1b~0c', `/${'x'.repeat(64)}`],
      )
    },
  )

  t.test('the problem of a request made of faults alone has few words', async (t) => {
    const faults = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`f${index}`, 1]))
    const { status, text } = await register(faults)
    t.equal(status, 400)
    t.ok(text.length < 2048, `${text.length} characters`)
  })
})

t.test('the problem of an unexpected error says nothing but a request id', async (t) => {
  const service = await startService(t)
  t.same(
    service.logs.filter(({ level }) => level === 'ERROR'),
    [],
  )
  service.services.profiles.find = () =>
    Promise.reject(new Error('table latchkey-users is on fire'))
  const { accessToken: token } = await service.signIn(await service.signUp())
  const { status, body, text } = await service.get('/api/profile', { token })
  t.equal(status, 500)
  t.match(body, { code: 'INTERNAL_ERROR', error: 'Something went wrong on our side' })
  t.notMatch(text, /fire|table/)
  t.match(service.events('unexpected_error').at(-1), {
    level: 'ERROR',
    requestId: body.requestId,
    error: { message: 'table latchkey-users is on fire' },
  })
})

t.test('the problem of a store that is away is 503 with Retry-After, never a 401', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const account = await service.signUp()
  const { accessToken: token, refreshToken } = await service.signIn(account)
  t.equal((await service.get('/healthz')).status, 200)

  for (const fate of ['fail', 'throttle'] as const) {
    proxy.decide(() => fate)
    const answers = await Promise.all([
      service.get('/healthz'),
      service.get('/api/profile', { token }),
      service.get('/api/auth/sessions', { token }),
      service.post(LOGIN, { email: account.email, password: account.password }),
      service.post('/api/auth/register', {
        email: newAccount().email,
        password: newAccount().password,
      }),
      service.post('/api/auth/refresh', { refreshToken }),
    ])
    for (const answer of answers) {
      t.match(answer, {
        status: 503,
        headers: { 'retry-after': '2' },
        body: { code: 'STORE_UNAVAILABLE', error: 'Service temporarily unavailable' },
      })
    }
    t.match(service.events('dependency_failed').at(-1), { reason: 'STORE_UNAVAILABLE' })
  }
  proxy.decide(() => 'pass')
  t.equal((await service.get('/api/profile', { token })).status, 200)
})

t.test('the problem of a 405 names the methods of that path alone', async (t) => {
  const service = await startService(t)
  for (const [path, allow] of [
    ['/api/admin/users/find', 'POST'],
    ['/api/admin/users/invite', 'POST'],
    ['/api/admin/invitations', 'GET, HEAD'],
    ['/api/auth/invitation/accept', 'POST'],
    ['/api/admin/users/x', 'DELETE, GET, HEAD, PATCH'],
    ['/api/apikeys/generate', 'POST'],
    ['/api/apikeys/x', 'DELETE, GET, HEAD, PATCH'],
    ['/api/auth/sessions', 'DELETE, GET, HEAD'],
  ] as const) {
    const allowed = allow.split(', ')
    for (const method of METHODS.filter((name) => name !== 'CONNECT' && !allowed.includes(name))) {
      const { status, headers } = await service.call(method, path)
      t.match({ status, headers }, { status: 405, headers: { allow } }, `${method} ${path}`)
    }
  }
  t.equal((await service.call('QUERY', '/nowhere')).status, 404)
})

t.test('a person gets a page for the problem of a failure, with a way on', async (t) => {
  const service = await startService(t)
  const NAVIGATION = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-mode': 'navigate' }
  const open = (path: string, headers: object = {}, method = 'GET') =>
    service.call(method, path, { headers: { ...NAVIGATION, ...headers } })
  for (const [status, path, method] of [
    [404, '/nowhere', 'GET'],
    [404, '/nowhere', 'POST'],
    [404, '/api/auth/nowhere', 'GET'],
    [404, `/api/apikeys/${'x'.repeat(200)}`, 'GET'],
    [405, '/dashboard/password', 'GET'],
    [405, '/dashboard', 'POST'],
    [400, '/%', 'GET'],
    [401, '/api/profile', 'GET'],
    [415, LOGIN, 'POST'],
  ] as const) {
    const headers = { 'content-type': 'text/plain', origin: ISSUER, 'accept-language': 'de' }
    const answer = await open(path, headers, method)
    t.equal(answer.status, status, path)
    t.match(answer.headers, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': /style-src 'self'/,
    })
    t.match(
      answer.text,
      /<html lang="de".*<a class="button wide" href="\/(dashboard|login)"/s,
      path,
    )
  }
  for (const [typed, meant] of [
    ['/login/', '/login'],
    ['/Login', '/login'],
    ['/DASHBOARD//', '/dashboard'],
    ['/dashboard/keys/?done=x', '/dashboard/keys?done=x'],
    ['/dashboard/keys/AbC/', '/dashboard/keys/AbC'],
  ] as const) {
    const { status, headers } = await open(typed)
    t.match({ status, headers }, { status: 302, headers: { location: meant } }, typed)
    t.equal((await service.get(typed)).status, 404, 'for a program it is another path')
  }
  t.equal((await open('//evil.example/')).status, 404)
  for (const headers of [{ authorization: 'Bearer x' }, { 'x-api-key': 'x' }]) {
    const { body } = await service.get('/nowhere', { headers: { accept: 'text/html', ...headers } })
    t.equal(body.code, 'NOT_FOUND', 'a program that takes HTML too')
  }
})

t.test('an HTTP error about what no header can hold never shows a library’s words', async (t) => {
  const service = await startService(t)
  const schema = { hide: true }
  service.app.get('/odd/location', { schema }, async (_, reply) => reply.redirect('/漢\r\nX: y'))
  service.app.get('/odd/cookie', { schema }, async (_, reply) =>
    reply.writeCookie('__Host-latchkey_oauth_ (0)', 'x', 1).send({}),
  )
  service.app.get('/odd/drop', { schema }, async (_, reply) =>
    reply.dropCookie('__Host-latchkey_oauth_ (0)').send({}),
  )
  const answer = { ...schema, response: { 200: Type.Object({ id: Type.String() }) } }
  service.app.get('/odd/answer', { schema: answer }, async () => ({}))
  for (const path of ['/odd/location', '/odd/cookie', '/odd/answer']) {
    const { status, body, headers, text } = await service.get(path)
    t.match({ status, body }, { status: 500, body: { code: 'INTERNAL_ERROR' } }, path)
    t.match(headers, { 'content-type': /^application\/problem\+json/, 'x-frame-options': 'DENY' })
    t.notMatch(text, /invalid|argument|location|required/i)
  }
  t.equal(service.events('unexpected_error').length, 3, 'each is logged once')
  t.equal((await service.get('/odd/drop')).status, 200)

  const cookie = Array.from({ length: 5 }, (_, n) => `__Host-latchkey_oauth_ (${n})=x`).join('; ')
  const env = providersEnvironment({ github: { clientId: 'c', clientSecret: 'not a real one' } })
  const social = await startService(t, { env })
  const { status } = await social.get('/api/auth/github', { headers: { cookie } })
  t.equal(status, 302)
  t.same(social.events('unexpected_error'), [])
})
