import t, { type Test } from 'tap'
import { ACCESS_COOKIE } from '../../src/http/cookies.js'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { parametersOf } from '../../src/oauth/authorization/reader.js'
import { registeredApp } from '../support/apps.js'
import {
  answeredTo,
  type Asked,
  authorize,
  CALLBACK,
  CHALLENGE,
  codeOf,
  encode,
  FROM_APP,
  newApp,
  newPerson,
  pageOf,
  requestOf,
  returnToOf,
  signedIn,
} from '../support/authorization.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { addTotp } from '../support/factors.js'
import { jarOf, submit } from '../support/pages.js'
import { startProxy } from '../support/proxy.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { type Answer, type Call, ISSUER, startService } from '../support/service.js'

const PATH = /^\/oauth\/authorize\?request_uri=urn:ietf:params:oauth:request_uri:[\w-]{43}$/

/** A service with two APIs, an app of the team's, and a person who is signed in. */
async function startWorld(t: Test, overrides: Partial<AppClient> = {}) {
  const service = await startService(t, { env: { RESOURCES } })
  const client = await newApp(service, overrides)
  const person = await newPerson(service)
  const ask = (asked: Asked = {}, call: Call = {}) =>
    authorize(service, requestOf(client, asked), { cookies: person.cookies, ...call })
  return { service, client, ...person, ask }
}

/** The app is told what is wrong, and gets nothing else. */
function hasRefused(t: Test, answer: Answer, error: string, what: string): void {
  t.equal(answer.status, 303, what)
  t.ok(String(answer.headers.location).startsWith(`${CALLBACK}?`), what)
  const { error_description: description, ...others } = answeredTo(answer)
  t.match(others, { error, iss: ISSUER }, what)
  t.match(description, /^[\w ,.:=-]+$/, `${what}: says why`)
  t.notOk('code' in others, what)
}

t.test('/oauth/authorize gives a code for a person who is signed in', async (t) => {
  const { service, client, account, cookies, ask } = await startWorld(t)

  t.test('a code of /oauth/authorize stands for what the app has asked for', async (t) => {
    const asked = { scope: 'openid email', nonce: 'a nonce', resource: ORDERS }
    const answer = await ask(asked)
    t.equal(answer.status, 303)
    const { code, ...others } = answeredTo(answer)
    t.match(code, /^[\w-]{64}$/)
    t.same(others, { state: 'a state', iss: ISSUER })
    t.match(await codeOf(service, answer), {
      userId: account.id,
      clientId: client.clientId,
      clientName: client.name,
      redirectUri: CALLBACK,
      challenge: CHALLENGE,
      nonce: 'a nonce',
      scopes: ['openid', 'email'],
      resources: [ORDERS],
      amr: ['pwd'],
      authTime: service.clock(),
      epoch: 0,
    })
  })

  t.test('/oauth/authorize takes a redirect URI letter for letter', async (t) => {
    const redirectUri = 'https://app.example.com/cb?tenant=a%20b&x'
    const other = await newApp(service, { redirectUris: [redirectUri] })
    const { headers } = await authorize(service, requestOf(other), { cookies })
    t.ok(String(headers.location).startsWith(`${redirectUri}&code=`))
  })

  t.test(
    '/oauth/authorize sends a code to any port of one’s own machine, and to an app on the device',
    async (t) => {
      const registered = ['http://127.0.0.1/cb', 'com.example.app:/cb']
      const native = await newApp(service, { redirectUris: registered, isFirstParty: false })
      for (const uri of ['http://127.0.0.1:51234/cb', 'com.example.app:/cb']) {
        const asked = requestOf(native, { redirect_uri: uri, prompt: 'none' })
        const { headers } = await authorize(service, asked, { cookies })
        t.ok(String(headers.location).startsWith(`${uri}?error=consent_required&`), uri)
      }
    },
  )

  t.test(
    '/oauth/authorize leaves out a parameter without a value, and one that is unknown',
    async (t) => {
      const empty = { nonce: '', prompt: '', resource: '', state: '', request: '', max_age: '' }
      const answer = await ask({
        ...empty,
        claims: '{"userinfo":{}}',
        display: 'page',
        foo: ['1', '2'],
      })
      t.same(Object.keys(answeredTo(answer)), ['code', 'iss'])
      const record = await codeOf(service, answer)
      t.same(record.resources, [])
      t.notOk('nonce' in record)
    },
  )

  t.test(
    '/oauth/authorize does nothing for a request that a browser makes ahead of its person',
    async (t) => {
      const { length } = service.calls
      const url = `/oauth/authorize?${encode(requestOf(client))}`
      for (const headers of [{ 'sec-purpose': 'prefetch;prerender' }, { 'x-moz': 'prefetch' }]) {
        const { status, headers: said } = await service.get(url, { cookies, headers })
        t.equal(status, 204)
        t.notOk(said['set-cookie'])
      }
      t.equal((await service.call('HEAD', url, { cookies })).status, 204)
      t.equal((await service.call('HEAD', url)).status, 204)
      t.same(
        service.calls.slice(length).filter((call) => !call.endsWith('rateLimits')),
        [],
      )
    },
  )
})

t.test(
  '/oauth/authorize redirects nothing before client and redirect URI are proved',
  async (t) => {
    const { service, client, cookies } = await startWorld(t)
    const cases: readonly [string, string, Asked][] = [
      ['CLIENT_UNKNOWN', 'no client', { client_id: undefined }],
      ['CLIENT_UNKNOWN', 'an unknown client', { client_id: `app_${'A'.repeat(22)}` }],
      ['CLIENT_UNKNOWN', 'what is no client id', { client_id: '../x' }],
      ['CLIENT_UNKNOWN', 'a client id without end', { client_id: 'a'.repeat(100_000) }],
      ['CLIENT_UNKNOWN', 'two clients', { client_id: [client.clientId, client.clientId] }],
      ['REDIRECT_URI_UNKNOWN', 'no URI', { redirect_uri: undefined }],
      ['REDIRECT_URI_UNKNOWN', 'an empty URI', { redirect_uri: '' }],
      ['REDIRECT_URI_UNKNOWN', 'two URIs', { redirect_uri: [CALLBACK, CALLBACK] }],
      ...[
        `${CALLBACK}/`,
        `${CALLBACK}?x=1`,
        `${CALLBACK}#x`,
        CALLBACK.toUpperCase(),
        'https://app.example.com:443/cb',
        'https://app.example.com@evil.example/cb',
        'https://app.example.com.evil.example/cb',
        'https://evil.example/cb',
        'http://app.example.com/cb',
        '//app.example.com/cb',
        '/cb',
        'javascript:alert(1)',
        'data:text/html,x',
        `${CALLBACK}\n`,
        ` ${CALLBACK}`,
        `${ISSUER}/login`,
      ].map((uri): [string, string, Asked] => ['REDIRECT_URI_UNKNOWN', uri, { redirect_uri: uri }]),
    ]
    for (const [code, what, asked] of cases) {
      for (const call of [{ cookies }, {}]) {
        // Whatever else is wrong.
        for (const others of [{}, { response_type: 'token', prompt: 'none', request: 'x.y.z' }]) {
          const query = requestOf(client, { ...others, ...asked })
          const page = await authorize(service, query, call)
          t.equal(page.status, 400, what)
          t.notOk(page.headers.location, what)
          t.notOk(page.headers['set-cookie'], what)
          t.match(page.headers['content-type'], /^text\/html/, what)
          t.notMatch(page.text, /evil\.example|javascript:/, what)
          const { body } = await service.get(`/oauth/authorize?${encode(query)}`, call)
          t.equal(body.code, code, what)
        }
      }
    }
  },
)

t.test('/oauth/authorize tells the app all else that is wrong', async (t) => {
  const { service, client, cookies, ask } = await startWorld(t, {
    resources: [ORDERS],
    scopes: ['orders:read', 'data:read'],
  })
  const long = (length: number) => 'a'.repeat(length)
  const cases: readonly [string, Asked][] = [
    ['invalid_request', { response_type: undefined }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['unsupported_response_type', { response_type: 'code id_token' }],
    ['unsupported_response_type', { response_type: 'none' }],
    ['unsupported_response_type', { response_type: 'CODE' }],
    ['invalid_request', { response_type: ['code', 'code'] }],
    ['invalid_request', { response_mode: 'fragment' }],
    ['invalid_request', { response_mode: 'form_post' }],
    ['invalid_request', { code_challenge: undefined }],
    ['invalid_request', { code_challenge: undefined, code_challenge_method: undefined }],
    ['invalid_request', { code_challenge_method: undefined }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { code_challenge_method: 's256' }],
    ['invalid_request', { code_challenge: CHALLENGE.slice(1) }],
    ['invalid_request', { code_challenge: `${CHALLENGE}A` }],
    ['invalid_request', { code_challenge: `${CHALLENGE.slice(1)}=` }],
    ['invalid_request', { code_challenge: `${CHALLENGE.slice(1)}~` }],
    ['invalid_request', { code_challenge: [CHALLENGE, CHALLENGE] }],
    ['invalid_request', { nonce: ['a', 'a'] }],
    ['invalid_request', { scope: ['openid', 'openid'] }],
    ['invalid_request', { nonce: long(1025) }],
    ['invalid_request', { scope: long(1_000_000) }],
    ['invalid_request', { scope: 'openid '.repeat(100_000) }],
    ['invalid_request', { login_hint: long(321) }],
    ['invalid_request', { acr_values: long(513) }],
    ['invalid_request', { resource: Array.from({ length: 21 }, (_, at) => `${ORDERS}/${at}`) }],
    ['invalid_request', { prompt: 'none login' }],
    ['invalid_request', { prompt: 'consent none' }],
    ['invalid_request', { prompt: 'Login' }],
    ['invalid_request', { prompt: 'suspend' }],
    ...['-1', '1.5', '1e3', 'x', '0x10', ' 1', '9999999999'].map((max_age): [string, Asked] => [
      'invalid_request',
      { max_age },
    ]),
    ['invalid_scope', { scope: 'openid unknown:read' }],
    ['invalid_scope', { scope: 'openid "quoted"' }],
    ['invalid_scope', { scope: 'openid a\u00e9' }],
    ['invalid_scope', { scope: 'orders:read billing:read', resource: ORDERS }],
    ['invalid_scope', { scope: 'orders:write' }],
    ['invalid_scope', { scope: 'admin', resource: ORDERS }],
    ['invalid_scope', { scope: 'user', resource: ORDERS }],
    ['invalid_target', { resource: 'https://unknown.example.com' }],
    ['invalid_target', { resource: [ORDERS, 'https://unknown.example.com'] }],
    ['invalid_target', { resource: `${ORDERS}/` }],
    ['invalid_target', { resource: BILLING }],
    ['invalid_target', { scope: 'billing:read' }],
    ['invalid_target', { resource: ISSUER }],
    ['invalid_target', { resource: 'latchkey' }],
    ['invalid_target', { scope: 'profile', resource: `${ISSUER}/oauth/userinfo` }],
    ['request_not_supported', { request: 'e30.e30.' }],
    ['request_uri_not_supported', { request_uri: 'https://app.example.com/request.jwt' }],
    ['registration_not_supported', { registration: '{}' }],
  ]
  for (const [error, asked] of cases) {
    const what = JSON.stringify(asked).slice(0, 80)
    const answer = await ask(asked)
    hasRefused(t, answer, error, what)
    t.equal(answeredTo(answer).state, 'a state', what)
  }

  t.test(
    '/oauth/authorize tells the app what is wrong, signed in or not, and with whom the answer is from',
    async (t) => {
      const answer = await ask({ response_type: 'token' }, { cookies: {} })
      hasRefused(t, answer, 'unsupported_response_type', 'no session')
      t.notOk(answer.headers['set-cookie'])
    },
  )

  t.test('/oauth/authorize returns no state that came twice or is too long', async (t) => {
    for (const state of [['a', 'b'], long(4097)]) {
      const answer = await ask({ state })
      hasRefused(t, answer, 'invalid_request', 'state')
      t.notOk('state' in answeredTo(answer))
    }
    const whole = 'ä /?&=+%'.repeat(100)
    t.equal(answeredTo(await ask({ state: whole })).state, whole)
  })

  t.test('after a refusal by /oauth/authorize the session goes on', async (t) => {
    t.match(answeredTo(await authorize(service, requestOf(client), { cookies })), { code: String })
  })
})

t.test('the scopes that an app may ask /oauth/authorize for', async (t) => {
  const { service, ask, cookies } = await startWorld(t)
  const granted = async (asked: Asked) => {
    const { scopes, resources } = await codeOf(service, await ask(asked))
    return { scopes, resources }
  }
  t.same(await granted({ scope: undefined }), { scopes: [], resources: [] })
  t.same(await granted({ scope: 'openid address phone  profile openid' }), {
    scopes: ['openid', 'profile'],
    resources: [],
  })
  t.same(await granted({ scope: 'offline_access orders:read' }), {
    scopes: ['offline_access', 'orders:read'],
    resources: [ORDERS],
  })
  t.same(await granted({ resource: [ORDERS, BILLING, ORDERS], scope: 'shared:read' }), {
    scopes: ['shared:read'],
    resources: [ORDERS, BILLING],
  })
  t.same(await granted({ resource: `${ISSUER}/oauth/userinfo` }), {
    scopes: ['openid'],
    resources: [],
  })
  hasRefused(t, await ask({ scope: 'shared:read' }), 'invalid_target', 'scopes of two APIs')
  hasRefused(t, await ask({ scope: 'orders:read billing:read' }), 'invalid_target', 'of two APIs')

  t.test(
    'an app that is not the team’s own spells its scopes out at /oauth/authorize',
    async (t) => {
      const others = await newApp(service, { isFirstParty: false, resources: [ORDERS] })
      const asked = requestOf(others, { resource: ORDERS, scope: undefined })
      const parked = await authorize(service, asked, { cookies })
      t.equal(pageOf(parked), '/consent')
      const { authorization } = await service.services.late.load()
      const { request } = await authorization.read({
        parameters: parametersOf(asked),
        at: service.clock(),
      })
      t.same(request.scopes, ['orders:read', 'orders:write', 'shared:read'])
    },
  )
})

t.test('a request at /oauth/authorize is decided on by its person', async (t) => {
  const { service, client, account, cookies, ask } = await startWorld(t)
  const strangers = await newApp(service, { isFirstParty: false })
  const silently = { prompt: 'none' }

  t.test('/oauth/authorize for a person who is not signed in', async (t) => {
    const ask = (asked: Asked) => authorize(service, requestOf(client, asked))
    hasRefused(t, await ask(silently), 'login_required', 'prompt=none')
    t.equal(pageOf(await ask({})), '/login')
    t.equal(pageOf(await ask({ prompt: 'login' })), '/login')
    t.equal(pageOf(await ask({ prompt: 'consent select_account' })), '/login')
    t.equal(pageOf(await ask({ prompt: 'create' })), '/register')
    const dead = { [ACCESS_COOKIE]: 'no token' }
    const asked = requestOf(client, silently)
    hasRefused(t, await authorize(service, asked, { cookies: dead }), 'login_required', 'no token')
  })

  t.test('/oauth/authorize for a person who is signed in', async (t) => {
    t.match(answeredTo(await ask(silently)), { code: String })
    t.match(answeredTo(await ask({ prompt: 'create' })), { code: String })
  })

  t.test(
    '/oauth/authorize for a person who has signed in before the app asked for it',
    async (t) => {
      service.clock.advance(MINUTE)
      t.equal(pageOf(await ask({ prompt: 'login' })), '/step-up')
      t.equal(pageOf(await ask({ max_age: '0' })), '/step-up')
      t.equal(pageOf(await ask({ max_age: '59' })), '/step-up')
      t.match(answeredTo(await ask({ max_age: '60', ...silently })), { code: String })
      hasRefused(t, await ask({ max_age: '59', ...silently }), 'login_required', 'max_age')
      const { location } = (await ask({ prompt: 'select_account' })).headers
      t.match(location, /^\/login\?error=RECENT_SIGN_IN_REQUIRED&returnTo=/)
    },
  )

  t.test(
    '/oauth/authorize for a person who proves more on the way, and has not to do it twice',
    async (t) => {
      for (const asked of [{ prompt: 'login' }, { max_age: '0' }]) {
        service.clock.advance(MINUTE)
        const sent = await ask(asked)
        const returnTo = returnToOf(sent)
        t.match(returnTo, PATH)
        const jar = { ...cookies, ...jarOf(sent) }
        t.equal(pageOf(await service.get(returnTo, { cookies: jar })), '/step-up', 'not yet')
        service.clock.advance(1)
        const fields = { password: account.password, returnTo }
        const proved = await submit(service, '/step-up', fields, { cookies: jar })
        t.equal(proved.headers.location, returnTo)
        const answer = await service.get(returnTo, { cookies: { ...jar, ...jarOf(proved) } })
        t.match(answeredTo(answer), { code: String, state: 'a state' })
        t.equal((await codeOf(service, answer)).authTime, service.clock())
      }
    },
  )

  t.test('/oauth/authorize for a person who has no second factor', async (t) => {
    const wanted = { acr_values: 'urn:latchkey:2' }
    hasRefused(t, await ask(wanted), 'unmet_authentication_requirements', 'acr_values')
    const unknown = { acr_values: 'urn:mace:incommon:iap:silver' }
    hasRefused(t, await ask(unknown), 'unmet_authentication_requirements', 'an unknown level')
    for (const acr of ['urn:latchkey:1', 'urn:latchkey:2 urn:latchkey:1', 'x urn:latchkey:1']) {
      t.match(answeredTo(await ask({ acr_values: acr })), { code: String }, acr)
    }
  })

  t.test('/oauth/authorize for a person who has a second factor', async (t) => {
    const { account, cookies } = await newPerson(service)
    const { accessToken } = await service.signIn(account)
    const { app } = await addTotp(service, accessToken)
    const ask = (asked: Asked) => authorize(service, requestOf(client, asked), { cookies })
    const wanted = { acr_values: 'urn:latchkey:2' }
    hasRefused(t, await ask({ ...wanted, ...silently }), 'interaction_required', 'prompt=none')
    const sent = await ask(wanted)
    t.equal(pageOf(sent), '/step-up')
    const jar = { ...cookies, ...jarOf(sent) }
    const fields = { totp: app.nextCode(), returnTo: returnToOf(sent) }
    const proved = await submit(service, '/step-up', fields, { cookies: jar })
    t.equal(proved.headers.location, returnToOf(sent))
    const answer = await service.get(returnToOf(sent), { cookies: { ...jar, ...jarOf(proved) } })
    t.ok((await codeOf(service, answer)).amr.includes('mfa'))
  })

  t.test('/oauth/authorize for a person who has not allowed the app anything', async (t) => {
    const ask = (asked: Asked) => authorize(service, requestOf(strangers, asked), { cookies })
    t.equal(pageOf(await ask({})), '/consent')
    hasRefused(t, await ask(silently), 'consent_required', 'prompt=none')
    t.equal(
      pageOf(await authorize(service, requestOf(client, { prompt: 'consent' }), { cookies })),
      '/consent',
    )
  })

  t.test(
    '/oauth/authorize for the team’s own app, which may be any program of the machine',
    async (t) => {
      const native = await newApp(service, { redirectUris: ['http://127.0.0.1/cb'] })
      t.equal(pageOf(await authorize(service, requestOf(native), { cookies })), '/consent')
    },
  )
})

t.test('a request at /oauth/authorize waits while its person signs in', async (t) => {
  const service = await startService(t)
  const client = await newApp(service)
  const account = await service.signUp()
  const begin = async (cookies: Readonly<Record<string, string>> = {}) => {
    const sent = await authorize(service, requestOf(client), { cookies })
    return { returnTo: returnToOf(sent), jar: { ...cookies, ...jarOf(sent) }, sent }
  }
  const isOver = (t: Test, answer: Answer, what: string) => {
    t.equal(answer.status, 400, what)
    t.notOk(answer.headers.location, what)
    t.match(answer.text, /Go back to the app and begin again/, what)
    t.match(answer.text, /href="\/dashboard"/, `${what}: a way on`)
  }
  const arrive = (returnTo: string, cookies: Readonly<Record<string, string>>, at = service) =>
    at.get(returnTo, { cookies, headers: FROM_APP })

  t.test(
    'a request at /oauth/authorize waits over a reload, and at another instance',
    async (t) => {
      const { returnTo, jar, sent } = await begin()
      t.equal(sent.headers.location, `/login?returnTo=${encodeURIComponent(returnTo)}`)
      t.match(returnTo, PATH)
      t.match(sent.cookies[0], {
        name: '__Host-latchkey_authorization',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        path: '/',
      })
      const reloaded = await arrive(returnTo, jar)
      t.equal(returnToOf(reloaded), returnTo, 'the same one')
      const { email, password } = account
      const login = await submit(service, '/login', { email, password, returnTo }, { cookies: jar })
      t.equal(login.headers.location, returnTo)
      const other = await startService(t, { beside: service })
      const answer = await arrive(returnTo, { ...jar, ...jarOf(login) }, other)
      t.match(answeredTo(answer), { code: String, state: 'a state', iss: ISSUER })
      isOver(t, await arrive(returnTo, { ...jar, ...jarOf(login) }), 'the back button')
      isOver(t, await arrive(returnTo, jar), 'the back button, without a session')
    },
  )

  t.test('a request at /oauth/authorize waits in each of two tabs', async (t) => {
    const one = await begin()
    const other = await begin(one.jar)
    t.not(one.returnTo, other.returnTo)
    const jar = { ...other.jar, ...(await signedIn(service, account)) }
    t.match(answeredTo(await arrive(one.returnTo, jar)), { code: String })
    t.match(answeredTo(await arrive(other.returnTo, jar)), { code: String })
  })

  t.test('a request at /oauth/authorize waits for an hour', async (t) => {
    const early = await begin()
    service.clock.advance(HOUR - 1)
    const jar = { ...early.jar, ...(await signedIn(service, account)) }
    t.match(answeredTo(await arrive(early.returnTo, jar)), { code: String })
    const late = await begin()
    service.clock.advance(HOUR)
    isOver(t, await arrive(late.returnTo, { ...late.jar, ...jar }), 'expired')
    isOver(t, await arrive(late.returnTo, late.jar), 'expired, without a session')
  })

  t.test('a request at /oauth/authorize waits in its browser alone', async (t) => {
    const { returnTo, jar } = await begin()
    const session = await signedIn(service, account)
    const foreign = await begin()
    isOver(t, await arrive(returnTo, { ...foreign.jar, ...session }), 'another browser')
    isOver(t, await arrive(returnTo, session), 'a browser that keeps no cookies')
    const unknown = returnTo.replace(/.{43}$/, 'A'.repeat(43))
    isOver(t, await arrive(unknown, { ...jar, ...session }), 'an unknown one')
    isOver(t, await arrive(`${returnTo}&client_id=app_x`, { ...jar, ...session }), 'of another app')
    t.match(answeredTo(await arrive(returnTo, { ...jar, ...session })), { code: String })
  })

  t.test(
    'a request at /oauth/authorize waits for one code, however many come at once',
    async (t) => {
      const { returnTo, jar } = await begin()
      const cookies = { ...jar, ...(await signedIn(service, account)) }
      const answers = await Promise.all(Array.from({ length: 50 }, () => arrive(returnTo, cookies)))
      const codes = answers.flatMap((answer) => answeredTo(answer).code ?? [])
      t.equal(codes.length, 1)
      const others = answers.filter(({ status }) => status !== 303).map(({ status }) => status)
      t.same([...new Set(others)], [400])
    },
  )

  t.test(
    'a request at /oauth/authorize waits as long as its client may have the answer',
    async (t) => {
      const { returnTo, jar } = await begin()
      const cookies = { ...jar, ...(await signedIn(service, account)) }
      const moved = { ...client, redirectUris: ['https://app.example.com/moved'] }
      await registeredApp(service, moved)
      service.clock.advance(MINUTE)
      const answer = await arrive(returnTo, cookies)
      t.equal(answer.status, 400)
      t.notOk(answer.headers.location)
      await registeredApp(service, client)
      service.clock.advance(MINUTE)
    },
  )

  t.test('a sign-in may return to /oauth/authorize, unlike to all else below /oauth', async (t) => {
    const { returnTo } = await begin()
    const ends = async (place: string) =>
      (await submit(service, '/login', { ...account, returnTo: place })).headers.location
    t.equal(await ends(returnTo), returnTo)
    for (const place of [
      '/oauth/authorize',
      `${returnTo}A`,
      `${returnTo}&client_id=${client.clientId}`,
      `${returnTo}#x`,
      returnTo.replace('authorize', 'par'),
      returnTo.replace('/oauth/', '/oauth//'),
      `/oauth/authorize?${encode(requestOf(client))}`,
      `https://evil.example${returnTo}`,
      `/${returnTo}`,
    ]) {
      t.equal(await ends(place), '/dashboard', place)
    }
  })
})

t.test('POST /oauth/authorize goes on as a GET that knows its person', async (t) => {
  const { service, client, cookies } = await startWorld(t)
  const post = (asked: Asked, call: Call = {}) =>
    service.call('POST', '/oauth/authorize', {
      ...call,
      body: encode(asked),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://app.example.com',
        ...FROM_APP,
        ...call.headers,
      },
    })
  const sent = await post(requestOf(client))
  t.equal(sent.status, 303)
  t.match(sent.headers.location, PATH)
  t.same(sent.cookies, [], 'another site’s form has no cookies, and none is replaced')
  const kept = await authorize(service, requestOf(client, { prompt: 'login' }), {
    cookies: { [ACCESS_COOKIE]: 'none' },
  })
  const jar = { ...cookies, ...jarOf(kept) }
  const answer = await service.get(String(sent.headers.location), { cookies: jar })
  t.match(answeredTo(answer), { code: String, state: 'a state' })

  t.test('POST /oauth/authorize is refused as a GET is', async (t) => {
    hasRefused(t, await post(requestOf(client, { prompt: 'x' })), 'invalid_request', 'prompt')
    t.equal((await post(requestOf(client, { redirect_uri: 'https://evil.example' }))).status, 400)
    t.equal((await post(requestOf(client, { scope: 'a'.repeat(20_000) }))).status, 413)
    const json = { 'content-type': 'application/json' }
    t.equal((await post(requestOf(client), { headers: json })).status, 415)
  })
})

t.test('at /oauth/authorize a person stays signed in, wherever they come from', async (t) => {
  const { service, ask, cookies } = await startWorld(t)
  service.clock.advance(20 * MINUTE)
  const answer = await ask()
  t.match(answeredTo(answer), { code: String }, 'the access cookie has expired')
  t.same(answer.cookies, [], 'a foreign page may let the answer be lost: nothing is renewed')

  const away = { remoteAddress: '192.0.2.77' }
  const moved = await ask({}, { ...away, headers: { 'user-agent': 'another network' } })
  t.match(answeredTo(moved), { code: String }, 'from another network')
  const renewed = { ...cookies, ...jarOf(moved) }
  t.match(answeredTo(await ask({ prompt: 'none' }, { cookies: renewed })), { code: String })
})

t.test('a store that is unavailable makes /oauth/authorize refuse no one', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const client = await newApp(service)
  const { cookies } = await newPerson(service)
  for (const failing of ['BatchGetItem', 'GetItem', 'TransactWriteItems']) {
    service.clock.advance(MINUTE)
    proxy.decide(({ operation }) => (operation === failing ? 'fail' : 'pass'))
    const answer = await authorize(service, requestOf(client), { cookies })
    t.equal(answer.status, 503, failing)
    t.ok(answer.headers['retry-after'], failing)
    t.notOk(answer.headers.location, failing)
    t.same(answer.cookies, [], failing)
  }
  proxy.decide(() => 'pass')
  t.match(answeredTo(await authorize(service, requestOf(client), { cookies })), { code: String })
})
