import { randomUUID } from 'node:crypto'
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { alterations, forgerFor } from '../support/forge.js'
import { startProxy } from '../support/proxy.js'
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

const LOGIN = '/api/auth/login'
const REFRESH = '/api/auth/refresh'
const LOGOUT = '/api/auth/logout'
const PASSWORD = '/api/auth/password'
const SESSIONS = '/api/auth/sessions'
const PROTECTED = '/api/protected'
const PROFILE = '/api/profile'

const OWN = { origin: ISSUER }

t.test('a session of the service', async (t) => {
  const service = await startService(t)

  t.test(
    'CVE-2023-29019, CVE-2022-25896: a sign-in adopts no session that was there',
    async (t) => {
      const [attacker, victim] = [await service.signUp(), await service.signUp()]
      const planted = jar(await signInByCookie(service, attacker))
      const held = [await sessionIn(service, planted)]
      const cookies = jar(await signInByCookie(service, victim, planted))
      held.push(await sessionIn(service, cookies))
      const again = jar(await signInByCookie(service, victim, cookies))
      held.push(await sessionIn(service, again))
      t.equal(new Set(held).size, 3, 'each sign-in opens a session of its own')
      for (const replaced of [planted, cookies]) {
        const { status } = await service.get(PROTECTED, { cookies: replaced })
        t.equal(status, 401, 'and ends the one that the browser had')
      }
      t.same(await whoIs(service, again), victim.id)
      for (const extra of ['sid', 'sessionId', 'session']) {
        const body = { ...credentials(victim), [extra]: held[0] }
        t.equal((await service.post(LOGIN, body)).status, 400, extra)
      }
    },
  )

  t.test('CVE-2024-31999: a copy of the cookies dies with the session', async (t) => {
    const copy = jar(await signInByCookie(service, await service.signUp()))
    t.equal((await service.post(LOGOUT, undefined, { cookies: copy, headers: OWN })).status, 200)
    for (const path of [PROTECTED, PROFILE, SESSIONS]) {
      t.equal((await service.get(path, { cookies: copy })).status, 401, path)
    }
    t.equal((await service.post(REFRESH, undefined, { cookies: copy, headers: OWN })).status, 401)
  })

  t.test('CVE-2026-27840: no piece of a refresh token, and no change of case, works', async (t) => {
    const { refreshToken } = await service.signIn(await service.signUp())
    const before = service.calls.length
    const around = ['=', ' ', '\n', '\0', 'A', refreshToken].flatMap((more) => [
      refreshToken + more,
      more + refreshToken,
    ])
    const altered = [...alterations(refreshToken), ...around]
    const answers = await Promise.all(altered.map((token) => presentRefreshToken(service, token)))
    t.same(tally(answers), { REFRESH_TOKEN_INVALID: altered.length })
    t.same(service.calls.slice(before), [], 'and none costs a request')
    t.equal(await presentRefreshToken(service, refreshToken), 'accepted')
  })

  t.test('CVE-2026-22706: a new password ends the refresh tokens of other sessions', async (t) => {
    const account = await service.signUp()
    const [own, ...others] = await Promise.all([1, 2, 3].map(() => service.signIn(account)))
    const body = { currentPassword: account.password, newPassword: newAccount().password }
    const token = own?.accessToken as string
    t.equal((await service.post(PASSWORD, body, { token })).status, 204)
    for (const { accessToken, refreshToken } of others) {
      t.equal(await presentRefreshToken(service, refreshToken), 'REFRESH_TOKEN_INVALID')
      t.equal((await service.get(SESSIONS, { token: accessToken })).status, 401)
    }
    t.equal(await presentRefreshToken(service, own?.refreshToken as string), 'accepted')
  })

  t.test(
    'CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
    async (t) => {
      const account = await service.signUp()
      const signedIn = await signInByCookie(service, account)
      const own: Call = { cookies: jar(signedIn), headers: OWN }
      const refreshed = await service.post(REFRESH, undefined, own)
      const cookies = jar(refreshed)
      const { accessToken: token } = await service.signIn(account)
      const stale: Call = { cookies: { [REFRESH_COOKIE]: 'stale' }, headers: OWN }
      const answers: Record<string, Answer> = {
        'sign-in': signedIn,
        refresh: refreshed,
        'a failed refresh': await service.post(REFRESH, undefined, stale),
        'a resource, by cookie': await service.get(PROTECTED, { cookies }),
        'a resource, by token': await service.get(PROTECTED, { token }),
        profile: await service.get(PROFILE, { cookies }),
        sessions: await service.get(SESSIONS, { cookies }),
        'all sessions ended': await service.delete(SESSIONS, { cookies, headers: OWN }),
        logout: await service.post(LOGOUT, undefined, {
          cookies: jar(await signInByCookie(service, account)),
          headers: OWN,
        }),
      }
      for (const [what, { headers }] of Object.entries(answers)) {
        t.match(headers['cache-control'], /\bno-store\b/, what)
      }
    },
  )

  t.test(
    'CVE-2026-40155: interleaved users of sessions never get each other’s answers',
    async (t) => {
      const users = await parallel(20, async () => {
        const { id, accessToken } = await signInAsNew(service)
        const { claims } = await forgerFor(service, accessToken)
        const current = `"id":"${claims.sid as string}","current":true`
        return { accessToken, expected: { [PROTECTED]: id, [PROFILE]: id, [SESSIONS]: current } }
      })
      for (const url of [PROTECTED, PROFILE, SESSIONS] as const) {
        const seen = await parallel(100, async (index) => {
          const { accessToken, expected } = users[index % users.length] as (typeof users)[number]
          const byCookie = { cookie: `${ACCESS_COOKIE}=${accessToken}` }
          const headers = index % 2 === 0 ? bearer(accessToken) : byCookie
          const { body } = await service.app.inject({ url, headers })
          return body.includes(expected[url]) ? 'own' : body
        })
        t.same(tally(seen), { own: 100 }, url)
      }
    },
  )
})

t.test('CVE-2024-35220: a session ends by the clock, though DynamoDB has it still', async (t) => {
  const env = { SESSION_IDLE_SECONDS: '900', SESSION_ABSOLUTE_SECONDS: '2000' }
  const service = await startService(t, { env })
  const account = await service.signUp()

  t.test('a session ends by the clock when it was idle', async (t) => {
    const cookies = jar(await signInByCookie(service, account))
    service.clock.advance(15 * MINUTE - 1)
    t.equal((await service.get(PROTECTED, { cookies })).status, 200)
    service.clock.advance(1)
    t.equal((await service.get(PROTECTED, { cookies })).status, 401)
    t.equal((await service.post(REFRESH, undefined, { cookies, headers: OWN })).status, 401)
  })

  t.test('a session ends by the clock at its absolute age, however busy', async (t) => {
    let { refreshToken } = await service.signIn(account)
    for (let age = 500; age < 2000; age += 500) {
      service.clock.advance(500 * SECOND)
      const answer = await service.post(REFRESH, { refreshToken })
      t.equal(answer.status, 200, `${age} s old`)
      refreshToken = answer.body.refreshToken
    }
    service.clock.advance(500 * SECOND)
    t.equal(await presentRefreshToken(service, refreshToken), 'REFRESH_TOKEN_INVALID')
  })
})

t.test('refresh tokens of sessions on two instances', async (t) => {
  const service = await startService(t)
  const second = await startService(t, { beside: service })
  const instances = [service, second] as const
  const account = await service.signUp()

  for (const count of [2, 50]) {
    t.test(
      `GHSA-392p-2q2v-4372, CVE-2026-1035, hydra#3604, hydra#3004: ${count} parallel refreshes ` +
        'fork no family, and the replay of a rotated token kills it',
      async (t) => {
        const { refreshToken } = await service.signIn(account)
        const answers = await parallel(count, (index) =>
          (instances[index % 2] as Service).post(REFRESH, { refreshToken }),
        )
        t.same(tally(answers.map(({ status }) => status)), { 200: count })
        const heads = new Set(answers.map(({ body }) => body.refreshToken as string))
        t.equal(heads.size, 1)
        service.clock.advance(MINUTE)
        t.equal(await presentRefreshToken(second, refreshToken), 'REFRESH_TOKEN_REUSED')
        for (const head of heads) {
          t.equal(await presentRefreshToken(service, head), 'REFRESH_TOKEN_INVALID')
        }
      },
    )
  }

  t.test('CVE-2026-1035: the check and the use of a refresh token are one write', async (t) => {
    const { refreshToken } = await service.signIn(account)
    const before = service.calls.length
    t.equal(await presentRefreshToken(service, refreshToken), 'accepted')
    const calls = service.calls.slice(before).filter((call) => call.endsWith(' refreshTokens'))
    t.same(calls, ['UpdateItem refreshTokens'])
  })

  t.test('CVE-2026-9802: a restart makes no rotated refresh token good again', async (t) => {
    const { refreshToken } = await service.signIn(account)
    const ended = await service.signIn(account)
    t.equal(await presentRefreshToken(service, refreshToken), 'accepted')
    t.equal((await service.post(LOGOUT, undefined, { token: ended.accessToken })).status, 200)
    service.clock.advance(MINUTE)
    const restarted = await startService(t, { beside: service })
    t.equal(await presentRefreshToken(restarted, refreshToken), 'REFRESH_TOKEN_REUSED')
    t.equal(await presentRefreshToken(restarted, ended.refreshToken), 'REFRESH_TOKEN_INVALID')
  })
})

t.test(
  'keycloak#49213: our own outage consumes no refresh token and ends no session',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const account = await service.signUp()
    for (const fate of ['fail', 'lose-answer'] as const) {
      const { refreshToken } = await service.signIn(account)
      proxy.decide(({ operation, body }) =>
        operation === 'UpdateItem' && body.includes(service.config.tables.refreshTokens)
          ? fate
          : 'pass',
      )
      const failed = await service.post(REFRESH, { refreshToken })
      t.match(failed, { status: 503, headers: { 'retry-after': '2' } }, fate)
      proxy.decide(() => 'pass')
      service.clock.advance(2 * SECOND)
      const retried = await service.post(REFRESH, { refreshToken })
      t.equal(retried.status, 200, 'the same token still works')
      service.clock.advance(MINUTE)
      t.equal(await presentRefreshToken(service, retried.body.refreshToken as string), 'accepted')
    }
  },
)

const removals: Readonly<Record<string, (service: Service, id: string) => Promise<unknown>>> = {
  disabled: ({ services }, id) => services.users.store.change(id, { status: 'disabled' }),
  deleted: ({ client, config }, id) =>
    client.send(
      new DeleteItemCommand({ TableName: config.tables.users, Key: { pk: { S: `USER#${id}` } } }),
    ),
}

for (const [how, remove] of Object.entries(removals)) {
  t.test(
    `GHSA-2vg6-77g8-24mp: nothing that a ${how} user holds, no session and no token, still works`,
    async (t) => {
      const service = await startService(t)
      const account = await service.signUp()
      const cookies = jar(await signInByCookie(service, account))
      const { accessToken: token, refreshToken } = await service.signIn(account)
      t.equal(await whoIs(service, cookies), account.id)
      await remove(service, account.id)

      t.equal(await presentRefreshToken(service, refreshToken), 'REFRESH_TOKEN_INVALID')
      t.equal((await service.post(REFRESH, undefined, { cookies, headers: OWN })).status, 401)
      t.equal((await service.get(PROTECTED, { cookies })).status, 401)
      t.equal((await service.get(SESSIONS, { token })).status, 401)
      t.equal((await service.post(LOGIN, credentials(account))).body.code, 'INVALID_CREDENTIALS')
      service.clock.advance(30 * SECOND)
      t.equal((await service.get(PROFILE, { token })).status, 401, 'after the profile cache')
    },
  )
}

t.test('CVE-2023-48309, JWT-12: each place of sessions takes one kind of credential', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '100' } })
  for (const [where, { takes, present }] of Object.entries(PLACES)) {
    t.test(`${where} takes the ${takes} only, and no other credential of a session`, async (t) => {
      const account = await service.signUp()
      const held = await credentialsOf(service, account)
      const { [takes]: right, ...wrong } = held
      for (const [kind, credential] of Object.entries(wrong)) {
        const { status } = await present(service, credential, held)
        t.match(String(status), /^40[01]$/, kind)
      }
      t.ok((await present(service, right, held)).status < 300, takes)
    })
  }
})

interface Held extends Readonly<Record<string, string>> {
  readonly 'access token': string
  readonly 'refresh token': string
  readonly password: string
  readonly 'e-mail address': string
}

interface Place {
  readonly takes: 'access token' | 'refresh token' | 'password'
  readonly present: (service: Service, credential: string, held: Held) => Promise<Answer>
}

const PLACES: Readonly<Record<string, Place>> = {
  'the Authorization header of a resource': {
    takes: 'access token',
    present: (service, token) => send(service, 'GET', PROTECTED, bearer(token)),
  },
  'the Authorization header of the account': {
    takes: 'access token',
    present: (service, token) => send(service, 'GET', SESSIONS, bearer(token)),
  },
  'the Authorization header of logout': {
    takes: 'access token',
    present: (service, token) => send(service, 'POST', LOGOUT, bearer(token)),
  },
  'the access cookie of a resource': {
    takes: 'access token',
    present: (service, token) => send(service, 'GET', PROTECTED, cookie(ACCESS_COOKIE, token)),
  },
  'the access cookie of logout': {
    takes: 'access token',
    present: (service, token) => send(service, 'POST', LOGOUT, cookie(ACCESS_COOKIE, token)),
  },
  'the refresh cookie of refresh': {
    takes: 'refresh token',
    present: (service, token) => send(service, 'POST', REFRESH, cookie(REFRESH_COOKIE, token)),
  },
  'the refresh cookie of logout': {
    takes: 'refresh token',
    present: (service, token) => send(service, 'POST', LOGOUT, cookie(REFRESH_COOKIE, token)),
  },
  'the body of refresh': {
    takes: 'refresh token',
    present: (service, refreshToken) => send(service, 'POST', REFRESH, {}, { refreshToken }),
  },
  'the password of sign-in': {
    takes: 'password',
    present: (service, password, held) =>
      send(service, 'POST', LOGIN, {}, { email: held['e-mail address'], password }),
  },
  'the current password of its change': {
    takes: 'password',
    present: (service, currentPassword, held) =>
      send(service, 'POST', PASSWORD, bearer(held['access token']), {
        currentPassword,
        newPassword: newAccount().password,
      }),
  },
}

/** Everything of one user that might be taken for a credential, and what our own key signs for others. */
async function credentialsOf(service: Service, account: Account): Promise<Held> {
  const { accessToken, refreshToken } = await service.signIn(account)
  const forger = await forgerFor(service, accessToken)
  const { header, claims } = forger
  const typed = (typ: string) => forger.forge({ header: { typ } })
  return {
    'access token': accessToken,
    'refresh token': refreshToken,
    password: account.password,
    'e-mail address': account.email,
    'user id': account.id,
    'session id': claims.sid as string,
    'token id': claims.jti as string,
    'key id': header.kid as string,
    'a random id': randomUUID(),
    'an ID token': typed('JWT'),
    'a logout token': typed('logout+jwt'),
    'a refresh JWT': typed('refresh+jwt'),
    'an OAuth state': typed('oauth-state+jwt'),
    'an access token for another API': forger.forge({ claims: { aud: 'another' } }),
    'an API key': `lk_live_${'a'.repeat(64)}`,
    nothing: '',
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookie = (name: string, value: string) => ({ cookie: `${name}=${value}`, ...OWN })

/** Sends a body as text: an id in the place of a secret is none, and the transcript need not guard it. */
function send(
  service: Service,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Answer> {
  if (!body) return service.call(method, url, { headers })
  const json = { 'content-type': 'application/json', ...headers }
  return service.call(method, url, { headers: json, body: JSON.stringify(body) })
}

const credentials = ({ email, password }: Account) => ({ email, password })

async function signInAsNew(service: Service) {
  const account = await service.signUp()
  return { ...account, ...(await service.signIn(account)) }
}

const signInByCookie = (service: Service, account: Account, cookies = {}): Promise<Answer> =>
  service.post(LOGIN, { ...credentials(account), useCookies: true }, { cookies, headers: OWN })

const jar = ({ cookies }: Answer): Record<string, string> =>
  Object.fromEntries(cookies.map(({ name, value }) => [name, value]))

async function whoIs(service: Service, cookies: Record<string, string>): Promise<string> {
  return (await service.get(PROTECTED, { cookies })).body.userId as string
}

async function sessionIn(service: Service, cookies: Record<string, string>): Promise<string> {
  const { sessions } = (await service.get(SESSIONS, { cookies })).body
  return sessions.find(({ current }: { current: boolean }) => current).id as string
}

/** @returns `accepted`, or the code of the refusal. Past the transcript, for hundreds of tokens. */
async function presentRefreshToken({ app }: Service, refreshToken: string): Promise<string> {
  const answer = await app.inject({ method: 'POST', url: REFRESH, payload: { refreshToken } })
  return answer.statusCode === 200 ? 'accepted' : answer.json<{ code: string }>().code
}
