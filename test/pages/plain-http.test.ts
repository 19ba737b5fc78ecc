import t, { type Test } from 'tap'
import { startIdentityProvider } from '../../src/local/identity-provider/server.js'
import { en } from '../../src/pages/texts/en.js'
import { Browser, OWN_PAGE, type Visit } from '../support/browser.js'
import { testClock } from '../support/clock.js'
import { newEmail, providersEnvironment } from '../support/identity-provider.js'
import { startPlainHttpProxy } from '../support/plain-http-proxy.js'
import { newAccount, startService } from '../support/service.js'
import { listen } from '../support/socket.js'
import { recordSecret } from '../support/transcript.js'

/** A local service with a provider, in a browser that keeps the cookies that `isKept` names. */
async function startLocal(t: Test, isKept?: (line: string) => boolean) {
  const proxy = await startPlainHttpProxy(t, isKept)
  const { url } = proxy
  const provider = await startIdentityProvider({ redirectUri: `${url}/api/auth/acme/callback` })
  if (!provider) throw new Error('oidc-provider is not installed')
  t.teardown(() => provider.stop())
  recordSecret('key', provider.clientSecret)
  const service = await startService(t, {
    clock: testClock(Date.now()),
    env: { ISSUER: url, ...providersEnvironment({ acme: provider }) },
  })
  proxy.forwardTo((await listen(service)).url)
  const browser = new Browser()
  const open = (path: string) => browser.visit(url + path, { headers: OWN_PAGE })
  /** A form of a page, and where it leads: a browser names the page as referrer on the way. */
  const send = async (page: string, form: Record<string, string>): Promise<Visit> => {
    const headers = { ...OWN_PAGE, origin: url, referer: url + page }
    const sent = await browser.visit(url + page, { form, headers })
    return walk(sent, { ...OWN_PAGE, referer: url + page })
  }
  const walk = async (first: Visit, headers: Record<string, string>): Promise<Visit> => {
    let visit = first
    for (let hops = 0; visit.location !== undefined && hops < 10; hops++) {
      visit = await browser.visit(visit.location, { headers })
    }
    return visit
  }
  const signInWithProvider = async (): Promise<Visit> => {
    const form = await walk(await open('/api/auth/acme'), {})
    if (!form.url.startsWith(provider.issuer)) return form
    const answered = await browser.visit(form.url, {
      form: { email: newEmail(), verified: 'on', name: 'Ada' },
    })
    return walk(answered, {})
  }
  const cookies = () => browser.cookies(url)
  return { url, service, open, send, signInWithProvider, cookies }
}

async function newPerson() {
  const { email, password } = newAccount()
  recordSecret('email', email)
  recordSecret('password', password)
  return { email, password }
}

const NAMES = ['latchkey_access', 'latchkey_device', 'latchkey_refresh']

t.test('pages for a browser that keeps no Secure cookie on http', async (t) => {
  const { service, url, open, send, signInWithProvider, cookies } = await startLocal(t)

  t.test('over plain http a browser signs in at a provider by the sign-in page', async (t) => {
    t.match(await signInWithProvider(), { url: `${url}/dashboard`, status: 200 })
    t.same(Object.keys(cookies()).sort(), NAMES)
    await send('/logout', {})
  })

  t.test(
    'over plain http a browser signs up and in by the forms of pages, and stays signed in',
    async (t) => {
      const person = await newPerson()
      t.match(await send('/register', person), { url: `${url}/dashboard`, status: 200 })
      t.same(Object.keys(cookies()).sort(), NAMES)
      t.match(await open('/dashboard/keys'), { status: 200 })
      await send('/logout', {})
      t.same(Object.keys(cookies()), ['latchkey_device'], 'and signs out')
      t.match(await send('/login', person), { url: `${url}/dashboard`, status: 200 })
      service.clock.advance(16 * 60_000)
      t.match(await open('/dashboard/keys'), { status: 200 }, 'the refresh cookie renews')
      await send('/logout', {})
    },
  )

  t.test('the API document names the pages’ cookie over plain http', async (t) => {
    const { body } = await service.get('/openapi.json')
    t.equal(body.components.securitySchemes.cookie.name, 'latchkey_access')
  })
})

t.test('a page tells a browser that keeps no cookie so', async (t) => {
  const { url, open, send, signInWithProvider } = await startLocal(t, () => false)
  const person = await newPerson()
  for (const path of ['/register', '/login']) {
    const visit = await send(path, person)
    t.equal(visit.url, `${url}/login?error=COOKIE_MISSING`, path)
    t.match(visit.text, en['error.COOKIE_MISSING'])
  }
  const byProvider = await signInWithProvider()
  t.equal(byProvider.url, `${url}/login?error=SIGN_IN_EXPIRED`)
  t.match(byProvider.text, 'your browser did not keep its cookie')
  t.equal((await open('/dashboard')).location, `${url}/login`, 'an address that was typed is not')
})
