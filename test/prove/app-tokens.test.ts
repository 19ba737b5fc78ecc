import t from 'tap'
import { decodeJwt } from 'jose'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import {
  newApp,
  refreshAs,
  redeem,
  codeFor,
  tokensFor,
  type AppTokens,
} from '../support/code-flow.js'
import { newAdmin } from '../support/keys.js'
import { submit } from '../support/pages.js'
import { Person } from '../support/person.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { type Route, withRoutes } from '../support/routes.js'
import { ISSUER, startService } from '../support/service.js'

const OWN = { origin: ISSUER, 'sec-fetch-site': 'same-origin' }
const USERINFO = `${ISSUER}/oauth/userinfo`

t.test('a token of an app opens userinfo, and nothing below /api', async (t) => {
  const { app: service, routes } = await withRoutes(() => startService(t, { env: { RESOURCES } }))
  const admin = await newAdmin(service)
  for (const isFirstParty of [true, false]) {
    const app = await newApp(service, { isFirstParty })
    const person = new Person(admin.account, service)
    const tokens = await tokensFor(service, person, app, { scope: 'openid email profile' })
    const { aud, client_id } = decodeJwt(tokens.access_token)
    t.match({ aud, client_id }, { aud: USERINFO, client_id: app.clientId })
    const told = await service.get('/oauth/userinfo', { token: tokens.access_token })
    t.match(told, { status: 200, body: { sub: admin.id, email: admin.account.email } })

    const protectedRoutes = routes.filter(isProtected)
    t.ok(protectedRoutes.length > 40, `${protectedRoutes.length} routes`)
    for (const token of [tokens.access_token, tokens.id_token]) {
      for (const { method, url } of protectedRoutes) {
        const path = url.replace(/:[a-zA-Z]+/g, admin.id)
        for (const call of [{ token }, { cookies: { [ACCESS_COOKIE]: token }, headers: OWN }]) {
          const { status } = await service.call(method, path, { ...call, ...bodyFor(method) })
          if (status !== 401) t.fail(`${method} ${path}: ${status}`)
        }
      }
    }
    const idToken = await service.get('/oauth/userinfo', { token: tokens.id_token })
    t.equal(idToken.status, 401, 'an ID token opens not even that')
  }
})

const isProtected = ({ url, method, schema }: Route): boolean => {
  const security = (schema as { security?: readonly object[] } | undefined)?.security
  const isOpen = security?.length === 0 || security?.some((way) => Object.keys(way).length === 0)
  return url.startsWith('/api/') && method !== 'HEAD' && method !== 'OPTIONS' && !isOpen
}

const bodyFor = (method: string) => (method === 'GET' || method === 'DELETE' ? {} : { body: {} })

t.test('the refresh token of an app is refused everywhere but at its own client', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const account = await service.signUp()
  const other = await newApp(service)
  const otherPublic = await newApp(service, { isPublic: true })
  for (const isPublic of [false, true]) {
    const app = await newApp(service, { isPublic })
    const person = new Person(account, service)
    const own = await service.signIn(account)
    const tokens = await tokensFor(service, person, app)
    const { refresh_token: refreshToken } = tokens
    const cookies = { [REFRESH_COOKIE]: refreshToken }

    const refusals: Record<string, () => Promise<{ status: number }>> = {
      'at /api/auth/refresh': () => service.post('/api/auth/refresh', { refreshToken }),
      'as a cookie': () =>
        service.call('POST', '/api/auth/refresh', { cookies, headers: OWN, body: {} }),
      'for an API': () => service.post('/api/auth/refresh', { refreshToken, resource: ORDERS }),
      'with another client': () => refreshAs(service, other, refreshToken),
      'with another public client': () => refreshAs(service, otherPublic, refreshToken),
      'with a key that looks like a client': () =>
        refreshAs(service, { clientId: 'latchkey', secret: undefined }, refreshToken),
      'without a client': () =>
        service.call('POST', '/oauth/token', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            refresh_token: refreshToken,
          }).toString(),
        }),
      'as an access token': () => service.get('/api/profile', { token: refreshToken }),
    }
    for (const [name, refuse] of Object.entries(refusals)) {
      const { status } = await refuse()
      t.ok(status === 400 || status === 401, `${name}: ${status}`)
    }
    const page = await service.get('/dashboard', { cookies, headers: { accept: 'text/html' } })
    t.match(page, { status: 303, headers: { location: /^\/login/ } }, 'at a page')
    const form = await submit(service, '/dashboard/sessions', {}, { cookies })
    t.notOk(form.status === 200, 'at a form')

    const alive = await refreshAs(service, app, refreshToken)
    t.equal(alive.status, 200, 'and its session lives')
    const reverse = await refreshAs(service, app, own.refreshToken)
    t.match(reverse, { status: 400, body: { error: 'invalid_grant' } }, 'nor the other way round')
    const kept = await service.post('/api/auth/refresh', { refreshToken: own.refreshToken })
    t.equal(kept.status, 200, 'which ends nothing either')
  }
})

t.test('an app of others gets no rights of an administrator', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const { account } = await newAdmin(service)
  const scope = 'openid orders:read orders:write'
  const claimsFor = async (isFirstParty: boolean) => {
    const app = await newApp(service, { isFirstParty })
    const person = new Person(account, service)
    const { access_token } = await tokensFor(service, person, app, { scope, resource: ORDERS })
    return decodeJwt(access_token)
  }
  const foreign = await claimsFor(false)
  t.equal(foreign.aud, ORDERS)
  t.same(String(foreign.scope).split(' ').sort(), ['orders:read', 'orders:write'])
  t.notOk('role' in foreign)
  const own = await claimsFor(true)
  t.ok(String(own.scope).split(' ').includes('admin'), 'the team’s own does')
  t.equal(own.role, 'admin')

  const user = await service.signUp()
  const app = await newApp(service, { isFirstParty: false })
  const { access_token } = await tokensFor(service, new Person(user, service), app, {
    scope,
    resource: ORDERS,
  })
  t.equal(decodeJwt(access_token).scope, 'orders:read', 'nor what its person may not do')
})

t.test('a token is for what was asked for at the authorization', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const { account } = await newAdmin(service)
  const app = await newApp(service)
  const person = new Person(account, service)

  const both = await redeem(
    service,
    app,
    await codeFor(person, app, { resource: [ORDERS, BILLING] }),
  )
  t.match(both, { status: 400, body: { error: 'invalid_target' } }, 'one of two must be named')
  const code = await codeFor(person, app, { resource: [ORDERS, BILLING] })
  const tokens = (await redeem(service, app, code, { resource: BILLING })).body as AppTokens
  t.equal(decodeJwt(tokens.access_token).aud, BILLING)
  const { refresh_token: token } = tokens
  const none = await refreshAs(service, app, token)
  t.match(none, { status: 400, body: { error: 'invalid_target' } })
  const userinfo = await refreshAs(service, app, token, { resource: USERINFO })
  t.equal(decodeJwt(userinfo.body.access_token).aud, USERINFO)
  const outside = await tokensFor(service, person, app, { resource: ORDERS })
  for (const resource of [BILLING, 'latchkey', ISSUER, 'https://unknown.example']) {
    const answer = await refreshAs(service, app, outside.refresh_token, { resource })
    t.match(answer, { status: 400, body: { error: 'invalid_target' } }, resource)
  }
  t.equal((await refreshAs(service, app, outside.refresh_token)).status, 200, 'and nothing ends')
})

t.test('consent', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const account = await service.signUp()
  const met = async (person: Person, app: Parameters<typeof codeFor>[1], more = {}) => {
    person.met.length = 0
    await codeFor(person, app, more)
    return [...person.met]
  }
  const person = new Person(account, service)
  const own = await newApp(service)
  t.same(await met(person, own), ['/login'], 'is not asked for by the team’s own app')
  const loopback = await newApp(service, { redirectUris: ['http://127.0.0.1/cb'] })
  for (let time = 0; time < 3; time++) {
    t.same(await met(person, loopback), ['/consent'], 'but each time where it is on loopback')
  }
  const foreign = await newApp(service, { isFirstParty: false })
  t.same(await met(person, foreign), ['/consent'], 'by an app of others')
  t.same(await met(person, foreign), [], 'once')
  t.same(await met(person, foreign, { scope: 'openid email' }), ['/consent'], 'for more')
  t.same(await met(person, foreign, { scope: 'openid' }), [], 'not for less')
  t.same(await met(person, foreign, { scope: 'openid email', prompt: 'consent' }), ['/consent'])
  const api = { scope: 'openid orders:read', resource: ORDERS }
  t.same(await met(person, foreign, api), ['/consent'], 'for an API')
  t.same(await met(person, foreign, api), [])
})
