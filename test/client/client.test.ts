import { inspect } from 'node:util'
import { decodeJwt } from 'jose'
import t from 'tap'
import {
  EmailTakenError,
  errorOf,
  ForbiddenError,
  InvalidCredentialsError,
  LatchkeyClient,
  LatchkeyError,
  NotFoundError,
  RateLimitedError,
  RecentSignInRequiredError,
  SignInRequiredError,
  StepUpRequiredError,
  type Tokens,
  UnavailableError,
  ValidationError,
} from '../../src/client/client.js'
import { failureOf, refreshes, startBench, startServer } from '../support/client.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { withTotp } from '../support/factors.js'
import { startProxy } from '../support/proxy.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { newAccount } from '../support/service.js'
import { parallel } from '../support/tally.js'
import { recordSecret } from '../support/transcript.js'

const PROFILE = '/api/profile'
const REFRESH = 'POST /api/auth/refresh'

/** Node has a navigator of its own since version 21. */
const platformScope = globalThis as unknown as { navigator?: unknown }

t.test('the client has the contract, by its types', async (t) => {
  const { client, another, account, service } = await startBench(t)
  const { user } = await client.get(PROFILE)
  t.match(user, { id: account.id, email: account.email, role: 'user' })
  const { sessions } = await client.get('/api/auth/sessions')
  t.equal(sessions.length, 1)

  const { apiKey, key } = await client.post('/api/apikeys/generate', { body: { name: 'k' } })
  recordSecret('token', apiKey)
  const params = { path: { id: key.id } }
  const patched = await client.patch('/api/apikeys/{id}', { params, body: { name: 'renamed' } })
  t.equal(patched.key.name, 'renamed')
  await client.delete('/api/apikeys/{id}', { params })
  t.same(await client.get('/api/apikeys'), { keys: [] })

  const { email, password } = newAccount()
  recordSecret('password', password)
  const made = await another().post('/api/auth/register', { body: { email, password } })
  t.match(made, { user: { email } })

  await client.signOut()
  t.ok((await failureOf(client.get(PROFILE))) instanceof SignInRequiredError)
  t.equal(await client.accessToken(), undefined)
  t.equal(service.events('authn_logout').length, 1)
})

t.test('100 calls of the client on an expired token refresh once', async (t) => {
  const bench = await startBench(t)
  const { client, service, sent, store, another } = bench

  await t.test('the client refreshes before calls are sent, by its clock', async (t) => {
    service.clock.advance(16 * MINUTE)
    const answers = await parallel(100, () => client.get(PROFILE))
    t.equal(answers.length, 100)
    t.equal(refreshes(bench), 1)
    t.equal(sent.length, 101, 'none was sent in vain')
  })

  await t.test(
    'the client refreshes when the service refuses the token, also with a wrong clock',
    async (t) => {
      const now = service.clock()
      const slow = another({ store }, { clock: () => now })
      service.clock.advance(16 * MINUTE)
      sent.length = 0
      const answers = await parallel(100, () => slow.get(PROFILE))
      t.equal(answers.length, 100)
      t.equal(refreshes(bench), 1)
      t.equal(sent.length, 201, 'each is sent once more')
    },
  )

  await t.test('the client sends a POST once more after its refusal and one refresh', async (t) => {
    const slow = another({ store })
    // A key needs a recent sign-in, so the token is refused for another reason than its age.
    await slow.signIn(bench.account)
    store.set({ ...(store.get() as Tokens), accessToken: 'no.longer.good' })
    sent.length = 0
    const body = { name: 'made once' }
    const made = await slow.post('/api/apikeys/generate', { body })
    recordSecret('token', made.apiKey)
    const { keys } = await slow.get('/api/apikeys')
    t.equal(keys.length, 1)
    t.equal(sent.filter((call) => call.startsWith('POST /api/apikeys')).length, 2)
  })

  t.test('clients in tabs with one store refresh once, where there are locks', async (t) => {
    const held = new Map<string, Promise<unknown>>()
    const names = new Set<string>()
    const locks = {
      request(name: string, _options: object, task: () => Promise<unknown>) {
        names.add(name)
        const turn = (held.get(name) ?? Promise.resolve()).then(task)
        held.set(name, turn)
        return turn
      },
    }
    t.intercept(platformScope, 'navigator', { value: { locks } })
    service.clock.advance(16 * MINUTE)
    sent.length = 0
    const refreshToken = store.get()?.refreshToken ?? ''
    const tabs = [another({ store }), another({ store }), another({ store })]
    await Promise.all(tabs.flatMap((tab) => [tab.get(PROFILE), tab.accessToken()]))
    t.equal(refreshes(bench), 1)
    t.equal(names.size, 1)
    t.notOk([...names].join().includes(refreshToken.slice(10, 30)), 'the name tells no secret')
  })

  t.test('the client refreshes without the lock of a tab that hangs', async (t) => {
    const request = () => Promise.reject(new DOMException('', 'TimeoutError'))
    t.intercept(platformScope, 'navigator', { value: { locks: { request } } })
    service.clock.advance(16 * MINUTE)
    t.match(await client.get(PROFILE), { user: {} })
  })
})

t.test('an outage costs the client’s person not the session', async (t) => {
  const proxy = await startProxy(t)
  const env = { VERIFICATION_CACHE_SECONDS: '0' }
  const bench = await startBench(t, { endpoint: proxy.endpoint, env })
  const { client, service, sent, store, waited, another } = bench
  t.beforeEach(() => {
    proxy.decide(() => 'pass')
    bench.onWait = () => undefined
    sent.length = waited.length = 0
  })

  await t.test('the client asks again after a 503 when the time comes that it names', async (t) => {
    proxy.decide(() => 'fail')
    bench.onWait = () => proxy.decide(() => 'pass')
    t.match(await client.get(PROFILE), { user: {} })
    t.same([sent, waited], [[`GET ${PROFILE}`, `GET ${PROFILE}`], [2 * SECOND]])
  })

  await t.test(
    'the client asks again at most twice, and then its error says how long to wait',
    async (t) => {
      proxy.decide(() => 'fail')
      const error = await failureOf(client.get(PROFILE))
      t.match(error, { status: 503, code: 'STORE_UNAVAILABLE', retryAfter: 2 })
      t.ok(error instanceof UnavailableError)
      t.equal(sent.length, 3)
    },
  )

  await t.test('the client never asks again what is not idempotent', async (t) => {
    proxy.decide(() => 'fail')
    const error = await failureOf(client.post('/api/apikeys/generate', { body: { name: 'k' } }))
    t.ok(error instanceof UnavailableError)
    t.same([sent, waited], [['POST /api/apikeys/generate'], []])
  })

  await t.test('the client asks no more once the caller has given up', async (t) => {
    proxy.decide(() => 'fail')
    const controller = new AbortController()
    bench.onWait = () => controller.abort(new Error('enough'))
    const { signal } = controller
    t.match(await failureOf(client.get(PROFILE, { signal })), { message: 'enough' })
    t.equal(sent.length, 1)
    t.match(await failureOf(client.get(PROFILE, { signal })), { message: 'enough' })
    t.match(await failureOf(client.accessToken({ signal })), { message: 'enough' })
    t.equal(sent.length, 1, 'nothing is sent any more')
  })

  await t.test('the client asks no more when it is told to wait for too long', async (t) => {
    let count = 0
    const full = another({
      fetch: async () => {
        count++
        return Response.json({}, { status: 503, headers: { 'retry-after': '3600' } })
      },
    })
    t.match(await failureOf(full.get('/healthz')), { code: 'HTTP_503', retryAfter: 3600 })
    t.equal(count, 1)
  })

  await t.test('the client keeps the tokens when a refresh fails', async (t) => {
    service.clock.advance(16 * MINUTE)
    const before = store.get()
    proxy.decide(() => 'fail')
    t.ok((await failureOf(client.get(PROFILE))) instanceof UnavailableError)
    t.same(store.get(), before)
    proxy.decide(() => 'pass')
    t.match(await client.get(PROFILE), { user: {} })
  })

  await t.test('a refresh by the client before its time lets the old token serve', async (t) => {
    service.clock.advance(15 * MINUTE - 5 * SECOND)
    const before = store.get()?.accessToken
    proxy.decide(() => 'fail')
    t.equal(await client.accessToken(), before)
    proxy.decide(() => 'pass')
    t.not(await client.accessToken(), before)
  })

  await t.test('the client keeps the tokens when there is no answer at all', async (t) => {
    service.clock.advance(16 * MINUTE)
    const before = store.get()
    const error = await failureOf(
      another({ store, fetch: () => Promise.reject(new TypeError('fetch failed')) }).get(PROFILE),
    )
    t.match(error, { status: 0, code: 'UNREACHABLE', cause: { message: 'fetch failed' } })
    t.ok(error instanceof UnavailableError)
    t.same(store.get(), before)
  })

  await t.test('the client asks at once again for a refresh whose answer is lost', async (t) => {
    let lost = 0
    const fetching = another({
      store,
      async fetch(request) {
        const answer = await fetch(request)
        if (!request.url.endsWith('/refresh') || lost++ > 0) return answer
        throw new TypeError('connection reset')
      },
    })
    t.match(await fetching.get(PROFILE), { user: {} })
    t.equal(lost, 2)
    t.equal(service.events('authn_token_reuse').length, 0)
  })
})

t.test('a conflict of the client with another client ends no session', async (t) => {
  const bench = await startBench(t)
  const { client, service, store } = bench
  const elsewhere = { remoteAddress: '203.0.113.9', headers: { 'user-agent': 'server/1.0' } }
  const rotateElsewhere = async () => {
    const { refreshToken } = store.get() ?? {}
    return (await service.post('/api/auth/refresh', { refreshToken }, elsewhere)).body
  }

  await t.test('the client after a conflict uses the successor that its store has', async (t) => {
    service.clock.advance(16 * MINUTE)
    const { accessToken, refreshToken } = await rotateElsewhere()
    const expiresAt = service.clock() + 15 * MINUTE
    bench.onWait = () => store.set({ accessToken, refreshToken, expiresAt })
    const before = refreshes(bench)
    t.match(await client.get(PROFILE), { user: {} })
    t.equal(refreshes(bench), before + 1, 'without asking again')
    t.same(bench.waited, [2 * SECOND])
  })

  await t.test('the client after a conflict asks with its token again, and keeps it', async (t) => {
    bench.onWait = () => undefined
    bench.waited.length = 0
    service.clock.advance(16 * MINUTE)
    const held = store.get()
    await rotateElsewhere()
    const error = await failureOf(client.get(PROFILE))
    t.ok(error instanceof UnavailableError)
    t.match(error, { status: 409, code: 'REFRESH_CONFLICT', retryAfter: 2 })
    t.same(bench.waited, [2 * SECOND, 2 * SECOND])
    t.same(store.get(), held)
  })
})

t.test('a definite refusal ends the client’s session, and nothing else does', async (t) => {
  const { client, service, store, sent } = await startBench(t)
  const stolen = store.get()
  await service.post('/api/auth/refresh', { refreshToken: stolen?.refreshToken })
  service.clock.advance(16 * MINUTE)
  const errors = await parallel(10, () => failureOf(client.get(PROFILE)))
  for (const error of errors) {
    t.ok(error instanceof SignInRequiredError)
    t.match(error, { status: 401, code: 'REFRESH_TOKEN_REUSED' })
  }
  t.equal(store.get(), undefined)
  t.same(sent, [REFRESH])
})

t.test('a client’s refresh on its way changes nothing that came after it', async (t) => {
  const { service, store, another, client, account } = await startBench(t)

  let renewed: string | undefined
  /** A call of another tab; something happens before the answer to its refresh arrives. */
  const refreshDuring = (happen: () => Promise<unknown>): Promise<unknown> => {
    const tab = another({
      store,
      async fetch(request) {
        const answer = await fetch(request)
        if (!request.url.endsWith('/refresh')) return answer
        const body = (await answer.clone().json()) as { refreshToken?: string }
        renewed = body.refreshToken
        recordSecret('token', renewed)
        await happen()
        return answer
      },
    })
    return failureOf(tab.get(PROFILE))
  }

  /** To a client whose clock is slow the token is still good, as it is to the service. */
  const now = service.clock()
  const slow = another({ store }, { clock: () => now })
  const nearlyExpire = () => service.clock.advance(15 * MINUTE - 5 * SECOND)

  await t.test('a client’s refresh on its way changes no sign-out after it', async (t) => {
    nearlyExpire()
    const failure = await refreshDuring(() => slow.signOut())
    t.match(failure, { code: 'ACCESS_TOKEN_REQUIRED' })
    t.equal(store.get(), undefined)
    const { status } = await service.post('/api/auth/refresh', { refreshToken: renewed })
    t.equal(status, 401, 'it was the renewed session that has ended')
  })

  const newer = await service.signUp()
  const whose = async () => (await client.get(PROFILE)).user

  await t.test(
    'a client’s refresh on its way changes no sign-in, whose session is kept',
    async (t) => {
      await client.signIn(account)
      nearlyExpire()
      t.equal(await refreshDuring(() => client.signIn(newer)), undefined)
      t.match(await whose(), { id: newer.id })
    },
  )

  await t.test(
    'a refused refresh of the client on its way changes no sign-in after it',
    async (t) => {
      const { refreshToken } = store.get() ?? {}
      await service.post('/api/auth/refresh', { refreshToken })
      nearlyExpire()
      t.equal(await refreshDuring(() => client.signIn(newer)), undefined)
      t.equal(service.events('authn_token_reuse').length, 1)
      t.match(await whose(), { id: newer.id })
    },
  )
})

t.test('the client’s errors are classes by code', async (t) => {
  const { client, account, another, service } = await startBench(t, {
    env: { RATE_LIMIT_PER_ACCOUNT: '1' },
  })
  const { email, password } = account
  const wrong = { email, password: 'wrong' }
  const id = 'x'.repeat(22)
  service.clock.advance(16 * MINUTE)
  const failures: [() => Promise<unknown>, new (...args: never) => LatchkeyError, object][] = [
    [() => another().signIn(wrong), InvalidCredentialsError, { code: 'INVALID_CREDENTIALS' }],
    [
      () => client.post('/api/auth/register', { body: { email, password } }),
      EmailTakenError,
      { status: 409, code: 'EMAIL_TAKEN' },
    ],
    [
      () => client.post('/api/auth/register', { body: { email: 'x', password: 'y' } }),
      ValidationError,
      { errors: [{ field: '/email' }], requestId: String },
    ],
    [() => client.get('/api/admin'), ForbiddenError, { status: 403, code: 'FORBIDDEN' }],
    [
      () => client.delete('/api/auth/sessions/{id}', { params: { path: { id } } }),
      NotFoundError,
      { status: 404 },
    ],
    [
      () => client.delete('/api/auth/identities/{id}', { params: { path: { id } } }),
      RecentSignInRequiredError,
      { code: 'RECENT_SIGN_IN_REQUIRED', maxAge: 900, acrValues: undefined },
    ],
    [() => another().get('/api/data'), LatchkeyError, { name: 'LatchkeyError', status: 401 }],
  ]
  for (const [fail, Class, members] of failures) {
    const error = await failureOf(fail())
    t.ok(error instanceof Class, Class.name)
    t.match(error, { name: Class.name, ...members })
  }
  const tries = [another(), another(), another()]
  let limited: unknown
  for (const tried of tries) limited = await failureOf(tried.signIn(wrong))
  t.ok(limited instanceof RateLimitedError)
  t.match(limited, { status: 429, retryAfter: Number })
  const page = another({ fetch: async () => new Response('<html>', { status: 502 }) })
  t.match(await failureOf(page.get('/healthz')), { name: 'UnavailableError', code: 'HTTP_502' })
})

t.test('RFC 9470: the client learns from an API which sign-in it wants', async (t) => {
  const problem = { code: 'AUTHENTICATION_INSUFFICIENT', error: 'A stronger one', maxAge: 300 }
  const error = 'error="insufficient_user_authentication"'
  const asked = { acrValues: ['urn:latchkey:2', 'phr'], maxAge: 300 }
  const rows: [what: string, challenge: string | undefined, body: unknown, members: object][] = [
    [
      'of latchkey/jwt',
      `Bearer realm="latchkey", ${error}, acr_values="urn:latchkey:2 phr", max_age="300"`,
      { ...problem, acrValues: ['urn:latchkey:2', 'phr'] },
      { ...asked, code: problem.code },
    ],
    [
      'of another library',
      `bearer ${error}, error_description="a \\"b\\", max_age=1", acr_values="urn:latchkey:2 phr", MAX_AGE=300`,
      undefined,
      { ...asked, code: 'HTTP_401' },
    ],
    ['one part of it', `Bearer ${error}, max_age="x"`, undefined, { maxAge: undefined }],
    ['across origins, without the header', undefined, problem, { maxAge: 300 }],
  ]
  for (const [what, challenge, body, members] of rows) {
    const headers = challenge === undefined ? {} : { 'www-authenticate': challenge }
    const found = await errorOf(Response.json(body ?? null, { status: 401, headers }))
    t.ok(found instanceof StepUpRequiredError, what)
    t.match(found, { status: 401, ...members }, what)
  }
  const invalid = 'Bearer error="invalid_token", x="insufficient_user_authentication"'
  const headers = { 'www-authenticate': invalid }
  t.notOk(
    (await errorOf(new Response('', { status: 401, headers }))) instanceof StepUpRequiredError,
  )
})

t.test('the client has a token for each API, and each API’s alone', async (t) => {
  const bench = await startBench(t, { env: { RESOURCES } })
  const { client, service, sent, store } = bench
  const audienceOf = (token: string | undefined) => decodeJwt(token ?? '').aud

  await t.test(
    'the client keeps one token for each API, renewed by its own lifetime',
    async (t) => {
      sent.length = 0
      const [orders, again, billing, own] = await Promise.all([
        client.accessToken({ resource: ORDERS }),
        client.accessToken({ resource: ORDERS }),
        client.accessToken({ resource: BILLING }),
        client.accessToken(),
      ])
      t.same([orders, billing, own].map(audienceOf), [ORDERS, BILLING, 'latchkey'])
      t.equal(again, orders)
      t.equal(refreshes(bench), 2)
      service.clock.advance(2 * MINUTE)
      t.equal(await client.accessToken({ resource: ORDERS }), orders)
      t.not(await client.accessToken({ resource: BILLING }), billing, 'of one minute')
      t.equal(await client.accessToken(), own)
      t.equal(refreshes(bench), 3)
      t.equal((await client.get(PROFILE)).user.email, bench.account.email)
    },
  )

  await t.test('clients of one store ask at once for tokens of different APIs', async (t) => {
    const clients = [bench.another({ store }), bench.another({ store }), bench.another({ store })]
    service.clock.advance(20 * MINUTE)
    const resources = [ORDERS, BILLING, undefined]
    const tokens = await Promise.all(
      clients.map((each, i) =>
        each.accessToken({ ...(resources[i] && { resource: resources[i] }) }),
      ),
    )
    t.same(tokens.map(audienceOf), [ORDERS, BILLING, 'latchkey'])
  })

  await t.test('an unknown API is an error to the client, and the session goes on', async (t) => {
    const wrong = client.accessToken({ resource: 'https://unknown.example.com' })
    await t.rejects(wrong, { code: 'RESOURCE_UNKNOWN' })
    t.equal((await client.get(PROFILE)).user.email, bench.account.email)
    await client.signOut()
    t.equal(await client.accessToken({ resource: ORDERS }), undefined)
    t.equal(store.get(), undefined)
  })
})

t.test('the client sends a token to its own API alone', async (t) => {
  const seen: { url: string; authorization: string | null }[] = []
  let target = ''
  const api = await startServer(t, (request, response) => {
    seen.push({
      url: `http://${request.headers.host}${request.url}`,
      authorization: request.headers.authorization ?? null,
    })
    if (request.url?.endsWith('/moved')) response.writeHead(307, { location: target }).end()
    else response.end('{}')
  })
  const foreign = await startServer(t, (request, response) => {
    seen.push({ url: 'foreign', authorization: request.headers.authorization ?? null })
    response.end('{}')
  })
  target = foreign
  const orders = `${api}/orders`
  const bench = await startBench(t, { env: { RESOURCES: JSON.stringify({ [orders]: {} }) } })
  const client = bench.another({ store: bench.store, resources: [orders] })
  const isSent = async (url: string) => {
    seen.length = 0
    const { status } = await client.fetch(url)
    t.equal(status, 200, url)
    return seen.some(({ authorization }) => authorization !== null)
  }
  for (const url of [orders, `${orders}/17?a=b`, `${api}/x/../orders/1`]) {
    t.equal(await isSent(url), true, url)
    t.equal(decodeJwt(seen[0]?.authorization?.slice(7) ?? '').aud, orders)
  }
  const elsewhere = [
    foreign,
    `${foreign}/orders`,
    `${api}/`,
    `${api}/orders-of-others`,
    `${api}/orders/../billing`,
    `${api}/orders/..%2fbilling`,
    `${api}/ORDERS`,
    `${bench.url}/healthz`,
  ]
  for (const url of elsewhere) t.equal(await isSent(url), false, url)

  for (const location of [foreign, `${api}/billing`]) {
    target = location
    seen.length = 0
    await t.rejects(client.fetch(`${orders}/moved`), location)
    t.equal(seen.length, 1, `${location} gets no request, and so no token`)
  }

  t.test('the client sends Latchkey’s own token only to the issuer', async (t) => {
    seen.length = 0
    const host = foreign.replace('http://', '')
    for (const path of [`.${host}/x`, `@${host}/x`, foreign]) {
      await t.rejects(client.get(path as typeof PROFILE), TypeError, path)
    }
    const base = { baseUrl: foreign } as object
    t.match(await client.get(PROFILE, base), { user: {} }, 'no option leads elsewhere')
    const moved = new LatchkeyClient({ issuer: api, store: bench.store })
    target = foreign
    const path = '/moved' as typeof PROFILE
    await t.rejects(moved.get(path), UnavailableError)
    t.notOk(
      seen.some(({ url }) => url === 'foreign'),
      'after a redirect neither',
    )
  })

  t.test('the client tells of a resource that is none', async (t) => {
    for (const resource of ['orders', bench.url, 'http://orders.example.com']) {
      t.throws(() => bench.another({ resources: [resource] }), /^resources: /, resource)
    }
  })
})

t.test('the client sends nothing to where everybody could read it', async (t) => {
  const refused = ['http://plain.example.com', 'ftp://127.0.0.1', 'auth.example.com', '']
  for (const issuer of refused) {
    t.throws(
      () => new LatchkeyClient({ issuer }),
      { message: /^issuer: must be the base URL/ },
      issuer,
    )
  }
  for (const issuer of ['https://auth.example.com/', 'http://localhost:3000']) {
    t.equal(new LatchkeyClient({ issuer }).issuer, issuer.replace(/\/$/, ''))
  }
})

t.test('the client prints no token', async (t) => {
  const { client, store } = await startBench(t)
  const { accessToken = '', refreshToken = '' } = store.get() ?? {}
  const error = await failureOf(client.get('/api/admin'))
  const said = [client, store, error].flatMap((value) => [
    inspect(value, { depth: Infinity, showHidden: true }),
    JSON.stringify(value),
    String(value),
  ])
  for (const secret of [accessToken, refreshToken]) {
    t.ok(secret.length > 20)
    t.notOk(said.join('\n').includes(secret))
  }
})

t.test('a step-up by the client makes the tokens of a session say more', async (t) => {
  const { client, account, service, store, url } = await startBench(t, { env: { RESOURCES } })
  const { app } = await withTotp(service, account)
  const saying = async (resource?: string) => {
    const token = await client.accessToken(resource === undefined ? {} : { resource })
    recordSecret('token', token)
    return decodeJwt(token ?? '')
  }
  const before = store.get()
  t.match(await saying(ORDERS), { acr: 'urn:latchkey:1' })
  service.clock.advance(MINUTE)
  const wrong = await failureOf(client.stepUp(async () => ({ totp: app.wrongCode() })))
  t.match(wrong, { code: 'FACTOR_INVALID' })
  t.match(await saying(), { acr: 'urn:latchkey:1' }, 'as it was')

  const asked: string[] = []
  await client.stepUp((factors) => {
    asked.push(...factors)
    return { totp: app.nextCode() }
  })
  const now = Math.floor(service.clock() / 1000)
  t.ok(asked.includes('totp'), 'the app is told what can be proved')
  t.match(await saying(), { acr: 'urn:latchkey:2', auth_time: now })
  t.match(await saying(ORDERS), { acr: 'urn:latchkey:2', auth_time: now }, 'of each API')
  t.ok((await client.get('/api/profile')).user, `at ${url}`)
  t.not(store.get()?.accessToken, before?.accessToken)

  const other = await failureOf(new LatchkeyClient({ issuer: url }).stepUp(() => ({ totp: '1' })))
  t.ok(other instanceof SignInRequiredError, 'no session')
})

t.test(
  'a step-up by password through the client, of an account without a second factor',
  async (t) => {
    const { client, account, service } = await startBench(t)
    service.clock.advance(16 * MINUTE)
    const body = { name: 'k' }
    const refused = await failureOf(client.post('/api/apikeys/generate', { body }))
    t.match(refused, { name: 'RecentSignInRequiredError', maxAge: 900 })
    await client.stepUp((factors) => {
      t.same(factors, ['password'])
      return { password: account.password }
    })
    const { apiKey } = await client.post('/api/apikeys/generate', { body })
    recordSecret('token', apiKey)
  },
)
