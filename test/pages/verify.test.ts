import t from 'tap'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { MINUTE } from '../support/clock.js'
import { lastMail, MAIL } from '../support/mail.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

/** Registers on the page. @returns the cookies of the browser, and what the mail says. */
async function register(service: Service, returnTo?: string) {
  const account = newAccount()
  const { email, password } = account
  service.clock.advance(MINUTE)
  const sent = { name: 'Ada', email, password, ...(returnTo !== undefined && { returnTo }) }
  const answer = await submit(service, '/register', sent)
  t.equal(answer.status, 303)
  const { secret: ticket, code } = await lastMail(service, email)
  const { location } = answer.headers
  return { ...account, cookies: jarOf(answer), location, ticket, code }
}

const isVerified = async (service: Service, { email, password }: Account) => {
  const { accessToken: token } = await service.signIn({ id: '', email, password })
  return (await service.get('/api/profile', { token })).body.user.emailVerified as boolean
}

/** The cookies that say no more than who asked for the mail. */
const withoutSession = (cookies: Record<string, string>) =>
  Object.fromEntries(Object.entries(cookies).filter(([name]) => name.includes('_mail_')))

t.test('the page that proves an address', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test(
    'the page that proves an address does not redirect, signed in or not, and asks for the code',
    async (t) => {
      const { cookies, email } = await register(service)
      const own = await service.get('/verify', { cookies })
      t.equal(own.status, 200)
      t.match(own.text, email, 'it says where the mail went')
      t.match(own.text, /autocomplete="one-time-code"/)
      t.match(own.text, /<details[^>]* hidden/, 'without the link there is nothing to disown')
      const german = await service.get('/verify', { headers: { 'accept-language': 'de' } })
      t.match(german, { status: 200, text: new RegExp(de['verify.typed']) })
    },
  )

  t.test(
    'the page that proves an address takes the code in the browser that registered',
    async (t) => {
      const person = await register(service)
      const { code } = person
      const elsewhere = await submit(service, '/verify', { code })
      t.equal(elsewhere.status, 400)
      t.same(complaints(elsewhere), [en['problem.TICKET_INVALID']])
      const cookies = withoutSession(person.cookies)
      const none = await submit(service, '/verify', {}, { cookies })
      t.equal(none.status, 400)
      t.same(complaints(none), [en['field.code.wrong']])
      const done = await submit(service, '/verify', { code }, { cookies })
      t.match(done, { status: 303, headers: { location: '/login?done=EMAIL_VERIFIED' } })
      t.ok(await isVerified(service, person))
      t.equal((await submit(service, '/verify', { code }, { cookies })).status, 400)
    },
  )

  t.test('the page that proves an address takes the link there, or in a session', async (t) => {
    const here = await register(service)
    const flow = { cookies: withoutSession(here.cookies) }
    t.equal((await submit(service, '/verify', { ticket: here.ticket }, flow)).status, 303)
    t.ok(await isVerified(service, here))

    const person = await register(service)
    const { email, password } = person
    const { cookies } = { cookies: jarOf(await submit(service, '/login', { email, password })) }
    const done = await submit(service, '/verify', { ticket: person.ticket }, { cookies })
    t.match(done, { status: 303, headers: { location: '/dashboard?done=EMAIL_VERIFIED' } })
  })

  t.test('the page that proves an address asks for the password elsewhere', async (t) => {
    const person = await register(service)
    const { ticket, password } = person
    const asked = await submit(service, '/verify', { ticket })
    t.equal(asked.status, 403)
    t.match(asked.text, en['verify.elsewhere'])
    t.match(asked.text, `value="${ticket}"`)
    t.notMatch(asked.text, /one-time-code/)
    t.notOk(await isVerified(service, person), 'a button that a program presses proves nothing')
    const wrong = await submit(service, '/verify', { ticket, password: `${password}!` })
    t.equal(wrong.status, 401)
    t.same(complaints(wrong), [en['verify.wrongPassword']])
    const done = await submit(service, '/verify', { ticket, password })
    t.match(done, { status: 303, headers: { location: '/login?done=EMAIL_VERIFIED' } })
    t.ok(await isVerified(service, person))
    const again = await submit(service, '/verify', { ticket, password })
    t.equal(again.status, 400)
    t.notMatch(again.text, ticket, 'one that is spent is not sent again')
  })

  t.test(
    'the page that proves an address lets the owner of the mailbox disown the account',
    async (t) => {
      const squatter = await register(service)
      const { ticket, email, password } = squatter
      const unticked = await submit(service, '/verify/disown', { ticket })
      t.equal(unticked.status, 400)
      t.ok(await service.signIn(squatter), 'pressing the button alone does nothing')
      const notMine = 'true'
      t.equal((await submit(service, '/verify/disown', { notMine })).status, 400)
      const done = await submit(service, '/verify/disown', { ticket, notMine })
      t.match(done, { status: 303, headers: { location: '/login?done=ACCOUNT_DISOWNED' } })
      const signIn = await submit(service, '/login', { email, password })
      t.equal(signIn.status, 401)
      const { cookies } = squatter
      t.equal(
        (await service.get('/dashboard', { cookies })).headers.location,
        '/login?error=SESSION_ENDED',
      )
      t.equal((await submit(service, '/verify/disown', { ticket, notMine })).status, 400)
    },
  )

  t.test('the account page leads to the page that proves the address', async (t) => {
    const person = await register(service)
    const cookies = { ...person.cookies }
    t.match((await service.get('/dashboard', { cookies })).text, en['email.verify'])
    service.clock.advance(MINUTE)
    const asked = await submit(service, '/dashboard/verification', {}, { cookies })
    t.match(asked, { status: 303, headers: { location: '/verify' } })
    Object.assign(cookies, jarOf(asked))
    const { code } = await lastMail(service, person.email)
    t.not(code, person.code)
    const done = await submit(service, '/verify', { code }, { cookies })
    t.match(done, { status: 303, headers: { location: '/dashboard?done=EMAIL_VERIFIED' } })
    const { text } = await service.get('/dashboard?done=EMAIL_VERIFIED', { cookies })
    t.match(text, en['done.EMAIL_VERIFIED'])
    t.notMatch(text, en['email.verify'])
    const again = await submit(service, '/dashboard/verification', {}, { cookies })
    t.match(again, { status: 303, headers: { location: '/dashboard' } })
  })
})

t.test('the pages of a sign-up whose address is proved first', async (t) => {
  const service = await startService(t, { env: { ...MAIL, EMAIL_VERIFICATION: 'required' } })

  t.test(
    'the sign-up page goes on to the page that takes the code, and from there into the account',
    async (t) => {
      const { location, cookies, code } = await register(service, '/dashboard/keys')
      t.equal(location, '/verify')
      t.same(Object.keys(cookies), ['__Host-latchkey_mail_verification'], 'no one is signed in')
      const done = await submit(service, '/verify', { code }, { cookies })
      t.match(done, { status: 303, headers: { location: '/dashboard/keys' } })
      const inside = { ...cookies, ...jarOf(done) }
      t.equal((await service.get('/dashboard/keys', { cookies: inside })).status, 200)
    },
  )

  t.test(
    'the page that proves an address at a sign-up is the same for one that has an account',
    async (t) => {
      const known = await register(service)
      const { code, cookies, email } = known
      await submit(service, '/verify', { code }, { cookies })
      service.clock.advance(60 * MINUTE)
      const ask = async (address: string) => {
        const { password } = newAccount()
        const sent = await submit(service, '/register', { email: address, password })
        const shown = await service.get('/verify', { cookies: jarOf(sent) })
        const { status, headers } = sent
        return [status, headers.location, shown.text.replaceAll(address, 'address')]
      }
      t.same(await ask(email), await ask(newAccount().email))
    },
  )

  t.test(
    'the page that proves an address makes the account by the link elsewhere, with the password',
    async (t) => {
      const { ticket, password } = await register(service)
      t.equal((await submit(service, '/verify', { ticket })).status, 403)
      const done = await submit(service, '/verify', { ticket, password })
      t.match(done, { status: 303, headers: { location: '/dashboard?done=EMAIL_VERIFIED' } })
      t.equal((await service.get('/dashboard', { cookies: jarOf(done) })).status, 200)
    },
  )

  t.test(
    'the page that proves an address keeps the code of before where no more mails are sent',
    async (t) => {
      service.clock.advance(60 * MINUTE - (service.clock() % (60 * MINUTE)))
      const { email, password, ...first } = await register(service)
      let { cookies } = first
      for (let times = 0; times < 4; times++) {
        if (times < 2) service.clock.advance(MINUTE)
        const answer = await submit(service, '/register', { email, password }, { cookies })
        t.match(answer, { status: 303, headers: { location: '/verify' } })
        cookies = { ...cookies, ...jarOf(answer) }
      }
      const { code } = await lastMail(service, email)
      t.equal((await submit(service, '/verify', { code }, { cookies })).status, 303)
    },
  )
})

t.test('without mail there is no page that proves an address', async (t) => {
  const service = await startService(t)
  const { email, password } = await service.signUp()
  const cookies = jarOf(await submit(service, '/login', { email, password }))
  t.notMatch((await service.get('/dashboard', { cookies })).text, en['email.verify'])
  for (const page of [
    await service.get('/verify'),
    await submit(service, '/verify', { code: '12345678' }),
    await submit(service, '/verify/disown', {}),
    await submit(service, '/dashboard/verification', {}, { cookies }),
  ]) {
    t.equal(page.status, 404)
    t.match(page.text, en['problem.MAIL_NOT_CONFIGURED'])
  }
})
