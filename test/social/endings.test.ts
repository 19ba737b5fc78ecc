import t from 'tap'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { MINUTE, SECOND } from '../support/clock.js'
import {
  fromOwnPage,
  newSubject,
  startWithOpenProviders,
  writesSince,
} from '../support/identity-provider.js'
import { begin } from '../support/stand-in.js'

const NAVIGATION = { 'sec-fetch-mode': 'navigate', accept: 'text/html' }
const LATE = '/dashboard?error=SIGN_IN_EXPIRED'

t.test(
  'the end of a provider’s flow says what became of it, to a person who is signed in too',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
    const { north, south } = providers
    const visit = async (browser: Browser, url: string) =>
      (await browser.visit(url, { headers: OWN_PAGE })).headers.get('location')
    const signedIn = async () => {
      const browser = new Browser(service)
      await north.signIn(browser, newSubject())
      return browser
    }
    const userIn = async (browser: Browser) =>
      (await service.get('/api/profile', fromOwnPage(browser))).body.user.id as string

    t.test('the end of a provider’s flow says that it came late', async (t) => {
      for (const query of ['', '?link=true']) {
        const browser = await signedIn()
        const callback = await south.walk(browser, newSubject(), query)
        service.clock.advance(10 * MINUTE + SECOND)
        const before = service.calls.length
        t.equal(await visit(browser, callback), LATE)
        t.same(writesSince(service, before), [])
        const page = await service.get(LATE, { ...fromOwnPage(browser), headers: NAVIGATION })
        t.match(page.text, 'took too long')
      }
    })

    t.test(
      'the end of a provider’s flow says that it began in another browser, or never',
      async (t) => {
        const browser = await signedIn()
        const callback = await south.walk(new Browser(service), newSubject())
        t.equal(await visit(browser, callback), LATE)
        t.equal(await visit(browser, '/api/auth/south/callback?code=x&state=y'), LATE)
        t.equal(await visit(browser, '/api/auth/south/callback?error=access_denied&state=y'), LATE)
        t.equal(await visit(browser, '/api/auth/south/callback'), LATE)
      },
    )

    t.test('the end of a provider’s flow says that the person refused', async (t) => {
      const browser = await signedIn()
      const begun = await begin(browser, 'south', '?link=true', OWN_PAGE)
      const refused = begun.callback({ error: 'access_denied' })
      t.equal(await visit(browser, refused), '/dashboard?error=ACCESS_DENIED')
      t.equal(await visit(browser, refused), LATE, 'and again')
    })

    t.test(
      'a provider’s callback of a finished flow says so to its own signed-in user alone',
      async (t) => {
        const browser = new Browser(service)
        const [one, other] = [newSubject(), newSubject()]
        const first = await north.walk(browser, one)
        t.equal(await visit(browser, first), '/dashboard')
        const id = await userIn(browser)
        t.equal(await visit(browser, first), '/dashboard', 'the back button')
        t.equal(await visit(browser, await north.walk(browser, other)), '/dashboard')
        t.not(await userIn(browser), id)
        t.equal(await visit(browser, first), LATE)
      },
    )

    t.test('a used callback of a provider’s flow gets no session', async (t) => {
      const browser = await signedIn()
      const person = { ...newSubject(), verified: false }
      const callback = await south.walk(browser, person)
      t.match(await visit(browser, callback), /^\/dashboard\?error=/)
      t.equal(await visit(browser, callback), LATE)
    })

    t.test('an empty error at a provider’s callback is none', async (t) => {
      const browser = new Browser(service)
      const callback = await south.walk(browser, newSubject())
      t.equal(await visit(browser, `${callback}&error=`), '/dashboard')
    })
  },
)

t.test(
  'GET of pages and providers’ flows does nothing ahead of its person (prefetch), HEAD never',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const ahead = [
      ...['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip'].map((purpose) => ({
        'sec-purpose': purpose,
      })),
      ...[{ purpose: 'prefetch' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }],
    ]

    t.test(
      'a request ahead of its person, by prefetch or HEAD, begins or ends no provider’s flow',
      async (t) => {
        const browser = new Browser(service)
        const callback = await providers.north.walk(browser, newSubject())
        const cookies = browser.cookies()
        const before = service.calls.length
        for (const url of ['/api/auth/north', callback.slice(callback.indexOf('/api/'))]) {
          for (const headers of ahead) {
            const answer = await service.get(url, {
              cookies,
              headers: { ...NAVIGATION, ...headers },
            })
            t.match(answer, { status: 204, cookies: [], text: '' }, JSON.stringify(headers))
          }
          t.match(await service.call('HEAD', url, { cookies }), { status: 204, cookies: [] })
        }
        t.equal(service.calls.length, before, 'not even a limit is counted')
        const { headers } = await browser.visit(callback, { headers: OWN_PAGE })
        t.equal(headers.get('location'), '/dashboard')
      },
    )

    t.test(
      'a page fetched ahead of its person, by prefetch or HEAD, renews no session',
      async (t) => {
        const browser = new Browser(service)
        await providers.north.signIn(browser, newSubject())
        const cookies = Object.fromEntries(
          Object.entries(browser.cookies()).filter(([name]) => name.endsWith('_refresh')),
        )
        for (const url of ['/dashboard', '/login', '/dashboard/keys']) {
          for (const headers of ahead) {
            const answer = await service.get(url, {
              cookies,
              headers: { ...NAVIGATION, ...headers },
            })
            t.match(answer, { status: 204, cookies: [] })
          }
          t.match(await service.call('HEAD', url, { cookies }), { cookies: [] })
        }
        const page = await service.get('/dashboard', { cookies, headers: NAVIGATION })
        t.match(page, { status: 200, cookies: [{}, {}] }, 'its person does')
      },
    )
  },
)

t.test('names of cookies in a callback of a provider go nowhere', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const browser = new Browser(service)
  const kept = await providers.north.walk(browser, newSubject())
  const flow = Object.entries(browser.cookies()).map(([name, value]) => `${name}=${value}`)
  const odd = [' (0)', '_short', `_${'x'.repeat(23)}`, '', `_${'é'.repeat(22)}`]
  const cookie = [...flow, ...odd.map((tail) => `__Host-latchkey_oauth${tail}=x`)].join('; ')
  const { status, cookies } = await service.get('/api/auth/north', { headers: { cookie } })
  t.equal(status, 302)
  t.equal(cookies.length, 1, 'one flow more, and none given up')
  t.equal((await browser.visit(kept, { headers: OWN_PAGE })).headers.get('location'), '/dashboard')
})

t.test('a person gets a page where a provider’s start cannot begin, with a way on', async (t) => {
  const { service } = await startWithOpenProviders(t, ['north'])
  const rows: [url: string, status: number, code: string][] = [
    ['/api/auth/unknown', 404, 'NOT_FOUND'],
    ['/api/auth/north?returnTo=//evil.example', 400, 'RETURN_TO_INVALID'],
    ['/api/auth/north?returnTo=/a&returnTo=/b', 400, 'VALIDATION_FAILED'],
    ['/api/auth/north?link=true', 403, 'FOREIGN_LINK'],
  ]
  for (const [url, status, code] of rows) {
    const page = await service.get(url, { headers: NAVIGATION })
    t.equal(page.status, status, url)
    t.match(page.headers['content-type'], 'text/html')
    t.match(page.text, /<a [^>]*href="\/(dashboard|login)/, 'a way on')
    t.match(await service.get(url), { status, body: { code } })
  }
  for (const query of ['?utm_source=mail', '?fbclid=x&returnTo=/dashboard']) {
    const { status } = await service.get(`/api/auth/north${query}`, { headers: NAVIGATION })
    t.equal(status, 302, query)
  }
})
