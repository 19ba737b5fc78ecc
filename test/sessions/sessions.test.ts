import { randomUUID } from 'node:crypto'
import t from 'tap'
import { SessionsStore } from '../../src/sessions/store.js'
import { DAY, MINUTE } from '../support/clock.js'
import { type Service, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

const SESSIONS = '/api/auth/sessions'

const refresh = (service: Service, refreshToken: string) =>
  service.post('/api/auth/refresh', { refreshToken })

t.test('GET /api/auth/sessions', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const phone = await service.signIn(account, {
    headers: { 'user-agent': 'Phone/1.0' },
    remoteAddress: '198.51.100.7',
  })
  service.clock.advance(MINUTE)
  const laptop = await service.signIn(account, { headers: { 'user-agent': 'x'.repeat(1000) } })

  const { status, body } = await service.get(SESSIONS, { token: phone.accessToken })
  t.equal(status, 200)
  t.match(body.sessions, [
    { current: false, userAgent: 'x'.repeat(256), ip: '127.0.0.1' },
    {
      id: String,
      current: true,
      createdAt: '2030-01-01T00:00:00.000Z',
      lastUsedAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-01-15T00:00:00.000Z',
      userAgent: 'Phone/1.0',
      ip: '198.51.100.7',
    },
  ])
  t.same(
    Object.keys(body.sessions[0]).sort(),
    ['app', 'createdAt', 'current', 'expiresAt', 'id', 'ip', 'lastUsedAt', 'replay', 'userAgent'],
    'and no hash',
  )

  service.clock.advance(DAY - 2 * MINUTE)
  const [head, onLaptop] = [
    await refresh(service, phone.refreshToken),
    await refresh(service, laptop.refreshToken),
  ]
  service.clock.advance(MINUTE)
  await refresh(service, head.body.refreshToken)
  const token = onLaptop.body.accessToken
  const later = await service.get(SESSIONS, { token })
  t.match(later.body.sessions[0], { current: false, lastUsedAt: '2030-01-02T00:00:00.000Z' })
  t.equal((await service.get(SESSIONS)).status, 401)
})

t.test('a session ends', async (t) => {
  const service = await startService(t)

  t.test('logout ends this session only', async (t) => {
    const account = await service.signUp()
    const here = await service.signIn(account)
    const elsewhere = await service.signIn(account)
    const answer = await service.post('/api/auth/logout', undefined, { token: here.accessToken })
    t.match(answer, { status: 200, body: { message: 'Logged out successfully' } })
    t.equal((await refresh(service, here.refreshToken)).status, 401)
    t.equal((await refresh(service, elsewhere.refreshToken)).status, 200)
    t.equal((await service.post('/api/auth/logout')).status, 401)
  })

  t.test('a session is ended by its id', async (t) => {
    const account = await service.signUp()
    const here = await service.signIn(account)
    const elsewhere = await service.signIn(account)
    const { body } = await service.get(SESSIONS, { token: here.accessToken })
    const other = body.sessions.find((session: { current: boolean }) => !session.current)
    const url = `${SESSIONS}/${other.id}`
    t.equal((await service.delete(url, { token: here.accessToken })).status, 204)
    t.equal((await refresh(service, elsewhere.refreshToken)).status, 401)
    const again = await service.delete(url, { token: here.accessToken })
    t.match(again, { status: 404, body: { code: 'SESSION_NOT_FOUND' } })
    t.equal((await refresh(service, here.refreshToken)).status, 200)
  })

  t.test('a person ends their own sessions alone (ASVS V8.2.2)', async (t) => {
    const victim = await service.signIn(await service.signUp())
    const attacker = await service.signIn(await service.signUp())
    const { body } = await service.get(SESSIONS, { token: victim.accessToken })
    const answer = await service.delete(`${SESSIONS}/${body.sessions[0].id}`, {
      token: attacker.accessToken,
    })
    t.equal(answer.status, 404)
    t.equal((await refresh(service, victim.refreshToken)).status, 200)
  })

  t.test('a session ends with all the others', async (t) => {
    const account = await service.signUp()
    const sessions = [
      await service.signIn(account),
      await service.signIn(account),
      await service.signIn(account),
    ]
    const token = sessions[0]?.accessToken ?? ''
    t.equal((await service.delete(SESSIONS, { token })).status, 204)
    for (const { refreshToken } of sessions) {
      t.match(await refresh(service, refreshToken), { body: { code: 'REFRESH_TOKEN_INVALID' } })
    }
    t.equal((await service.get(SESSIONS, { token })).status, 401, 'this one too')
    t.equal((await service.get('/api/profile', { token })).status, 200, 'for at most 15 minutes')
    t.ok(await service.signIn(account))
  })

  t.test(
    'a session ends when it is idle too long, though DynamoDB has not deleted it (ASVS V7.3.1)',
    async (t) => {
      const account = await service.signUp()
      const idle = await service.signIn(account)
      service.clock.advance(14 * DAY - 1)
      const used = await refresh(service, idle.refreshToken)
      t.equal(used.status, 200)
      service.clock.advance(14 * DAY)
      t.match(await refresh(service, used.body.refreshToken), {
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })
      t.same(service.events('authn_token_reuse'), [], 'which is no theft')
    },
  )

  t.test(
    'a session ends at its absolute age, however often refreshed (ASVS V7.3.2, V10.4.8)',
    async (t) => {
      const account = await service.signUp()
      let { refreshToken } = await service.signIn(account)
      for (let week = 1; week <= 4; week++) {
        service.clock.advance(7 * DAY)
        const { status, body } = await refresh(service, refreshToken)
        t.equal(status, 200, `week ${week}`)
        refreshToken = body.refreshToken
      }
      service.clock.advance(2 * DAY)
      t.equal((await refresh(service, refreshToken)).status, 401)
    },
  )

  t.test('a session ends when its user is disabled, and stays ended (ASVS V7.4.2)', async (t) => {
    const account = await service.signUp()
    const { refreshToken, accessToken } = await service.signIn(account)
    await service.services.users.store.change(account.id, { status: 'disabled' })
    t.equal((await refresh(service, refreshToken)).status, 401)
    t.equal((await service.get('/api/profile', { token: accessToken })).status, 401)
    await service.services.users.store.change(account.id, { status: 'active' })
    t.equal((await refresh(service, refreshToken)).status, 401)
    t.ok(await service.signIn(account))
  })
})

t.test('sessions beyond one page of the list are all listed and all end', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '100' } })
  const account = await service.signUp()
  await service.signIn(account, { headers: { 'user-agent': 'y'.repeat(256) } })
  const store = new SessionsStore(service.services.database, service.config.tables)
  const [session] = await store.list(account.id)
  if (!session) throw new Error('no session')
  // Over 1 MB of items, which is more than one page of a query: earlier versions let a person have so many.
  const count = 2400
  for (let opened = 0; opened < count; opened += 100) {
    await parallel(100, () => store.open({ ...session, sessionId: randomUUID() }, []))
  }
  const { accessToken: token } = await service.signIn(account)
  const { body } = await service.get(SESSIONS, { token })
  t.equal(body.sessions.length, count + 2)
  t.ok(service.calls.filter((call) => call === 'Query refreshTokens').length > 1)
  t.equal((await service.delete(SESSIONS, { token })).status, 204)
  const again = await service.signIn(account)
  const left = await service.get(SESSIONS, { token: again.accessToken })
  t.equal(left.body.sessions.length, 1)
})
