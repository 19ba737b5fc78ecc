import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ACCESS_COOKIE, DEVICE_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { accentOn, contrastOf } from '../../src/lib/colour.js'
import { languageOf } from '../../src/pages/kit/language.js'
import { de } from '../../src/pages/texts/de.js'
import { en, type TextKey } from '../../src/pages/texts/en.js'
import { parseAgent } from '../../src/lib/user-agent.js'
import { DAY, MINUTE } from '../support/clock.js'
import { newEmail } from '../support/identity-provider.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { lastMail, MAIL } from '../support/mail.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Account, ISSUER, newAccount, type Service, startService } from '../support/service.js'
import { startProxy } from '../support/proxy.js'
import { openSession } from '../support/opened-session.js'

const APP = 'https://app.example.com'

/** Signs an account in by the form. @returns its cookies. */
async function enter(service: Service, { email, password }: Account) {
  const answer = await submit(service, '/login', { email, password })
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
  return jarOf(answer)
}

t.test('the pages without scripts', async (t) => {
  const service = await startService(t, { env: { CORS_ORIGINS: APP } })

  t.test('the sign-up page (/register) signs somebody up, and in', async (t) => {
    const { email, password } = newAccount()
    const made = await submit(service, '/register', { email, password, name: 'Ada' })
    t.match(made, { status: 303, headers: { location: '/dashboard' } })
    for (const cookie of made.cookies) {
      t.match(cookie, { httpOnly: true, secure: true, sameSite: 'Lax', path: '/' }, cookie.name)
    }
    const cookies = jarOf(made)
    t.same(Object.keys(cookies).sort(), [ACCESS_COOKIE, DEVICE_COOKIE, REFRESH_COOKIE])
    const page = await service.get('/dashboard', { cookies })
    t.match(page, { status: 200, headers: { 'cache-control': 'no-store' } })
    t.match(page.text, 'Hello, Ada')
    for (const value of Object.values(cookies)) t.notOk(page.text.includes(value))
    t.equal(service.events('user_created').length, 1)
    t.equal(service.events('authn_login_success').length, 1)
    for (const path of ['/login', '/register']) {
      const again = await service.get(path, { cookies })
      t.match(again, { status: 303, headers: { location: '/dashboard' } }, `${path} leads on`)
    }
  })

  t.test(
    'the home page leads a browser to the account page, and is nothing to a program',
    async (t) => {
      const [browser, program] = [{ accept: 'text/html,*/*;q=0.8' }, { accept: '*/*' }]
      const opened = await service.get('/', { headers: browser })
      t.match(opened, { status: 302, headers: { location: '/dashboard' } })
      const asked = await service.get('/', { headers: program })
      t.match(asked, { status: 404, body: { code: 'NOT_FOUND', detail: /openapi\.json/ } })
    },
  )

  t.test('the form of the sign-up page (/register) is judged as the API judges', async (t) => {
    const account = await service.signUp()
    const { email } = account
    const { password } = newAccount()
    const attempts: [object, number, string[]][] = [
      [{}, 400, [en['field.email.wrong'], en['field.password.wrong']]],
      [{ email: 'ada', password }, 400, [en['field.email.wrong']]],
      [{ email, password, name: 'x'.repeat(101) }, 400, [en['field.name.wrong']]],
      [{ email, password }, 409, [en['problem.EMAIL_TAKEN']]],
      [
        { email: newEmail(), password: 'tiny' },
        400,
        ['Too short: it needs at least 12 characters.'],
      ],
      [{ email: newEmail(), password: 'leavemealone' }, 400, [en['password.COMMON']]],
    ]
    for (const [fields, status, sentences] of attempts) {
      const answer = await submit(service, '/register', fields as Record<string, string>)
      t.equal(answer.status, status)
      t.same(complaints(answer), sentences)
      t.equal(answer.cookies.length, 0)
      const typed = (fields as { password?: string }).password
      if (typed) t.notOk(answer.text.includes(typed), 'a password is never sent back')
    }
    const kept = await submit(service, '/register', { email: '"><b>x', password })
    t.match(kept.text, 'value="&quot;>&lt;b>x"', 'what was typed stays, as text')
    const twice = await submit(service, '/login', { email: [email, email], password })
    t.equal(twice.status, 400, 'a field that comes twice is none')
  })

  t.test(
    'the sign-in page treats a wrong password, an unknown and a disabled user alike',
    async (t) => {
      const [known, disabled] = [await service.signUp(), await service.signUp()]
      await service.services.users.store.change(disabled.id, { status: 'disabled' })
      const { password } = newAccount()
      const answers = []
      const failuresBefore = service.events('authn_login_fail').length
      for (const [email, typed] of [
        [known.email, password],
        [newEmail(), password],
        [disabled.email, disabled.password],
      ] as const) {
        const before = service.calls.length
        const { status, text, cookies } = await submit(service, '/login', {
          email,
          password: typed,
        })
        const calls = service.calls.slice(before).sort()
        answers.push({ status, text: text.replace(email, ''), cookies, calls })
      }
      t.match(answers[0], { status: 401, cookies: [] })
      t.match(answers[0]?.text, en['problem.INVALID_CREDENTIALS'])
      t.same(answers[1], answers[0])
      t.same(answers[2], answers[0])
      t.same(
        service
          .events('authn_login_fail')
          .slice(failuresBefore)
          .map(({ reason }) => reason),
        ['wrong_password', 'unknown_user', 'user_disabled'],
      )
    },
  )

  t.test('the sign-in page leads on to where it may, and nowhere else', async (t) => {
    const { email, password } = await service.signUp()
    const ends: [string, string][] = [
      ['/dashboard/keys', '/dashboard/keys'],
      [`${APP}/orders`, `${APP}/orders`],
      ['https://evil.example/', '/dashboard'],
      ['//evil.example', '/dashboard'],
      ['/\\evil.example', '/dashboard'],
      ['/api/auth/logout', '/dashboard'],
      ['javascript:alert(1)', '/dashboard'],
    ]
    for (const [returnTo, location] of ends) {
      const answer = await submit(service, '/login', { email, password, returnTo })
      t.match(answer, { status: 303, headers: { location } }, returnTo)
      const page = await service.get(`/login?${new URLSearchParams({ returnTo }).toString()}`)
      t.equal(page.text.includes('name="returnTo"'), location !== '/dashboard', 'the form says so')
    }
  })

  t.test('a page whose session has ended asks to sign in, and comes back', async (t) => {
    const account = await service.signUp()
    const cookies = await enter(service, account)
    await service.services.users.store.endSessions(account.id)
    const page = await service.get('/dashboard/keys', { cookies })
    t.match(page, {
      status: 303,
      headers: { location: '/login?error=SESSION_ENDED&returnTo=%2Fdashboard%2Fkeys' },
    })
    for (const { value } of page.cookies) t.equal(value, '', 'dead cookies are dropped')
    t.match((await service.get('/dashboard')).headers.location, '/login')
  })

  t.test('a page renews an access cookie that has expired on the way', async (t) => {
    const account = await service.signUp()
    const cookies = await enter(service, account)
    service.clock.advance(16 * MINUTE)
    const page = await service.get('/dashboard', { cookies })
    t.equal(page.status, 200)
    const renewed = jarOf(page)
    t.not(renewed[REFRESH_COOKIE], cookies[REFRESH_COOKIE])
    const posted = await submit(service, '/dashboard/sessions/end', {}, { cookies: renewed })
    t.match(posted, { status: 303, headers: { location: '/login?done=SESSIONS_ENDED' } })

    const other = await enter(service, account)
    service.clock.advance(16 * MINUTE)
    const passwords = { currentPassword: account.password, newPassword: `new ${account.password}` }
    const late = await submit(service, '/dashboard/password', passwords, { cookies: other })
    const changed = { location: '/dashboard?done=PASSWORD_CHANGED' }
    t.match(late, { status: 303, headers: changed }, 'a form that was open for long goes through')
    service.clock.advance(MINUTE)
    const stolen = await service.get('/dashboard', {
      cookies: { [REFRESH_COOKIE]: other[REFRESH_COOKIE] ?? '' },
      headers: { 'user-agent': 'curl/8.5' },
    })
    t.equal(stolen.status, 303, 'a refresh token that was used is no way in')
    t.equal(service.events('authn_token_reuse').length, 1)
  })

  t.test(
    'the sign-out page (/logout) drops the cookies and what the browser has kept',
    async (t) => {
      const cookies = await enter(service, await service.signUp())
      const out = await submit(service, '/logout', {}, { cookies })
      t.match(out, {
        status: 303,
        headers: { location: '/login?done=SIGNED_OUT', 'clear-site-data': '"cache", "storage"' },
      })
      for (const { value } of out.cookies) t.equal(value, '')
      t.match(await submit(service, '/logout'), { status: 303 }, 'twice is as good as once')
    },
  )
})

t.test('forms of pages prove that they come from our own pages', async (t) => {
  const service = await startService(t, { env: { CORS_ORIGINS: APP } })
  const { email, password } = await service.signUp()
  const foreign: [string, Record<string, string>][] = [
    ['another site', { origin: 'https://evil.example' }],
    ['an app that may call the API', { origin: APP }],
    ['no origin at all', { origin: 'null' }],
    ['a sibling', { origin: '', 'sec-fetch-site': 'same-site' }],
    ['nothing', { origin: '' }],
  ]
  for (const [what, { origin, ...rest }] of foreign) {
    for (const path of ['/login', '/register', '/logout', '/dashboard/sessions/end']) {
      const answer = await service.call('POST', path, {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(origin !== '' && { origin: origin as string }),
          ...rest,
        },
        body: new URLSearchParams({ email, password }).toString(),
      })
      t.match(
        answer,
        { status: 403, headers: { 'content-type': /^text\/html/ } },
        `${what}: ${path}`,
      )
      t.same(complaints(answer), [en['problem.FOREIGN_ORIGIN']])
      t.equal(answer.cookies.length, 0, 'and sign nobody in')
    }
  }
  t.equal(service.events('malicious_csrf').length, 20)
  const json = await service.post('/login', { email, password }, { headers: { origin: ISSUER } })
  t.equal(json.status, 415, 'pages take forms')
  const form = new URLSearchParams({ email, password }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: ISSUER }
  const api = await service.call('POST', '/api/auth/login', { headers, body: form })
  t.equal(api.status, 415, 'and the API takes none')
})

t.test('limits of forms of pages are those of the API, counted together', async (t) => {
  const env = { RATE_LIMIT_PER_ADDRESS: '4', RATE_LIMIT_PER_ACCOUNT: '2' }
  const service = await startService(t, { env })
  const [{ email }, { password }] = [await service.signUp(), newAccount()]
  t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
  t.equal((await submit(service, '/login', { email, password })).status, 401)
  const third = await submit(service, '/login', { email, password })
  t.match(third, { status: 429, headers: { 'retry-after': '900' } }, 'by account')
  t.same(complaints(third), ['Too many attempts. Try again in 15 minutes.'])
  t.equal((await submit(service, '/login', { email, password })).status, 429)
  const fifth = await submit(service, '/login', { email, password })
  t.match(fifth, { status: 429, headers: { 'retry-after': '60' } }, 'by address')
  t.same(complaints(fifth), ['Too many attempts. Try again in a minute.'])
  t.equal((await service.post('/api/auth/login', { email, password })).status, 429)

  t.equal((await submit(service, '/register', { email, password: 'x' })).status, 400)
  t.equal((await service.post('/api/auth/register', { email, password: 'x' })).status, 400)
  t.equal((await submit(service, '/register', { email, password: 'x' })).status, 400)
  t.equal((await submit(service, '/register', { email, password: 'x' })).status, 429)
})

t.test('pages refresh sessions within the limit of the API, which signs nobody out', async (t) => {
  const service = await startService(t)
  const cookies = await enter(service, await service.signUp())
  const headers = { origin: ISSUER }
  let head = cookies[REFRESH_COOKIE] ?? ''
  for (let both = 0; both < 15; both++) {
    for (const ask of [
      () => service.get('/dashboard', { cookies: { [REFRESH_COOKIE]: head } }),
      () => service.post('/api/auth/refresh', {}, { cookies: { [REFRESH_COOKIE]: head }, headers }),
    ]) {
      const answer = await ask()
      t.equal(answer.status, 200)
      head = jarOf(answer)[REFRESH_COOKIE] ?? ''
    }
  }
  const held = { [REFRESH_COOKIE]: head }
  const page = await service.get('/dashboard', { cookies: held })
  t.match(page, { status: 429, headers: { 'retry-after': '60' } }, 'both count together')
  t.same(complaints(page), ['Too many attempts. Try again in a minute.'])
  t.equal(page.cookies.length, 0)
  t.equal(service.events('authn_token_refresh').length, 30)
  service.clock.advance(MINUTE)
  const renewed = await service.get('/dashboard', { cookies: held })
  t.equal(renewed.status, 200, 'the session lives on')
})

t.test('pages lose nobody’s typed fields, nor their session, by our own outage', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const account = await service.signUp()
  const cookies = await enter(service, account)
  proxy.decide(() => 'fail')
  const { email, password } = account
  for (const answer of [
    await submit(service, '/login', { email, password }),
    await service.get('/dashboard', { cookies }),
  ]) {
    t.match(answer, { status: 503, headers: { 'retry-after': String } })
    t.same(complaints(answer), [en['problem.STORE_UNAVAILABLE']])
    t.equal(answer.cookies.length, 0)
  }
  t.ok(service.events('dependency_failed').length >= 2)
})

t.test('the account page', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const cookies = await enter(service, account)

  t.test('the account page says whether its address is proved', async (t) => {
    const page = async (headers = {}) =>
      (await service.get('/dashboard', { cookies, headers })).text.replace(/<[^>]+>/g, '')
    t.match(await page(), `${account.email} (not verified)`)
    t.match(await page({ 'accept-language': 'de' }), `${account.email} (nicht bestätigt)`)
  })

  t.test('the account page changes the password', async (t) => {
    const { password: newPassword } = newAccount()
    const change = (fields: Record<string, string>) =>
      submit(service, '/dashboard/password', fields, { cookies })
    const { password: currentPassword } = account
    const refusals: [Record<string, string>, number, string][] = [
      [{ newPassword }, 400, en['field.currentPassword.wrong']],
      [{ currentPassword }, 400, en['field.password.wrong']],
      [{ currentPassword: 'not this one', newPassword }, 401, en['problem.WRONG_PASSWORD']],
      [{ currentPassword, newPassword: 'leavemealone' }, 400, en['password.COMMON']],
    ]
    for (const [fields, status, sentence] of refusals) {
      const answer = await change(fields)
      t.equal(answer.status, status)
      t.same(complaints(answer), [sentence])
    }
    const other = await enter(service, account)
    const changed = await change({ currentPassword, newPassword })
    t.equal(changed.headers.location, '/dashboard?done=PASSWORD_CHANGED')
    t.equal((await service.get('/dashboard', { cookies: other })).status, 303, 'others have ended')
    const page = await service.get('/dashboard?done=PASSWORD_CHANGED', { cookies })
    t.match(page.text, en['done.PASSWORD_CHANGED'])
  })

  t.test(
    'the account page of an account without a password sets the first after a recent sign-in',
    async (t) => {
      const email = newEmail()
      const profile = { provider: 'acme', issuer: 'https://idp.example', subject: email, email }
      const proved = { ...profile, emailVerified: true, domains: ['*'] }
      const arrival = await service.services.identities.signIn({ language: 'en' }, proved)
      if (arrival.how !== 'created') throw new Error(arrival.how)
      const { user } = arrival
      const { refreshToken } = await openSession(service, user)
      const opened = { [REFRESH_COOKIE]: refreshToken }
      const page = await service.get('/dashboard', { cookies: opened })
      t.match(page.text, en['account.password.set'])
      t.notMatch(page.text, 'name="currentPassword"')
      const [id = ''] = user.identities?.map((identity) => identity.id) ?? []
      const jar = jarOf(page)
      const path = `/dashboard/identities/${id}/unlink`
      t.same(complaints(await submit(service, path, {}, { cookies: jar })), [
        en['problem.LAST_SIGN_IN_METHOD'],
      ])
      service.clock.advance(16 * MINUTE)
      const { password: newPassword } = newAccount()
      const late = await submit(service, '/dashboard/password', { newPassword }, { cookies: jar })
      const stepUp = '/step-up?returnTo=%2Fdashboard'
      t.equal(late.headers.location, stepUp)
      const unlink = await submit(service, path, {}, { cookies: jarOf(late) })
      t.equal(unlink.headers.location, stepUp)
      const { headers: to } = await service.get(stepUp, { cookies: jarOf(late) })
      t.equal(to.location, '/login?error=RECENT_SIGN_IN_REQUIRED&returnTo=%2Fdashboard')
      const again = await service.get(String(to.location), { cookies: jarOf(late) })
      t.match(
        again.text,
        en['error.RECENT_SIGN_IN_REQUIRED'],
        'the form, though a session is alive',
      )
      const fresh = await openSession(service, user)
      const now = jarOf(
        await service.get('/dashboard', { cookies: { [REFRESH_COOKIE]: fresh.refreshToken } }),
      )
      const set = await submit(service, '/dashboard/password', { newPassword }, { cookies: now })
      t.equal(set.headers.location, '/dashboard?done=PASSWORD_CHANGED')
      const unlinked = await submit(service, path, {}, { cookies: now })
      t.equal(unlinked.headers.location, '/dashboard?done=IDENTITY_UNLINKED')
      t.same(complaints(await submit(service, path, {}, { cookies: now })), [
        en['problem.IDENTITY_NOT_FOUND'],
      ])
    },
  )

  t.test('the page of sessions ends the person’s own sessions alone', async (t) => {
    const [mine, theirs] = [await service.signUp(), await service.signUp()]
    const jar = await enter(service, mine)
    const agent = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0' }
    const { email, password } = mine
    await service.post('/api/auth/login', { email, password }, { headers: agent })
    await enter(service, theirs)
    const page = await service.get('/dashboard/sessions', { cookies: jar })
    t.match(page.text, 'Firefox on Windows')
    t.match(page.text, /badge good">This one/)
    const ids = [...page.text.matchAll(/sessions\/([\w-]+)\/end"/g)].map(([, id]) => id as string)
    t.equal(ids.length, 2)
    const user = await service.services.users.find(theirs.email)
    const [foreign] = user ? await service.services.sessions.list(user) : []
    const end = (id = '') => submit(service, `/dashboard/sessions/${id}/end`, {}, { cookies: jar })
    const refused = await end(foreign?.sessionId)
    t.equal(refused.status, 404)
    t.same(complaints(refused), [en['problem.SESSION_NOT_FOUND']])
    t.equal((await end(ids[1])).headers.location, '/dashboard/sessions?done=SESSION_ENDED')
    t.equal((await end(ids[0])).headers.location, '/login?done=SIGNED_OUT', 'this one is last')
  })

  t.test('the page of keys offers scopes that one may give', async (t) => {
    const [user, admin] = [await service.signUp(), (await newAdmin(service)).account]
    for (const [account, offered] of [
      [user, ['data:read', 'data:write']],
      [admin, ['data:read', 'data:write', 'token:introspect']],
    ] as const) {
      const cookies = await enter(service, account)
      const { text } = await service.get('/dashboard/keys', { cookies })
      const choices = [...text.matchAll(/name="scopes" value="([^"]+)"/g)].map(([, scope]) => scope)
      t.same(choices, offered)
    }
    const cookies = await enter(service, user)
    const forged = { name: 'x', scopes: ['token:introspect'] }
    const refused = await submit(service, '/dashboard/keys', forged, { cookies })
    t.equal(refused.status, 403)
    t.same(complaints(refused), [en['problem.SCOPE_RESERVED']])
  })

  t.test('the page of keys makes, rotates, disables and deletes a key', async (t) => {
    const cookies = await enter(service, await service.signUp())
    const post = (path: string, fields = {}) =>
      submit(service, `/dashboard/keys${path}`, fields, { cookies })
    const empty = await service.get('/dashboard/keys', { cookies })
    t.match(empty.text, en['keys.none'])
    t.same(complaints(await post('', { name: '', scopes: [] })), [
      en['field.name.wrong'],
      en['field.scopes.wrong'],
    ])
    t.equal((await post('', { name: 'x', scopes: 'root' })).status, 400)
    const made = await post('', { name: '<i>export</i>', scopes: ['data:read'], expiry: '30' })
    t.match(made, { status: 201, headers: { 'cache-control': 'no-store' } })
    t.match(made.text, '&lt;i>export')
    const secretOf = (text: string) => /lk_live_\w{79}/.exec(text)?.[0] ?? ''
    const [first, id = ''] = [secretOf(made.text), /dashboard\/keys\/(\w+)"/.exec(made.text)?.[1]]
    const use = (key: string) => service.get('/api/data', { headers: { 'x-api-key': key } })
    t.equal((await use(first)).status, 200)
    await service.services.keyUsage.flush()
    const page = await service.get(`/dashboard/keys/${id}`, { cookies })
    t.notOk(page.text.includes(first), 'shown once')
    t.match(page.text, '1 in all, 1 on the busiest day')
    t.match(page.text, new Date(service.clock() + 30 * DAY).toISOString(), 'it expires')

    const rotated = await post(`/${id}/rotate`, { overlap: '0' })
    const second = secretOf(rotated.text)
    t.equal((await use(second)).status, 200)
    service.clock.advance(MINUTE)
    t.equal((await use(first)).status, 401)
    t.equal(
      (await post(`/${id}/disable`)).headers.location,
      `/dashboard/keys/${id}?done=KEY_DISABLED`,
    )
    service.clock.advance(MINUTE)
    t.equal((await use(second)).status, 401)
    t.equal(
      (await post(`/${id}/enable`)).headers.location,
      `/dashboard/keys/${id}?done=KEY_ENABLED`,
    )

    const stranger = await enter(service, await service.signUp())
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/rotate'],
      ['POST', '/delete'],
    ] as const) {
      const url = `/dashboard/keys/${id}${path}`
      const answer =
        method === 'GET'
          ? await service.get(url, { cookies: stranger })
          : await submit(service, url, {}, { cookies: stranger })
      t.equal(answer.status, 404, `${method} ${path} by somebody else`)
      t.same(complaints(answer), [en['problem.API_KEY_NOT_FOUND']])
    }
    t.equal((await post(`/${id}/delete`)).headers.location, '/dashboard/keys?done=KEY_DELETED')
    t.same(
      service.logs
        .filter(({ keyId, event }) => keyId === id && event !== 'api_key_allowed')
        .map(({ event }) => event),
      [
        'sensitive_create',
        'sensitive_rotate',
        'sensitive_update',
        'sensitive_update',
        'sensitive_delete',
      ],
    )
  })
})

t.test(
  'the form of the page of keys after 15 minutes leads to the sign-in, and back',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const cookies = await enter(service, account)
    const made = await submit(
      service,
      '/dashboard/keys',
      { name: 'k', scopes: 'data:read' },
      { cookies },
    )
    const path = /\/dashboard\/keys\/\w+/.exec(made.text)?.[0] ?? ''
    service.clock.advance(14 * MINUTE)
    t.match((await submit(service, `${path}/disable`, {}, { cookies })).headers, {
      location: `${path}?done=KEY_DISABLED`,
    })
    service.clock.advance(MINUTE)
    const renewed = jarOf(await service.get('/dashboard', { cookies }))
    const submitLate = (url: string, fields = {}) =>
      submit(service, url, fields, { cookies: renewed })
    const again = (page: string) => `/step-up?returnTo=${encodeURIComponent(page)}`
    const needing: [string, string, object][] = [
      ['/dashboard/keys', '/dashboard/keys', { name: 'late', scopes: 'data:read' }],
      [`${path}/rotate`, path, { overlap: '0' }],
      [`${path}/enable`, path, {}],
    ]
    for (const [url, page, fields] of needing) {
      const answer = await submitLate(url, fields)
      t.match(answer, { status: 303, headers: { location: again(page) } }, url)
    }
    const form = await service.get(again(path), { cookies: renewed })
    t.match(form.text, en['stepUp.title'])
    const { email, password } = account
    const back = await submit(service, '/login', { email, password, returnTo: path })
    t.equal(back.headers.location, path)
    const enabled = await submit(service, `${path}/enable`, {}, { cookies: jarOf(back) })
    t.equal(enabled.headers.location, `${path}?done=KEY_ENABLED`)
    t.equal(
      (await submitLate(`${path}/delete`)).headers.location,
      '/dashboard/keys?done=KEY_DELETED',
    )
  },
)

t.test(
  'the page of keys lists a key that was made just now, before the index has it',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const cookies = await enter(service, await service.signUp())
    const make = (name: string) =>
      submit(service, '/dashboard/keys', { name, scopes: ['data:read'] }, { cookies })
    const linksOf = (text: string) => text.match(/dashboard\/keys\/\w+"/g) ?? []
    await make('older')
    service.clock.advance(MINUTE)
    proxy.decide(({ operation, body }) =>
      operation === 'Query' && body.includes('byOwner')
        ? { status: 200, answer: { Items: [], Count: 0 } }
        : 'pass',
    )
    const lagging = await make('newer')
    t.equal(lagging.status, 201)
    t.equal(linksOf(lagging.text).length, 1)
    t.match(lagging.text, 'newer')
    proxy.decide(() => 'pass')
    const links = linksOf((await make('newest')).text)
    t.same([links.length, new Set(links).size], [3, 3], 'each is there once')
  },
)

t.test('the page of users lists all of them, and what a search has found', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const cookies = await enter(service, admin.account)
  const { store } = service.services.users
  for (let at = 0; at < 41; at++) {
    await store.create({
      id: randomUUID(),
      email: `p${at + 100}@example.com`,
      role: 'user',
      status: at === 7 ? 'disabled' : 'active',
      epoch: 0,
      createdAt: new Date(service.clock() + 1000 * (at + 1)).toISOString(),
    })
  }
  const listed = (text: string) => [...text.matchAll(/>(p\d{3})@example\.com</g)].map(([, p]) => p)
  const open = async (path: string) => {
    const { status, text } = await service.get(path, { cookies })
    t.equal(status, 200, path)
    return text
  }
  const first = await open('/dashboard/users')
  t.same([listed(first).length, listed(first)[0]], [20, 'p140'], 'the newest first')
  const [, next = ''] = /<a href="([^"]*cursor[^"]*)"/.exec(first) ?? []
  t.same(listed(await open(next)).slice(0, 1), ['p120'])
  t.same(listed(await open('/dashboard/users?status=disabled')), ['p107'])
  t.same(listed(await open('/dashboard/users?cursor=nonsense!')).length, 20)

  const post = (fields: Record<string, string>) =>
    submit(service, '/dashboard/users', fields, { cookies })
  const found = await post({ query: 'P1' })
  t.same(listed(found.text).slice(0, 2), ['p100', 'p101'], 'in the order of addresses')
  const [, cursor = ''] = /name="cursor" value="([^"]+)"/.exec(found.text) ?? []
  t.same(listed((await post({ query: 'P1', cursor })).text).slice(0, 1), ['p120'])
  t.equal((await post({ query: 'p1', cursor: 'e30' })).status, 400)
  t.equal((await post({ query: 'none' })).status, 404)
})

t.test('the page of a user has their sessions, keys and last sign-in', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const owner = await newOwner(service)
  await owner.generate({ name: 'nightly export' })
  const cookies = await enter(service, admin.account)
  const { text } = await service.get(`/dashboard/users/${owner.id}`, { cookies })
  const facts = [en['users.lastSignIn'], en['users.sessions'], en['users.keys'], 'nightly export']
  for (const fact of facts) t.match(text, fact)
  t.notMatch(text, en['users.lastSignIn.unknown'])
  const fresh = await service.signUp()
  const bare = (await service.get(`/dashboard/users/${fresh.id}`, { cookies })).text
  for (const key of ['users.lastSignIn.unknown', 'users.sessions.none', 'users.keys.none'] as const)
    t.match(bare, en[key])
})

t.test('the page of users lets an administrator find and change a user', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const account = await service.signUp()
  const cookies = await enter(service, admin.account)
  const post = (path: string, fields = {}) =>
    submit(service, `/dashboard/users${path}`, fields, { cookies })

  const missing = await post('', { query: newEmail() })
  t.equal(missing.status, 404)
  t.same(complaints(missing), [en['problem.USER_NOT_FOUND']])
  t.same(complaints(await post('', { query: '' })), [en['field.query.wrong']])
  const found = await post('', { query: account.email.toUpperCase() })
  const path = `/dashboard/users/${account.id}`
  t.match(found, { status: 303, headers: { location: path } }, 'the address is in no URL')
  const show = async () => (await service.get(path, { cookies })).text
  t.match(await show(), account.email)

  const done = `${path}?done=USER_CHANGED`
  const stored = () => service.services.users.store.findById(account.id)
  t.equal((await post(`/${account.id}/disable`)).headers.location, done)
  t.match(await stored(), { status: 'disabled' })
  t.match(await show(), en['users.enable'])
  t.equal((await post(`/${account.id}/enable`)).headers.location, done)
  t.equal((await post(`/${account.id}/promote`)).headers.location, done)
  t.match(await stored(), { status: 'active', role: 'admin' })
  t.equal((await post(`/${account.id}/demote`)).headers.location, done)
  const other = await enter(service, account)
  await post(`/${account.id}/end-sessions`)
  t.equal((await service.get('/dashboard', { cookies: other })).status, 303)
  service.clock.advance(15 * MINUTE)
  const renewed = jarOf(await service.get('/dashboard', { cookies }))
  for (const change of ['promote', 'demote', 'enable']) {
    const late = await submit(service, `${path}/${change}`, {}, { cookies: renewed })
    const again = `/step-up?returnTo=${encodeURIComponent(path)}`
    t.match(late, { status: 303, headers: { location: again } }, change)
  }
  for (const change of ['disable', 'end-sessions']) {
    const url = `${path}/${change}`
    const { headers } = await submit(service, url, {}, { cookies: renewed })
    t.match(headers.location, `${path}?done=`, `${change} is never held up`)
  }
  await service.services.users.store.change(account.id, { status: 'active' })
  Object.assign(cookies, await enter(service, admin.account))
  const own = await post(`/${admin.id}/disable`)
  t.equal(own.status, 409)
  t.same(complaints(own), [en['problem.OWN_ACCOUNT']])
  t.notMatch((await service.get(`/dashboard/users/${admin.id}`, { cookies })).text, '/demote')

  const ordinary = await enter(service, account)
  for (const url of ['/dashboard/users', path]) {
    const answer = await service.get(url, { cookies: ordinary })
    t.equal(answer.status, 403, 'is for nobody else')
    t.same(complaints(answer), [en['problem.FORBIDDEN']])
  }
  t.notMatch((await service.get('/dashboard', { cookies: ordinary })).text, '/dashboard/users')
  await service.services.users.store.change(admin.id, { role: 'user' })
  t.equal((await post(`/${account.id}/disable`)).status, 403, 'the store decides, not the token')
})

t.test('on the page of users an administrator helps a user who cannot sign in', async (t) => {
  const service = await startService(t, { env: MAIL })
  const admin = await newAdmin(service)
  const account = await service.signUp()
  const cookies = await enter(service, admin.account)
  const path = `/dashboard/users/${account.id}`
  const post = (action: string, on = path) => submit(service, `${on}/${action}`, {}, { cookies })
  const show = async () => (await service.get(path, { cookies })).text
  const stored = () => service.services.users.store.findById(account.id)

  t.match(await show(), en['users.offerPassword'])
  t.equal((await post('password-reset')).headers.location, `${path}?done=PASSWORD_OFFERED`)
  t.match(
    (await service.get(`${path}?done=PASSWORD_OFFERED`, { cookies })).text,
    en['done.PASSWORD_OFFERED'],
  )
  const { kind, ticket } = await lastMail(service, account.email)
  t.match({ kind, ticket }, { kind: 'password-offer', ticket: { kind: 'password-reset' } })

  t.match(await show(), en['users.verifyAddress.about'])
  t.equal((await post('verify-address')).headers.location, `${path}?done=USER_CHANGED`)
  t.match(await stored(), { emailVerified: true })
  t.notMatch(await show(), '/verify-address')

  const other = await newAdmin(service)
  const theirs = `/dashboard/users/${other.id}`
  t.notMatch((await service.get(theirs, { cookies })).text, '/release-address')
  for (const action of ['password-reset', 'verify-address', 'release-address']) {
    const refused = await post(action, theirs)
    t.equal(refused.status, 403, action)
    t.same(complaints(refused), [en['problem.ADMIN_ACCOUNT']])
  }

  t.equal((await post('release-address')).headers.location, `${path}?done=USER_CHANGED`)
  t.equal((await stored())?.email, undefined)
  const gone = await post('verify-address')
  t.equal(gone.status, 409)
  t.same(complaints(gone), [en['problem.NO_ADDRESS']])
  service.clock.advance(15 * MINUTE)
  const renewed = jarOf(await service.get('/dashboard', { cookies }))
  const late = await submit(service, `${path}/release-address`, {}, { cookies: renewed })
  t.equal(late.headers.location, `/step-up?returnTo=${encodeURIComponent(path)}`)
})

t.test('the pages with a password mask it, and name it to password managers', async (t) => {
  const service = await startService(t, { env: MAIL })
  const cookies = await enter(service, await service.signUp())
  service.clock.advance(15 * MINUTE)
  const pages: Readonly<Record<string, readonly string[]>> = {
    '/login': ['current-password'],
    '/register': ['new-password'],
    '/reset': ['new-password'],
    '/invitation': ['new-password'],
    '/dashboard': ['current-password', 'new-password'],
    '/step-up': ['current-password'],
  }
  for (const [path, expected] of Object.entries(pages)) {
    const { text } = await service.get(path, {
      cookies: /^\/(dash|step)/.test(path) ? cookies : {},
    })
    const fields = [...text.matchAll(/<input[^>]*name="\w*[pP]assword"[^>]*>/g)].map(([tag]) => tag)
    const named = fields.map((tag) => /autocomplete="([^"]*)"/.exec(tag)?.[1] ?? 'unnamed')
    t.same(named, expected, path)
    for (const tag of fields) t.match(tag, 'type="password"', path)
    t.notMatch(text, /onpaste/i)
  }
})

t.test('the pages of an account have the button that signs out', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const cookies = await enter(service, admin.account)
  const { id } = await admin.generate()
  for (const page of [
    '',
    '/sessions',
    '/keys',
    `/keys/${id}`,
    '/apps',
    '/users',
    `/users/${admin.id}`,
  ]) {
    const { status, text } = await service.get(`/dashboard${page}`, { cookies })
    t.equal(status, 200, page)
    t.match(text, /<form method="post" action="\/logout"[^>]*>.*?<button/s, page)
  }
})

t.test(
  'every page has a policy that allows its own files alone, and weighs at most 30 kB',
  async (t) => {
    const service = await startService(t, { env: { CORS_ORIGINS: APP } })
    const owner = await newOwner(service)
    await service.services.users.store.change(owner.id, { role: 'admin' })
    for (let i = 0; i < 20; i++)
      await owner.generate({ name: 'A name of forty letters '.repeat(2) })
    const user = await service.services.users.store.findById(owner.id)
    for (let i = 0; i < 40 && user; i++) {
      const userAgent = `Mozilla/5.0 (X11; Linux x86_64) ${'-'.repeat(200)}`
      await openSession(service, user, { ip: '2001:db8:1234:5678:9abc:def0:1234:5678', userAgent })
    }
    const cookies = await enter(service, owner.account)
    const { body } = await owner.call('GET')
    const open = ['/login', '/register', '/login?error=ACCOUNT_EXISTS']
    const own = [
      '',
      '/sessions',
      '/keys',
      `/keys/${body.keys[0].id}`,
      '/users',
      `/users/${owner.id}`,
    ]
    const assets = new Set<string>()
    for (const path of [...open, ...own.map((each) => `/dashboard${each}`)]) {
      const signedIn = path.startsWith('/dashboard')
      const { status, text, headers } = await service.get(path, signedIn ? { cookies } : {})
      t.equal(status, 200, path)
      const policy = String(headers['content-security-policy']).split(';')
      t.same(policy.slice(0, 8), [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        `form-action 'self' ${APP}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ])
      t.match(headers, {
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      t.notMatch(text, / style=| on\w+=|javascript:|<style|<script>/i, 'nothing is inline')
      t.notMatch(
        text,
        /(?:src|href)="(?:https:\/\/|http:\/\/|\/\/)/,
        'nothing is of another origin',
      )
      const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file as string)
      for (const file of files) assets.add(file)
      const size = Buffer.byteLength(text)
      t.ok(size <= 30_000, `${path} weighs ${size} bytes`)
    }
    let weight = 0
    for (const file of assets) {
      const { status, text, headers } = await service.get(file)
      t.equal(status, 200, file)
      t.match(headers, {
        'cache-control': 'public, max-age=31536000, immutable',
        'content-security-policy': /default-src 'none'/,
      })
      weight += Buffer.byteLength(text)
    }
    t.equal(assets.size, 3)
    t.ok(weight <= 30_000, `styles, script and icon weigh ${weight} bytes`)
    t.equal((await service.get('/assets/style.0000000000000000.css')).status, 404)
  },
)

t.test('a team gives the pages its own brand', async (t) => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
  const service = await startService(t, {
    env: {
      BRAND_NAME: 'Ada & Sons',
      BRAND_LOGO: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      BRAND_ACCENT_COLOR: '#ffe000',
      BRAND_TERMS_URL: 'https://example.com/terms',
      BRAND_PRIVACY_URL: '/privacy',
    },
  })
  const { text } = await service.get('/login')
  t.match(text, '<title>Sign in · Ada &amp; Sons</title>')
  t.match(text, 'href="https://example.com/terms"')
  t.match(text, 'href="/privacy"')
  const logo = /<img src="([^"]+)"/.exec(text)?.[1] ?? ''
  const image = await service.get(logo)
  t.match(image, { status: 200, text: svg, headers: { 'content-type': 'image/svg+xml' } })
  t.match(image.headers['content-security-policy'], /sandbox/)
  const style = /href="([^"]+\.css)"/.exec(text)?.[1] ?? ''
  t.notMatch((await service.get(style)).text, '--accent:#ffe000}', 'yellow on white is darkened')
})

t.test('text of pages is readable, whatever the brand’s colour (WCAG AA)', async (t) => {
  for (const colour of [
    '#000000',
    '#ffffff',
    '#ffe000',
    '#3453d1',
    '#808080',
    '#ff0000',
    '#00ff7f',
  ]) {
    for (const page of ['#f4f5f8', '#ffffff', '#1b2028', '#101318']) {
      const { text, surface, onSurface } = accentOn(colour, page)
      t.ok(contrastOf(text, page) >= 4.5, `${colour} on ${page}`)
      t.ok(contrastOf(onSurface, surface) >= 4.5, `${onSurface} on ${surface}`)
    }
  }
  t.equal(accentOn('#3453d1', '#ffffff').surface, '#3453d1', 'what can be read is left alone')
})

t.test('the texts of pages in English and German have the same sentences', async (t) => {
  const keys = Object.keys(en).sort()
  t.same(Object.keys(de).sort(), keys, 'both languages have the same')
  const holes = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort()
  for (const key of keys as TextKey[]) t.same(holes(de[key]), holes(en[key]), key)

  const folder = join(import.meta.dirname, '../../src/pages')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('texts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
  // `text(`role.${role}`)` uses all that begin so.
  const families = [...sources.matchAll(/`([a-z.A-Z]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '')
  const unused = keys.filter(
    (key) =>
      !sources.includes(`'${key}'`) &&
      !sources.includes(`"${key}"`) &&
      !families.some((prefix) => key.startsWith(prefix)),
  )
  t.same(unused, [], 'and each is used')
  const tags: [string | undefined, string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,en;q=0.5', 'de'],
    ['fr,en;q=0.2,de;q=0.7', 'de'],
    ['en-GB,de', 'en'],
    ['de;q=0,en', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['constructor', 'en'],
    [' fr ; q=0.9 , de ; q=0.5', 'de'],
    [',;q=x,de;q=abc', 'en'],
    [`${'x,'.repeat(5000)}de`, 'en'],
  ]
  for (const [header, tag] of tags)
    t.equal(languageOf(header).tag, tag, String(header).slice(0, 40))
  const service = await startService(t)
  const german = await service.get('/login', { headers: { 'accept-language': 'de-CH' } })
  t.match(german.text, '<html lang="de">')
  t.match(german.text, de['login.title'])

  const begun = performance.now()
  await service.get('/login', { headers: { 'accept-language': `a${' '.repeat(100_000)}b` } })
  t.ok(performance.now() - begun < 2000, 'a header that matches nothing is read in no time')
})

t.test('the page of sessions names devices in words', async (t) => {
  const agents: [string, string][] = [
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      'Chrome macOS',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
      'Safari macOS',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1',
      'Chrome iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
      'Samsung Internet Android',
    ],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      'Chrome ChromeOS',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox Linux'],
    ['curl/8.5.0', 'curl '],
    ['<script>alert(1)</script>', ' '],
    ['', ' '],
  ]
  for (const [agent, words] of agents) {
    const { browser = '', system = '' } = parseAgent(agent)
    t.equal(`${browser} ${system}`, words, agent.slice(0, 60))
  }
})
