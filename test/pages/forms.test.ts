import t from 'tap'
import { REFRESH_COOKIE } from '../../src/http/cookies.js'
import { en } from '../../src/pages/texts/en.js'
import { newEmail } from '../support/identity-provider.js'
import { newAdmin } from '../support/keys.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

const STRANGER = '192.0.2.9'
const HTML = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }

async function enter(service: Service, { email, password }: Account) {
  const answer = await submit(service, '/login', { email, password })
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
  return jarOf(answer)
}

t.test('the form of the sign-up page (/register) is sent twice', async (t) => {
  const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '3' } })
  const { email, password } = newAccount()
  const signUp = (typed = password, remoteAddress = '127.0.0.1') =>
    submit(service, '/register', { email, password: typed }, { remoteAddress })
  t.match(await signUp(), { status: 303, headers: { location: '/dashboard' } })
  const again = await signUp()
  t.match(again, { status: 303, headers: { location: '/dashboard' } }, 'signs in')
  t.match(await service.get('/dashboard', { cookies: jarOf(again) }), { status: 200 })
  t.equal(service.events('user_created').length, 1)

  const twice = newAccount()
  const both = await Promise.all(
    [1, 2].map(() =>
      submit(service, '/register', { email: twice.email, password: twice.password }),
    ),
  )
  for (const answer of both) {
    t.match(answer, { status: 303, headers: { location: '/dashboard' } }, 'at once, too')
    t.match(jarOf(answer), { [REFRESH_COOKIE]: String })
  }

  for (let count = 0; count < 4; count++) {
    const refused = await signUp(newAccount().password, STRANGER)
    t.match(refused, { status: 409, cookies: [] }, 'with another password it is refused')
    t.same(complaints(refused), [en['problem.EMAIL_TAKEN']])
  }
  const right = await signUp(password, STRANGER)
  t.match(right, { status: 409, cookies: [] }, 'guesses count against the account')
  const signIn = { remoteAddress: STRANGER }
  t.equal((await submit(service, '/login', { email, password }, signIn)).status, 429)
})

t.test(
  'guesses on the sign-up page (/register) count with those at the sign-in, by address',
  async (t) => {
    const service = await startService(t, { env: { RATE_LIMIT_PER_ADDRESS: '3' } })
    const { email, password } = await service.signUp()
    for (let count = 0; count < 2; count++) {
      const { status } = await submit(service, '/register', {
        email,
        password: newAccount().password,
      })
      t.equal(status, 409)
    }
    t.equal((await submit(service, '/login', { email: newEmail(), password })).status, 401)
    t.equal((await submit(service, '/login', { email, password })).status, 429)
  },
)

t.test(
  '“Sign in instead” on the sign-up page (/register) carries the address, and no URL does',
  async (t) => {
    const service = await startService(t)
    const { email } = await service.signUp()
    const { password } = newAccount()
    const taken = await submit(service, '/register', {
      email,
      password,
      returnTo: '/dashboard/keys',
    })
    t.match(taken.text, en['register.signInInstead'])
    t.match(taken.text, 'action="/login/address"')
    const form = { email, returnTo: '/dashboard/keys' }
    const page = await submit(service, '/login/address', form)
    t.match(page, { status: 200, headers: { location: undefined } })
    t.match(page.text, `value="${email}"`)
    t.match(page.text, 'name="returnTo" value="/dashboard/keys"')
    t.match(page.text, /name="password"[^>]*autofocus/, 'the password is next')
    t.match(page.text, 'data-path="/login?returnTo=%2Fdashboard%2Fkeys"')
    t.equal((await service.get('/login/address')).status, 200, 'and its address is a page')
    const other = await submit(service, '/register', { email: newEmail(), password: 'tiny' })
    t.notMatch(other.text, '/login/address')
  },
)

t.test('a page sets the focus on the first field, and on the first that was refused', async (t) => {
  const service = await startService(t)
  const focused = (text: string) => /name="(\w+)"[^>]* autofocus/.exec(text)?.[1]
  const cookies = await enter(service, await service.signUp())
  const pages: [string, string | undefined][] = [
    ['/login', 'email'],
    ['/register', 'name'],
    ['/dashboard', undefined],
  ]
  for (const [path, field] of pages) {
    const page = await service.get(path, path === '/dashboard' ? { cookies } : {})
    t.equal(focused(page.text), field, path)
  }
  const refused: [string, Record<string, string>, string | undefined][] = [
    ['/login', { email: newEmail() }, 'password'],
    ['/login', { password: 'x' }, 'email'],
    ['/login', { email: newEmail(), password: newAccount().password }, undefined],
    ['/register', { email: newEmail(), password: 'tiny' }, 'password'],
    ['/dashboard/password', { currentPassword: 'x', newPassword: 'y' }, 'currentPassword'],
    ['/dashboard/keys', { name: 'k' }, 'scopes'],
    ['/dashboard/keys', { name: 'k', scopes: 'data:read', rateLimit: 'many' }, 'rateLimit'],
  ]
  for (const [path, fields, field] of refused) {
    const { text, status } = await submit(service, path, fields, { cookies })
    t.ok(status >= 400, path)
    t.equal(focused(text), field, `${path} ${Object.keys(fields).join()}`)
  }
})

t.test('on the page of keys a key is made with limits, and edited', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const cookies = await enter(service, account)
  const post = (path: string, fields: Record<string, string | string[]>) =>
    submit(service, `/dashboard/keys${path}`, fields, { cookies })
  const made = await post('', {
    name: 'export',
    scopes: ['data:read', 'data:write'],
    expiry: '30',
    rateLimit: '1,000',
    window: '3600',
    monthlyQuota: '50 000',
    allowedCidrs: '192.0.2.0/24, 2001:db8::/32',
  })
  t.equal(made.status, 201)
  const secret = /lk_live_\w{79}/.exec(made.text)?.[0] ?? ''
  recordSecret('token', secret)
  const line = `curl --header 'x-api-key: ${secret}' ${service.config.issuer}/api/`
  t.match(made.text.replaceAll('&#39;', "'"), line, 'with a line to try it')
  t.notMatch(made.text, 'stored nowhere')
  const id = /dashboard\/keys\/(\w+)"/.exec(made.text)?.[1] ?? ''
  const stored = () => service.services.apiKeys.find({ id: account.id, role: 'user' }, id)
  const limits = {
    name: 'export',
    scopes: ['data:read', 'data:write'],
    rateLimit: { limit: 1000, windowSeconds: 3600 },
    monthlyQuota: 50_000,
    allowedCidrs: ['192.0.2.0/24', '2001:db8::/32'],
  }
  t.match(await stored(), limits)

  const page = await service.get(`/dashboard/keys/${id}`, { cookies })
  for (const [name, value] of [
    ['name', 'export'],
    ['rateLimit', '1000'],
    ['monthlyQuota', '50000'],
    ['allowedCidrs', '192.0.2.0/24 2001:db8::/32'],
  ] as const) {
    t.match(page.text, new RegExp(`name="${name}"[^>]* value="${value}"`), name)
  }
  t.match(page.text, '<option value="3600" selected>')
  for (const label of ['key.scopes', 'key.begins', 'key.events'] as const) {
    t.match(page.text, en[label])
  }

  const typed = {
    name: 'export',
    scopes: ['data:read', 'data:write'],
    rateLimit: '1000',
    window: '3600',
    monthlyQuota: '50000',
    allowedCidrs: '192.0.2.0/24 2001:db8::/32',
  }
  const done = `/dashboard/keys/${id}?done=KEY_CHANGED`
  const before = (await stored()).revision
  t.equal((await post(`/${id}`, typed)).headers.location, done)
  t.equal((await stored()).revision, before, 'what stays is not written')
  t.equal((await post(`/${id}`, { ...typed, name: 'renamed' })).headers.location, done)
  t.match(await stored(), { ...limits, name: 'renamed' })
  const less = { name: 'renamed', scopes: ['data:read'], rateLimit: '', monthlyQuota: '10' }
  t.equal((await post(`/${id}`, less)).headers.location, done)
  const changed = await stored()
  t.match(changed, { scopes: ['data:read'], monthlyQuota: 10 })
  t.same([changed.rateLimit, changed.allowedCidrs], [undefined, undefined])

  const refusals: [Record<string, string | string[]>, string][] = [
    [{ ...less, name: '' }, en['field.name.wrong']],
    [{ ...less, scopes: [] }, en['field.scopes.wrong']],
    [{ ...less, rateLimit: '0' }, en['field.rateLimit.wrong']],
    [{ ...less, rateLimit: '5', window: 'x' }, en['field.rateLimit.wrong']],
    [{ ...less, monthlyQuota: 'some' }, en['field.monthlyQuota.wrong']],
    [{ ...less, allowedCidrs: '10.0.0.0/33' }, en['field.allowedCidrs.wrong']],
  ]
  for (const [fields, sentence] of refusals) {
    const answer = await post(`/${id}`, fields)
    t.equal(answer.status, 400)
    t.same(complaints(answer), [sentence])
    t.same(await stored(), changed)
  }
})

t.test('the page of a key of which the service now allows less', async (t) => {
  const service = await startService(t, {
    env: { API_KEY_MAX_LIFETIME_DAYS: '60', API_KEY_MAX_MONTHLY_QUOTA: '100' },
  })
  const cookies = await enter(service, await service.signUp())
  const key = { name: 'k', scopes: 'data:read' }
  for (const [fields, sentence] of [
    [{ ...key, expiry: '90' }, en['field.expiry.wrong']],
    [{ ...key, expiry: '30', monthlyQuota: '101' }, en['field.monthlyQuota.wrong']],
  ] as const) {
    const answer = await submit(service, '/dashboard/keys', fields, { cookies })
    t.equal(answer.status, 400)
    t.same(complaints(answer), [sentence])
  }
})

t.test('the page of another person’s key is not found', async (t) => {
  const service = await startService(t)
  const [admin, account] = [await newAdmin(service), await service.signUp()]
  const cookies = await enter(service, account)
  const form = { name: 'theirs', scopes: 'data:read' }
  const made = await submit(service, '/dashboard/keys', form, { cookies })
  const [path = ''] = /\/dashboard\/keys\/[\w-]+/.exec(made.text) ?? []
  t.match(await service.get(path, { cookies }), { status: 200 })

  const administrator = await enter(service, admin.account)
  const page = await service.get(path, { cookies: administrator })
  t.match(page.text, 'value="theirs"', 'an administrator sees it, as by the JSON routes')
  const look = { userId: admin.account.id, action: 'find_keys', targetId: account.id }
  t.match(service.events('authz_admin').at(-1), look, 'which is recorded')
  const off = await submit(service, `${path}/disable`, {}, { cookies: administrator })
  t.equal(off.headers.location, `${path}?done=KEY_DISABLED`)
  t.match(await service.get(path, { cookies: administrator }), { status: 200 })

  const stranger = await enter(service, await service.signUp())
  t.match(await service.get(path, { cookies: stranger }), { status: 404 })
  t.match(await submit(service, `${path}/enable`, {}, { cookies: stranger }), { status: 404 })
})

t.test('a URL that has no page leads to one that has', async (t) => {
  const service = await startService(t, {
    env: { BRAND_SUPPORT_URL: 'mailto:help@example.com' },
  })
  const cookies = await enter(service, await service.signUp())
  const open = (path: string) => service.get(path, { cookies, headers: HTML })
  const lost: [string, number, string][] = [
    ['/dashboard/nope', 404, en['problem.title.404']],
    ['/dashboard/keys/a%20b', 404, en['problem.title.404']],
    ['/nowhere', 404, en['problem.title.404']],
    ['/api/auth/google', 404, en['problem.title.404']],
    ['/api/auth/logout', 405, en['problem.title.404']],
    ['/dashboard/users', 403, en['problem.title.403'].replace("'", '&#39;')],
  ]
  for (const [path, status, title] of lost) {
    const page = await open(path)
    t.equal(page.status, status, path)
    t.match(page.text, `<h1>${title}</h1>`, path)
    t.match(page.text, `href="/dashboard">${en['problem.home']}</a>`)
    t.match(page.text, 'href="mailto:help@example.com"')
    t.match(page.text, '<meta name="robots" content="noindex"/>')
  }
  for (const [path, location] of [
    ['/dashboard/', '/dashboard'],
    ['/login/', '/login'],
    ['/Login', '/login'],
  ] as const) {
    t.match(await open(path), { status: 302, headers: { location } }, path)
  }
  for (const path of ['/login?error=x&error=y', '/login?utm_source=mail', '/login?error=%ff']) {
    const page = await service.get(path, { headers: HTML })
    t.match(page.text, /<h1>[^<]+<\/h1>/, path)
    t.notMatch(page.text, en['problem.VALIDATION_FAILED'])
  }
  t.match((await service.get('/login')).text, 'href="mailto:help@example.com"')
})

t.test('the page GET /logout asks, and signs nobody out', async (t) => {
  const service = await startService(t)
  const cookies = await enter(service, await service.signUp())
  const page = await service.get('/logout', { cookies, headers: HTML })
  t.equal(page.status, 200)
  t.match(page.text, '<form method="post" action="/logout"')
  t.equal((await service.get('/dashboard', { cookies })).status, 200)
  const out = await service.get('/logout', { headers: HTML })
  t.match(out, { status: 303, headers: { location: '/login?done=SIGNED_OUT' } })
})

t.test('/.well-known/change-password leads to the form of the account page', async (t) => {
  const service = await startService(t)
  const cookies = await enter(service, await service.signUp())
  const { status, headers } = await service.get('/.well-known/change-password', { cookies })
  t.match({ status, headers }, { status: 303, headers: { location: '/dashboard#password' } })
  t.match((await service.get('/dashboard', { cookies })).text, 'id="password"')
  const probe = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200'
  for (const call of [{}, { headers: HTML }, { cookies, headers: HTML }]) {
    t.equal((await service.get(probe, call)).status, 404)
  }
})

t.test('/favicon.ico is the icon of the pages', async (t) => {
  const service = await startService(t)
  const icon = await service.get('/favicon.ico')
  t.match(icon, { status: 200, headers: { 'content-type': 'image/svg+xml' } })
  t.match(icon.text, /^<svg/)
})

t.test('pages ask first before steps that are hard to undo', async (t) => {
  const service = await startService(t)
  const [admin, account] = [await newAdmin(service), await service.signUp()]
  const cookies = await enter(service, admin.account)
  const page = await service.get(`/dashboard/users/${account.id}`, { cookies })
  for (const action of ['promote', 'disable']) {
    const form = new RegExp(`<details class="confirm"[^>]*><summary(?:(?!</details>).)*/${action}"`)
    t.match(page.text, form, action)
  }
  const profile = {
    provider: 'acme',
    issuer: 'https://idp.example',
    subject: account.id,
    domains: [],
  }
  await service.services.identities.link(
    { language: 'en' },
    { id: account.id, epoch: 0 },
    {
      ...profile,
      email: account.email,
      emailVerified: true,
    },
  )
  const own = await service.get('/dashboard', { cookies: await enter(service, account) })
  t.match(own.text, /<details class="confirm"[^>]*><summary(?:(?!<\/details>).)*\/unlink"/)
})
