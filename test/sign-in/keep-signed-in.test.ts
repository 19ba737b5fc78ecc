import t from 'tap'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../src/http/cookies.js'
import { Browser } from '../support/browser.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { MAIL } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM, newMember, OWN_SCRIPT } from '../support/mail-sign-in.js'
import { jarOf } from '../support/pages.js'
import { assertionOf, PASSKEY_SIGN_IN, withPasskey } from '../support/passkeys.js'
import { type Answer, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const SESSION = [ACCESS_COOKIE, REFRESH_COOKIE]

const kept = ({ cookies }: Answer) =>
  cookies.filter(({ value }) => value !== '').map(({ name, maxAge }) => [name, maxAge])

t.test(
  'a sign-in on a computer that others use makes a session that ends in hours or with the browser',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const account = await newMember(service)
    const { email, password } = account
    const { passkey } = await withPasskey(service)
    const how = { useCookies: true, keepSignedIn: false }
    const doors: Readonly<Record<string, () => Promise<Answer>>> = {
      password: () => service.post(LOGIN, { email, password, ...how }, { headers: OWN_SCRIPT }),
      passkey: async () => {
        const assertion = await assertionOf(service, passkey)
        return service.post(PASSKEY_SIGN_IN, { assertion, ...how }, { headers: OWN_SCRIPT })
      },
      mail: async () => {
        const mail = await askToSignIn(service, email)
        return service.post(CONFIRM, { ...byCode(mail), ...how }, { headers: OWN_SCRIPT })
      },
    }
    for (const [door, enter] of Object.entries(doors)) {
      const entered = await enter()
      t.same(
        kept(entered),
        SESSION.map((name) => [name, undefined]),
        `${door}: session cookies, and none by which the browser is known`,
      )
      let cookies = jarOf(entered)
      const own = () => ({ cookies, headers: { origin: service.config.issuer } })
      for (let hours = 1; hours < 12; hours++) {
        service.clock.advance(HOUR)
        const refreshed = await service.post('/api/auth/refresh', undefined, own())
        t.same(
          kept(refreshed),
          SESSION.map((name) => [name, undefined]),
        )
        cookies = jarOf(refreshed)
      }
      service.clock.advance(HOUR)
      t.equal((await service.post('/api/auth/refresh', undefined, own())).status, 401)
    }
  },
)

t.test('a sign-in is kept unless it says that others use the computer', async (t) => {
  const service = await startService(t)
  const { email, password } = await service.signUp()
  for (const more of [{}, { keepSignedIn: true }]) {
    const body = { email, password, useCookies: true, ...more }
    const answer = await service.post(LOGIN, body, { headers: OWN_SCRIPT })
    t.ok(answer.cookies.every(({ maxAge }) => Number(maxAge) > 0))
  }
})

t.test('a sign-in at a provider on a computer that others use ends with the browser', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one'])
  const browser = new Browser(service)
  const visit = await providers.one.signIn(browser, newSubject(), '?keepSignedIn=no')
  const lines = visit.headers.getSetCookie().filter((line) => line.startsWith(ACCESS_COOKIE))
  t.equal(lines.length, 1)
  t.notMatch(lines[0], /Max-Age/)
  service.clock.advance(12 * HOUR + MINUTE)
  const { status } = await service.post('/api/auth/refresh', undefined, {
    cookies: browser.cookies(),
    headers: { origin: service.config.issuer },
  })
  t.equal(status, 401)
})

t.test(
  'the sign-in page leads to each door with “Keep me signed in” as its person has chosen',
  async (t) => {
    const { service } = await startWithOpenProviders(t, ['one'], MAIL)
    const doors = ['/api/auth/one', '/login/email']
    const ticked = await service.get('/login?returnTo=/dashboard/keys')
    t.notMatch(ticked.text, /href="[^"]*keepSignedIn=no" data-sign-in/)
    t.match(ticked.text, /<noscript>.*href="[^"]+keepSignedIn=no"/, 'a link in place of the box')
    const unticked = await service.get('/login?keepSignedIn=no')
    for (const door of doors) t.match(unticked.text, `href="${door}?keepSignedIn=no"`)
    t.notMatch(unticked.text, 'value="yes" checked')
    const byMail = await service.get('/login/email?keepSignedIn=no')
    t.notMatch(byMail.text, 'value="yes" checked')
    for (const wrong of ['yes', '', 'no&keepSignedIn=no']) {
      const { status } = await service.get(`/api/auth/one?keepSignedIn=${wrong}`)
      t.equal(status, 400)
    }
  },
)
