import { randomBytes, randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import type { AppGrant } from '../../src/sessions/app-grant.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { ISSUER, startService } from '../support/service.js'

const REFRESH = '__Host-latchkey_refresh'
const SESSIONS = '/api/auth/sessions'

const newGrant = (): AppGrant => ({
  clientId: `app_${randomBytes(16).toString('base64url')}`,
  name: 'Orders',
  isFirstParty: true,
  scopes: ['openid'],
  resources: [],
})

/** A person who has let an app in. */
async function startWithApp(t: Test, { isOffline = true } = {}) {
  const service = await startService(t)
  const { sessions, users } = service.services
  const account = await service.signUp()
  const browser = await service.signIn(account)
  const token = browser.accessToken
  const { body } = await service.get(SESSIONS, { token })
  const browserId = body.sessions[0].id as string
  const [log, app] = [service.app.log, newGrant()]
  const device = { ip: '198.51.100.7', userAgent: 'Phone/1.0', log }
  const open = async (given = app) => {
    const user = await users.store.findById(account.id)
    if (!user) throw new Error('The account is gone')
    return sessions.openForApp(user, device, {
      sessionId: randomUUID(),
      app: given,
      parentSessionId: isOffline ? undefined : browserId,
      amr: ['pwd'],
      authTime: service.clock(),
      alongside: [],
    })
  }
  const caller = {
    ...device,
    address: device.ip,
    language: 'en' as const,
    requestId: randomUUID(),
    route: undefined,
    cookie: () => undefined,
  }
  const refresh = async (refreshToken: string, clientId?: string) => {
    const presented = clientId === undefined ? {} : { clientId }
    const grant = sessions.refresh(caller, refreshToken, presented)
    return grant.catch((error: unknown) => (error as { type: { code: string } }).type.code)
  }
  return { service, account, browser, browserId, app, open, refresh }
}

t.test('the refresh token of an app’s session', async (t) => {
  const { service, browser, app, open, refresh } = await startWithApp(t)
  const { refreshToken } = await open()

  t.test(
    'an app’s refresh token is refused by the doors of Latchkey itself, and its session lives on',
    async (t) => {
      const cookies = { [REFRESH]: refreshToken }
      const headers = { origin: ISSUER }
      t.match(await service.post('/api/auth/refresh', { refreshToken }), {
        status: 401,
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })
      t.equal((await service.post('/api/auth/refresh', {}, { cookies, headers })).status, 401)
      const page = await service.get('/dashboard', { cookies, headers: { accept: 'text/html' } })
      t.match(page, { status: 303, headers: { location: /^\/login/ } })
      t.equal((await service.post('/api/auth/logout', {}, { cookies, headers })).status, 401)
    },
  )

  t.test(
    'an app’s refresh token is refused without its client and with another one, at no cost',
    async (t) => {
      const before = service.calls.length
      t.equal(await refresh(refreshToken), 'REFRESH_TOKEN_INVALID')
      t.equal(await refresh(refreshToken, newGrant().clientId), 'REFRESH_TOKEN_INVALID')
      t.equal(await refresh(browser.refreshToken, app.clientId), 'REFRESH_TOKEN_INVALID')
      t.equal(service.calls.length, before)
    },
  )

  t.test(
    'an app’s refresh token gets its client one successor, from any number of calls at once',
    async (t) => {
      const all = await Promise.all(
        Array.from({ length: 50 }, () => refresh(refreshToken, app.clientId)),
      )
      const tokens = all.map((grant) => (typeof grant === 'string' ? grant : grant.refreshToken))
      t.equal(new Set(tokens).size, 1)
      const [next = ''] = tokens
      t.match(next, /^lkr_/)
      t.match(await refresh(next, app.clientId), { app, amr: ['pwd'] })
    },
  )
})

t.test('the session of an app', async (t) => {
  t.test(
    'the session of an app is listed with the name of the app, and ended by its owner',
    async (t) => {
      const { service, browser, app, open, refresh } = await startWithApp(t)
      const { refreshToken, sessionId } = await open()
      const token = browser.accessToken
      const { body } = await service.get(SESSIONS, { token })
      const { clientId, name } = app
      t.match(
        body.sessions.find(({ id }: { id: string }) => id === sessionId),
        { current: false, app: { clientId, name }, userAgent: 'Phone/1.0' },
      )
      t.equal(body.sessions.find((each: { current: boolean }) => each.current).app, null)
      t.equal((await service.delete(`${SESSIONS}/${sessionId}`, { token })).status, 204)
      t.equal(await refresh(refreshToken, clientId), 'REFRESH_TOKEN_INVALID')
    },
  )

  t.test('the session of an app ends with all other sessions of its user', async (t) => {
    const { service, account, app, open, refresh } = await startWithApp(t)
    const { refreshToken } = await open()
    await service.services.users.store.endSessions(account.id)
    t.equal(await refresh(refreshToken, app.clientId), 'REFRESH_TOKEN_INVALID')
  })

  t.test('all sessions of one app end, and no other sessions', async (t) => {
    const { service, account, browser, app, open, refresh } = await startWithApp(t)
    const other = newGrant()
    const [one, two, others] = [await open(), await open(), await open(other)]
    await service.services.sessions.endOfApp({ id: account.id }, app.clientId)
    t.equal(await refresh(one.refreshToken, app.clientId), 'REFRESH_TOKEN_INVALID')
    t.equal(await refresh(two.refreshToken, app.clientId), 'REFRESH_TOKEN_INVALID')
    t.match(await refresh(others.refreshToken, other.clientId), { app: other })
    const { refreshToken } = browser
    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 200)
  })

  t.test(
    'an app’s session without offline access ends with the session of the browser',
    async (t) => {
      const { service, browser, browserId, app, open, refresh } = await startWithApp(t, {
        isOffline: false,
      })
      const first = await open()
      service.clock.advance(MINUTE)
      const second = await refresh(first.refreshToken, app.clientId)
      t.match(second, { sessionId: first.sessionId })
      if (typeof second === 'string') return
      const { sessions, users } = service.services
      t.ok(await sessions.findLive(first.user.id, first.sessionId))
      await service.post('/api/auth/logout', undefined, { token: browser.accessToken })
      t.equal(await sessions.findLive(first.user.id, browserId), undefined)
      t.equal(await sessions.findLive(first.user.id, first.sessionId), undefined)
      const user = await users.store.findById(first.user.id)
      t.same(user && (await sessions.list(user)), [], 'and is not listed')
      t.equal(await refresh(second.refreshToken, app.clientId), 'REFRESH_TOKEN_INVALID')
    },
  )

  t.test('an app’s session with offline access outlives the session of the browser', async (t) => {
    const { service, browser, app, open, refresh } = await startWithApp(t)
    const { refreshToken } = await open()
    await service.post('/api/auth/logout', undefined, { token: browser.accessToken })
    service.clock.advance(HOUR)
    t.match(await refresh(refreshToken, app.clientId), { app })
  })
})
