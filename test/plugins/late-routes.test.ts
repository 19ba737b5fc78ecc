import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/service.js'
import { RouteList } from '../../src/http/route-list.js'
import errors from '../../src/plugins/errors.js'
import lateRoutes from '../../src/plugins/late-routes.js'
import { watchInstances } from '../support/routes.js'
import { ISSUER, startService } from '../support/service.js'

const ORIGIN = 'https://app.example.com'
const PREFLIGHT = {
  headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
}

t.test('late routes are registered by the first request for one of them', async (t) => {
  const registrations = countRegistrations(t, '/login')
  const service = await startService(t, { env: { CORS_ORIGINS: ORIGIN } })
  const account = await service.signUp()
  const { accessToken: token, refreshToken } = await service.signIn(account)
  const statuses = [
    await service.get('/api/protected', { token }),
    await service.get('/api/profile', { token }),
    await service.post('/api/auth/refresh', { refreshToken }),
    await service.call('OPTIONS', '/api/auth/sessions', PREFLIGHT),
    await service.call('OPTIONS', '/api/auth/login', PREFLIGHT),
    await service.get('/.well-known/jwks.json'),
    await service.get('/healthz'),
    await service.post('/api/auth/logout', undefined, { token }),
  ].map(({ status }) => status)
  t.same(statuses, [200, 200, 200, 204, 204, 200, 200, 200])
  t.equal(registrations(), 0, 'what programs ask for needs none of them, nor does a preflight')

  const answers = await Promise.all(
    ['/login', '/openapi.json', '/api/auth/sessions', '/nowhere'].map((path) => service.get(path)),
  )
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 401, 404],
  )
  t.equal(registrations(), 1, 'requests at once register them once')
})

t.test('late routes and first ones are one service to a caller', async (t) => {
  const service = await startService(t)
  const { paths } = (await service.get('/openapi.json')).body
  for (const path of ['/api/protected', '/api/auth/sessions', '/api/auth/login']) {
    t.ok(paths[path], path)
    const { status, headers } = await service.call('PUT', path)
    const methods = Object.keys(paths[path]).map((method) => method.toUpperCase())
    t.equal(status, 405)
    t.same(
      String(headers.allow)
        .split(', ')
        .filter((method) => method !== 'HEAD'),
      methods.sort(),
    )
  }
})

t.test('an identity provider with the path of a route is refused at the start', async (t) => {
  const service = await startService(t)
  const { paths } = (await service.get('/openapi.json')).body
  const taken = Object.keys(paths).flatMap(
    (path) => /^\/api\/auth\/([a-z-]+)/.exec(path)?.[1] ?? [],
  )
  t.ok(taken.includes('devices'))
  for (const id of new Set(taken)) {
    const provider = { clientId: 'a', clientSecret: 'b', issuer: 'https://id.example.com' }
    const OAUTH_PROVIDERS = JSON.stringify({ [id]: provider })
    t.throws(() => loadConfig({ ISSUER, OAUTH_PROVIDERS }), /not like another path/, id)
  }
})

t.test('late routes end with the app', async (t) => {
  const { app } = await startService(t)
  const late = await app.lateRoutes()
  await app.close()
  await t.rejects(late.inject('/login'), { code: 'FST_ERR_REOPENED_CLOSE_SERVER' })
})

t.test('late routes that can’t be loaded are loaded again by the next request', async (t) => {
  let failures = 1
  const lines: string[] = []
  const logger = { level: 'error', stream: { write: (line: string) => void lines.push(line) } }
  const app = Fastify({ logger })
  t.teardown(() => app.close())
  await app.register(errors, {
    issuer: ISSUER,
    failurePage: async (_error, _request, reply) => reply,
  })
  const routes = new RouteList()
  await app.register(lateRoutes, {
    async build() {
      const late = Fastify()
      routes.follow(late)
      const schema = { response: { 200: { type: 'object', additionalProperties: true } } }
      late.get('/late', { schema }, async () => ({ late: true }))
      failures -= 1
      if (failures >= 0) throw new Error('not yet')
      return late
    },
  })
  const failed = await app.inject('/late')
  t.equal(failed.statusCode, 503)
  t.equal(failed.headers['retry-after'], '2')
  t.equal(failed.json().code, 'SERVICE_UNAVAILABLE')
  t.notMatch(failed.body, /not yet/)
  t.match(lines.join(), /start_fail/)
  t.same((await app.inject('/late')).json(), { late: true })
  const described = routes.described.map(({ method, url }) => `${String(method)} ${url}`)
  t.same(described, ['GET /late'], 'a route that was registered twice is described once')
})

t.test('late routes that are being loaded end with the app', async (t) => {
  let closed = false
  const app = Fastify()
  await app.register(lateRoutes, {
    async build() {
      const late = Fastify()
      late.addHook('onClose', async () => void (closed = true))
      return late
    },
  })
  await app.ready()
  const loading = app.lateRoutes()
  await app.close()
  await loading
  t.ok(closed)
})

/** @returns how many times a route was registered since, in whichever instance. */
function countRegistrations(t: Test, url: string): () => number {
  let count = 0
  const stop = watchInstances((fastify) => {
    fastify.addHook('onRoute', (route) => {
      if (route.url === url && route.method === 'GET') count += 1
    })
  })
  t.teardown(stop)
  return () => count
}
