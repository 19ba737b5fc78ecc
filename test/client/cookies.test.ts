import { decodeJwt } from 'jose'
import t, { type Test } from 'tap'
import { SignInRequiredError } from '../../src/client/client.js'
import { failureOf, newBrowser, refreshes, startBench, startServer } from '../support/client.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { startProxy } from '../support/proxy.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import type { ServiceOptions } from '../support/service.js'
import { parallel } from '../support/tally.js'

const PROFILE = '/api/profile'
const ACCESS_COOKIE = '__Host-latchkey_access'
const REFRESH_COOKIE = '__Host-latchkey_refresh'

const claimsOf = (token: string | undefined) => decodeJwt(token ?? '')

/** A page whose client uses cookies; `hold` makes the answer of each refresh wait for what it is given. */
async function startPage(t: Test, options: ServiceOptions = {}) {
  const bench = await startBench(t, { env: { RESOURCES }, ...options })
  const { jar, send } = newBrowser(bench)
  let happen: (() => Promise<unknown>) | undefined
  const client = bench.another({
    useCookies: true,
    async fetch(request) {
      const answer = await send(request)
      const during = request.url.endsWith('/refresh') ? happen : undefined
      if (during) {
        happen = undefined
        await during()
      }
      return answer
    },
  })
  await client.signIn(bench.account)
  bench.sent.length = 0
  return {
    ...bench,
    bench,
    client,
    jar,
    /** Something happens before the answer of the next refresh arrives. */
    duringNextRefresh: (what: () => Promise<unknown>): void => {
      happen = what
    },
  }
}

t.test('with the client by cookies, no script sees a token', async (t) => {
  const bench = await startBench(t)
  const { another, account, service, url, sent, client: first } = bench
  const { jar, send } = newBrowser(bench)
  const client = another({ useCookies: true, fetch: send })
  const user = await client.signIn(account)
  t.equal(user.id, account.id)
  t.same([...jar.keys()].sort(), [
    '__Host-latchkey_access',
    '__Host-latchkey_device',
    '__Host-latchkey_refresh',
  ])
  t.match(await client.get(PROFILE), { user: { id: account.id } })
  t.equal(await client.accessToken(), undefined)

  service.clock.advance(16 * MINUTE)
  jar.delete('__Host-latchkey_access') // as a browser does at the end of its Max-Age
  sent.length = 0
  await parallel(20, () => client.get(PROFILE))
  t.equal(refreshes(bench), 1)
  await client.signOut()
  t.same([...jar.keys()], ['__Host-latchkey_device'])
  t.match(await failureOf(client.get(PROFILE)), { code: 'ACCESS_TOKEN_REQUIRED' })
  t.equal(url.startsWith('http://127.0.0.1'), true)
  await first.signOut()
})

t.test('the client’s token for an API, by cookies', async (t) => {
  const { bench, client, service, sent, account, jar } = await startPage(t)

  await t.test(
    'the client by cookies keeps an API’s token in memory until just before its end',
    async (t) => {
      const token = await client.accessToken({ resource: BILLING })
      t.match(claimsOf(token), { aud: BILLING, sub: account.id })
      service.clock.advance(49 * SECOND)
      t.equal(await client.accessToken({ resource: BILLING }), token)
      t.equal(refreshes(bench), 1)
      service.clock.advance(2 * SECOND)
      t.not(await client.accessToken({ resource: BILLING }), token, 'of one minute')
      t.equal(refreshes(bench), 2)
    },
  )

  await t.test(
    'the client by cookies asks once for each API’s token for all at the same time',
    async (t) => {
      sent.length = 0
      service.clock.advance(16 * MINUTE)
      const tokens = await parallel(10, (i) =>
        client.accessToken({ resource: i % 2 ? ORDERS : BILLING }),
      )
      t.equal(refreshes(bench), 2)
      t.same([...new Set(tokens)].map((token) => claimsOf(token).aud).sort(), [BILLING, ORDERS])
    },
  )

  await t.test(
    'an unknown API is an error to the client by cookies, and the others go on',
    async (t) => {
      const unknown = client.accessToken({ resource: 'https://unknown.example.com' })
      const known = client.accessToken({ resource: ORDERS })
      await t.rejects(unknown, { code: 'RESOURCE_UNKNOWN' })
      t.equal(claimsOf(await known).aud, ORDERS)
      t.match(await client.get(PROFILE), { user: { id: account.id } })
    },
  )

  await t.test(
    'the client by cookies renews the cookies for the calls that wait for them',
    async (t) => {
      service.clock.advance(16 * MINUTE)
      jar.delete(ACCESS_COOKIE)
      sent.length = 0
      const [token, profile] = await Promise.all([
        client.accessToken({ resource: ORDERS }),
        client.get(PROFILE),
      ])
      t.equal(claimsOf(token).aud, ORDERS)
      t.match(profile, { user: { id: account.id } })
      t.equal(refreshes(bench), 1)
    },
  )

  await t.test(
    'the client by cookies waits for a renewal under way: no refresh token is sent twice',
    async (t) => {
      const page = await startPage(t)
      const refreshTokens: (string | undefined)[] = []
      page.service.clock.advance(16 * MINUTE)
      page.jar.delete(ACCESS_COOKIE)
      let asked: Promise<string | undefined> | undefined
      page.duringNextRefresh(async () => {
        refreshTokens.push(page.jar.get(REFRESH_COOKIE))
        asked = page.client.accessToken({ resource: ORDERS })
        await page.service.get('/healthz')
        t.equal(refreshes(page.bench), 1, 'while one is on its way')
      })
      t.match(await page.client.get(PROFILE), { user: { id: page.account.id } })
      t.equal(claimsOf(await asked).aud, ORDERS)
      refreshTokens.push(page.jar.get(REFRESH_COOKIE))
      t.equal(refreshes(page.bench), 2)
      t.equal(new Set(refreshTokens).size, 2, 'each renewal has a successor of its own')
    },
  )

  await t.test('the client by cookies has no API’s token without a session', async (t) => {
    await client.signOut()
    t.equal(await client.accessToken({ resource: ORDERS }), undefined)
    jar.delete(REFRESH_COOKIE)
    t.equal(await client.accessToken({ resource: ORDERS }), undefined)
  })
})

t.test('the client by cookies keeps no token of a session that is refused', async (t) => {
  const { client, service, jar, account, sent } = await startPage(t)
  await client.accessToken({ resource: ORDERS })
  const stolen = jar.get(REFRESH_COOKIE)
  await client.accessToken({ resource: BILLING })
  service.clock.advance(MINUTE)
  jar.set(REFRESH_COOKIE, stolen ?? '')
  const errors = await parallel(5, () => failureOf(client.accessToken({ resource: BILLING })))
  for (const error of errors) {
    t.ok(error instanceof SignInRequiredError)
    t.match(error, { code: 'REFRESH_TOKEN_REUSED' })
  }
  t.equal(await client.accessToken({ resource: ORDERS }), undefined, 'of another API neither')
  t.equal(sent.filter((call) => call.endsWith('/refresh')).length, 4)
  await client.signIn(account)
  t.equal(claimsOf(await client.accessToken({ resource: ORDERS })).sub, account.id)
})

t.test(
  'a renewal by the client’s cookies before its time lets the old token serve in an outage',
  async (t) => {
    const proxy = await startProxy(t)
    const { client, service } = await startPage(t, { endpoint: proxy.endpoint })
    const token = await client.accessToken({ resource: ORDERS })
    service.clock.advance(15 * MINUTE - 5 * SECOND)
    proxy.decide(() => 'fail')
    t.equal(await client.accessToken({ resource: ORDERS }), token)
    service.clock.advance(5 * SECOND)
    await t.rejects(client.accessToken({ resource: ORDERS }), { name: 'UnavailableError' })
    proxy.decide(() => 'pass')
    t.not(await client.accessToken({ resource: ORDERS }), token)
  },
)

t.test(
  'a refresh of the client by cookies on its way brings no token of the person before',
  async (t) => {
    const { client, service, account, duringNextRefresh } = await startPage(t)
    const newer = await service.signUp()
    const subOf = async (token: Promise<string | undefined>) => claimsOf(await token).sub

    await t.test(
      'a client’s refresh by cookies brings no token of before after a sign-in',
      async (t) => {
        let asked: Promise<string | undefined> | undefined
        duringNextRefresh(async () => {
          await client.signIn(newer)
          asked = client.accessToken({ resource: ORDERS })
        })
        t.equal(
          await subOf(client.accessToken({ resource: ORDERS })),
          newer.id,
          'to who asked before',
        )
        t.equal(
          await subOf(asked ?? Promise.resolve(undefined)),
          newer.id,
          'and to who asks after it',
        )
        t.equal(await subOf(client.accessToken({ resource: ORDERS })), newer.id, 'nor later')
      },
    )

    await t.test(
      'a client’s refused refresh by cookies brings no token of before after a sign-in',
      async (t) => {
        service.clock.advance(16 * MINUTE)
        await service.services.users.store.change(newer.id, { status: 'disabled' })
        duringNextRefresh(() => client.signIn(account))
        t.equal(await subOf(client.accessToken({ resource: ORDERS })), account.id)
      },
    )

    await t.test(
      'a client’s refresh by cookies brings no token of before after a sign-out',
      async (t) => {
        service.clock.advance(16 * MINUTE)
        duringNextRefresh(() => client.signOut())
        t.equal(await client.accessToken({ resource: ORDERS }), undefined)
        t.equal(await client.accessToken({ resource: ORDERS }), undefined)
      },
    )

    await t.test(
      'the client by cookies sends a call that a sign-in overtakes with the new cookies',
      async (t) => {
        await client.signIn(account)
        service.clock.advance(16 * MINUTE)
        duringNextRefresh(() => client.signIn(newer))
        await service.services.users.store.change(newer.id, { status: 'active' })
        t.match(await client.get(PROFILE), { user: { id: newer.id } })
      },
    )
  },
)

t.test('the client’s fetch sends the token of an API there and nowhere else', async (t) => {
  const seen: { authorization?: string; cookie?: string }[] = []
  const handle: Parameters<typeof startServer>[1] = ({ url, headers }, response) => {
    const { authorization, cookie } = headers
    seen.push({ ...(authorization && { authorization }), ...(cookie && { cookie }) })
    response.writeHead(url?.endsWith('/refused') ? 401 : 200).end('{}')
  }
  const [api, foreign] = [await startServer(t, handle), await startServer(t, handle)]
  const orders = `${api}/orders`
  const env = { RESOURCES: JSON.stringify({ [orders]: {} }) }
  const bench = await startBench(t, { env })
  const { send } = newBrowser(bench)
  const client = bench.another({ useCookies: true, resources: [orders], fetch: send })
  await client.signIn(bench.account)
  bench.sent.length = 0

  for (const url of [foreign, `${foreign}/orders`, `${api}/`, `${api}/billing`]) {
    await client.fetch(url)
    t.same(seen.splice(0), [{}], url)
  }
  t.equal(refreshes(bench), 0, 'nor is one asked for')
  await client.fetch(`${orders}/17`)
  const [{ authorization = '', ...others } = {}] = seen.splice(0)
  t.equal(claimsOf(authorization.replace('Bearer ', '')).aud, orders)
  t.same(others, {}, 'and no cookie')

  const { status } = await client.fetch(`${orders}/refused`)
  t.equal(status, 401, 'an API’s 401 is for the caller to judge')
  t.equal(seen.length, 1)
  t.equal(refreshes(bench), 1)
})
