import { decodeProtectedHeader } from 'jose'
import t from 'tap'
import { Browser, OWN_PAGE, type Visit } from '../support/browser.js'
import { DAY, MINUTE, SECOND } from '../support/clock.js'
import {
  countAccounts,
  fromOwnPage,
  newEmail,
  newSubject,
  providersEnvironment,
  signInWith,
  startWithOpenProviders,
  startWithProvider,
  walkOn,
  walkToCallback,
  writesSince,
} from '../support/identity-provider.js'
import { maintenanceOf, REREAD } from '../support/rings.js'
import { type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const ACCESS = '__Host-latchkey_access'
const REFRESH = '__Host-latchkey_refresh'
const DEVICE = '__Host-latchkey_device'
const FLOW = /^__Host-latchkey_oauth_[\w-]{22}$/
const ARRIVED = '302 /dashboard'
const EXPIRED = '302 /login?error=SIGN_IN_EXPIRED'

type Three<T> = [T, T, T]

/** Status and target, letter for letter. */
const landing = ({ status, headers }: Visit): string => `${status} ${headers.get('location')}`

const isSessionCookie = (name: string) => name === ACCESS || name === REFRESH

/** Names of the session's cookies in an answer. */
const sessionCookies = ({ headers }: Visit): string[] =>
  headers
    .getSetCookie()
    .map((line) => line.split('=', 1)[0] ?? '')
    .filter(isSessionCookie)

const flowCookies = (browser: Browser): Record<string, string> =>
  Object.fromEntries(Object.entries(browser.cookies()).filter(([name]) => FLOW.test(name)))

const comeBack = (browser: Browser, callback: string): Promise<Visit> =>
  browser.visit(callback, { headers: OWN_PAGE })

async function userOf(service: Service, browser: Browser) {
  const { status, body } = await service.get('/api/profile', fromOwnPage(browser))
  if (status !== 200) throw new Error(`the profile answered ${status} ${body.code}`)
  return body.user as { id: string; email: string; name?: string; role: string }
}

async function sessionsOf(service: Service, browser: Browser) {
  const { body } = await service.get('/api/auth/sessions', fromOwnPage(browser))
  return body.sessions as { id: string; current: boolean }[]
}

t.test('sign-in at a real provider, by its form', async (t) => {
  const { service, provider } = await startWithProvider(t)

  t.test(
    'V10.1.1 a new user arrives from a provider with two cookies and nothing in the URL',
    async (t) => {
      const browser = new Browser(service)
      const email = newEmail()
      const callback = await walkToCallback(browser, { email, name: 'Ada' })
      const [flowName = ''] = Object.keys(flowCookies(browser))
      const arrived = await comeBack(browser, callback)

      t.equal(landing(arrived), ARRIVED)
      t.equal(arrived.text, '')
      t.equal(arrived.headers.get('cache-control'), 'no-store')
      t.equal(arrived.headers.get('referrer-policy'), 'no-referrer')
      const cookies = browser.cookies()
      const lines = arrived.headers.getSetCookie().sort()
      const refreshSeconds = service.config.sessions.idleMs / 1000
      t.same(lines, [
        `${ACCESS}=${cookies[ACCESS]}; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax`,
        `${DEVICE}=${cookies[DEVICE]}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax`,
        `${flowName}=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax`,
        `${REFRESH}=${cookies[REFRESH]}; Max-Age=${refreshSeconds}; Path=/; HttpOnly; Secure; SameSite=Lax`,
      ])
      t.same(Object.keys(cookies).sort(), [ACCESS, DEVICE, REFRESH])

      const user = await userOf(service, browser)
      t.same(user, { id: user.id, email, name: 'Ada', role: 'user', emailVerified: true })
      t.match(service.events('user_created'), [{ userId: user.id, provider: 'acme' }])
    },
  )

  t.test('a returning user of a provider is the same user, in a session of its own', async (t) => {
    const person = { email: newEmail() }
    const [first, second] = [new Browser(service), new Browser(service)]
    t.equal(landing(await signInWith(first, person)), ARRIVED)
    t.equal(landing(await signInWith(second, person)), ARRIVED)
    const user = await userOf(service, first)
    t.same(await userOf(service, second), user)
    t.equal((await sessionsOf(service, second)).length, 2)
    t.equal(service.events('user_created').filter(({ userId }) => userId === user.id).length, 1)
  })

  t.test('a disabled user is refused after a provider’s sign-in and gets no session', async (t) => {
    const person = { email: newEmail() }
    const browser = new Browser(service)
    await signInWith(browser, person)
    const { id } = await userOf(service, browser)
    await service.services.users.store.change(id, { status: 'disabled' })

    const again = new Browser(service)
    const target = await walkToCallback(again, person)
    const before = service.calls.length
    const refused = await comeBack(again, target)
    t.equal(landing(refused), '302 /login?error=ACCOUNT_DISABLED')
    t.same(sessionCookies(refused), [])
    t.same(again.cookies(), {})
    t.same(writesSince(service, before), [])
  })

  t.test('denied consent at a provider is told, and writes nothing', async (t) => {
    const browser = new Browser(service)
    const callback = await walkToCallback(browser, 'deny')
    const before = service.calls.length
    const refused = await comeBack(browser, callback)
    t.equal(landing(refused), '302 /login?error=ACCESS_DENIED')
    t.same(browser.cookies(), {})
    t.same(writesSince(service, before), [])
  })

  t.test('OA-3 OA-13 a provider’s callback visited twice opens one session', async (t) => {
    const browser = new Browser(service)
    const callback = await walkToCallback(browser, { email: newEmail() })
    t.equal(landing(await comeBack(browser, callback)), ARRIVED)
    const before = service.calls.length
    const again = await comeBack(browser, callback)
    t.equal(landing(again), ARRIVED, 'whoever is signed in has arrived')
    t.same(again.headers.getSetCookie(), [])
    t.same(writesSince(service, before), [])
    t.equal((await sessionsOf(service, browser)).length, 1)

    const { status } = await service.post('/api/auth/logout', undefined, fromOwnPage(browser))
    t.equal(status, 200)
    browser.setCookies({})
    const beforeLast = service.calls.length
    const last = await comeBack(browser, callback)
    t.equal(landing(last), EXPIRED)
    t.same(last.headers.getSetCookie(), [])
    t.same(writesSince(service, beforeLast), [])
  })

  t.test('OA-3 a provider’s callback sent twice at once opens one session', async (t) => {
    const browser = new Browser(service)
    const callback = await walkToCallback(browser, { email: newEmail() })
    const visits = await parallel(2, () => comeBack(browser, callback))
    t.same(visits.map(landing).sort(), [ARRIVED, EXPIRED])
    t.same(
      visits.map((visit) => [landing(visit), sessionCookies(visit).length]).sort(),
      [
        [ARRIVED, 2],
        [EXPIRED, 0],
      ],
      'the loser leaves the session of the winner alone',
    )
    t.equal((await sessionsOf(service, browser)).length, 1)
  })

  t.test(
    'the back button: of two starts at a provider in one browser both can be finished',
    async (t) => {
      const browser = new Browser(service)
      const person = { email: newEmail() }
      const first = await browser.visit('/api/auth/acme', { headers: OWN_PAGE })
      t.equal(landing(await signInWith(browser, person)), ARRIVED)
      const { id } = await userOf(service, browser)
      t.equal(landing(await comeBack(browser, await walkOn(browser, first, person))), ARRIVED)
      t.same(flowCookies(browser), {})
      t.equal((await userOf(service, browser)).id, id)
    },
  )

  t.test(
    'another instance, which has just started, answers the callback of a provider',
    async (t) => {
      const person = { email: newEmail() }
      const browser = new Browser(service)
      const callback = await walkToCallback(browser, person)
      const env = providersEnvironment({ acme: provider })
      const other = await startService(t, { beside: service, env })
      browser.moveTo(other)
      t.equal(landing(await comeBack(browser, callback)), ARRIVED)
      t.equal((await userOf(service, browser)).email, person.email)
      browser.moveTo(service)
      t.equal((await sessionsOf(service, browser)).length, 1)
    },
  )

  t.test(
    'V10.4.9 a provider’s session is listed, refreshed by cookie and ended like any other',
    async (t) => {
      const browser = new Browser(service)
      const person = { email: newEmail() }
      await signInWith(browser, person)
      const kept = new Browser(service)
      await signInWith(kept, person)
      const sessions = await sessionsOf(service, browser)
      t.same(sessions.map(({ current }) => current).sort(), [false, true])

      const old = browser.cookies()
      const answer = await service.post('/api/auth/refresh', undefined, fromOwnPage(browser))
      t.same(answer.body, { tokenType: 'Bearer', expiresIn: 900 }, 'tokens in cookies only')
      const renewed = Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]))
      t.same(Object.keys(renewed).sort(), [ACCESS, REFRESH])
      t.not(renewed[REFRESH], old[REFRESH])
      browser.setCookies(renewed)

      const current = sessions.find((session) => session.current)?.id ?? ''
      const ended = await service.delete(`/api/auth/sessions/${current}`, fromOwnPage(kept))
      t.equal(ended.status, 204)
      t.match(await service.get('/api/profile', fromOwnPage(browser)), {
        status: 401,
        body: { code: 'TOKEN_INVALID' },
      })
      t.match(await service.post('/api/auth/refresh', undefined, fromOwnPage(browser)), {
        status: 401,
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })
      t.same(
        (await sessionsOf(service, kept)).map((session) => session.current),
        [true],
      )
    },
  )
})

t.test('sign-in at a provider that says what it is told to', async (t) => {
  const { service, providers, env } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers

  t.test('V10.5.2 a provider’s subject whose e-mail has changed is the same user', async (t) => {
    const person = newSubject()
    const [first, second] = [new Browser(service), new Browser(service)]
    await north.signIn(first, person)
    const user = await userOf(service, first)
    const before = await countAccounts(service)
    const moved = { ...person, email: newEmail(), verified: false }
    t.equal(landing(await north.signIn(second, moved)), ARRIVED)
    t.same(await userOf(service, second), user, 'the account keeps its own address')
    t.same(await countAccounts(service), before)
  })

  t.test(
    'two tabs at a provider don’t disturb one another, in whatever order they end',
    async (t) => {
      const browser = new Browser(service)
      const person = newSubject()
      const first = await north.walk(browser, person)
      const second = await north.walk(browser, person)
      const third = await south.walk(browser, { ...newSubject(), email: person.email })
      t.equal(Object.keys(flowCookies(browser)).length, 3)
      for (const callback of [second, third, first]) {
        const visit = await comeBack(browser, callback)
        t.equal(landing(visit), ARRIVED)
        t.equal(sessionCookies(visit).length, 2)
      }
      t.same(flowCookies(browser), {})
      t.equal((await sessionsOf(service, browser)).length, 1, 'each replaces the one before')
    },
  )

  t.test(
    'tabs at a provider are bounded: the cookies of a browser never outgrow a request',
    async (t) => {
      const browser = new Browser(service)
      const counts: number[] = []
      const callbacks: string[] = []
      for (let tab = 0; tab < 12; tab++) {
        callbacks.push(await north.walk(browser, newSubject()))
        service.clock.advance(SECOND)
        counts.push(Object.keys(flowCookies(browser)).length)
      }
      t.same(counts, [1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5])
      const [given = '', kept = '', , , , last = ''] = callbacks.slice(-6)
      const bytes = JSON.stringify(browser.cookies()).length
      t.ok(bytes < 6000, `five flows take ${bytes} bytes`)
      t.equal(landing(await comeBack(browser, given)), EXPIRED)
      t.same(browser.cookies()[ACCESS], undefined)
      t.equal(landing(await comeBack(browser, last)), ARRIVED)
      t.equal(landing(await comeBack(browser, kept)), ARRIVED)
    },
  )

  t.test('V10.1.2 a provider’s flow ends 600 seconds after its start', async (t) => {
    const lifetimes = [599, 600, 601]
    const visits: Visit[] = []
    for (const seconds of lifetimes) {
      const browser = new Browser(service)
      const callback = await north.walk(browser, newSubject())
      service.clock.advance(seconds * SECOND)
      visits.push(await comeBack(browser, callback))
    }
    t.same(visits.map(landing), [ARRIVED, EXPIRED, EXPIRED])
    t.same(visits.map(sessionCookies), [[ACCESS, REFRESH], [], []])
  })

  t.test('an expired provider’s flow writes nothing and asks nobody', async (t) => {
    const browser = new Browser(service)
    const callback = await north.walk(browser, newSubject())
    service.clock.advance(601 * SECOND)
    const [calls, heard] = [service.calls.length, north.standIn.heard.length]
    t.equal(landing(await comeBack(browser, callback)), EXPIRED)
    t.same(writesSince(service, calls), [])
    t.equal(north.standIn.heard.length, heard)
  })

  t.test('OA-3 OA-13 a copy of a provider’s flow cookie is good for nothing', async (t) => {
    const browser = new Browser(service)
    const callback = await north.walk(browser, newSubject())
    const copied = browser.cookies()
    t.equal(landing(await comeBack(browser, callback)), ARRIVED)

    const other = await startService(t, { beside: service, env })
    for (const instance of [service, other]) {
      const thief = new Browser(instance)
      thief.setCookies(copied)
      const [calls, heard] = [instance.calls.length, north.standIn.heard.length]
      const refused = await comeBack(thief, callback)
      t.equal(landing(refused), EXPIRED)
      t.same(thief.cookies(), {})
      t.same(writesSince(instance, calls), [])
      const asked = north.standIn.heard.slice(heard).map(({ path }) => path)
      t.notOk(asked.includes('/token'), 'the code is not redeemed again')
    }
  })

  t.test(
    'a provider’s flow outlives a rotation of keys; after a replacement it begins again',
    async (t) => {
      const keys = maintenanceOf(service)
      await service.services.ticketKeys.maintain()
      service.clock.advance(30 * DAY)
      const [rotated, replaced, again] = [0, 1, 2].map(() => new Browser(service)) as Three<Browser>
      const callback = await north.walk(rotated, newSubject())
      const [sealed = ''] = Object.values(flowCookies(rotated))
      const { id } = await service.services.ticketKeys.current()
      t.equal(decodeProtectedHeader(sealed).kid, id, 'a ticket key seals it')
      await keys.maintain()
      service.clock.advance(REREAD + MINUTE)
      t.equal(landing(await comeBack(rotated, callback)), ARRIVED, 'rotated')

      const late = await north.walk(replaced, newSubject())
      await keys.replaceNow()
      const other = await startService(t, { beside: service, env })
      replaced.moveTo(other)
      const [calls, heard] = [other.calls.length, north.standIn.heard.length]
      const refused = await comeBack(replaced, late)
      t.equal(landing(refused), EXPIRED, 'replaced')
      t.same(writesSince(other, calls), [])
      t.equal(north.standIn.heard.length, heard, 'the provider is not asked')
      const page = await replaced.visit('/login?error=SIGN_IN_EXPIRED', { headers: OWN_PAGE })
      t.equal(page.status, 200)
      t.match(page.text, /Try again/, 'the page says what to do')
      again.moveTo(other)
      const next = await north.walk(again, newSubject())
      t.equal(landing(await comeBack(again, next)), ARRIVED, 'a new one works at once')
    },
  )

  t.test('50 first sign-ins of one identity at a provider at once make one user', async (t) => {
    const person = newSubject()
    const before = await countAccounts(service)
    const browsers = Array.from({ length: 50 }, () => new Browser(service))
    const visits = await Promise.all(browsers.map((browser) => north.signIn(browser, person)))
    t.same(tally(visits.map(landing)), { [ARRIVED]: 50 })
    const users = await Promise.all(browsers.map((browser) => userOf(service, browser)))
    t.equal(new Set(users.map(({ id }) => id)).size, 1)
    t.equal((await sessionsOf(service, browsers[0] as Browser)).length, 50)
    t.same(await countAccounts(service), {
      users: (before.users ?? 0) + 1,
      emails: (before.emails ?? 0) + 1,
      identities: (before.identities ?? 0) + 1,
    })
    const id = users[0]?.id
    t.equal(service.events('user_created').filter(({ userId }) => userId === id).length, 1)
  })

  t.test('20 sign-ins at two providers with one e-mail at once make one user', async (t) => {
    const [ada, alsoAda] = [newSubject(), newSubject()]
    const atSouth = { ...alsoAda, email: ada.email }
    const before = await countAccounts(service)
    const browsers = Array.from({ length: 20 }, () => new Browser(service))
    const visits = await Promise.all(
      browsers.map((browser, index) =>
        index % 2 === 0 ? north.signIn(browser, ada) : south.signIn(browser, atSouth),
      ),
    )
    t.same(tally(visits.map(landing)), { [ARRIVED]: 20 })
    const users = await Promise.all(browsers.map((browser) => userOf(service, browser)))
    t.equal(new Set(users.map(({ id }) => id)).size, 1)
    t.same(await countAccounts(service), {
      users: (before.users ?? 0) + 1,
      emails: (before.emails ?? 0) + 1,
      identities: (before.identities ?? 0) + 2,
    })
    const [browser] = browsers as [Browser]
    const { body } = await service.get('/api/auth/identities', fromOwnPage(browser))
    const ids = body.identities.map(({ provider }: { provider: string }) => provider)
    t.same(ids.sort(), ['north', 'south'])
    t.equal((await sessionsOf(service, browser)).length, 20)
  })

  t.test('a cold start under load discovers the provider once', async (t) => {
    const cold = await startService(t, { beside: service, env })
    const { heard } = south.standIn
    const before = heard.length
    const browsers = Array.from({ length: 10 }, () => new Browser(cold))
    const visits = await Promise.all(browsers.map((browser) => south.signIn(browser, newSubject())))
    t.same(tally(visits.map(landing)), { [ARRIVED]: 10 })
    t.same(tally(heard.slice(before).map(({ method, path }) => `${method} ${path}`)), {
      'GET /.well-known/openid-configuration': 1,
      'GET /jwks': 1,
      'POST /token': 10,
    })
  })
})

t.test('V6.8.1 V10.3.3 one subject at two providers is two users', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers
  const person = newSubject()
  const namesake = { ...person, email: newEmail() }
  const [first, second] = [new Browser(service), new Browser(service)]
  t.equal(landing(await north.signIn(first, person)), ARRIVED)
  t.equal(landing(await south.signIn(second, namesake)), ARRIVED)
  const [one, two] = [await userOf(service, first), await userOf(service, second)]
  t.not(one.id, two.id)
  t.same([one.email, two.email], [person.email, namesake.email])
  t.same(await countAccounts(service), { users: 2, emails: 2, identities: 2 })

  const claimant = new Browser(service)
  const before = service.calls.length
  const pretended = { subject: 'x', email: person.email, verified: false }
  t.equal(
    landing(await south.signIn(claimant, pretended)),
    '302 /login?error=EMAIL_UNVERIFIED',
    'nor does an address that nobody vouches for make one of them',
  )
  t.same(claimant.cookies(), {})
  t.same(writesSince(service, before), [])
})
