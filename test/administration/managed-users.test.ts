import t from 'tap'
import { MINUTE } from '../support/clock.js'
import { newAdmin, newOwner, statusOf } from '../support/keys.js'
import { type EngineCall, startProxy } from '../support/proxy.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const USERS = '/api/admin/users'

async function start(...[t, options]: Parameters<typeof startService>) {
  const service = await startService(t, options)
  const admin = await newAdmin(service)
  const { accessToken: token } = await service.signIn(admin.account)
  return { service, admin, token }
}

const acts = (service: Service) =>
  service
    .events('authz_admin')
    .map(({ userId, targetId, action, from, to }) => ({ userId, targetId, action, from, to }))

t.test('an administrator finds a user', async (t) => {
  const { service, admin, token } = await start(t)
  const account = await service.signUp()
  const shown = {
    id: account.id,
    email: account.email,
    role: 'user',
    status: 'active',
    createdAt: new Date(service.clock()).toISOString(),
    emailVerified: false,
    hasPassword: true,
    providers: [],
    identities: [],
    isAdminAccount: false,
    secondFactors: [],
    isTotpLocked: false,
    factorsRemoval: null,
  }
  const byEmail = await service.post(
    `${USERS}/find`,
    { email: account.email.toUpperCase() },
    { token },
  )
  t.match(byEmail, { status: 200 })
  t.same(byEmail.body, { user: shown }, 'by address, whatever its letters')
  const byId = await service.get(`${USERS}/${account.id}`, { token })
  t.same(byId.body, { user: shown }, 'by id')
  t.notMatch(byId.text, /argon2|epoch/)

  for (const [method, path, body] of [
    ['POST', `${USERS}/find`, { email: newAccount().email }],
    ['GET', `${USERS}/nobody`],
    ['PATCH', `${USERS}/nobody`, { status: 'disabled' }],
    ['DELETE', `${USERS}/unknown/sessions`],
  ] as const) {
    const answer = await service.call(method, path, { token, body })
    t.match(answer, { status: 404, body: { code: 'USER_NOT_FOUND' } }, `${method} ${path}`)
  }
  const found = { userId: admin.id, targetId: account.id, action: 'find' }
  t.match(acts(service), [found, found], 'each look is recorded')
  t.notOk(service.calls.includes('Scan users'))
})

t.test('an administrator disables and enables a user', async (t) => {
  const { service, admin, token } = await start(t)
  const owner = await newOwner(service)
  const { account } = owner
  const key = await owner.generate()
  const { refreshToken } = await service.signIn(account)
  const set = (status: string) =>
    service.call('PATCH', `${USERS}/${account.id}`, { token, body: { status } })

  t.match(await set('disabled'), { status: 200, body: { user: { status: 'disabled' } } })
  t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
  t.equal((await service.post('/api/auth/login', account)).status, 400)
  const { email, password } = account
  t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
  t.equal(await statusOf(service, key.secret), 401, 'keys stop')

  t.match(await set('active'), { status: 200, body: { user: { status: 'active' } } })
  t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401, 'none revives')
  t.equal((await service.post('/api/auth/login', { email, password })).status, 200)
  const change = { userId: admin.id, targetId: account.id, action: 'status' }
  t.match(acts(service), [
    { ...change, from: 'active', to: 'disabled' },
    { ...change, from: 'disabled', to: 'active' },
  ])
})

t.test('an administrator changes a user’s role, and ends all sessions', async (t) => {
  const { service, token } = await start(t)
  const account = await service.signUp()
  const change = (role: string) =>
    service.call('PATCH', `${USERS}/${account.id}`, { token, body: { role } })
  t.match(await change('admin'), { status: 200, body: { user: { role: 'admin' } } })
  const promoted = await service.signIn(account)
  t.equal((await service.get('/api/admin', { token: promoted.accessToken })).status, 200)
  t.match(await change('user'), { status: 200, body: { user: { role: 'user' } } })
  t.match(
    acts(service).map(({ action, from, to }) => [action, from, to]),
    [
      ['role', 'user', 'admin'],
      ['role', 'admin', 'user'],
    ],
  )
  const ask = await service.get(`${USERS}/${account.id}`, { token: promoted.accessToken })
  t.match(ask, { status: 403, body: { code: 'FORBIDDEN' } }, 'the store decides, not the token')

  const { refreshToken } = promoted
  t.equal((await service.delete(`${USERS}/${account.id}/sessions`, { token })).status, 204)
  t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
})

t.test('an administrator changes a user’s role and status together or not at all', async (t) => {
  const proxy = await startProxy(t)
  const { service, token } = await start(t, { endpoint: proxy.endpoint })
  const account = await service.signUp()
  const url = `${USERS}/${account.id}`
  const change = (body: object) => service.call('PATCH', url, { token, body })
  const isWrite = ({ operation, body }: EngineCall) =>
    operation === 'TransactWriteItems' && body.includes('-users')

  let writes = 0
  proxy.decide((call) => (isWrite(call) && ++writes > 1 ? 'fail' : 'pass'))
  const promoted = await change({ role: 'admin', status: 'disabled' })
  t.match(promoted, { status: 200, body: { user: { role: 'admin', status: 'disabled' } } })
  const recorded = [
    { action: 'role', from: 'user', to: 'admin' },
    { action: 'status', from: 'active', to: 'disabled' },
  ]
  t.match(acts(service), recorded)

  proxy.decide((call) => (isWrite(call) ? 'fail' : 'pass'))
  t.equal((await change({ role: 'user', status: 'active' })).status, 503)
  t.match(acts(service), recorded, 'what was not done is not recorded')
  proxy.decide(() => 'pass')
  const { body } = await service.get(url, { token })
  t.match(body.user, { role: 'admin', status: 'disabled' })
})

t.test(
  'an administrator’s change of a user records what it changed, though others change it at once',
  async (t) => {
    const { service, token } = await start(t)
    const { id } = await service.signUp()
    await parallel(8, () =>
      service.call('PATCH', `${USERS}/${id}`, { token, body: { role: 'admin' } }),
    )
    t.same(tally(acts(service).map(({ from }) => from as string)), { user: 1, admin: 7 })
  },
)

t.test('two administrators who demote or disable each other at once leave one', async (t) => {
  const proxy = await startProxy(t)
  for (const body of [{ role: 'user' }, { status: 'disabled' }]) {
    const { service, admin, token } = await start(t, { endpoint: proxy.endpoint })
    const rival = await newAdmin(service)
    const { accessToken: rivalToken } = await service.signIn(rival.account)

    let waiting = 0
    let letOn = (): void => undefined
    const bothHaveCome = new Promise<void>((resolve) => {
      letOn = resolve
    })
    proxy.decide(async ({ operation, body }) => {
      const isWrite = /^(UpdateItem|TransactWriteItems)$/.test(operation)
      if (!isWrite || !body.includes('-users')) return 'pass' as const
      if (++waiting === 2) letOn()
      await bothHaveCome
      return 'pass' as const
    })
    const answers = await Promise.all([
      service.call('PATCH', `${USERS}/${rival.id}`, { token, body }),
      service.call('PATCH', `${USERS}/${admin.id}`, { token: rivalToken, body }),
    ])
    proxy.decide(() => 'pass')
    t.same(answers.map(({ status }) => status).sort(), [200, 403], JSON.stringify(body))
    const late = answers.find(({ status }) => status === 403)
    t.match(late?.body, { code: 'FORBIDDEN' })
    t.equal(acts(service).length, 1, 'what was not done is not recorded')
  }
})

t.test('a user who has become an administrator is one at once', async (t) => {
  const { service } = await start(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  t.equal((await service.get(`${USERS}/${account.id}`, { token })).status, 403)
  await service.services.users.store.change(account.id, { role: 'admin' })
  t.equal((await service.get(`${USERS}/${account.id}`, { token })).status, 200)
})

t.test('no administrator locks themselves out', async (t) => {
  const { service, admin, token } = await start(t)
  const change = (body: object) => service.call('PATCH', `${USERS}/${admin.id}`, { token, body })
  for (const body of [
    { status: 'disabled' },
    { role: 'user' },
    { role: 'user', status: 'active' },
  ]) {
    t.match(
      await change(body),
      { status: 409, body: { code: 'OWN_ACCOUNT' } },
      JSON.stringify(body),
    )
  }
  t.equal((await change({ role: 'admin' })).status, 200, 'what changes nothing is let pass')
  t.equal((await service.get(`${USERS}/${admin.id}`, { token })).status, 200)
  for (const body of [{}, { role: 'root' }, { status: 'gone' }, { epoch: 1 }]) {
    t.equal((await change(body)).status, 400, JSON.stringify(body))
  }
})

t.test(
  'an administrator who gives power needs a sign-in of the last 15 minutes, taking it does not',
  async (t) => {
    const { service, admin, token } = await start(t)
    const account = await service.signUp()
    const change = (body: object, by: string) =>
      service.call('PATCH', `${USERS}/${account.id}`, { token: by, body })
    const refreshed = async (refreshToken: string) =>
      (await service.post('/api/auth/refresh', { refreshToken })).body.accessToken as string
    const { refreshToken } = await service.signIn(admin.account)
    t.equal((await change({ role: 'admin' }, token)).status, 200)
    t.equal((await change({ role: 'user' }, token)).status, 200)
    service.clock.advance(15 * MINUTE)
    const old = await refreshed(refreshToken)
    for (const body of [
      { role: 'admin' },
      { role: 'user' },
      { status: 'active' },
      { role: 'admin', status: 'disabled' },
    ]) {
      const answer = await change(body, old)
      t.match(answer, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } })
      t.match(answer.headers['www-authenticate'], /insufficient_user_authentication.*max_age="900"/)
    }
    const shown = await service.get(`${USERS}/${account.id}`, { token: old })
    t.match(shown, { status: 200, body: { user: { role: 'user', status: 'active' } } })
    const found = await service.post(`${USERS}/find`, { email: account.email }, { token: old })
    t.equal(found.status, 200, 'reading')
    t.equal((await change({ status: 'disabled' }, old)).status, 200, 'disabling')
    const ended = await service.delete(`${USERS}/${account.id}/sessions`, { token: old })
    t.equal(ended.status, 204, 'ending sessions')
    const { accessToken: recent } = await service.signIn(admin.account)
    t.equal((await change({ status: 'active', role: 'admin' }, recent)).status, 200)
  },
)
