import t from 'tap'
import { startService } from '../support/service.js'
import { openWire } from '../support/wire.js'

const preflight = (origin: string) => ({
  headers: { origin, 'access-control-request-method': 'POST' },
})
const LOGIN = '/api/auth/login'

t.test('CORS is off by default', async (t) => {
  const service = await startService(t)
  const answer = await service.call('OPTIONS', LOGIN, preflight('https://app.example.com'))
  t.equal(answer.headers['access-control-allow-origin'], undefined)
  const { headers } = await service.get('/healthz', {
    headers: { origin: 'https://app.example.com' },
  })
  t.equal(headers['access-control-allow-origin'], undefined)
})

t.test('CORS lets listed origins call with credentials, and no other (ASVS V3.4.2)', async (t) => {
  const env = { CORS_ORIGINS: 'https://app.example.com, http://localhost:5173' }
  const service = await startService(t, { env })
  for (const origin of ['https://app.example.com', 'http://localhost:5173']) {
    const { status, headers } = await service.call('OPTIONS', LOGIN, preflight(origin))
    t.equal(status, 204)
    t.match(headers, {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      vary: /Origin/,
    })
  }
  const strangers = [
    'null',
    'https://evil.example',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'HTTPS://APP.EXAMPLE.COM',
  ]
  for (const origin of strangers) {
    const { headers } = await service.call('OPTIONS', LOGIN, preflight(origin))
    t.equal(headers['access-control-allow-origin'], undefined, origin)
  }
})

const APP = 'https://app.example.com'
const CROSS = { CORS_ORIGINS: APP }

t.test('OPTIONS that asks for nothing is answered as without CORS', async (t) => {
  const service = await startService(t, { env: CROSS })
  for (const headers of [{}, { origin: APP }, { 'access-control-request-method': 'GET' }]) {
    for (const [path, status] of [
      ['/api/profile', 405],
      ['/nowhere', 404],
    ] as const) {
      const answer = await service.call('OPTIONS', path, { headers })
      t.equal(answer.status, status, path)
      t.match(answer.headers, { 'content-type': /^application\/problem\+json/, vary: 'Origin' })
    }
  }
})

t.test('a CORS preflight of an origin that is not listed learns nothing', async (t) => {
  const service = await startService(t, { env: CROSS })
  const { status, headers } = await service.call(
    'OPTIONS',
    LOGIN,
    preflight('https://evil.example'),
  )
  t.equal(status, 405)
  const names = Object.keys(headers).filter((name) => name.startsWith('access-control-'))
  t.same(names, [])
})

t.test('a listed origin can read every failure by CORS', async (t) => {
  const service = await startService(t, { env: CROSS })
  const wire = await openWire(service)
  const origin = { origin: APP }
  const readable = {
    'access-control-allow-origin': APP,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': /retry-after/,
    vary: /Origin/,
  }
  for (const [status, method, path, headers] of [
    [401, 'GET', '/api/profile', {}],
    [404, 'GET', '/nowhere', {}],
    [404, 'GET', `/api/apikeys/${'x'.repeat(200)}`, {}],
    [400, 'GET', '/%', {}],
    [405, 'PUT', '/api/profile', {}],
    [415, 'POST', LOGIN, { 'content-type': 'text/plain', 'content-length': '0' }],
    [431, 'GET', '/api/profile', { cookie: 'x'.repeat(17_000) }],
    [417, 'GET', '/api/profile', { expect: 'the unexpected' }],
    [501, 'FROBNICATE', '/api/profile', {}],
  ] as const) {
    const answer = await wire(method, path, { headers: { ...origin, ...headers } })
    t.equal(answer.status, status, `${method} ${path.slice(0, 30)}`)
    t.match(answer.headers, readable, `${method} ${path.slice(0, 30)}`)
    t.match(answer.headers, { 'x-content-type-options': 'nosniff' })
  }
  const page = await service.get('/login', { headers: origin })
  t.equal(page.headers.vary, 'Origin, Accept-Language, Cookie')
})
