import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { Browser } from '../support/browser.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { complaints, submit } from '../support/pages.js'
import { newAccount, startService } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

t.test(
  'an international domain of a user’s address from a provider is kept as its A-labels',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const { subject, email } = newSubject()
    const [local = ''] = email.split('@')
    const domains = ['bücher.example', 'BÜCHER.example', '例え.テスト', 'straße.example']
    const labels = ['xn--bcher-kva.example', 'xn--bcher-kva.example', 'xn--r8jz45g.xn--zckzah']
    for (const [index, domain] of domains.entries()) {
      const browser = new Browser(service)
      const own = `${local}-${index}`
      recordSecret('email', `${own}@`)
      const person = { subject: `${subject}-${index}`, email: `${own}@${domain}` }
      await providers.north.signIn(browser, person)
      const { body } = await service.get('/api/profile', fromOwnPage(browser))
      t.equal(body.user.email, `${own}@${labels[index] ?? 'xn--strae-oqa.example'}`)
      const { body: linked } = await service.get('/api/auth/identities', fromOwnPage(browser))
      t.equal(linked.identities[0].email, person.email, 'its owner recognises it')
    }
  },
)

t.test('a space around a user’s address is told at sign-in as it is at sign-up', async (t) => {
  const { service } = await startWithOpenProviders(t, ['north'])
  const { email, password } = await service.signUp()
  for (const padded of [` ${email}`, `${email} `, `\t${email}`, `${email}\u00a0`]) {
    for (const url of ['/api/auth/register', '/api/auth/login']) {
      const { status, body } = await service.post(url, { email: padded, password })
      t.equal(status, 400, url)
      const message = 'must have no space at its start or end'
      t.match(body, { code: 'VALIDATION_FAILED', errors: [{ field: '/email', message }] })
    }
  }
  t.ok(await service.signIn({ ...newAccount(), email, password, id: '' }))
})

t.test(
  'the pages tell a wrong e-mail address with one sentence wherever it is typed',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const { email, password } = account
    for (const padded of [` ${email}`, `${email} `, `\t${email}`, `${email}\u00a0`]) {
      for (const path of ['/login', '/register']) {
        const page = await submit(service, path, { email: padded, password })
        t.equal(page.status, 400, path)
        t.same(complaints(page), [en['field.email.wrong']], path)
      }
    }
    t.equal((await submit(service, '/login', { email, password })).status, 303)
  },
)
