import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import {
  AppClient,
  type AppClientOptions,
  LatchkeyError,
  type Person,
  SignInError,
  type SignInOptions,
  SignInRequiredError,
  StepUpRequiredError,
  UnavailableError,
} from '../../src/client/client.js'
import { AppBrowser, type AppPage } from '../support/app-page.js'
import { audienceOf, startAuthorizationServer } from '../support/authorization-server.js'
import { failureOf, startServer } from '../support/client.js'
import { MINUTE, SECOND, testClock } from '../support/clock.js'
import { BILLING, ORDERS } from '../support/resources.js'
import { parallel } from '../support/tally.js'

const APP = 'https://app.example.com'
const HOME = `${APP}/`
const ADA = { id: 'ada', email: 'ada@example.com', emailVerified: true, name: 'Ada' }

/** An authorization server, a browser, and clients of an app in its tabs. */
async function startApp(t: Test, options: Partial<AppClientOptions> = {}) {
  const clock = testClock()
  const server = await startAuthorizationServer(t, { clock })
  const browser = new AppBrowser()
  const waited: number[] = []
  const platform = {
    clock,
    async wait(milliseconds: number) {
      waited.push(milliseconds)
    },
  }
  const clientOn = (page: AppPage | undefined, more: Partial<AppClientOptions> = {}) =>
    new AppClient(
      {
        ...{ issuer: server.url, clientId: 'app_1', resources: [ORDERS, BILLING] },
        ...{ ...options, ...more },
      },
      platform,
      page,
    )
  /** Sends the person to the issuer and back. */
  const goAndReturn = async (page: AppPage, client: AppClient, how: SignInOptions = {}) => {
    const request = await page.leaving(() => client.signInWithRedirect(how))
    const there = page.load(server.authorize(request))
    return { page: there, client: clientOn(there), request: new URL(request).searchParams }
  }
  /** A tab where a person has signed in. */
  const signIn = async (href = HOME) => {
    const page = browser.open(href)
    const there = await goAndReturn(page, clientOn(page))
    await there.client.handleRedirect()
    server.asked.length = 0
    return there
  }
  /** How often each thing was asked for. */
  const count = (path: string) => server.asked.filter((asked) => asked.path === path).length
  return { clock, server, browser, waited, clientOn, goAndReturn, signIn, count }
}

t.test(
  'the client of an app signs a person in at the issuer, and they are back where they were',
  async (t) => {
    const { browser, clientOn, goAndReturn, server, clock } = await startApp(t)
    const page = browser.open(`${APP}/orders/17?tab=lines#notes`)
    const first = clientOn(page)
    t.equal(first.user, undefined)
    t.equal(await first.handleRedirect(), undefined, 'a page that no sign-in came back to')
    const appState = { cart: [1, 2] }
    const there = await goAndReturn(page, first, {
      ...{ appState, loginHint: 'ada@example.com', maxAge: 0, acrValues: ['urn:latchkey:2'] },
    })

    await t.test(
      'the client of an app signs in by a code with PKCE, a state and a nonce',
      async (t) => {
        const { request } = there
        const given = Object.fromEntries(request)
        t.match(given, {
          response_type: 'code',
          client_id: 'app_1',
          redirect_uri: HOME,
          scope: 'openid profile email',
          code_challenge_method: 'S256',
          login_hint: 'ada@example.com',
          max_age: '0',
          acr_values: 'urn:latchkey:2',
        })
        t.same(request.getAll('resource'), [ORDERS, BILLING])
        for (const name of ['state', 'nonce', 'code_challenge']) {
          t.match(request.get(name), /^[\w-]{43}$/, name)
        }
        t.equal(request.has('prompt'), false)
      },
    )

    await t.test(
      'the client of an app redeems the code, and the address has it no more',
      async (t) => {
        const { client, page, request } = there
        const seen: (Person | undefined)[] = []
        client.onChange((user) => seen.push(user))
        const arriving = client.handleRedirect()
        t.equal(page.location.href, `${APP}/orders/17?tab=lines#notes`, 'before the code is sent')
        const arrival = await arriving
        t.same(arrival, { user: ADA, returnTo: `${APP}/orders/17?tab=lines#notes`, appState })
        t.same(seen, [ADA])
        t.equal(client.user, seen[0])
        const [{ path, form } = { path: '', form: {} as Record<string, string> }] = server.asked
        t.equal(path, 'POST /oauth/token')
        const { code_verifier: verifier = '', ...fields } = form
        t.match(fields, {
          grant_type: 'authorization_code',
          redirect_uri: HOME,
          client_id: 'app_1',
          resource: ORDERS,
        })
        const challenge = createHash('sha256').update(verifier).digest('base64url')
        t.equal(challenge, request.get('code_challenge'))
        t.equal(page.sessionStorage.text.includes(verifier), false, 'and is forgotten')
      },
    )

    await t.test('the client of an app gets a first token for the first API', async (t) => {
      t.equal(audienceOf(await there.client.token(ORDERS)), ORDERS)
      t.equal(server.asked.length, 1, 'which the code brought')
      clock.advance(16 * MINUTE)
      t.equal(audienceOf(await there.client.token(ORDERS)), ORDERS)
    })
  },
)

t.test(
  'the client of an app has other ways to the issuer: sign-up, a provider, a prompt',
  async (t) => {
    const { browser, clientOn } = await startApp(t, { redirectUri: `${APP}/callback` })
    const page = browser.open(HOME)
    const client = clientOn(page, { scopes: ['orders:read', 'offline_access', 'openid'] })
    const queryOf = async (task: () => Promise<never>) =>
      new URL(await page.leaving(task)).searchParams

    const signUp = await queryOf(() => client.signUp())
    t.equal(signUp.get('prompt'), 'create')
    t.equal(signUp.get('redirect_uri'), `${APP}/callback`)
    t.equal(signUp.get('scope'), 'openid orders:read offline_access')
    const provider = await queryOf(() => client.signInWith('google', { prompt: 'login' }))
    t.match(Object.fromEntries(provider), { provider: 'google', prompt: 'login' })
    const error = new StepUpRequiredError({
      ...{ status: 401, code: 'X', error: 'x', acrValues: ['urn:latchkey:2'], maxAge: 300 },
    })
    const stepUp = await queryOf(() => client.signInWithRedirect(error))
    t.match(Object.fromEntries(stepUp), { acr_values: 'urn:latchkey:2', max_age: '300' })
    await t.rejects(
      client.signInWithRedirect({ returnTo: 'https://evil.example.com/' }),
      /^returnTo: /,
      'the app sends no one on to another origin',
    )
    t.throws(() => clientOn(page, { issuer: 'http://auth.example.com' }), TypeError)
    t.throws(() => clientOn(page, { resources: ['orders'] }), /^resources: /)
  },
)

t.test('the client of an app takes an answer once, however often it is asked for', async (t) => {
  const { browser, clientOn, goAndReturn, count } = await startApp(t)
  const page = browser.open(HOME)
  const there = await goAndReturn(page, clientOn(page), { returnTo: '/done' })
  const [one, two] = [there.client.handleRedirect(), there.client.handleRedirect()]
  t.equal(await one, await two)
  t.match(await there.client.handleRedirect(), { returnTo: `${APP}/done` }, 'later too')
  t.equal(count('POST /oauth/token'), 1)
  const again = clientOn(there.page)
  t.equal(await again.handleRedirect(), undefined, 'a client that is made again')
  t.same(again.user, ADA, 'knows the person')
  t.equal(count('POST /oauth/token'), 1)
})

t.test('the client of an app signs no one in by an answer that was not asked for', async (t) => {
  const { browser, clientOn, goAndReturn, server, clock } = await startApp(t)
  /** What comes of an answer that was changed on its way. */
  const refusal = async (change: (url: URL) => void = () => undefined) => {
    const page = browser.open(`${APP}/before`)
    const request = await page.leaving(() => clientOn(page).signInWithRedirect())
    const answer = server.authorize(request)
    change(answer)
    server.asked.length = 0
    const there = page.load(answer)
    const client = clientOn(there)
    const error = await failureOf(client.handleRedirect())
    t.equal(client.user, undefined)
    t.notMatch(there.location.href, /code=|state=/)
    return error as LatchkeyError
  }

  await t.test(
    'the client of an app refuses an answer with another state, or in another tab',
    async (t) => {
      const error = await refusal(({ searchParams }) => searchParams.set('state', 'x'.repeat(43)))
      t.ok(error instanceof SignInError)
      t.match(error, { code: 'STATE_UNKNOWN', message: /begin it here/ })
      const page = browser.open(HOME)
      const request = await page.leaving(() => clientOn(page).signInWithRedirect())
      const other = clientOn(browser.open(server.authorize(request).href))
      t.match(await failureOf(other.handleRedirect()), { code: 'STATE_UNKNOWN' })
      t.equal(server.asked.length, 0, 'the code is sent nowhere')
    },
  )

  await t.test(
    'the client of an app refuses an answer from another issuer, or of none (RFC 9207)',
    async (t) => {
      const changes = [
        ({ searchParams }: URL) => searchParams.set('iss', 'https://evil.example.com'),
        ({ searchParams }: URL) => searchParams.delete('iss'),
      ]
      for (const change of changes) {
        t.match(await refusal(change), { code: 'ISSUER_MISMATCH' })
        t.equal(server.asked.length, 0, 'the code is sent nowhere')
      }
    },
  )

  await t.test('the client of an app refuses an answer after an hour', async (t) => {
    t.match(await refusal(() => clock.advance(60 * MINUTE)), { code: 'STATE_UNKNOWN' })
  })

  await t.test('the client of an app refuses an answer with an error', async (t) => {
    const errors = [
      ['access_denied', SignInError],
      ['login_required', SignInRequiredError],
      ['consent_required', SignInRequiredError],
      ['invalid_scope', SignInError],
      ['temporarily_unavailable', UnavailableError],
    ] as const
    for (const [code, Class] of errors) {
      const error = await refusal(({ searchParams }) => {
        searchParams.delete('code')
        searchParams.set('error', code)
        searchParams.set('error_description', 'This is why')
      })
      t.ok(error instanceof Class, code)
      t.match(error, { code: code.toUpperCase(), message: 'This is why' })
    }
  })

  await t.test(
    'the client of an app refuses an ID token of another issuer, app, attempt or time',
    async (t) => {
      const forgeries: [string, object | undefined][] = [
        ['missing', undefined],
        ['iss', { iss: 'https://evil.example.com' }],
        ['aud', { aud: 'app_2' }],
        ['aud', { aud: ['app_1', 'app_2'] }],
        ['nonce', { nonce: 'another' }],
        ['nonce', { nonce: undefined }],
        ['sub', { sub: undefined }],
        ['exp (is the clock of this device right?)', { exp: Math.floor(clock() / 1000) - 5 * 60 }],
        ['exp (is the clock of this device right?)', { exp: undefined }],
      ]
      for (const [name, forged] of forgeries) {
        server.forge = (claims) => forged && { ...claims, ...forged }
        const error = await refusal()
        t.match(error, {
          code: 'ID_TOKEN_INVALID',
          message: `The ID token can't be trusted: ${name}`,
        })
        t.ok(error instanceof SignInError)
      }
      server.forge = (claims) => ({ ...claims, aud: ['app_1'] })
      const page = browser.open(HOME)
      const { client } = await goAndReturn(page, clientOn(page))
      t.ok(await client.handleRedirect(), 'a list of one is the same')
      server.forge = (claims) => claims
    },
  )

  await t.test('the client of an app refuses an answer with a code that has ended', async (t) => {
    const error = await refusal(({ searchParams }) => searchParams.set('code', 'another'))
    t.ok(error instanceof SignInRequiredError)
    t.match(error, { status: 400, code: 'INVALID_GRANT', message: 'The grant has ended' })
  })

  await t.test(
    'the client of an app leaves its own URL that looks like an answer alone',
    async (t) => {
      const href = `${APP}/discount?code=spring&state=open`
      const page = browser.open(href)
      t.equal(await clientOn(page).handleRedirect(), undefined)
      t.equal(page.location.href, href)
    },
  )
})

t.test('two attempts in one tab end as the client of an app began each', async (t) => {
  const { browser, clientOn, server } = await startApp(t)
  const page = browser.open(HOME)
  const client = clientOn(page)
  const begin = (returnTo: string) => page.leaving(() => client.signInWithRedirect({ returnTo }))
  const requests = [await begin('/one'), await begin('/two')]
  let tab = page
  for (const [index, place] of ['/one', '/two'].entries()) {
    tab = tab.load(server.authorize(requests[index] ?? ''))
    t.match(await clientOn(tab).handleRedirect(), { returnTo: APP + place })
  }
})

t.test('a new sign-in by the client of an app ends the session before it', async (t) => {
  const { signIn, goAndReturn, server } = await startApp(t)
  const first = await signIn()
  const [former] = server.live
  const { client } = await goAndReturn(first.page, first.client)
  await client.handleRedirect()
  t.ok(former)
  await t.resolves(until(() => !server.live.has(former ?? '')))
  t.equal(server.live.size, 1)
})

t.test('the client of an app gets a token for one API', async (t) => {
  const { signIn, clock, server, count } = await startApp(t)
  const { client } = await signIn()

  await t.test('the client of an app keeps a token until just before its end', async (t) => {
    const token = await client.token(BILLING)
    t.equal(audienceOf(token), BILLING)
    clock.advance(14 * MINUTE)
    t.equal(await client.token(BILLING), token)
    t.equal(count('POST /oauth/token'), 1)
    clock.advance(51 * SECOND)
    t.not(await client.token(BILLING), token)
    t.equal(count('POST /oauth/token'), 2)
  })

  await t.test('the client of an app renews a token once for all who ask', async (t) => {
    clock.advance(16 * MINUTE)
    server.asked.length = 0
    const tokens = await parallel(20, (i) => client.token(i % 2 ? ORDERS : BILLING))
    t.same([...new Set(tokens)].map(audienceOf).sort(), [BILLING, ORDERS])
    t.same(
      server.asked.map(({ form }) => [form.grant_type, form.resource]).sort(),
      [BILLING, ORDERS].map((resource) => ['refresh_token', resource]),
    )
  })

  await t.test('the client of an app asks tokens of APIs that it has named', async (t) => {
    await t.rejects(client.token('https://unknown.example.com'), /^token: .*name one of/)
    await t.rejects(client.token(), /^token: several/)
    const one = await startApp(t, { resources: [ORDERS] })
    t.equal(audienceOf(await (await one.signIn()).client.token()), ORDERS)
    const none = await startApp(t, { resources: [] })
    const userinfo = await (await none.signIn()).client.token()
    t.equal(audienceOf(userinfo), `${none.server.url}/oauth/userinfo`)
  })

  await t.test(
    'a renewal by the client of an app brings news of the person, of the same one alone',
    async (t) => {
      const seen: (Person | undefined)[] = []
      const stop = client.onChange((user) => seen.push(user))
      server.claims.name = 'Ada Lovelace'
      clock.advance(16 * MINUTE)
      await client.token(ORDERS)
      t.match(seen, [{ id: 'ada', name: 'Ada Lovelace' }])
      stop()
      clock.advance(16 * MINUTE)
      server.forge = (claims) => ({ ...claims, sub: 'eve' })
      t.match(await failureOf(client.token(ORDERS)), { code: 'ID_TOKEN_INVALID' })
      t.match(client.user, { id: 'ada' })
      t.equal(seen.length, 1, 'a listener that has stopped is not called')
    },
  )
})

t.test('an outage ends no session in the client of an app, a refusal does', async (t) => {
  const { signIn, clock, server, waited } = await startApp(t)
  const { client } = await signIn()
  const seen: (Person | undefined)[] = []
  client.onChange((user) => seen.push(user))

  for (const [status, error] of [
    [503, 'temporarily_unavailable'],
    [429, 'temporarily_unavailable'],
  ] as const) {
    await t.test(
      `the client of an app asks again after a ${status} when its time comes`,
      async (t) => {
        clock.advance(16 * MINUTE)
        let left = 1
        server.fault = () => (left-- > 0 ? { status, error, retryAfter: 2 } : undefined)
        waited.length = 0
        t.ok(await client.token(ORDERS))
        t.same(waited, [2 * SECOND])
      },
    )
    await t.test(`the client of an app keeps the session after ${status} for good`, async (t) => {
      clock.advance(16 * MINUTE)
      server.fault = () => ({ status, error, retryAfter: 2 })
      t.ok((await failureOf(client.token(ORDERS))) instanceof UnavailableError)
      t.same(client.user, ADA)
      server.fault = () => undefined
      t.ok(await client.token(ORDERS))
    })
  }

  await t.test('the client of an app tells of the end of a session', async (t) => {
    server.live.clear()
    clock.advance(16 * MINUTE)
    const error = await failureOf(client.token(ORDERS))
    t.ok(error instanceof SignInRequiredError)
    t.same(seen, [undefined])
    t.equal(client.user, undefined)
    t.match(await failureOf(client.token(ORDERS)), { code: 'LOGIN_REQUIRED' })
  })
})

t.test('a reload keeps the session in the client of an app', async (t) => {
  const { signIn, clientOn, server, browser } = await startApp(t)
  const secretsIn = (text: string) => [...server.live].some((token) => text.includes(token))

  await t.test(
    'the client of an app keeps a session in the tab alone, and in memory while the page is open',
    async (t) => {
      const { page, client } = await signIn()
      const token = await client.token(ORDERS)
      t.notOk(secretsIn(page.sessionStorage.text + browser.localStorage.text))
      const reloaded = page.load()
      t.ok(secretsIn(reloaded.sessionStorage.text))
      const again = clientOn(reloaded)
      t.same(again.user, ADA)
      t.equal(await again.token(ORDERS), token, 'without a request')
      t.notOk(secretsIn(reloaded.sessionStorage.text))
      t.equal(clientOn(browser.open(HOME)).user, undefined, 'another tab')
    },
  )

  await t.test(
    'the client of an app keeps a session of a tab that is discarded while hidden',
    async (t) => {
      const { page, client } = await signIn()
      page.hide()
      t.ok(secretsIn(page.sessionStorage.text))
      await client.token(BILLING)
      t.ok(secretsIn(page.sessionStorage.text), 'a renewal in the background too')
      page.show()
      t.notOk(secretsIn(page.sessionStorage.text))
      t.same(client.user, ADA)
    },
  )

  await t.test(
    'the client of an app in a duplicated tab uses no refresh token twice',
    async (t) => {
      const { page } = await signIn()
      t.equal(clientOn(page.duplicate()).user, undefined)
    },
  )

  await t.test(
    'the client of an app on a page out of the browser’s cache has what the next one left',
    async (t) => {
      const { page, client } = await signIn()
      const next = page.load(`${APP}/next`)
      await clientOn(next).token(BILLING)
      page.restore(next)
      t.ok(await client.token(BILLING))
      t.ok(await client.token(ORDERS))
      const last = page.load(`${APP}/last`)
      await clientOn(last).signOut()
      page.restore(last)
      t.equal(client.user, undefined, 'such as a sign-out')
    },
  )

  await t.test(
    'the client of an app that keeps tokens in memory has no session after a reload',
    async (t) => {
      const { page } = await signIn()
      t.equal(clientOn(page.load(), { storage: 'memory' }).user, undefined)
    },
  )

  await t.test(
    'the client of an app keeps no session after a reload where a browser keeps no data',
    async (t) => {
      const page = browser.open(HOME)
      Object.defineProperty(page, 'sessionStorage', {
        get() {
          throw new DOMException('', 'SecurityError')
        },
      })
      t.equal(clientOn(page).user, undefined)
    },
  )
})

t.test('the client of an app with the storage of the browser', async (t) => {
  const { signIn, clientOn, browser, count, clock } = await startApp(t, { storage: 'browser' })
  const other = clientOn(browser.open(HOME))
  const seen: (Person | undefined)[] = []
  other.onChange((user) => seen.push(user))
  const { client } = await signIn()
  t.same(seen, [ADA], 'a sign-in is told in other tabs')
  t.same(other.user, ADA)

  clock.advance(16 * MINUTE)
  t.equal(await client.token(ORDERS), await other.token(ORDERS), 'they share tokens')
  t.equal(count('POST /oauth/token'), 1)
  t.same(clientOn(browser.open(HOME)).user, ADA, 'a new tab is signed in')

  await client.signOut()
  t.same(seen, [ADA, undefined], 'and so is a sign-out')
  t.equal(count('POST /oauth/revoke'), 1)
  await t.rejects(other.token(ORDERS), SignInRequiredError)
})

t.test('the client of an app signs out', async (t) => {
  const { signIn, server } = await startApp(t)

  await t.test('a sign-out by the client of an app ends the sessions of all tabs', async (t) => {
    const [one, two] = [await signIn(), await signIn()]
    t.equal(server.live.size, 2)
    const seen: (Person | undefined)[] = []
    two.client.onChange((user) => seen.push(user))
    await one.client.signOut()
    await until(() => server.live.size === 0)
    t.same([one.client.user, two.client.user], [undefined, undefined])
    t.same(seen, [undefined])
    t.equal(one.page.left, undefined)
  })

  await t.test(
    'a sign-out by the client of an app forgets the session when the service can’t be told',
    async (t) => {
      const { client } = await signIn()
      server.fault = () => ({ status: 503, error: 'temporarily_unavailable' })
      t.ok((await failureOf(client.signOut())) instanceof UnavailableError)
      t.equal(client.user, undefined)
      server.fault = () => undefined
    },
  )

  await t.test('a sign-out everywhere by the client of an app goes on to the issuer', async (t) => {
    const { client, page } = await signIn()
    await client.signOut({ everywhere: true, postLogoutRedirectUri: `${APP}/bye` })
    const { origin, pathname, searchParams } = new URL(page.left ?? '')
    t.equal(origin + pathname, `${server.url}/oauth/logout`)
    t.match(Object.fromEntries(searchParams), {
      client_id: 'app_1',
      id_token_hint: /^[\w-]+\.[\w-]+\./,
      post_logout_redirect_uri: `${APP}/bye`,
    })
  })
})

t.test('the client’s fetch sends a token to its own API alone', async (t) => {
  const seen: { authorization: string | undefined }[] = []
  let target = ''
  const listen = () =>
    startServer(t, ({ url, headers }, response) => {
      seen.push({ authorization: headers.authorization })
      if (url?.endsWith('/moved')) response.writeHead(307, { location: target })
      response.end('{}')
    })
  const [api, foreign] = [await listen(), await listen()]
  const { signIn, server, clientOn, browser } = await startApp(t, { resources: [`${api}/orders`] })
  const { client } = await signIn()

  for (const url of [
    `${foreign}/orders`,
    `${api}/`,
    `${api}/orders2`,
    `${api}/orders/..%2fbilling`,
  ]) {
    await client.fetch(url)
    t.equal(seen.splice(0)[0]?.authorization, undefined, url)
  }
  await client.fetch(`${api}/orders/17`, { method: 'POST', body: '{}' })
  const [{ authorization = '' } = {}] = seen.splice(0)
  t.equal(audienceOf(authorization.replace('Bearer ', '')), `${api}/orders`)

  for (target of [`${foreign}/orders`, `${api}/elsewhere`]) {
    await t.rejects(client.fetch(`${api}/orders/moved`), TypeError, 'a redirect is not followed')
    t.equal(seen.splice(0).length, 1)
  }
  t.equal(server.asked.length, 0, 'the issuer is asked for none')
  await clientOn(browser.open(HOME)).fetch(`${api}/orders`)
  t.equal(seen[0]?.authorization, undefined, 'a person who is not signed in has none either')
  const said = JSON.stringify(client) + inspect(client, { depth: Infinity, showHidden: true })
  for (const token of [await client.token(), ...server.live]) t.notOk(said.includes(token))
})

t.test('the client of an app that is rendered on a server has no person', async (t) => {
  const { clientOn } = await startApp(t)
  const client = clientOn(undefined)
  t.equal(client.user, undefined)
  t.equal(await client.handleRedirect(), undefined)
  await t.rejects(client.signInWithRedirect(), /needs a page/)
  await t.rejects(client.token(ORDERS), SignInRequiredError)
})

/** Resolves once something is so that happens soon without being waited for. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
