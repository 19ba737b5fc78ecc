import t from 'tap'
import { Browser, OWN_PAGE, type Visit } from '../support/browser.js'
import { MINUTE, SECOND } from '../support/clock.js'
import {
  countAccounts,
  fromOwnPage,
  newEmail,
  newSubject,
  signInWith,
  startWithOpenProviders,
  startWithProvider,
  writesSince,
} from '../support/identity-provider.js'
import {
  type Account,
  type Answer,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { parallel } from '../support/tally.js'

const ACCESS = '__Host-latchkey_access'
const REFRESH = '__Host-latchkey_refresh'
const IDENTITIES = '/api/auth/identities'
const PASSWORD = '/api/auth/password'
const LINK = '?link=true'
const ARRIVED = '302 /dashboard'
const FREEING = '302 /login/free'
const REFUSED_TOKEN = 'Bearer realm="latchkey"'
const STALE = `Bearer realm="latchkey", error="insufficient_user_authentication", error_description="Sign in again to make this change", max_age="900"`

/** Status and target, letter for letter. */
const landing = ({ status, headers }: Visit): string => `${status} ${headers.get('location')}`

const refusal = (code: string) => `302 /login?error=${code}`
/** What a person who is signed in is told. */
const notice = (code: string) => `302 /dashboard?error=${code}`

const isSessionCookie = (name: string) => name === ACCESS || name === REFRESH

/** The cookies of a browser but for those of its session. */
const flowCookies = (browser: Browser): Record<string, string> =>
  Object.fromEntries(Object.entries(browser.cookies()).filter(([name]) => !isSessionCookie(name)))

const isSignedIn = (browser: Browser): boolean => REFRESH in browser.cookies()

interface Identity {
  readonly id: string
  readonly provider: string
  readonly issuer: string
  readonly email: string | null
  readonly linkedAt: string
  readonly status: string
  readonly suspendedReason: string | null
}

async function identitiesOf(service: Service, browser: Browser) {
  const { status, body } = await service.get(IDENTITIES, fromOwnPage(browser))
  if (status !== 200) throw new Error(`the identities answered ${status}`)
  return body as { identities: Identity[]; hasPassword: boolean }
}

async function userOf(service: Service, browser: Browser) {
  const { status, body } = await service.get('/api/profile', fromOwnPage(browser))
  if (status !== 200) throw new Error(`the profile answered ${status}`)
  return body.user as { id: string; email: string }
}

const unlink = (service: Service, browser: Browser, id: string): Promise<Answer> =>
  service.delete(`${IDENTITIES}/${id}`, fromOwnPage(browser))

const setPassword = (service: Service, browser: Browser, body: object): Promise<Answer> =>
  service.post(PASSWORD, body, fromOwnPage(browser))

const logIn = (service: Service, { email, password }: Account): Promise<Answer> =>
  service.post('/api/auth/login', { email, password })

/** A browser that has signed in with a password. */
async function signedIn(service: Service, { email, password }: Account): Promise<Browser> {
  const browser = new Browser(service)
  await signInAgain(service, browser, { email, password })
  return browser
}

async function signInAgain(
  service: Service,
  browser: Browser,
  { email, password }: Pick<Account, 'email' | 'password'>,
): Promise<void> {
  const body = { email, password, useCookies: true }
  const { status, cookies } = await service.post('/api/auth/login', body)
  if (status !== 200) throw new Error(`sign-in answered ${status}`)
  const given = Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
  browser.setCookies({ ...browser.cookies(), ...given })
}

async function logOut(service: Service, browser: Browser): Promise<void> {
  const { status } = await service.post('/api/auth/logout', undefined, fromOwnPage(browser))
  if (status !== 200) throw new Error(`logout answered ${status}`)
  browser.setCookies(flowCookies(browser))
}

t.test(
  'an identity of a real provider is linked to a password account, and signs in',
  async (t) => {
    const { service, provider } = await startWithProvider(t)
    const account = await service.signUp()
    const browser = await signedIn(service, account)
    const session = browser.cookies()
    const email = newEmail()
    const linked = await signInWith(browser, { email }, `/api/auth/acme${LINK}`)
    t.equal(landing(linked), ARRIVED)
    t.same(browser.cookies(), session, 'the session goes on')

    const { identities, hasPassword } = await identitiesOf(service, browser)
    const linkedAt = new Date(service.clock()).toISOString()
    t.match(identities[0]?.id, /^[\w-]{22}$/)
    t.same(identities, [
      {
        ...{ id: identities[0]?.id, provider: 'acme', issuer: provider.issuer, email, linkedAt },
        ...{ status: 'active', suspendedReason: null },
      },
    ])
    t.equal(hasPassword, true)
    t.match(service.events('identity_linked'), [{ userId: account.id, provider: 'acme' }])

    const elsewhere = new Browser(service)
    t.equal(landing(await signInWith(elsewhere, { email })), ARRIVED)
    t.same(await userOf(service, elsewhere), await userOf(service, browser))
    t.equal((await userOf(service, elsewhere)).id, account.id)
  },
)

t.test('the start of linking an identity', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers
  const account = await service.signUp()
  const start = `/api/auth/north${LINK}`

  t.test('the link of an identity begins on no page of others', async (t) => {
    const browser = await signedIn(service, account)
    const session = browser.cookies()
    const sites = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '' },
      {},
    ]
    for (const site of sites) {
      for (const kind of [{}, { accept: 'text/html', 'sec-fetch-mode': 'navigate' }]) {
        const { status, text, location } = await browser.visit(start, {
          headers: { ...kind, ...site },
        })
        t.equal(status, 403)
        if ('accept' in kind) t.match(text, /^<!doctype html>/)
        else t.match(JSON.parse(text), { code: 'FOREIGN_LINK', status: 403 })
        t.equal(location, undefined)
      }
    }
    t.same(browser.cookies(), session)
    t.same(north.standIn.heard, [])
  })

  t.test('the link of an identity begins on our own page', async (t) => {
    const browser = await signedIn(service, account)
    const { status, location } = await browser.visit(start, { headers: OWN_PAGE })
    t.equal(status, 302)
    t.equal(location?.split('?')[0], `${north.standIn.issuer}/authorize`)
  })

  t.test('the link of an identity begins in a session only', async (t) => {
    const browser = new Browser(service)
    const before = north.standIn.heard.length
    t.equal(landing(await browser.visit(start, { headers: OWN_PAGE })), refusal('SIGN_IN_REQUIRED'))
    const program = await service.get(start, { headers: { 'sec-fetch-site': 'same-origin' } })
    t.match(program, { status: 403, body: { code: 'SIGN_IN_REQUIRED' } })
    t.match(program.headers['content-type'], /^application\/problem\+json/)
    t.same(browser.cookies(), {})
    t.equal(north.standIn.heard.length, before)
  })

  t.test(
    'V7.5.1 linking an identity wants a session of less than 15 minutes, however often refreshed',
    async (t) => {
      const browser = await signedIn(service, account)
      service.clock.advance(14 * MINUTE)
      const { cookies } = await service.post('/api/auth/refresh', undefined, fromOwnPage(browser))
      browser.setCookies(Object.fromEntries(cookies.map(({ name, value }) => [name, value])))
      service.clock.advance(MINUTE - 1)
      const fresh = await browser.visit(start, { headers: OWN_PAGE })
      t.equal(fresh.location?.split('?')[0], `${north.standIn.issuer}/authorize`)

      service.clock.advance(1)
      const { [ACCESS]: access = '', [REFRESH]: refresh = '' } = browser.cookies()
      browser.setCookies({ [ACCESS]: access, [REFRESH]: refresh })
      const refused = await browser.visit(start, { headers: OWN_PAGE })
      t.equal(landing(refused), '302 /step-up?returnTo=%2Fdashboard')
      t.same(Object.keys(browser.cookies()), [ACCESS, REFRESH])
      const program = await service.get(start, fromOwnPage(browser))
      t.match(program, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } })
      t.equal(program.headers['www-authenticate'], STALE)
    },
  )
})

t.test('the end of linking an identity', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers

  t.test('the link of an identity needs the session that began it', async (t) => {
    const account = await service.signUp()
    const other = await service.signUp()
    const endings: Record<string, (browser: Browser) => Promise<Browser>> = {
      'after logout': async (browser) => {
        await logOut(service, browser)
        return browser
      },
      'after the session was ended elsewhere': async (browser) => {
        await service.services.users.store.endSessions(account.id)
        return browser
      },
      'when somebody else has signed in meanwhile': async (browser) => {
        await logOut(service, browser)
        await signInAgain(service, browser, other)
        return browser
      },
      'when the same user has signed in anew': async (browser) => {
        await logOut(service, browser)
        await signInAgain(service, browser, account)
        return browser
      },
      'with its cookie in the browser of another user': async (browser) => {
        const victim = await signedIn(service, other)
        victim.setCookies({ ...victim.cookies(), ...flowCookies(browser) })
        return victim
      },
      'with its cookie in a browser of nobody': async (browser) => {
        const nobody = new Browser(service)
        nobody.setCookies(flowCookies(browser))
        return nobody
      },
    }
    for (const [name, change] of Object.entries(endings)) {
      const beginner = await signedIn(service, account)
      const person = newSubject()
      const callback = await north.walk(beginner, person, LINK)
      const browser = await change(beginner)
      const { [REFRESH]: refresh } = browser.cookies()
      const accounts = await countAccounts(service)
      const before = service.calls.length
      const visit = await browser.visit(callback, { headers: OWN_PAGE })
      t.equal(landing(visit), refusal('SIGN_IN_REQUIRED'), name)
      t.same(writesSince(service, before), [], name)
      t.same(await countAccounts(service), accounts, name)
      t.equal(browser.cookies()[REFRESH], refresh, `${name}: no other session`)
    }
  })

  t.test(
    'at the end of a link, a thief’s spent refresh token links no identity, and ends its session',
    async (t) => {
      for (const isSpentAt of ['start', 'end'] as const) {
        const victim = await signedIn(service, await service.signUp())
        const thief = new Browser(service)
        thief.setCookies({ [REFRESH]: victim.cookies()[REFRESH] ?? '' })
        const refresh = async () => {
          const { cookies } = await service.post('/api/auth/refresh', {}, fromOwnPage(victim))
          victim.setCookies(Object.fromEntries(cookies.map(({ name, value }) => [name, value])))
          service.clock.advance(11 * SECOND)
        }
        if (isSpentAt === 'start') await refresh()
        const begun = isSpentAt === 'end' ? await north.walk(thief, newSubject(), LINK) : undefined
        if (isSpentAt === 'end') await refresh()
        const headers = { ...OWN_PAGE, 'user-agent': 'curl/8.5' }
        const visit = await thief.visit(begun ?? `/api/auth/north${LINK}`, { headers })
        t.equal(landing(visit), refusal('SIGN_IN_REQUIRED'), isSpentAt)
        const [reuse] = service.events('authn_token_reuse').slice(-1)
        t.match(reuse, { userId: String, sessionId: String })
        t.equal((await service.get(IDENTITIES, fromOwnPage(victim))).status, 401, 'theft ends both')
      }
    },
  )

  t.test(
    'a refresh token of a moment ago is good for linking an identity, as it is for a refresh',
    async (t) => {
      const browser = await signedIn(service, await service.signUp())
      const before = browser.cookies()
      await service.post('/api/auth/refresh', {}, fromOwnPage(browser))
      browser.setCookies(before)
      t.equal(landing(await north.signIn(browser, newSubject(), LINK)), ARRIVED)
    },
  )

  t.test('the link of an identity of another account is refused', async (t) => {
    const person = newSubject()
    const owner = new Browser(service)
    await north.signIn(owner, person)
    const browser = await signedIn(service, await service.signUp())
    const before = service.calls.length
    const visit = await north.signIn(browser, person, LINK)
    t.equal(landing(visit), notice('IDENTITY_TAKEN'))
    t.same(writesSince(service, before), [])
    t.same((await identitiesOf(service, browser)).identities, [])
    t.equal((await identitiesOf(service, owner)).identities.length, 1)
  })

  t.test('linking an identity that is linked already gives the same answer', async (t) => {
    const browser = await signedIn(service, await service.signUp())
    const person = newSubject()
    t.equal(landing(await north.signIn(browser, person, LINK)), ARRIVED)
    const first = await identitiesOf(service, browser)
    service.clock.advance(SECOND)
    const before = service.calls.length
    t.equal(landing(await north.signIn(browser, person, LINK)), ARRIVED)
    t.same(writesSince(service, before), ['TransactWriteItems'], 'the mark of the flow')
    t.same(await identitiesOf(service, browser), first)
    t.equal(first.identities.length, 1)
  })

  t.test('an identity that two users link at once goes to one', async (t) => {
    const person = newSubject()
    const browsers = await parallel(2, async () => signedIn(service, await service.signUp()))
    const visits = await Promise.all(browsers.map((browser) => north.signIn(browser, person, LINK)))
    t.same(visits.map(landing).sort(), [ARRIVED, notice('IDENTITY_TAKEN')])
    const lists = await Promise.all(browsers.map((browser) => identitiesOf(service, browser)))
    t.same(lists.map(({ identities }) => identities.length).sort(), [0, 1])
  })

  t.test('an eleventh identity is refused', async (t) => {
    const browser = await signedIn(service, await service.signUp())
    for (let count = 0; count < 10; count++) {
      t.equal(landing(await north.signIn(browser, newSubject(), LINK)), ARRIVED)
    }
    const before = service.calls.length
    const visit = await south.signIn(browser, newSubject(), LINK)
    t.equal(landing(visit), notice('TOO_MANY_IDENTITIES'))
    t.same(writesSince(service, before), [])
    t.equal((await identitiesOf(service, browser)).identities.length, 10)
  })

  t.test('an account keeps ten identities when the last two are linked at once', async (t) => {
    const browser = await signedIn(service, await service.signUp())
    for (let count = 0; count < 9; count++) await north.signIn(browser, newSubject(), LINK)
    const callbacks = [
      await north.walk(browser, newSubject(), LINK),
      await south.walk(browser, newSubject(), LINK),
    ]
    const visits = await Promise.all(
      callbacks.map((callback) => browser.visit(callback, { headers: OWN_PAGE })),
    )
    t.same(visits.map(landing).sort(), [ARRIVED, notice('TOO_MANY_IDENTITIES')])
    t.equal((await identitiesOf(service, browser)).identities.length, 10)
  })
})

t.test('identities with one e-mail address at several providers', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers

  t.test(
    'identities with one address are one account where both providers have verified it',
    async (t) => {
      const ada = newSubject()
      const atSouth = { ...newSubject(), email: ada.email.toUpperCase() }
      const [first, second] = [new Browser(service), new Browser(service)]
      await north.signIn(first, ada)
      service.clock.advance(SECOND)
      t.equal(landing(await south.signIn(second, atSouth)), ARRIVED)
      t.same(await userOf(service, second), await userOf(service, first))
      const { identities, hasPassword } = await identitiesOf(service, second)
      t.same(
        identities.map(({ provider, issuer, email }) => ({ provider, issuer, email })),
        [
          { provider: 'north', issuer: north.standIn.issuer, email: ada.email },
          { provider: 'south', issuer: south.standIn.issuer, email: atSouth.email },
        ],
      )
      t.equal(hasPassword, false)
    },
  )

  t.test(
    'an identity’s address lets no one into an account whose own address is not verified',
    async (t) => {
      const account = await service.signUp()
      const person = { ...newSubject(), email: account.email }
      const browser = new Browser(service)
      const callback = await north.walk(browser, person)
      const accounts = await countAccounts(service)
      const before = service.calls.length
      const visit = await browser.visit(callback, { headers: OWN_PAGE })
      t.equal(landing(visit), FREEING)
      t.notOk(isSignedIn(browser))
      t.same(writesSince(service, before), [])
      t.same(await countAccounts(service), accounts)
    },
  )

  t.test(
    'an address counts as verified once its account has linked its identity, and not before',
    async (t) => {
      const rows = [
        { name: 'the same, verified', verified: true, same: true, lands: ARRIVED },
        {
          name: 'the same, unverified',
          verified: false,
          same: true,
          lands: FREEING,
        },
        { name: 'another', verified: true, same: false, lands: FREEING },
      ]
      for (const { name, verified, same, lands } of rows) {
        const account = await service.signUp()
        const browser = await signedIn(service, account)
        const email = same ? account.email : newEmail()
        const linked = await north.signIn(browser, { ...newSubject(), email, verified }, LINK)
        t.equal(landing(linked), ARRIVED, name)

        const elsewhere = new Browser(service)
        const visit = await south.signIn(elsewhere, { ...newSubject(), email: account.email })
        t.equal(landing(visit), lands, name)
        t.equal(isSignedIn(elsewhere), lands === ARRIVED, name)
        const { identities } = await identitiesOf(service, browser)
        t.equal(identities.length, lands === ARRIVED ? 2 : 1, name)
        if (lands === ARRIVED) t.equal((await userOf(service, elsewhere)).id, account.id, name)
      }
    },
  )

  t.test('an identity’s address does not get past a disabled account', async (t) => {
    const ada = newSubject()
    const first = new Browser(service)
    await north.signIn(first, ada)
    await service.services.users.store.change((await userOf(service, first)).id, {
      status: 'disabled',
    })
    const browser = new Browser(service)
    const callback = await south.walk(browser, { ...newSubject(), email: ada.email })
    const before = service.calls.length
    const visit = await browser.visit(callback, { headers: OWN_PAGE })
    t.equal(landing(visit), refusal('ACCOUNT_DISABLED'))
    t.same(browser.cookies(), {})
    t.same(writesSince(service, before), [])
  })

  t.test(
    'V10.5.2 V10.3.3 an account follows the identity’s subject, not its address',
    async (t) => {
      const person = newSubject()
      const first = new Browser(service)
      await north.signIn(first, person)
      const moved = { ...person, email: newEmail() }
      const second = new Browser(service)
      await north.signIn(second, moved)
      const heir = new Browser(service)
      const visit = await south.signIn(heir, { ...newSubject(), email: moved.email })
      t.equal(landing(visit), ARRIVED)
      t.same(await userOf(service, second), await userOf(service, first))
      t.not((await userOf(service, heir)).id, (await userOf(service, first)).id)
    },
  )

  t.test(
    'V10.5.2 an identity’s address reassigned by its provider to another subject opens no account',
    async (t) => {
      const former = newSubject()
      const first = new Browser(service)
      await north.signIn(first, former)
      const heir = new Browser(service)
      const callback = await north.walk(heir, { ...newSubject(), email: former.email })
      const before = service.calls.length
      const visit = await heir.visit(callback, { headers: OWN_PAGE })
      t.equal(landing(visit), refusal('ACCOUNT_EXISTS'))
      t.same(heir.cookies(), {})
      t.same(writesSince(service, before), [])
      t.equal((await identitiesOf(service, first)).identities.length, 1)
    },
  )
})

t.test(
  'V6.8.1 V10.3.3 V10.5.2 a subject of one provider opens no account at another',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
    const { north, south } = providers
    const person = newSubject()
    const [first, second] = [new Browser(service), new Browser(service)]
    await north.signIn(first, person)
    await south.signIn(second, { ...person, email: newEmail() })
    const [one] = (await identitiesOf(service, first)).identities
    const [two] = (await identitiesOf(service, second)).identities
    t.not((await userOf(service, first)).id, (await userOf(service, second)).id)
    t.not(one?.id, two?.id)
    t.same([one?.issuer, two?.issuer], [north.standIn.issuer, south.standIn.issuer])

    const visit = await north.signIn(second, person, LINK)
    t.equal(landing(visit), notice('IDENTITY_TAKEN'))
    t.same(await countAccounts(service), { users: 2, emails: 2, identities: 2 })
  },
)

t.test('GET /api/auth/identities', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers

  t.test(
    'GET /api/auth/identities shows what a person needs to recognise each, and no subject',
    async (t) => {
      const person = newSubject()
      const browser = new Browser(service)
      await north.signIn(browser, person)
      const { status, headers, body, text } = await service.get(IDENTITIES, fromOwnPage(browser))
      t.equal(status, 200)
      t.equal(headers['cache-control'], 'no-store')
      const linkedAt = new Date(service.clock()).toISOString()
      const { issuer } = north.standIn
      const [{ id }] = body.identities
      t.same(body, {
        identities: [
          {
            ...{ id, provider: 'north', issuer, email: person.email, linkedAt },
            ...{ status: 'active', suspendedReason: null },
          },
        ],
        hasPassword: false,
      })
      t.match(id, /^[\w-]{22}$/)
      t.notOk(text.includes(person.subject))
    },
  )

  t.test(
    'GET /api/auth/identities is empty for a user who has none, by bearer token too',
    async (t) => {
      const account = await service.signUp()
      const { accessToken } = await service.signIn(account)
      const { status, body } = await service.get(IDENTITIES, { token: accessToken })
      t.equal(status, 200)
      t.same(body, { identities: [], hasPassword: true })
    },
  )

  t.test('GET /api/auth/identities wants a session that is alive', async (t) => {
    t.match(await service.get(IDENTITIES), {
      status: 401,
      body: { code: 'ACCESS_TOKEN_REQUIRED' },
    })
    const { accessToken } = await service.signIn(await service.signUp())
    await service.post('/api/auth/logout', undefined, { token: accessToken })
    t.match(await service.get(IDENTITIES, { token: accessToken }), {
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    })
  })
})

t.test('DELETE /api/auth/identities/:id', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers

  t.test(
    'DELETE /api/auth/identities/:id unlinks an identity, whose person is then somebody new',
    async (t) => {
      const account = await service.signUp()
      const browser = await signedIn(service, account)
      const person = newSubject()
      await north.signIn(browser, person, LINK)
      await south.signIn(browser, newSubject(), LINK)
      const { identities } = await identitiesOf(service, browser)
      const [first, second] = identities as [Identity, Identity]
      const answer = await unlink(service, browser, first.id)
      t.equal(answer.status, 204)
      t.equal(answer.text, '')
      t.same((await identitiesOf(service, browser)).identities, [second])
      t.match(service.events('identity_unlinked'), [{ userId: account.id }])

      const stranger = new Browser(service)
      t.equal(
        landing(await north.signIn(stranger, { ...person, verified: false })),
        refusal('EMAIL_UNVERIFIED'),
      )
      t.same(stranger.cookies(), {})
      t.equal(landing(await north.signIn(stranger, person)), ARRIVED)
      const user = await userOf(service, stranger)
      t.not(user.id, account.id)
      t.equal(user.email, person.email)
      t.equal((await unlink(service, browser, first.id)).status, 404, 'it is gone')
    },
  )

  t.test(
    'an unlinked identity is not linked again by the next sign-in with the same address',
    async (t) => {
      const [browser, person] = [new Browser(service), newSubject()]
      await north.signIn(browser, person)
      await setPassword(service, browser, { newPassword: newAccount().password })
      const { identities } = await identitiesOf(service, browser)
      t.equal((await unlink(service, browser, identities[0]?.id ?? '')).status, 204)

      const stranger = new Browser(service)
      t.equal(landing(await north.signIn(stranger, person)), FREEING)
      t.notOk(isSignedIn(stranger))
    },
  )

  t.test(
    'unlinking an identity leaves the address verified while another identity proves it',
    async (t) => {
      const person = newSubject()
      const browser = new Browser(service)
      await north.signIn(browser, person)
      const same = { ...newSubject(), email: person.email }
      await south.signIn(browser, same, LINK)
      const said = { ...newSubject(), email: person.email, verified: false }
      await south.signIn(browser, said, LINK)
      const isVerified = async () =>
        (await service.get('/api/profile', fromOwnPage(browser))).body.user.emailVerified as boolean
      await setPassword(service, browser, { newPassword: newAccount().password })
      const { identities } = await identitiesOf(service, browser)
      const [first, second, third] = identities.map(({ id }) => id)
      for (const [id, remains] of [
        [first, true],
        [third, true],
        [second, false],
      ] as const) {
        t.equal((await unlink(service, browser, id ?? '')).status, 204)
        t.equal(await isVerified(), remains)
      }
    },
  )

  t.test(
    'DELETE /api/auth/identities/:id knows no identity of another, and none that is malformed',
    async (t) => {
      const [mine, theirs] = [new Browser(service), new Browser(service)]
      await north.signIn(mine, newSubject())
      await north.signIn(theirs, newSubject())
      const { identities } = await identitiesOf(service, theirs)
      const id = identities[0]?.id ?? ''
      const before = service.calls.length
      for (const unknown of [id, 'A'.repeat(22)]) {
        t.match(await unlink(service, mine, unknown), {
          status: 404,
          body: { error: 'Identity not found', code: 'IDENTITY_NOT_FOUND' },
        })
      }
      for (const malformed of ['x', id.slice(1), `${id}A`, `${id.slice(1)}.`, '%20'.repeat(22)]) {
        t.match(await unlink(service, mine, malformed), {
          status: 400,
          body: { code: 'VALIDATION_FAILED' },
        })
      }
      t.same(writesSince(service, before), [])
      t.same((await identitiesOf(service, theirs)).identities, identities)
    },
  )

  t.test('DELETE /api/auth/identities/:id is refused to the pages of others', async (t) => {
    const browser = await signedIn(service, await service.signUp())
    await north.signIn(browser, newSubject(), LINK)
    const { identities } = await identitiesOf(service, browser)
    const answer = await service.delete(`${IDENTITIES}/${identities[0]?.id}`, {
      cookies: browser.cookies(),
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    t.match(answer, { status: 403, body: { code: 'FOREIGN_ORIGIN' } })
    t.same((await identitiesOf(service, browser)).identities, identities)
  })

  t.test('DELETE /api/auth/identities/:id leaves the last way in', async (t) => {
    const browser = new Browser(service)
    const person = newSubject()
    await north.signIn(browser, person)
    const { identities } = await identitiesOf(service, browser)
    const before = service.calls.length
    t.match(await unlink(service, browser, identities[0]?.id ?? ''), {
      status: 409,
      body: { code: 'LAST_SIGN_IN_METHOD' },
    })
    t.same(writesSince(service, before), [])
    t.equal(landing(await north.signIn(new Browser(service), person)), ARRIVED)

    const newPassword = newAccount().password
    t.equal((await setPassword(service, browser, { newPassword })).status, 204)
    t.equal((await unlink(service, browser, identities[0]?.id ?? '')).status, 204)
    t.same(await identitiesOf(service, browser), { identities: [], hasPassword: true })
  })

  t.test(
    'DELETE /api/auth/identities/:id leaves one of the last two that are removed at once',
    async (t) => {
      for (let round = 0; round < 5; round++) {
        const browser = new Browser(service)
        const ada = newSubject()
        const people = { north: ada, south: { ...newSubject(), email: ada.email } }
        await north.signIn(browser, people.north)
        await south.signIn(browser, people.south)
        const { identities } = await identitiesOf(service, browser)
        t.equal(identities.length, 2)
        const answers = await Promise.all(identities.map(({ id }) => unlink(service, browser, id)))
        t.same(answers.map(({ status, body }) => `${status} ${body?.code ?? ''}`).sort(), [
          '204 ',
          '409 LAST_SIGN_IN_METHOD',
        ])
        const left = (await identitiesOf(service, browser)).identities
        t.equal(left.length, 1)
        const id = left[0]?.provider as 'north' | 'south'
        const again = new Browser(service)
        t.equal(landing(await providers[id].signIn(again, people[id])), ARRIVED)
        t.same(await userOf(service, again), await userOf(service, browser))
      }
    },
  )

  t.test('an identity whose provider is no longer configured is no way in', async (t) => {
    const browser = new Browser(service)
    const ada = newSubject()
    await north.signIn(browser, ada)
    await south.signIn(browser, { ...newSubject(), email: ada.email })
    const { issuer, clientId, clientSecret } = north.standIn
    const settings = { north: { issuer, clientId, clientSecret } }
    const reduced = await startService(t, {
      beside: service,
      env: { OAUTH_PROVIDERS: JSON.stringify(settings) },
    })
    const { identities } = await identitiesOf(reduced, browser)
    t.same(identities.map(({ provider }) => provider).sort(), ['north', 'south'])
    const idOf = (name: string) => identities.find(({ provider }) => provider === name)?.id ?? ''
    t.match(await unlink(reduced, browser, idOf('north')), {
      status: 409,
      body: { code: 'LAST_SIGN_IN_METHOD' },
    })
    t.equal((await unlink(reduced, browser, idOf('south'))).status, 204)
    t.equal((await identitiesOf(reduced, browser)).identities.length, 1)
  })

  t.test(
    'V7.5.1 DELETE /api/auth/identities/:id wants a session of less than 15 minutes',
    async (t) => {
      const browser = new Browser(service)
      const ada = newSubject()
      await north.signIn(browser, ada)
      await south.signIn(browser, { ...newSubject(), email: ada.email })
      const { identities } = await identitiesOf(service, browser)
      service.clock.advance(14 * MINUTE)
      const { cookies } = await service.post('/api/auth/refresh', undefined, fromOwnPage(browser))
      browser.setCookies(Object.fromEntries(cookies.map(({ name, value }) => [name, value])))
      service.clock.advance(MINUTE)
      const before = service.calls.length
      const answer = await unlink(service, browser, identities[0]?.id ?? '')
      t.match(answer, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } })
      t.equal(answer.headers['www-authenticate'], STALE)
      t.same(writesSince(service, before), [])
      t.same((await identitiesOf(service, browser)).identities, identities)
    },
  )
})

t.test('a user with identities and no password', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers

  t.test(
    'a user with an identity alone sets a password, which ends the other sessions',
    async (t) => {
      const { password } = newAccount()
      const person = newSubject()
      const account = { id: '', email: person.email, password }
      const [browser, elsewhere] = [new Browser(service), new Browser(service)]
      await north.signIn(browser, person)
      await north.signIn(elsewhere, person)
      const answer = await setPassword(service, browser, { newPassword: password })
      t.equal(answer.status, 204)
      t.equal(answer.text, '')
      t.equal((await identitiesOf(service, browser)).hasPassword, true)
      t.match(await service.get(IDENTITIES, fromOwnPage(elsewhere)), {
        status: 401,
        body: { code: 'TOKEN_INVALID' },
      })
      t.match(await service.post('/api/auth/refresh', undefined, fromOwnPage(elsewhere)), {
        status: 401,
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })

      const { id } = await userOf(service, browser)
      const signedIn = await logIn(service, account)
      t.match(signedIn, { status: 200, body: { user: { id } } })
      t.equal(landing(await north.signIn(elsewhere, person)), ARRIVED, 'the provider still serves')

      const newPassword = newAccount().password
      const wrong = [{}, { currentPassword: newAccount().password }]
      for (const proof of wrong) {
        const refused = await setPassword(service, browser, { ...proof, newPassword })
        t.match(refused, { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
        t.equal(refused.headers['www-authenticate'], REFUSED_TOKEN)
      }
      t.equal((await logIn(service, account)).status, 200, 'the password is unchanged')
      const right = await setPassword(service, browser, { currentPassword: password, newPassword })
      t.equal(right.status, 204)
      t.equal((await logIn(service, account)).status, 401)
      t.equal((await logIn(service, { ...account, password: newPassword })).status, 200)
    },
  )

  t.test('a user with an identity alone can prove no current password', async (t) => {
    const browser = new Browser(service)
    await north.signIn(browser, newSubject())
    const body = { currentPassword: newAccount().password, newPassword: newAccount().password }
    const before = service.calls.length
    t.match(await setPassword(service, browser, body), {
      status: 401,
      body: { code: 'INVALID_CREDENTIALS' },
    })
    t.same(writesSince(service, before), ['TransactWriteItems'], 'the count of refusals')
    t.equal((await identitiesOf(service, browser)).hasPassword, false)
  })

  t.test(
    'a user with an identity alone sets one of two passwords that are set at once',
    async (t) => {
      const person = newSubject()
      const [one, two] = [new Browser(service), new Browser(service)]
      await north.signIn(one, person)
      await north.signIn(two, person)
      const passwords = [newAccount().password, newAccount().password]
      const answers = await Promise.all(
        [one, two].map((browser, index) =>
          setPassword(service, browser, { newPassword: passwords[index] }),
        ),
      )
      t.same(answers.map(({ status }) => status).sort(), [204, 401])
      const logins = await Promise.all(
        passwords.map((password) => logIn(service, { id: '', email: person.email, password })),
      )
      t.same(
        logins.map(({ status }) => status === 200),
        answers.map(({ status }) => status === 204),
      )
    },
  )

  t.test(
    'V7.5.1 a session of 15 minutes sets no first password beside an identity; changes need none',
    async (t) => {
      const person = newSubject()
      const browser = new Browser(service)
      await north.signIn(browser, person)
      service.clock.advance(14 * MINUTE)
      const { cookies } = await service.post('/api/auth/refresh', undefined, fromOwnPage(browser))
      browser.setCookies(Object.fromEntries(cookies.map(({ name, value }) => [name, value])))
      service.clock.advance(MINUTE)
      const { password } = newAccount()
      const before = service.calls.length
      const stale = await setPassword(service, browser, { newPassword: password })
      t.match(stale, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } })
      t.equal(stale.headers['www-authenticate'], STALE)
      t.same(writesSince(service, before), [])
      t.equal((await identitiesOf(service, browser)).hasPassword, false)

      const fresh = new Browser(service)
      await north.signIn(fresh, person)
      t.equal((await setPassword(service, fresh, { newPassword: password })).status, 204)
      service.clock.advance(14 * MINUTE + 59 * SECOND)
      const newPassword = newAccount().password
      const change = { currentPassword: password, newPassword }
      t.equal((await setPassword(service, fresh, change)).status, 204)
    },
  )

  t.test(
    'a user with an identity and a new password is known where they signed in at the provider',
    async (t) => {
      const person = newSubject()
      const { password } = newAccount()
      const browser = new Browser(service)
      await north.signIn(browser, person)
      const elsewhere = { ...fromOwnPage(browser), remoteAddress: '192.0.2.44' }
      const set = await service.post(PASSWORD, { newPassword: password }, elsewhere)
      t.equal(set.status, 204)
      for (let attempt = 0; attempt < 11; attempt++) {
        const guess = { email: person.email, password: newAccount().password }
        await service.post('/api/auth/login', guess, { remoteAddress: '198.51.100.1' })
      }
      const { email } = person
      t.equal((await logIn(service, { id: '', email, password })).status, 200)
      const abroad = { remoteAddress: '192.0.2.77' }
      const answer = await service.post('/api/auth/login', { email, password }, abroad)
      t.equal(answer.status, 429, 'and nowhere else')
    },
  )

  t.test(
    'a user with an identity alone hears of a password sign-in what a stranger hears',
    async (t) => {
      const person = newSubject()
      await north.signIn(new Browser(service), person)
      const { password } = newAccount()
      const hear = async (email: string) => {
        const before = service.calls.length
        const { status, headers, body } = await logIn(service, { id: '', email, password })
        const { 'content-length': length, 'www-authenticate': challenge } = headers
        const { requestId, ...problem } = body
        t.type(requestId, 'string')
        return { status, length, challenge, problem, calls: service.calls.slice(before).sort() }
      }
      const known = await hear(person.email)
      t.match(known, { status: 401, problem: { code: 'INVALID_CREDENTIALS' } })
      t.equal(known.challenge, REFUSED_TOKEN)
      t.same(known, await hear(newEmail()))
      t.match(service.events('authn_login_fail').slice(-2), [
        { reason: 'no_password' },
        { reason: 'unknown_user' },
      ])
    },
  )
})
