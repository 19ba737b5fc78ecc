import t from 'tap'
import { Browser } from '../support/browser.js'
import {
  countAccounts,
  fromOwnPage,
  newSubject,
  startWithOpenProviders,
} from '../support/identity-provider.js'
import { ACTING, administrationOf } from '../support/administration.js'

t.test('a deleted user leaves no address and no identity behind', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const person = newSubject()
  const enter = async () => {
    const browser = new Browser(service)
    await providers.north.signIn(browser, person)
    return browser
  }
  const profileIn = (browser: Browser) => service.get('/api/profile', fromOwnPage(browser))

  const before = await enter()
  const { user } = (await profileIn(before)).body
  t.match(user, { email: person.email, emailVerified: true })
  const administration = administrationOf(service)
  await administration.remove(ACTING, user.id as string)
  t.same(await countAccounts(service), { users: 0, emails: 0, identities: 0 })
  t.equal((await service.get('/api/auth/sessions', fromOwnPage(before))).status, 401)
  await t.rejects(administration.remove(ACTING, user.id as string), {
    message: 'There is no such user',
  })

  const { body } = await profileIn(await enter())
  t.match(body.user, { email: person.email })
  t.not(body.user.id, user.id, 'the same person is a new user')
})
