import t from 'tap'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { canSignIn, changeAddress, newAddress } from '../support/address-change.js'
import { Browser } from '../support/browser.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { lastMail, MAIL } from '../support/mail.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

const CHANGE = '/dashboard/email'
const CONFIRM = '/dashboard/email/confirm'

async function signIn(service: Service, { email, password }: Account) {
  return jarOf(await submit(service, '/login', { email, password }))
}

/** Asks for another address on the page. @returns the cookies of the browser. */
async function ask(service: Service, newEmail: string, cookies: Record<string, string>) {
  service.clock.advance(SECOND)
  recordSecret('email', newEmail)
  const answer = await submit(service, CHANGE, { newEmail }, { cookies })
  t.match(answer, { status: 303, headers: { location: CHANGE } })
  return { ...cookies, ...jarOf(answer) }
}

t.test('the page that changes the e-mail address', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test(
    'the page that changes the address takes the code of the mail, without scripts',
    async (t) => {
      const account = await service.signUp()
      const signedIn = await signIn(service, account)
      t.match((await service.get('/dashboard', { cookies: signedIn })).text, `href="${CHANGE}"`)
      const german = { cookies: signedIn, headers: { 'accept-language': 'de' } }
      const before = await service.get(CHANGE, german)
      t.match(before.text, de['email.change.new'])
      t.match(before.text, account.email, 'it shows the address of now')
      t.notMatch(before.text, /autocomplete="one-time-code"/)

      const to = newAddress()
      const cookies = await ask(service, to, signedIn)
      const asked = await service.get(CHANGE, { cookies })
      t.match(asked.text, to, 'the page says where the mail went')
      t.match(asked.text, /autocomplete="one-time-code"/)
      const { code } = await lastMail(service, to)
      const spaced = `${code.slice(0, 4)} ${code.slice(4)}`
      const done = await submit(service, CONFIRM, { code: spaced }, { cookies })
      t.match(done, { status: 303, headers: { location: '/dashboard?done=EMAIL_CHANGED' } })
      const { text } = await service.get('/dashboard?done=EMAIL_CHANGED', { cookies })
      t.match(text, to)
      t.match(text, en['done.EMAIL_CHANGED'])
      t.ok(await canSignIn(service, to, account.password))
    },
  )

  t.test('the page that changes the address says what is wrong with its form', async (t) => {
    const account = await service.signUp()
    const signedIn = await signIn(service, account)
    const wrong: Record<string, string> = {
      '': en['field.newEmail.wrong'],
      nowhere: en['field.newEmail.wrong'],
      [account.email]: en['email.change.same'],
    }
    for (const [newEmail, sentence] of Object.entries(wrong)) {
      const answer = await submit(service, CHANGE, { newEmail }, { cookies: signedIn })
      t.equal(answer.status, 400)
      t.same(complaints(answer), [sentence])
    }
    const to = newAddress()
    const cookies = await ask(service, to, signedIn)
    const { code } = await lastMail(service, to)
    t.same(complaints(await submit(service, CONFIRM, {}, { cookies })), [en['field.code.wrong']])
    const other = { code: code === '00000000' ? '00000001' : '00000000' }
    const refused = await submit(service, CONFIRM, other, { cookies })
    t.equal(refused.status, 400)
    t.same(complaints(refused), [en['problem.TICKET_INVALID']])
    t.equal((await submit(service, CONFIRM, { code }, { cookies })).status, 303)
  })

  t.test('the page that changes the address says the same of a taken address', async (t) => {
    const signedIn = await signIn(service, await service.signUp())
    const [free, taken] = [newAddress(), (await service.signUp()).email]
    const pages = [free, taken].map(async (email) => {
      const cookies = await ask(service, email, signedIn)
      const { text } = await service.get(CHANGE, { cookies })
      return text.replaceAll(email, '')
    })
    const [one, other] = await Promise.all(pages)
    t.equal(one, other)
  })

  t.test(
    'the page that changes the address asks for a sign-in first, and for a recent one',
    async (t) => {
      t.match((await service.get(CHANGE)).headers.location, /^\/login/)
      const signedIn = await signIn(service, await service.signUp())
      service.clock.advance(15 * MINUTE)
      const late = await submit(service, CHANGE, { newEmail: newAddress() }, { cookies: signedIn })
      t.equal(late.status, 303)
      t.equal(late.headers.location, `/step-up?returnTo=${encodeURIComponent(CHANGE)}`)
    },
  )
})

t.test('the page that undoes a change of address', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)

  t.test(
    'the page that undoes a change of address takes a pasted link and the old password',
    async (t) => {
      for (const whatOf of ['link', 'secret'] as const) {
        const account = await service.signUp()
        const { notice } = await changeAddress(service, account)
        const { password } = account
        const done = await submit(service, '/undo', { link: ` ${notice[whatOf]} `, password })
        t.match(done, { status: 303, headers: { location: '/login?done=EMAIL_CHANGE_UNDONE' } })
        t.same(jarOf(done), {}, 'it opens no session')
        t.ok(await canSignIn(service, account.email, password))
      }
      const said = await service.get('/login?done=EMAIL_CHANGE_UNDONE')
      t.match(said.text, en['done.EMAIL_CHANGE_UNDONE'])
    },
  )

  t.test('the page that undoes a change of address takes the ticket from its script', async (t) => {
    const account = await service.signUp()
    const { notice } = await changeAddress(service, account)
    const { secret: ticket } = notice
    const wrong = await submit(service, '/undo', { ticket, password: newAccount().password })
    t.equal(wrong.status, 400)
    t.same(complaints(wrong), [en['undo.refused']])
    t.match(wrong.text, `value="${ticket}"`, 'it is not spent, and sent again')
    const none = await submit(service, '/undo', { ticket })
    t.same(complaints(none), [en['undo.refused']])
    const { password } = account
    t.equal((await submit(service, '/undo', { ticket, password })).status, 303)
    t.same(complaints(await submit(service, '/undo', { ticket, password })), [en['undo.refused']])
  })

  t.test(
    'the page that undoes a change of address takes a provider’s session for the password',
    async (t) => {
      const person = newSubject()
      const browser = new Browser(service)
      await providers.one.signIn(browser, person)
      const to = newAddress()
      const cookies = await ask(service, to, browser.cookies())
      const { code } = await lastMail(service, to)
      service.clock.advance(SECOND)
      t.equal((await submit(service, CONFIRM, { code }, { cookies })).status, 303)
      const { secret: ticket } = await lastMail(service, person.email)
      const own = new Browser(service)
      await providers.one.signIn(own, person)
      const done = await submit(service, '/undo', { ticket }, { cookies: own.cookies() })
      t.match(done, { status: 303, headers: { location: '/login?done=EMAIL_CHANGE_UNDONE' } })
      t.equal((await service.services.users.find(person.email))?.email, person.email)
    },
  )

  t.test('the page that undoes a change of address says what is missing', async (t) => {
    const { password } = newAccount()
    for (const link of ['', '   ', `https://auth.example.com/undo#ticket=${'x'.repeat(200)}`]) {
      const answer = await submit(service, '/undo', { link, password })
      t.equal(answer.status, 400)
      t.same(complaints(answer), [en['field.link.wrong']])
    }
  })

  t.test(
    'the page that undoes a change of address does not redirect, with a session or without',
    async (t) => {
      const signedIn = await signIn(service, await service.signUp())
      for (const cookies of [{}, signedIn]) {
        const answer = await service.get('/undo', { cookies })
        t.equal(answer.status, 200)
        t.equal(answer.headers['cache-control'], 'no-store')
      }
      const german = await service.get('/undo', { headers: { 'accept-language': 'de' } })
      t.match(german.text, de['undo.title'])
    },
  )

  t.test('the page that undoes a change of address takes no form of another site', async (t) => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    t.equal((await submit(service, '/undo', { link: 'x' }, { headers })).status, 403)
  })
})

t.test(
  'without mail there is no page that changes an address, and none that undoes it',
  async (t) => {
    const service = await startService(t)
    const cookies = await signIn(service, await service.signUp())
    t.notMatch((await service.get('/dashboard', { cookies })).text, CHANGE)
    for (const path of [CHANGE, '/undo'])
      t.equal((await service.get(path, { cookies })).status, 404)
  },
)
