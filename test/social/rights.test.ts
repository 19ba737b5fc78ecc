import t from 'tap'
import { resolveProviders } from '../../src/social/presets.js'
import { Browser } from '../support/browser.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { startService } from '../support/service.js'

const EXISTS = '/login?error=ACCOUNT_EXISTS'
const FREEING = '/login/free'

t.test('a provider speaks for the domains that are listed for it, and for no other', async (t) => {
  const { service, providers, env } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers
  const settings = JSON.parse(env.OAUTH_PROVIDERS ?? '{}')
  const rights = async (domains: string[] | undefined) => {
    const all = { ...settings, south: { ...settings.south, domains } }
    return startService(t, { beside: service, env: { OAUTH_PROVIDERS: JSON.stringify(all) } })
  }
  const arrive = async (at: typeof service, provider: typeof north, email: string, query = '') => {
    const browser = new Browser(at)
    const visit = await provider.signIn(browser, { ...newSubject(), email }, query)
    return { browser, place: visit.headers.get('location') }
  }
  const stored = async (email: string) => service.services.users.store.findByEmail(email)

  const without = [undefined, [], ['other.example'], ['sub.example.com'], ['ample.com']]
  for (const domains of without) {
    const at = await rights(domains)
    const about = JSON.stringify(domains)
    const fresh = newSubject().email
    t.equal((await arrive(at, south, fresh)).place, '/dashboard', about)
    t.equal((await stored(fresh))?.emailVerified, false, 'the account’s address is not proved')
    t.equal((await arrive(at, north, fresh)).place, FREEING, 'so that nobody is linked by it')

    const proved = newSubject().email
    await arrive(at, north, proved)
    t.equal((await stored(proved))?.emailVerified, true)
    t.equal((await arrive(at, south, proved)).place, EXISTS, about)

    const account = await service.signUp()
    t.equal((await arrive(at, south, account.email)).place, EXISTS, about)
  }

  t.test(
    'linking an identity by hand proves an address only for the provider’s own domains',
    async (t) => {
      const at = await rights(['other.example'])
      const account = await service.signUp()
      for (const [provider, emailVerified] of [
        [south, false],
        [north, true],
      ] as const) {
        const browser = new Browser(at)
        const body = { email: account.email, password: account.password, useCookies: true }
        const { cookies } = await at.post('/api/auth/login', body)
        browser.setCookies(Object.fromEntries(cookies.map(({ name, value }) => [name, value])))
        const person = { ...newSubject(), email: account.email }
        const { headers } = await provider.signIn(browser, person, '?link=true')
        t.equal(headers.get('location'), '/dashboard')
        t.equal((await stored(account.email))?.emailVerified, emailVerified)
      }
    },
  )

  t.test('an administrator is never linked to an identity by address', async (t) => {
    const person = newSubject()
    const { browser } = await arrive(service, north, person.email)
    const { id } = (await service.get('/api/profile', fromOwnPage(browser))).body.user
    await service.services.users.store.change(id, { role: 'admin' })
    t.equal((await arrive(service, south, person.email)).place, EXISTS)
    await service.services.users.store.change(id, { role: 'user' })
    t.equal((await arrive(service, south, person.email)).place, '/dashboard')
  })
})

t.test('the presets speak for what their providers say that they own', async (t) => {
  const client = { clientId: 'c', clientSecret: 'not a real one' }
  const domains = (id: string, claims: object, settings: object = {}) =>
    resolveProviders({ [id]: { ...client, ...settings } })[0]?.domainsOf({ ...claims })
  t.same(domains('google', {}), ['gmail.com'])
  t.same(domains('google', { hd: 'Corp.example' }), ['gmail.com', 'corp.example'])
  t.same(domains('google', { hd: ['corp.example'] }), ['gmail.com'])
  t.same(domains('google', {}, { domains: ['a.example'] }), ['a.example', 'gmail.com'])
  t.same(domains('github', {}), [])
  t.same(domains('microsoft', { xms_edov: true }), ['*'])
  t.same(domains('microsoft', { xms_edov: false }), [])
  t.same(
    domains('acme', { hd: 'corp.example', xms_edov: true }, { issuer: 'https://a.example' }),
    [],
  )
})
