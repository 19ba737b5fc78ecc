import t from 'tap'
import { REFRESH_COOKIE } from '../../src/http/cookies.js'
import { Browser } from '../support/browser.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { jarOf, submit } from '../support/pages.js'
import { type Account, type Answer, ISSUER, newAccount, type Service } from '../support/service.js'

type Jar = Readonly<Record<string, string>>

/** Every way in whose tokens are cookies. */
const doors: Record<
  string,
  (service: Service, account: Account, cookies?: Jar) => Promise<Answer>
> = {
  'JSON with cookies': (service, { email, password }, cookies) =>
    service.post(
      '/api/auth/login',
      { email, password, useCookies: true },
      { headers: { origin: ISSUER }, ...(cookies && { cookies }) },
    ),
  'the form': (service, { email, password }, cookies) =>
    submit(service, '/login', { email, password }, cookies && { cookies }),
}

const isAlive = async (service: Service, cookies: Jar): Promise<boolean> =>
  (await service.get('/api/auth/sessions', { cookies })).status === 200

t.test('signing in again ends the session whose cookie came along (ASVS V7.2.4)', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const account = await service.signUp()
  const stranger = await service.signUp()

  for (const [door, enter] of Object.entries(doors)) {
    t.test(
      `a new sign-in by ${door} ends the session of the cookie that came along and no other`,
      async (t) => {
        const elsewhere = jarOf(await enter(service, account))
        const before = jarOf(await enter(service, account))
        const after = jarOf(await enter(service, account, before))
        t.equal(await isAlive(service, before), false)
        t.equal(await isAlive(service, after), true)
        t.equal(await isAlive(service, elsewhere), true)
        t.match(service.events('authn_session_ended').at(-1), {
          userId: account.id,
          reason: 'replaced',
        })
        const refreshed = await service.post('/api/auth/refresh', undefined, {
          cookies: before,
          headers: { origin: ISSUER },
        })
        t.match(refreshed, { body: { code: 'REFRESH_TOKEN_INVALID' } })
      },
    )

    t.test(
      `a new sign-in by ${door} ends the session of the cookie, whoever it belongs to`,
      async (t) => {
        const before = jarOf(await enter(service, stranger))
        await enter(service, account, before)
        t.equal(await isAlive(service, before), false)
      },
    )

    t.test(
      `a new sign-in by ${door} ends the old session not before it has succeeded`,
      async (t) => {
        const before = jarOf(await enter(service, account))
        const wrong = { ...account, password: 'not the password at all' }
        t.ok((await enter(service, wrong, before)).status >= 400)
        t.equal(await isAlive(service, before), true)
      },
    )

    t.test(
      `a new sign-in by ${door} with a session cookie that is not ours succeeds`,
      async (t) => {
        const cookies = { [REFRESH_COOKIE]: 'x' }
        t.ok((await enter(service, account, cookies)).status < 400)
      },
    )
  }

  t.test('a sign-up ends the session whose cookie came along', async (t) => {
    const before = jarOf(await (doors['the form'] as (typeof doors)[string])(service, account))
    const { email, password } = newAccount()
    const after = jarOf(
      await submit(service, '/register', { email, password }, { cookies: before }),
    )
    t.equal(await isAlive(service, before), false)
    t.equal(await isAlive(service, after), true)
  })

  t.test('a sign-in by a provider ends the session whose cookie came along', async (t) => {
    const browser = new Browser(service)
    const person = newSubject()
    await providers.north.signIn(browser, person)
    const before = browser.cookies()
    t.equal(await isAlive(service, before), true)
    await providers.north.signIn(browser, person)
    t.equal(await isAlive(service, before), false)
    t.equal(await isAlive(service, browser.cookies()), true)
  })

  t.test('a new sign-in ends no session where the browser keeps its cookie', async (t) => {
    const { email, password } = account
    const before = jarOf(await (doors['the form'] as (typeof doors)[string])(service, account))
    await service.signIn({ ...account, email, password }, { cookies: before })
    t.equal(await isAlive(service, before), true, 'tokens in the answer replace none')
  })
})
