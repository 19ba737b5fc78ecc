import { decodeJwt } from 'jose'
import t from 'tap'
import { newAdmin } from '../support/keys.js'
import { BILLING, ORDERS, RESOURCES, signInTo } from '../support/resources.js'
import { type Answer, ISSUER, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

const env = { RESOURCES }
const OWN_ORIGIN = { headers: { origin: ISSUER } }
const audienceOf = (token: string) => decodeJwt(token).aud

t.test('a session is opened with a token of one API', async (t) => {
  const service = await startService(t, { env })
  const account = await service.signUp()
  const admin = await newAdmin(service)

  t.test(
    'a session’s token of one API has the scopes of the role, and its own lifetime',
    async (t) => {
      const own = await service.signIn(account)
      t.match(decodeJwt(own.accessToken), { aud: 'latchkey', scope: 'user', role: 'user' })
      const orders = await signInTo(service, ORDERS, account)
      const claims = { iss: ISSUER, aud: ORDERS, client_id: 'latchkey', role: 'user' }
      t.match(decodeJwt(orders.accessToken), { ...claims, scope: 'user orders:read' })
      t.match(orders, { expiresIn: 900, user: { id: account.id } })
      const billing = await signInTo(service, BILLING, account)
      t.match(decodeJwt(billing.accessToken), { aud: BILLING, scope: 'user' })
      t.match(billing, { expiresIn: 60 })
      const { iat = 0, exp } = decodeJwt(billing.accessToken)
      t.equal(exp, iat + 60)
      const powerful = await signInTo(service, ORDERS, admin.account)
      t.match(decodeJwt(powerful.accessToken), {
        role: 'admin',
        scope: 'user admin orders:read orders:write shared:read',
      })
    },
  )

  t.test('Latchkey’s own routes refuse a session’s token of one API', async (t) => {
    const { accessToken: token } = await signInTo(service, ORDERS, admin.account)
    const { accessToken: own } = await service.signIn(admin.account)
    const routes = [
      ['GET', '/api/profile'],
      ['GET', '/api/protected'],
      ['GET', '/api/admin'],
      ['GET', '/api/auth/sessions'],
      ['DELETE', '/api/auth/sessions'],
      ['GET', '/api/auth/identities'],
      ['POST', '/api/auth/password', { newPassword: 'long enough, and new' }],
      ['GET', '/api/apikeys'],
      ['POST', '/api/apikeys/generate', { name: 'k' }],
      ['GET', `/api/admin/users/${account.id}`],
      ['PATCH', `/api/admin/users/${account.id}`, { role: 'admin' }],
      ['POST', '/api/auth/logout'],
    ] as const
    for (const [method, url, body] of routes) {
      const answer = await service.call(method, url, { token, body })
      t.match(answer, { status: 401, body: { code: 'TOKEN_INVALID' } }, `${method} ${url}`)
      const cookies = { '__Host-latchkey_access': token }
      const byCookie = await service.call(method, url, { ...OWN_ORIGIN, cookies, body })
      t.equal(byCookie.status, 401, `${method} ${url} by cookie`)
    }
    t.equal((await service.get('/api/admin', { token: own })).status, 200)
  })

  t.test('an unknown API opens no session and spends no refresh token', async (t) => {
    const { email, password } = account
    const { refreshToken, accessToken } = await service.signIn(account)
    const unknown = [ISSUER, 'latchkey', `${ORDERS}/`, ORDERS.toUpperCase(), 'constructor', 'x']
    const count = async (token: string) =>
      (await service.get('/api/auth/sessions', { token })).body.sessions.length as number
    const before = await count(accessToken)
    for (const resource of unknown) {
      const refused = { status: 400, body: { code: 'RESOURCE_UNKNOWN' } }
      const login = await service.post('/api/auth/login', { email, password, resource })
      t.match(login, refused, `${resource} at sign-in`)
      const refresh = await service.post('/api/auth/refresh', { refreshToken, resource })
      t.match(refresh, refused, `${resource} at refresh`)
    }
    t.equal(await count(accessToken), before)
    for (const resource of ['', 1, [ORDERS, BILLING], null]) {
      const login = await service.post('/api/auth/login', { email, password, resource })
      t.match(login, { status: 400, body: { code: 'VALIDATION_FAILED' } }, JSON.stringify(resource))
    }
    service.clock.advance(11_000)
    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 200, 'unspent')
  })
})

t.test('a session’s refresh asks for a token of one API', async (t) => {
  const service = await startService(t, { env })
  const account = await service.signUp()
  const refresh = (refreshToken: string, resource?: string): Promise<Answer> =>
    service.post('/api/auth/refresh', { refreshToken, ...(resource && { resource }) })

  t.test(
    'a session’s refresh gives a token of any API, one after the other, and of Latchkey itself again',
    async (t) => {
      let { refreshToken } = await signInTo(service, ORDERS, account)
      for (const resource of [BILLING, undefined, ORDERS]) {
        const { status, body } = await refresh(refreshToken, resource)
        t.equal(status, 200)
        t.equal(audienceOf(body.accessToken), resource ?? 'latchkey')
        t.equal(body.expiresIn, resource === BILLING ? 60 : 900)
        refreshToken = body.refreshToken
      }
    },
  )

  t.test(
    'two refreshes of a session at once for orders and billing: one successor, two audiences',
    async (t) => {
      const { refreshToken } = await service.signIn(account)
      const wanted = [ORDERS, BILLING]
      const answers = await parallel(10, (i) => refresh(refreshToken, wanted[i % 2]))
      t.ok(answers.every(({ status }) => status === 200))
      t.equal(new Set(answers.map(({ body }) => body.refreshToken)).size, 1)
      const audiences = new Set(answers.map(({ body }) => audienceOf(body.accessToken)))
      t.same([...audiences].sort(), [...wanted].sort())
    },
  )

  t.test(
    'a session’s refresh by cookie gives the API’s token in the body; the cookies stay Latchkey’s',
    async (t) => {
      const { email, password } = account
      const login = { email, password, useCookies: true, resource: ORDERS }
      const signedIn = await service.post('/api/auth/login', login, OWN_ORIGIN)
      const valueOf = ({ cookies }: Answer, name: string) =>
        cookies.find((cookie) => cookie.name === `__Host-latchkey_${name}`)?.value ?? ''
      const check = (answer: Answer, what: string) => {
        t.equal(answer.status, 200, what)
        t.equal(audienceOf(answer.body.accessToken), ORDERS, `${what}: the body`)
        t.notOk('refreshToken' in answer.body, what)
        t.equal(audienceOf(valueOf(answer, 'access')), 'latchkey', `${what}: the access cookie`)
        t.notMatch(JSON.stringify(answer.cookies), answer.body.accessToken)
      }
      check(signedIn, 'sign-in')
      const cookies = { '__Host-latchkey_refresh': valueOf(signedIn, 'refresh') }
      const call = { ...OWN_ORIGIN, cookies }
      check(await service.post('/api/auth/refresh', { resource: ORDERS }, call), 'refresh')
      const plain = await service.post('/api/auth/refresh', {}, call)
      t.equal(plain.status, 200)
      t.notOk('accessToken' in plain.body, 'without resource the body has no token')
    },
  )
})
