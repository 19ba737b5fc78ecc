import t from 'tap'
import { Browser } from '../support/browser.js'
import { newEmail, signInWith, startWithProvider } from '../support/identity-provider.js'
import { ISSUER } from '../support/service.js'

t.test('a new user signs in at a provider, form and all', async (t) => {
  const { service } = await startWithProvider(t)
  const browser = new Browser(service)
  const email = newEmail()
  const arrived = await signInWith(browser, { email, name: 'Ada' })
  t.equal(arrived.status, 302)
  t.equal(
    arrived.location,
    `${ISSUER}/dashboard`,
    service.logs.map((l) => JSON.stringify(l)).join('\n'),
  )
  const profile = await service.get('/api/profile', {
    cookies: browser.cookies(),
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  t.match(profile.body, { user: { email, name: 'Ada', role: 'user' } })
})
