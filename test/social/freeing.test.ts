import argon2 from 'argon2'
import t, { type Test } from 'tap'
import { TrailEntries } from '../../src/audit/entries.js'
import { FREEING_COOKIE } from '../../src/http/cookies.js'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { DAY, MINUTE } from '../support/clock.js'
import { withTotp } from '../support/factors.js'
import {
  countAccounts,
  fromOwnPage,
  newSubject,
  type OpenProvider,
  startWithOpenProviders,
} from '../support/identity-provider.js'
import { newAdmin } from '../support/keys.js'
import { MAIL, mailsTo } from '../support/mail.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Fate, startProxy } from '../support/proxy.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { ACTING, administrationOf } from '../support/administration.js'

const FREE = '/login/free'
const READDRESS = '/login/readdress'
const EXPIRED = '/login?error=SIGN_IN_EXPIRED'

/** The owner of an address comes from a provider. @returns their browser, and where they end. */
async function come(service: Service, provider: OpenProvider, email: string, subject?: string) {
  const browser = new Browser(service)
  const person = { ...newSubject(), ...(subject !== undefined && { subject }), email }
  const { headers } = await provider.signIn(browser, person)
  return { browser, place: headers.get('location') }
}

/** Presses the button of the page that asks. @returns the cookies that the browser has then. */
async function free(service: Service, browser: Browser) {
  const answer = await submit(service, FREE, {}, { cookies: browser.cookies() })
  return { answer, cookies: { ...browser.cookies(), ...jarOf(answer) } }
}

const profileIn = async (service: Service, cookies: Record<string, string>) =>
  (await service.get('/api/profile', { cookies, headers: { 'sec-fetch-site': 'same-origin' } }))
    .body.user

const signIn = ({ email, password }: Account, service: Service) =>
  service.post('/api/auth/login', { email, password })

const stored = (service: Service, { id }: Account) => service.services.users.store.findById(id)

t.test(
  'a sign-in at a provider frees an address from an account that has not proved it',
  async (t) => {
    const { service, providers, env } = await startWithOpenProviders(t, ['north', 'south'])
    const { north, south } = providers

    t.test(
      'a squatter whose address a provider proves keeps id and keys, and loses address and sessions',
      async (t) => {
        const squatter = await service.signUp()
        const { accessToken: token, refreshToken } = await service.signIn(squatter)
        const keys = await parallel(20, async (number) => {
          const made = await service.post(
            '/api/apikeys/generate',
            { name: `k${number}` },
            { token },
          )
          return made.body.apiKey as string
        })

        const { browser, place } = await come(service, north, squatter.email)
        t.equal(place, FREE)
        t.match(await signIn(squatter, service), { status: 200 }, 'nothing has happened yet')
        const page = await service.get(FREE, { cookies: browser.cookies() })
        t.match(page, { status: 200, headers: { 'cache-control': 'no-store' } })
        t.match(page.text, squatter.email)
        t.match(page.text, 'keeps its data and its API keys')
        t.match(page.text, 'Sign in the way you did before, then link north')

        const { answer, cookies } = await free(service, browser)
        t.match(answer, { status: 303, headers: { location: '/dashboard' } })
        const owner = await profileIn(service, cookies)
        t.match(owner, { email: squatter.email, emailVerified: true, role: 'user' })
        t.not(owner.id, squatter.id)

        t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
        const shown = (await service.get('/api/profile', { token })).body.user
        t.same(
          shown,
          { id: squatter.id, emailVerified: false, role: 'user' },
          'to the end of its token',
        )
        for (const key of keys) {
          t.equal((await service.get('/api/data', { headers: { 'x-api-key': key } })).status, 200)
        }
        t.match(await signIn(squatter, service), {
          status: 401,
          body: { code: 'INVALID_CREDENTIALS' },
        })
        t.match(service.events('address_freed').at(-1), { userId: squatter.id, provider: 'north' })
        const trail = await new TrailEntries({
          ...{ database: service.services.database, table: service.config.tables.events },
          clock: service.clock,
        }).list(squatter.id, { event: 'address_freed' })
        t.match(trail.entries, [{ actorId: 'service' }])
        t.notOk(JSON.stringify(trail.entries).includes(owner.id), 'it names no other account')
        t.match(service.events('user_created').at(-1), { userId: owner.id, provider: 'north' })

        const again = await come(service, north, squatter.email)
        t.equal(again.place, '/login?error=ACCOUNT_EXISTS', 'of another subject it is taken now')
      },
    )

    t.test('a mail tells the address that a provider’s sign-in freed it', async (t) => {
      const mailing = await startWithOpenProviders(t, ['east'], MAIL)
      const squatter = await mailing.service.signUp()
      const { browser } = await come(mailing.service, mailing.providers.east, squatter.email)
      t.same(await mailsTo(mailing.service, squatter.email), [], 'nothing has happened yet')
      t.match((await free(mailing.service, browser)).answer, { status: 303 })
      t.match(await mailsTo(mailing.service, squatter.email), [
        { kind: 'address-freed', account: squatter.id, facts: { provider: 'east' } },
      ])
    })

    t.test(
      'the page that frees an address for a provider’s user works once, though sent again',
      async (t) => {
        const squatter = await service.signUp()
        const { browser } = await come(service, north, squatter.email)
        const copy = browser.cookies()
        const { answer, cookies } = await free(service, browser)
        t.equal(answer.headers.location, '/dashboard')
        const created = service.events('user_created').length
        const twice = await submit(service, FREE, {}, { cookies })
        t.match(twice, { status: 303, headers: { location: '/dashboard' } }, 'its person')
        const other = await submit(service, FREE, {}, { cookies: copy })
        t.match(other, { status: 303, headers: { location: EXPIRED } }, 'a copy of the cookie')
        t.same(jarOf(other), {})
        t.equal(service.events('user_created').length, created)
      },
    )

    t.test('fifty copies of the question to free an address have one winner', async (t) => {
      const squatter = await service.signUp()
      const { browser } = await come(service, north, squatter.email)
      const cookies = browser.cookies()
      const created = service.events('user_created').length
      const places = await parallel(50, async () => {
        const { headers } = await submit(service, FREE, {}, { cookies })
        return headers.location as string
      })
      t.same(tally(places), { '/dashboard': 1, [EXPIRED]: 49 })
      t.equal(service.events('user_created').length, created + 1)
    })

    t.test('a freed address stays freed although the answer of its write is lost', async (t) => {
      const proxy = await startProxy(t)
      const shaky = await startService(t, { beside: service, endpoint: proxy.endpoint, env })
      const squatter = await service.signUp()
      const { browser } = await come(service, north, squatter.email)
      let sent = 0
      proxy.decide(({ operation, body }) =>
        operation === 'UpdateItem' && body.includes('freeing#') && sent++ === 0
          ? 'lose-answer'
          : 'pass',
      )
      t.equal((await free(shaky, browser)).answer.headers.location, '/dashboard')
      t.equal(sent, 2, 'it was sent again')
    })

    t.test(
      'an outage of the store costs neither a callback nor the question after it',
      async (t) => {
        const proxy = await startProxy(t)
        const shaky = await startService(t, { beside: service, endpoint: proxy.endpoint, env })
        const squatter = await service.signUp()
        const browser = new Browser(shaky)
        const callback = await north.walk(browser, { ...newSubject(), email: squatter.email })
        const away = (kind: string) =>
          proxy.decide(({ body }) => (body.includes(`${kind}#`) ? 'fail' : 'pass'))

        away('social-flow')
        const stopped = await browser.visit(callback, { headers: OWN_PAGE })
        t.match(stopped.location, '/login?error=TEMPORARILY_UNAVAILABLE')
        proxy.decide(() => 'pass')
        const come = await browser.visit(callback, { headers: OWN_PAGE })
        t.match(come.location, FREE, 'the person has gone back')

        away('freeing')
        const refused = await free(shaky, browser)
        t.match(refused.answer, { status: 503, cookies: [] })
        proxy.decide(() => 'pass')
        t.match(
          (await shaky.get(FREE, { cookies: refused.cookies })).status,
          200,
          'it is asked still',
        )
        t.equal((await free(shaky, browser)).answer.headers.location, '/dashboard')
        t.match(await stored(service, squatter), { formerEmail: squatter.email })
      },
    )

    t.test(
      'an address is freed only from our own page, in the browser that came, and in time',
      async (t) => {
        const squatter = await service.signUp()
        const { browser } = await come(service, north, squatter.email)
        const cookies = browser.cookies()
        const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
        t.equal((await submit(service, FREE, {}, { cookies, headers: foreign })).status, 403)
        for (const call of [{}, { cookies: { [FREEING_COOKIE]: 'damaged' } }]) {
          t.equal((await submit(service, FREE, {}, call)).headers.location, EXPIRED)
          t.equal((await service.get(FREE, call)).headers.location, EXPIRED)
        }
        service.clock.advance(11 * MINUTE)
        t.equal((await submit(service, FREE, {}, { cookies })).headers.location, EXPIRED)
        t.match(await stored(service, squatter), { email: squatter.email })
      },
    )

    t.test('an address is not freed by who comes to the browser after its person', async (t) => {
      const squatter = await service.signUp()
      const { browser } = await come(service, north, squatter.email)
      const asked = browser.cookies()
      const [dropped] = [{ name: FREEING_COOKIE, value: '' }]
      const form = await submit(service, '/login', { ...squatter, id: '' }, { cookies: asked })
      t.match(form, { status: 303, headers: { location: '/dashboard' } }, 'the account was theirs')
      t.match(
        form.cookies.filter(({ name }) => name === FREEING_COOKIE),
        [dropped],
      )
      const out = await submit(service, '/logout', {}, { cookies: { ...asked, ...jarOf(form) } })
      t.match(
        out.cookies.filter(({ name }) => name === FREEING_COOKIE),
        [dropped],
      )
      const { email, password } = squatter
      const body = { email, password, useCookies: true }
      const program = await service.post('/api/auth/login', body, { cookies: asked })
      t.match(
        program.cookies.filter(({ name }) => name === FREEING_COOKIE),
        [dropped],
      )
      t.notMatch(await service.post('/api/auth/login', body), { cookies: [dropped] })
    })

    t.test('parallel answers to the question to free an address have one winner', async (t) => {
      const squatter = await service.signUp()
      const comers = await parallel(8, () => come(service, north, squatter.email))
      const answers = await parallel(8, async (index) => {
        const { browser } = comers[index] as (typeof comers)[0]
        return (await free(service, browser)).answer.headers.location as string
      })
      t.same(tally(answers), { '/dashboard': 1, '/login?error=ACCOUNT_EXISTS': 7 })
      const freed = service.events('address_freed').filter(({ userId }) => userId === squatter.id)
      t.equal(freed.length, 1)
      t.match(await stored(service, squatter), { formerEmail: squatter.email, epoch: 1 })
    })

    t.test('one person who frees an address in many browsers is one account', async (t) => {
      const squatter = await service.signUp()
      const comers = await parallel(4, () => come(service, north, squatter.email, squatter.id))
      const owners = await parallel(4, async (index) => {
        const { browser } = comers[index] as (typeof comers)[0]
        return (await profileIn(service, (await free(service, browser)).cookies)).id as string
      })
      t.equal(new Set(owners).size, 1)
    })

    t.test('an address that its holder has proved meanwhile is not freed', async (t) => {
      const squatter = await service.signUp()
      const { browser } = await come(service, north, squatter.email)
      const linking = new Browser(service)
      linking.setCookies(jarOf(await submit(service, '/login', { ...squatter, id: '' })))
      const person = { ...newSubject(), email: squatter.email }
      await south.signIn(linking, person, '?link=true')
      const { answer } = await free(service, browser)
      t.equal(answer.headers.location, '/dashboard', 'two providers prove it: that is a link')
      t.match(await stored(service, squatter), { email: squatter.email, emailVerified: true })
      t.equal(
        service.events('address_freed').filter(({ userId }) => userId === squatter.id).length,
        0,
      )
    })

    t.test(
      'an address is never freed from an administrator, nor against an administrator’s word',
      async (t) => {
        const admin = await newAdmin(service)
        const { place } = await come(service, north, admin.account.email)
        t.equal(place, '/login?error=ACCOUNT_EXISTS')

        const promoted = await service.signUp()
        const { browser } = await come(service, north, promoted.email)
        await service.services.users.store.change(promoted.id, { role: 'admin' })
        t.equal(
          (await free(service, browser)).answer.headers.location,
          '/login?error=ACCOUNT_EXISTS',
        )
        t.match(await stored(service, promoted), { email: promoted.email })

        const disabled = await service.signUp()
        await service.services.users.store.change(disabled.id, { status: 'disabled' })
        t.equal((await come(service, north, disabled.email)).place, '/login?error=ACCOUNT_DISABLED')
      },
    )

    t.test(
      'a refusal to free an address keeps where the sign-in should end, and for how long',
      async (t) => {
        const promoted = await service.signUp()
        const browser = new Browser(service)
        const query = '?returnTo=%2Fdashboard%2Fkeys&keepSignedIn=no'
        await north.signIn(browser, { ...newSubject(), email: promoted.email }, query)
        await service.services.users.store.change(promoted.id, { role: 'admin' })
        const { answer } = await free(service, browser)
        t.equal(answer.headers.location, `/login?error=ACCOUNT_EXISTS&${query.slice(1)}`)
      },
    )

    t.test(
      'a question to free an address that is over leads on to where the sign-in should end',
      async (t) => {
        const squatter = await service.signUp()
        const browser = new Browser(service)
        const returnTo = '/dashboard/keys'
        const query = '?returnTo=%2Fdashboard%2Fkeys'
        const person = { ...newSubject(), email: squatter.email }
        const { headers } = await north.signIn(browser, person, query)
        t.equal(headers.get('location'), FREE + query)
        const cookies = browser.cookies()
        const page = await service.get(FREE + query, { cookies })
        t.match(page.text, `name="returnTo" value="${returnTo}"`)
        service.clock.advance(11 * MINUTE)
        const late = [
          await service.get(FREE + query, { cookies }),
          await submit(service, FREE, { returnTo }, { cookies }),
        ]
        for (const { headers } of late) t.equal(headers.location, `${EXPIRED}&${query.slice(1)}`)
        const elsewhere = await submit(
          service,
          FREE,
          { returnTo: 'https://x.example/' },
          { cookies },
        )
        t.equal(elsewhere.headers.location, EXPIRED)
      },
    )

    t.test('an address is not freed for a provider without the right to its domain', async (t) => {
      const settings = JSON.parse(env.OAUTH_PROVIDERS ?? '{}')
      const all = { ...settings, north: { ...settings.north, domains: ['other.example'] } }
      const at = await startService(t, {
        beside: service,
        env: { OAUTH_PROVIDERS: JSON.stringify(all) },
      })
      const squatter = await service.signUp()
      const { browser, place } = await come(at, north, squatter.email)
      t.equal(place, '/login?error=ACCOUNT_EXISTS')
      const page = await at.get(String(place))
      t.match(page.text, 'Sign in the way you did before')
      t.notOk(FREEING_COOKIE in browser.cookies())

      const closed = await startService(t, { beside: service, env: { ...env, SIGN_UP: 'closed' } })
      t.equal((await come(closed, north, squatter.email)).place, '/login?error=ACCOUNT_EXISTS')
    })

    t.test('the account that lost an address to a provider’s user has none anywhere', async (t) => {
      const squatter = await service.signUp()
      const linked = new Browser(service)
      linked.setCookies(jarOf(await submit(service, '/login', { ...squatter, id: '' })))
      const person = newSubject()
      await north.signIn(linked, person, '?link=true')
      await free(service, (await come(service, south, squatter.email)).browser)

      const back = new Browser(service)
      t.equal((await north.signIn(back, person)).headers.get('location'), '/dashboard')
      const cookies = back.cookies()
      const page = await service.get('/dashboard', { cookies })
      t.match(page.text, 'no address')
      t.notMatch(page.text, squatter.email)
      const identities = await service.get('/api/auth/identities', fromOwnPage(back))
      t.notMatch(identities.text, squatter.email)
      const { id } = identities.body.identities[0]
      const unlinked = await service.delete(`/api/auth/identities/${id}`, fromOwnPage(back))
      t.match(unlinked, { status: 409, body: { code: 'LAST_SIGN_IN_METHOD' } }, 'nor a password')
      const { password: newPassword } = newAccount()
      const changed = await submit(
        service,
        '/dashboard/password',
        { currentPassword: squatter.password, newPassword },
        { cookies },
      )
      t.match(changed.headers, { location: '/dashboard?done=PASSWORD_CHANGED' })
      const form = await submit(service, '/login', { ...squatter, id: '' })
      t.equal(form.status, 401, 'the former password leads nowhere, once it is changed')

      const admin = await newAdmin(service)
      const { accessToken: token } = await service.signIn(admin.account)
      const shown = await service.get(`/api/admin/users/${squatter.id}`, { token })
      t.match(shown, { status: 200, body: { user: { id: squatter.id, emailVerified: false } } })
      t.notMatch(shown.text, squatter.email)
    })
  },
)

t.test('the former holder of a freed address', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers
  const lose = async () => {
    const former = await service.signUp()
    const { browser } = await come(service, north, former.email)
    const { cookies } = await free(service, browser)
    return { former, owner: cookies }
  }
  const ask = (former: Account) => submit(service, '/login', { ...former, id: '' })

  t.test(
    'the former holder of a freed address gives their account another one, and signs in with it',
    async (t) => {
      const { former, owner } = await lose()
      const proved = await ask(former)
      t.match(proved, { status: 303, headers: { location: READDRESS } })
      const cookies = jarOf(proved)
      t.same(Object.keys(cookies), ['__Host-latchkey_readdress'], 'and no session')
      const page = await service.get(READDRESS, { cookies })
      t.match(page, { status: 200, headers: { 'cache-control': 'no-store' } })
      t.match(page.text, former.email)

      const taken = await submit(service, READDRESS, { email: former.email }, { cookies })
      t.match(taken, { status: 409 })
      t.same(complaints(taken), ['There is an account with this address.'])
      const wrong = await submit(service, READDRESS, { email: 'nobody' }, { cookies })
      t.equal(wrong.status, 400)

      const { email } = newAccount()
      const given = await submit(service, READDRESS, { email }, { cookies })
      t.match(given, { status: 303, headers: { location: '/login?done=READDRESSED' } })
      t.match(service.events('address_changed').at(-1), { userId: former.id })
      const { accessToken: token } = await service.signIn({ ...former, email })
      const { user } = (await service.get('/api/profile', { token })).body
      t.match(user, { id: former.id, email, emailVerified: false })
      t.match(await profileIn(service, owner), { email: former.email }, 'its owner keeps it')

      const twice = await submit(service, READDRESS, { email }, { cookies })
      t.equal(twice.headers.location, '/login?done=READDRESSED', 'sent twice')
      const late = await submit(service, READDRESS, { email: newAccount().email }, { cookies })
      t.equal(late.headers.location, EXPIRED, 'it opens nothing any more')
      t.equal((await ask(former)).status, 401)
    },
  )

  t.test(
    'the former holder of a freed address gets this browser for ten minutes, no more',
    async (t) => {
      const { former } = await lose()
      const cookies = jarOf(await ask(former))
      const { email } = newAccount()
      t.equal((await submit(service, READDRESS, { email })).headers.location, EXPIRED)
      t.equal((await service.get(READDRESS)).headers.location, EXPIRED)
      const headers = { origin: 'https://evil.example' }
      t.equal((await submit(service, READDRESS, { email }, { cookies, headers })).status, 403)
      t.equal((await service.get('/dashboard', { cookies })).status, 303, 'it is no session')
      await service.services.users.store.change(former.id, { status: 'disabled' })
      t.equal((await submit(service, READDRESS, { email }, { cookies })).headers.location, EXPIRED)
      t.equal((await ask(former)).status, 401)
      await service.services.users.store.change(former.id, { status: 'active' })
      const fresh = jarOf(await ask(former))
      service.clock.advance(11 * MINUTE)
      const late = await submit(service, READDRESS, { email }, { cookies: fresh })
      t.equal(late.headers.location, EXPIRED)
    },
  )

  t.test(
    'the former holder of a freed address gets nothing by password alone with a second factor',
    async (t) => {
      const { account: former } = await withTotp(service)
      const { browser } = await come(service, north, former.email)
      await free(service, browser)
      const asked = await ask(former)
      t.match(asked, { status: 401 })
      t.same(jarOf(asked), {})
      t.match(await service.services.users.store.findById(former.id), { email: undefined })
    },
  )

  t.test(
    'a freed address’s former holder is unknown to programs, and after 30 days to pages',
    async (t) => {
      const { former } = await lose()
      let addresses = 0
      const callsOf = async ({ email, password }: Account) => {
        const before = service.calls.length
        const remoteAddress = `192.0.2.${addresses++}`
        const answer = await service.post('/api/auth/login', { email, password }, { remoteAddress })
        const body = { ...answer.body, requestId: undefined }
        return { status: answer.status, body, calls: service.calls.slice(before) }
      }
      const unknown = await callsOf(newAccount())
      t.same(await callsOf(former), unknown)
      t.match(service.events('authn_login_fail').at(-1), {
        reason: 'address_freed',
        userId: former.id,
      })
      t.same(await callsOf({ ...former, password: newAccount().password }), unknown)
      const hashes = countHashes(t)
      await signIn(former, service)
      t.equal(hashes(), 1)

      service.clock.advance(29 * DAY)
      t.equal((await ask(former)).status, 303)
      service.clock.advance(DAY)
      t.equal((await ask(former)).status, 401)
    },
  )

  t.test(
    'a freed address’s former holder is forgotten at the next sign-in of either, once too late',
    async (t) => {
      const digestOf = async ({ email }: Account) =>
        (await service.services.users.store.addresses.find(email)).former
      const formerEmailOf = async (account: Account) =>
        (await stored(service, account))?.formerEmail
      const one = await lose()
      const { password: newPassword } = newAccount()
      await submit(service, '/dashboard/password', { newPassword }, { cookies: one.owner })
      const identity = newSubject()
      const squatter = await service.signUp()
      const linking = new Browser(service)
      const { email, password } = squatter
      linking.setCookies(jarOf(await submit(service, '/login', { email, password })))
      await north.signIn(linking, identity, '?link=true')
      const { browser } = await come(service, north, squatter.email)
      await free(service, browser)
      const enter = async () => {
        const owner = { ...one.former, password: newPassword }
        t.equal((await signIn(owner, service)).status, 200)
        await north.signIn(new Browser(service), identity)
      }

      service.clock.advance(30 * DAY - 1)
      await enter()
      for (const account of [one.former, squatter]) {
        t.match(await digestOf(account), { userId: account.id }, 'while it leads back')
        t.equal(await formerEmailOf(account), account.email)
      }
      service.clock.advance(1)
      await enter()
      for (const account of [one.former, squatter]) {
        t.equal(await digestOf(account), undefined)
        t.equal(await formerEmailOf(account), undefined)
      }
      t.equal((await signIn({ ...one.former, password: newPassword }, service)).status, 200)
    },
  )

  t.test(
    'the former holder of a freed address steps back where the owner has a password of their own',
    async (t) => {
      const { former, owner } = await lose()
      const { password: newPassword } = newAccount()
      await submit(service, '/dashboard/password', { newPassword }, { cookies: owner })
      t.equal((await ask(former)).status, 401)
      t.equal((await ask({ ...former, password: newPassword })).headers.location, '/dashboard')
    },
  )

  t.test('the former holder of a freed address leaves nothing behind', async (t) => {
    const before = await countAccounts(service)
    const { former } = await lose()
    const administration = administrationOf(service)
    const owner = await service.services.users.find(former.email)
    await administration.remove(ACTING, former.id)
    t.same(
      await service.services.users.store.addresses.find(former.email),
      { pk: `EMAIL#${former.email}`, userId: owner?.id },
      'the address is its owner’s alone',
    )
    await administration.remove(ACTING, String(owner?.id))
    t.same(await countAccounts(service), before)

    const other = await lose()
    await administration.remove(
      ACTING,
      String((await service.services.users.find(other.former.email))?.id),
    )
    const left = await stored(service, other.former)
    t.equal(left?.formerEmail, undefined, 'the address goes with its owner')
    t.ok(await service.signUp({ ...newAccount(), email: other.former.email }))
  })
})

t.test('an address that is released is free to sign up with', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const administration = administrationOf(service)
  const former = await service.signUp()
  const { refreshToken } = await service.signIn(former)
  await administration.releaseAddress(ACTING, former.id)
  await administration.releaseAddress(ACTING, former.id)
  t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)

  t.test('an address that is released is free to its former holder', async (t) => {
    const cookies = jarOf(await submit(service, '/login', { ...former, id: '' }))
    const { email } = former
    const given = await submit(service, READDRESS, { email }, { cookies })
    t.equal(given.headers.location, '/login?done=READDRESSED')
    t.match(await service.signIn(former), { user: { id: former.id } })
  })

  t.test('an address that is released is free to others', async (t) => {
    await administration.releaseAddress(ACTING, former.id)
    const next = await service.signUp({ ...newAccount(), email: former.email })
    t.match(await service.signIn(next), { user: { id: next.id } })
    // Freed once more, from the next one: the first can not come back by it any more.
    await free(service, (await come(service, providers.north, former.email)).browser)
    t.match(await stored(service, next), { formerEmail: former.email })
    t.equal((await stored(service, former))?.formerEmail, undefined)

    t.match(await administration.giveAddress(ACTING, former.id, newAccount().email), {
      id: former.id,
    })
    t.equal(await administration.giveAddress(ACTING, former.id, newAccount().email), undefined)
    await t.rejects(administration.giveAddress(ACTING, next.id, former.email), {
      message: 'Email already registered',
    })
  })
})

t.test(
  'a password that is changed while freeing an address ends its sessions stays as it is',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const administration = administrationOf(service)
    const endings = {
      'the address is freed': (id: string) => administration.releaseAddress(ACTING, id),
      'all sessions end': (id: string) => administration.endSessions(ACTING, id),
      'the account is disabled': (id: string) =>
        administration.change(ACTING, id, { status: 'disabled' }),
    }
    for (const [what, end] of Object.entries(endings)) {
      await t.test(what, async (t) => {
        const account = await service.signUp()
        const { accessToken: token, refreshToken } = await service.signIn(account)
        const before = await stored(service, account)
        proxy.decide(async ({ body }): Promise<Fate> => {
          if (body.includes('keptSession = :kept')) await end(account.id)
          return 'pass'
        })
        const { password: newPassword } = newAccount()
        const body = { currentPassword: account.password, newPassword }
        const answer = await service.post('/api/auth/password', body, { token })
        proxy.decide(() => 'pass')
        t.match(answer, { status: 401, body: { code: 'TOKEN_INVALID' } })
        t.equal((await stored(service, account))?.passwordHash, before?.passwordHash)
        t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
        t.equal((await service.get('/api/auth/sessions', { token })).status, 401)
      })
    }
  },
)

t.test(
  'a password digest made again when an address is freed still leads its holder back',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const administration = administrationOf(service)
    const account = await service.signUp()
    const weak = await argon2.hash(account.password, { memoryCost: 1024, timeCost: 1 })
    const { store } = service.services.users
    await store.rehash((await store.findById(account.id)) as never, weak)
    t.equal((await stored(service, account))?.passwordHash, weak)
    proxy.decide(async ({ body }): Promise<Fate> => {
      if (body.includes('SET passwordHash = :hash'))
        await administration.releaseAddress(ACTING, account.id)
      return 'pass'
    })
    await signIn(account, service)
    proxy.decide(() => 'pass')
    const form = await submit(service, '/login', { ...account, id: '' })
    t.match(form, { status: 303, headers: { location: READDRESS } })
  },
)

/** Counts the hashes that are made from now on. */
function countHashes(t: Test): () => number {
  const { hash, verify } = argon2
  let count = 0
  const counted =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      count += 1
      return work(...args)
    }
  Object.assign(argon2, { hash: counted(hash), verify: counted(verify) })
  t.teardown(() => Object.assign(argon2, { hash, verify }))
  return () => count
}
