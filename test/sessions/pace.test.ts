import t from 'tap'
import { REFRESH_COOKIE } from '../../src/http/cookies.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { type Answer, type Call, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { openSession } from '../support/opened-session.js'

const REFRESH = '/api/auth/refresh'
/** Another minute each time, so that no test meets what was tried in the one before. */
const apart = (service: Service) => service.clock.advance(2 * MINUTE)

const refresh = (service: Service, refreshToken: string, call: Call = {}): Promise<Answer> =>
  service.post(REFRESH, { refreshToken }, call)

/** Rotates one after the other. @returns the newest token. */
async function rotate(service: Service, refreshToken: string, times: number): Promise<string> {
  let head = refreshToken
  for (let rotation = 1; rotation <= times; rotation++) {
    const { status, body } = await refresh(service, head)
    if (status !== 200) throw new Error(`rotation ${rotation}: ${status} ${body.code}`)
    head = body.refreshToken
  }
  return head
}

t.test('a session rotates at most 30 times in any minute', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()

  t.test(
    'after 30 rotations a minute a session gets 429, and its refresh token stays good',
    async (t) => {
      const { refreshToken } = await service.signIn(account)
      const head = await rotate(service, refreshToken, 30)
      service.clock.advance(20 * SECOND)
      const refused = await refresh(service, head)
      t.match(refused, {
        status: 429,
        body: { code: 'RATE_LIMITED', error: 'Too many requests' },
        headers: {
          'retry-after': '40',
          'ratelimit-limit': '30',
          'ratelimit-remaining': '0',
          'ratelimit-reset': '40',
        },
      })
      t.match(service.events('excess_rate_limit_exceeded').at(-1), { route: REFRESH })
      service.clock.advance(40 * SECOND - 1)
      t.equal((await refresh(service, head)).status, 429)
      service.clock.advance(1)
      await rotate(service, head, 30)
    },
  )

  t.test(
    'a session’s rotations are counted from each rotation, so that no edge of a window helps',
    async (t) => {
      apart(service)
      const { refreshToken } = await service.signIn(account)
      let head = await rotate(service, refreshToken, 1)
      service.clock.advance(59 * SECOND)
      head = await rotate(service, head, 29)
      t.equal((await refresh(service, head)).status, 429)
      service.clock.advance(SECOND)
      head = await rotate(service, head, 1)
      t.equal((await refresh(service, head)).status, 429, 'the first is a minute old, and no other')
      service.clock.advance(59 * SECOND)
      await rotate(service, head, 29)
    },
  )

  t.test(
    'a session’s refused newest token asks for nothing again, on the instance that refused it',
    async (t) => {
      apart(service)
      const { refreshToken } = await service.signIn(account)
      const head = await rotate(service, refreshToken, 30)
      const before = service.calls.length
      t.equal((await refresh(service, head)).status, 429)
      t.same(service.calls.slice(before), ['GetItem users', 'UpdateItem refreshTokens'])
      for (let again = 0; again < 10; again++) t.equal((await refresh(service, head)).status, 429)
      t.equal(service.calls.length, before + 2)
    },
  )

  t.test('a stolen refresh token is noticed although its session rotates too often', async (t) => {
    apart(service)
    const { refreshToken } = await service.signIn(account)
    const head = await rotate(service, refreshToken, 30)
    t.equal((await refresh(service, head)).status, 429)
    t.match(await refresh(service, refreshToken), { body: { code: 'REFRESH_TOKEN_REUSED' } })
    service.clock.advance(MINUTE)
    t.match(await refresh(service, head), { body: { code: 'REFRESH_TOKEN_INVALID' } })
  })

  t.test('a session that rotates too often concerns no other session of the person', async (t) => {
    apart(service)
    const [one, other] = [await service.signIn(account), await service.signIn(account)]
    const head = await rotate(service, one.refreshToken, 30)
    t.equal((await refresh(service, head)).status, 429)
    t.equal((await refresh(service, other.refreshToken)).status, 200)
  })
})

t.test('a session’s spent token is settled 100 times a minute at an instance', async (t) => {
  const GRACE = 50
  const env = { REFRESH_GRACE_SECONDS: String(GRACE) }
  const service = await startService(t, { env })
  const account = await service.signUp()
  const present = (token: string, times: number, remoteAddress = '127.0.0.1') =>
    parallel(times, (index) =>
      refresh(service, token, { remoteAddress, headers: { 'user-agent': `agent ${index}` } }),
    )

  t.test(
    'a session’s spent token is settled so often by all who present it; its head goes on',
    async (t) => {
      const { refreshToken: spent } = await service.signIn(account)
      const head = await rotate(service, spent, 1)
      service.clock.advance(5 * SECOND)
      await present(spent, 5)
      const before = service.calls.length
      const answers = [...(await present(spent, 60, '192.0.2.1')), ...(await present(spent, 60))]
      t.equal(tally(answers.map(({ status }) => status))[429], 25)
      t.match(
        answers.find(({ status }) => status === 429),
        {
          headers: { 'ratelimit-limit': '100', 'retry-after': String },
          body: { code: 'RATE_LIMITED' },
        },
      )
      const asked = service.calls.slice(before).filter((call) => call === 'GetItem users')
      t.equal(asked.length, 95, 'a refused one asks for nothing')
      const next = await rotate(service, head, 1)
      t.match(await refresh(service, spent), { body: { code: 'REFRESH_TOKEN_REUSED' } })
      t.match(await refresh(service, next), { status: 401 }, 'an older one still ends the session')
    },
  )

  t.test(
    'a session’s spent token is settled again each minute, while it yields the successor',
    async (t) => {
      apart(service)
      const { refreshToken: spent } = await service.signIn(account)
      const head = await rotate(service, spent, 1)
      service.clock.advance(GRACE * SECOND)
      await parallel(100, () => refresh(service, spent))
      t.equal((await refresh(service, spent)).status, 429)
      service.clock.advance(1)
      t.match(await refresh(service, spent), { body: { code: 'REFRESH_TOKEN_REUSED' } })
      t.equal((await refresh(service, head)).status, 401)
    },
  )

  t.test(
    'a page’s spent refresh token that comes too often serves the page, and no other client',
    async (t) => {
      apart(service)
      const { refreshToken: spent } = await service.signIn(account)
      const call = {
        cookies: { [REFRESH_COOKIE]: spent },
        headers: {
          'sec-fetch-mode': 'navigate',
          'sec-fetch-site': 'none',
          'sec-fetch-dest': 'document',
        },
      }
      t.equal((await service.get('/dashboard', call)).status, 200)
      service.clock.advance(10 * MINUTE)
      const statuses: number[] = []
      for (let times = 0; times < 110; times++)
        statuses.push((await service.get('/dashboard', call)).status)
      t.same(tally(statuses), { 200: 100, 429: 10 })
      const before = service.calls.length
      t.equal((await service.get('/dashboard', call)).status, 429)
      t.equal(service.calls.length, before)
      const thief = { ...call, headers: { ...call.headers, 'user-agent': 'another' } }
      await service.get('/dashboard', { ...thief, remoteAddress: '192.0.2.1' })
      t.equal(service.events('authn_token_reuse').at(-1)?.userId, account.id)
    },
  )
})

t.test('a refresh asks twice and writes one unit, however it is presented', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const agent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.148 Mobile/15E148 Safari/604.1'
  const call = { headers: { 'user-agent': agent }, remoteAddress: '2001:db8:1234:5678:9abc::1' }
  let { refreshToken } = await service.signIn(account, call)
  for (let times = 0; times < 6; times++) {
    service.clock.advance(15 * MINUTE)
    const before = service.calls.length
    const { read, write } = service.units
    refreshToken = (await refresh(service, refreshToken, call)).body.refreshToken
    t.same(service.calls.slice(before), ['GetItem users', 'UpdateItem refreshTokens'])
    t.same(service.units, { read: read + 1, write: write + 1 })
  }

  t.test(
    'a page that renews its session cookie asks DynamoDB for no more than a refresh',
    async (t) => {
      service.clock.advance(15 * MINUTE)
      const before = service.calls.length
      const cookies = { [REFRESH_COOKIE]: refreshToken }
      const page = await service.get('/dashboard', { ...call, cookies })
      t.equal(page.status, 200)
      t.same(service.calls.slice(before, before + 2), ['GetItem users', 'UpdateItem refreshTokens'])
      t.notOk(service.calls.slice(before + 2).some((each) => each.endsWith('refreshTokens')))
    },
  )
})

t.test('refresh tokens of dead sessions', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const user = await service.services.users.store.findById(account.id)
  if (!user) throw new Error('no user')
  const { sessions } = service.services
  const open = () => openSession(service, user)
  /** Genuine tokens whose sessions have ended, as no instance knows yet. */
  const dead = async (count: number): Promise<string[]> => {
    const tokens: string[] = []
    while (tokens.length < count) {
      const opened = await parallel(Math.min(20, count - tokens.length), open)
      await Promise.all(
        opened.map(({ sessionId }) =>
          sessions.end({}, 'authn_logout', { userId: user.id, sessionId }),
        ),
      )
      tokens.push(...opened.map(({ refreshToken }) => refreshToken))
    }
    return tokens
  }

  t.test(
    'refresh tokens of dead sessions cost a request once in a minute, on each instance',
    async (t) => {
      const other = await startService(t, { beside: service })
      const [token = ''] = await dead(1)
      for (const instance of [service, other]) {
        const before = instance.calls.length
        for (let times = 0; times < 30; times++) {
          t.match(await refresh(instance, token), {
            status: 401,
            body: { code: 'REFRESH_TOKEN_INVALID' },
          })
        }
        t.same(instance.calls.slice(before), ['GetItem users', 'UpdateItem refreshTokens'])
      }
      service.clock.advance(MINUTE)
      const before = service.calls.length
      t.equal((await refresh(service, token)).status, 401)
      t.equal(service.calls.length, before + 2)
    },
  )

  t.test('a page with a refresh cookie of a dead session asks for no more either', async (t) => {
    apart(service)
    const [token = ''] = await dead(1)
    const cookies = { [REFRESH_COOKIE]: token }
    await service.get('/dashboard', { cookies })
    const before = service.calls.length
    t.equal((await service.get('/dashboard', { cookies })).status, 303)
    t.same(service.calls.slice(before), [])
  })

  t.test(
    'refresh tokens of dead sessions are tried 20 times a minute by one address',
    async (t) => {
      apart(service)
      const { refreshToken } = await service.signIn(account)
      const tokens = await dead(200)
      const from = { remoteAddress: '198.51.100.7' }
      const before = service.calls.length
      const answers = await Promise.all(tokens.map((token) => refresh(service, token, from)))
      t.same(tally(answers.map(({ status }) => status)), { 401: 20, 429: 180 })
      t.equal(service.calls.length - before, 40)
      t.match(
        answers.find(({ status }) => status === 429),
        {
          headers: { 'ratelimit-limit': '20', 'retry-after': '60' },
          body: { code: 'RATE_LIMITED' },
        },
      )
      t.equal((await refresh(service, refreshToken)).status, 200, 'another address')
      service.clock.advance(MINUTE)
      t.equal(
        (await refresh(service, (await dead(1))[0] ?? '', from)).status,
        401,
        'a minute later',
      )
    },
  )

  t.test(
    'good refresh tokens wait for a place, and are never refused for those of dead sessions',
    async (t) => {
      apart(service)
      const opened = await parallel(40, open)
      const tokens = [...opened.map(({ refreshToken }) => refreshToken), ...(await dead(19))]
      const answers = await Promise.all(tokens.map((token) => refresh(service, token)))
      t.same(tally(answers.map(({ status }) => status)), { 200: 40, 401: 19 })
    },
  )
})
