import { createHash } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { ACCESS_COOKIE } from '../../src/http/cookies.js'
import { MINUTE } from '../support/clock.js'
import {
  type Account,
  type Answer,
  type Call,
  ISSUER,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { openWire } from '../support/wire.js'

const LOGIN = '/api/auth/login'
const REFRESH = '/api/auth/refresh'
/** A route that is limited by address alone, and costs nothing else without a credential. */
const LOGOUT = '/api/auth/logout'
const PASSWORD = '/api/auth/password'

/** The home of an account's owner, and an address that the account has not seen. */
const HOME = '192.0.2.1'
const STRANGER = '198.51.100.7'

t.test('CVE-2026-45364: an address has one rate limit count, however it is spelled', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ADDRESS: '1' } })
  const statusFrom = async (remoteAddress: string, headers = {}): Promise<number> =>
    (await service.post(LOGOUT, {}, { remoteAddress, headers })).status

  const spellings: Record<string, readonly string[]> = {
    'an IPv4 address': ['192.0.2.33', '::ffff:192.0.2.33', '::FFFF:192.0.2.33', '::ffff:c000:221'],
    'an IPv6 network of 64 bits': [
      '2001:db8:0:1::1',
      '2001:DB8:0:1::1',
      '2001:0db8:0000:0001:0000:0000:0000:0001',
      '2001:db8:0:1:ffff:ffff:ffff:ffff',
      '2001:db8::1:dead:beef:192.0.2.33',
    ],
    'the network next to it': ['2001:db8:0:2::1', '2001:db8:0:2:1::'],
    loopback: ['::1', '0:0:0:0:0:0:0:1'],
  }
  for (const [what, [first = '', ...others]] of Object.entries(spellings)) {
    t.equal(await statusFrom(first), 401, what)
    for (const other of others) t.equal(await statusFrom(other), 429, `${first} as ${other}`)
  }
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip']) {
    t.equal(await statusFrom('192.0.2.33', { [name]: '203.0.113.9' }), 429, `nor by ${name}`)
  }
})

t.test(
  'GHSA-x732-6j76-qmhm: no spelling of a path has a rate limit count of its own',
  async (t) => {
    const service = await startService(t, { env: { RATE_LIMIT_PER_ADDRESS: '1' } })
    const wire = await openWire(service)
    t.equal((await wire('POST', LOGOUT)).status, 401)
    const same = ['', '?', '?x=1', '#x'].map((end) => LOGOUT + end)
    const escaped = ['/%61pi/auth/logout', '/api/auth/logou%74', `http://evil.example${LOGOUT}`]
    for (const path of [...same, ...escaped]) t.equal((await wire('POST', path)).status, 429, path)

    const others = [`/${LOGOUT}`, `${LOGOUT}/`, `${LOGOUT}//`, `${LOGOUT};x`, `${LOGOUT}%2F`]
    const more = ['/api//auth/logout', '/api%2fauth/logout', '/API/auth/logout', `/.${LOGOUT}`]
    for (const path of [...others, ...more]) t.equal((await wire('POST', path)).status, 404, path)
  },
)

t.test('CVE-2024-1722: a parallel burst on two instances passes no limit', async (t) => {
  const env = { RATE_LIMIT_PER_ADDRESS: '10', RATE_LIMIT_PER_ACCOUNT: '4' }
  const service = await startService(t, { env })
  const instances = [service, await startService(t, { env, beside: service })] as const
  const burst = async (ask: (service: Service, index: number) => Promise<Answer>) => {
    const answers = await parallel(50, (index) => ask(instances[index % 2] as Service, index))
    return tally(answers.map(({ status }) => status))
  }

  t.test('a parallel burst on two instances passes no limit by address', async (t) => {
    const knock = (service: Service) => service.post(LOGOUT, {}, { remoteAddress: HOME })
    for (let count = 1; count < 10; count++) t.equal((await knock(service)).status, 401)
    t.same(await burst(knock), { 401: 1, 429: 49 })
  })

  t.test(
    'a parallel burst on two instances passes no limit by account, from 50 addresses',
    async (t) => {
      const account = await service.signUp()
      const guess = (service: Service, index: number) => {
        const body = { email: account.email, password: newAccount().password }
        return service.post(LOGIN, body, { remoteAddress: `203.0.113.${index}` })
      }
      for (let count = 1; count < 4; count++) t.equal((await guess(service, count)).status, 401)
      t.same(await burst(guess), { 401: 1, 429: 49 })
    },
  )
})

t.test(
  'CVE-2026-9798: an account that the limit locks is locked wherever its password is taken',
  async (t) => {
    const LIMIT = 3
    const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: String(LIMIT) } })
    const wheres = [...Object.keys(SIGN_INS), ...Object.keys(CHANGES)]

    for (const where of wheres) {
      t.test(`an account that the limit locks at ${where} is locked everywhere`, async (t) => {
        const [locked, open] = where in SIGN_INS ? [SIGN_INS, CHANGES] : [CHANGES, SIGN_INS]
        const lock = locked[where] as Place
        const account = await service.signUp()
        const { accessToken, refreshToken } = await service.signIn(account, { remoteAddress: HOME })
        const attempt = (place: Place, from: string, password = account.password) =>
          place(service, { ...account, password }, accessToken, { remoteAddress: from })

        for (let count = 1; count <= LIMIT; count++) {
          const { status } = await attempt(lock, STRANGER, newAccount().password)
          t.equal(status, 401, `failure ${count}`)
        }
        for (const [place, present] of Object.entries(locked)) {
          const answer = await attempt(present, STRANGER)
          t.match(answer, { status: 429, body: { code: 'RATE_LIMITED' } }, `right, at ${place}`)
        }
        for (const [place, present] of Object.entries(open)) {
          const { status } = await attempt(present, STRANGER, newAccount().password)
          t.equal(status, 401, `${place} has a count of its own`)
        }
        t.equal((await service.post(REFRESH, { refreshToken })).status, 200, 'sessions go on')
        t.equal((await attempt(signIn, HOME)).status, 200, 'and so does its owner, at home')
        service.clock.advance(15 * MINUTE)
        t.equal((await attempt(signIn, STRANGER)).status, 200, 'the lock ends with its window')
      })
    }
  },
)

t.test(
  'what counts attempts for limits names no person, and no address that a person came from',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const { email } = account
    const { accessToken } = await service.signIn(account, { remoteAddress: HOME })
    await service.post(
      LOGIN,
      { email, password: 'none of the passwords' },
      { remoteAddress: STRANGER },
    )
    const wrong = change('none of the passwords')
    await service.post(PASSWORD, wrong, { token: accessToken, remoteAddress: STRANGER })

    const { rateLimits, users } = service.config.tables
    const all = async (TableName: string) =>
      (await service.client.send(new ScanCommand({ TableName }))).Items ?? []
    const attempts = (await all(rateLimits)).filter(({ attempts }) => attempts !== undefined)
    t.equal(attempts.length, 2, 'a sign-in, a change of password')
    const profiles = (await all(users)).filter(({ knownAddresses }) => knownAddresses !== undefined)
    t.equal(profiles.length, 1, 'a known address')
    const text = JSON.stringify([attempts, profiles.map(({ knownAddresses }) => knownAddresses)])
    for (const value of [email, HOME, STRANGER]) {
      t.notOk(text.includes(value), 'in plain')
      const digest = createHash('sha256').update(value).digest()
      t.notOk(text.includes(digest.toString('hex').slice(0, 8)), 'nor as a digest without a key')
      t.notOk(text.includes(digest.toString('base64url').slice(0, 8)), 'nor as a part of one')
    }
  },
)

/** Presents an account's password. */
type Place = (
  service: Service,
  account: Account,
  accessToken: string,
  call: Call,
) => Promise<Answer>

const signIn: Place = (service, { email, password }, _token, call) =>
  service.post(LOGIN, { email, password }, call)

const SIGN_INS: Readonly<Record<string, Place>> = {
  'sign-in': signIn,
  'sign-in in capitals': (service, { email, password }, _token, call) =>
    service.post(LOGIN, { email: email.toUpperCase(), password }, call),
  'sign-in for cookies': (service, { email, password }, _token, call) =>
    service.post(LOGIN, { email, password, useCookies: true }, call),
}

/** For whoever holds a session: strangers can not lock them. */
const CHANGES: Readonly<Record<string, Place>> = {
  'the change of password': (service, { password }, token, call) =>
    service.post(PASSWORD, change(password), { ...call, token }),
  'the change of password, by cookie': (service, { password }, token, call) =>
    service.post(PASSWORD, change(password), {
      ...call,
      cookies: { [ACCESS_COOKIE]: token },
      headers: { origin: ISSUER },
    }),
}

const change = (currentPassword: string) => ({
  currentPassword,
  newPassword: newAccount().password,
})
