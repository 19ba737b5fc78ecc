import t, { type Test } from 'tap'
import { Browser } from '../support/browser.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { submit } from '../support/pages.js'
import { newAccount, type Service, startService } from '../support/service.js'

const CLOSED = { status: 403, body: { code: 'SIGN_UP_CLOSED' } }
const ADMITTED = ['a.example', 'xn--bcher-kva.example']
const OTHERS = ['sub.a.example', 'a.example.evil.example', 'ba.example', 'b.example']
/** What `north` speaks for. */
const PROVED = [...ADMITTED, ...OTHERS]
const REGISTER = '/api/auth/register'

/** By password there is no account then, and no answer tells which addresses have one. */
async function refusesPasswords(t: Test, service: Service, known: string) {
  const { email, password } = newAccount()
  for (const address of [email, known]) {
    const before = service.calls.length
    t.match(await service.post(REGISTER, { email: address, password }), CLOSED)
    t.notOk(service.calls.slice(before).includes('GetItem users'), 'nothing is looked up')
    const sent = await submit(service, '/register', { email: address, password })
    t.equal(sent.status, 403)
    t.match(sent.text, 'You can’t create an account here yourself')
  }
  const headers = { 'accept-language': 'de' }
  t.match((await service.get('/register', { headers })).text, 'Registrierung geschlossen')
  t.notMatch((await service.get('/login')).text, 'href="/register')
}

t.test('who may sign up', async (t) => {
  const { service, providers, env } = await startWithOpenProviders(t, ['north', 'south'])
  const settings = JSON.parse(env.OAUTH_PROVIDERS ?? '{}')
  const account = await service.signUp()
  t.match((await service.get('/login')).text, 'href="/register')
  const start = (SIGN_UP: string) => {
    const OAUTH_PROVIDERS = JSON.stringify({
      north: { ...settings.north, domains: PROVED },
      south: { ...settings.south, domains: ['other.example'] },
    })
    return startService(t, { beside: service, env: { OAUTH_PROVIDERS, SIGN_UP } })
  }
  const arrive = async (at: Service, provider: 'north' | 'south', person = newSubject()) => {
    const visit = await providers[provider].signIn(new Browser(at), person)
    return visit.headers.get('location')
  }
  const at = (domain: string) => {
    const person = newSubject()
    return { ...person, email: `${person.email.split('@')[0]}@${domain}` }
  }
  const REFUSED = '/login?error=SIGN_UP_CLOSED'

  await t.test('SIGN_UP=closed: no one may sign up', async (t) => {
    const returning = at('a.example')
    t.equal(await arrive(service, 'north', returning), '/dashboard')
    const closed = await start('closed')
    await refusesPasswords(t, closed, account.email)
    t.equal(await arrive(closed, 'north', at('a.example')), REFUSED)
    t.equal(await arrive(closed, 'south', { ...newSubject(), email: account.email }), REFUSED)
    t.equal(await arrive(closed, 'north', returning), '/dashboard', 'who has an account goes on')
    t.match((await closed.signIn(account)).user, { email: account.email })
  })

  await t.test(
    'SIGN_UP=domains: only those whose address a provider proves may sign up',
    async (t) => {
      const some = await start(`domains:${ADMITTED.join(',')}`)
      await refusesPasswords(t, some, account.email)
      t.equal(await arrive(some, 'north', at('a.example')), '/dashboard')
      t.equal(await arrive(some, 'north', at('bücher.example')), '/dashboard')
      for (const domain of OTHERS) t.equal(await arrive(some, 'north', at(domain)), REFUSED, domain)
      t.equal(await arrive(some, 'south', at('a.example')), REFUSED, 'a provider without the right')
    },
  )

  await t.test('SIGN_UP=domains without a provider does not start', async (t) => {
    await t.rejects(startService(t, { env: { SIGN_UP: 'domains:a.example' } }), {
      message: /^SIGN_UP: domains needs .* or an identity provider/,
    })
  })
})
