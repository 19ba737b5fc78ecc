import t from 'tap'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { lastMail, MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { newAccount, type Service, startService } from '../support/service.js'

/** Asks for a mail on the page. @returns the cookies of the browser. */
async function forget(service: Service, email: string, cookies = {}) {
  service.clock.advance(MINUTE)
  const answer = await submit(service, '/forgot', { email }, { cookies })
  t.match(answer, { status: 303, headers: { location: '/reset' } })
  return { ...cookies, ...jarOf(answer) }
}

const wrongCode = (code: string): string => (code === '00000000' ? '00000001' : '00000000')

t.test('the pages of a forgotten password', async (t) => {
  const service = await startService(t, { env: MAIL })
  const newMember = async () => {
    const account = await service.signUp()
    await proveAddress(service, account.id)
    return account
  }

  t.test('the pages of a forgotten password are linked by the sign-in page', async (t) => {
    t.match((await service.get('/login')).text, `<a href="/forgot">${en['login.forgot']}</a>`)
    const german = await service.get('/forgot', { headers: { 'accept-language': 'de' } })
    t.match(german.text, de['forgot.title'])
  })

  t.test('the page of a password reset takes the code, without scripts', async (t) => {
    const { email } = await newMember()
    const cookies = await forget(service, email)
    const { text } = await service.get('/reset', { cookies })
    t.match(text, email, 'the page says where the mail went')
    t.match(text, /autocomplete="one-time-code"/)
    const { code } = await lastMail(service, email)
    const { password: newPassword } = newAccount()
    const spaced = `${code.slice(0, 4)} ${code.slice(4)}`
    const done = await submit(service, '/reset', { code: spaced, newPassword }, { cookies })
    t.match(done, { status: 303, headers: { location: '/login?done=PASSWORD_RESET' } })
    t.same(jarOf(done), {}, 'it opens no session')
    const signedIn = await submit(service, '/login', { email, password: newPassword })
    t.match(signedIn, { status: 303, headers: { location: '/dashboard' } })
    const again = await submit(service, '/reset', { code, newPassword }, { cookies })
    t.equal(again.status, 400)
    t.same(complaints(again), [en['problem.TICKET_INVALID']])
  })

  t.test('the page of a password reset takes the link, in any browser', async (t) => {
    const { email } = await newMember()
    await forget(service, email)
    const { secret: ticket } = await lastMail(service, email)
    const refused = await submit(service, '/reset', { ticket, newPassword: 'short' })
    t.equal(refused.status, 400)
    t.equal(complaints(refused).length, 1)
    t.match(refused.text, `value="${ticket}"`, 'the ticket is not spent, and sent again')
    const { password: newPassword } = newAccount()
    t.match(await submit(service, '/reset', { ticket, newPassword }), { status: 303 })
    const again = await submit(service, '/reset', { ticket, newPassword })
    t.equal(again.status, 400)
    t.notMatch(again.text, ticket, 'one that is spent is not')
  })

  t.test('the page of a password reset takes a code in the browser alone that asked', async (t) => {
    const { email } = await newMember()
    const cookies = await forget(service, email)
    const { code } = await lastMail(service, email)
    const { password: newPassword } = newAccount()
    const elsewhere = await submit(service, '/reset', { code, newPassword })
    t.equal(elsewhere.status, 400)
    t.same(complaints(elsewhere), [en['problem.TICKET_INVALID']])
    const other = await forget(service, newAccount().email)
    t.equal(
      (await submit(service, '/reset', { code, newPassword }, { cookies: other })).status,
      400,
    )
    t.equal((await submit(service, '/reset', { code, newPassword }, { cookies })).status, 303)
  })

  t.test('the pages of a forgotten password say what is wrong with a form', async (t) => {
    const empty = await submit(service, '/forgot', {})
    t.equal(empty.status, 400)
    t.same(complaints(empty), [en['field.email.wrong']])
    const { email } = await newMember()
    const cookies = await forget(service, email)
    const { code } = await lastMail(service, email)
    const none = await submit(service, '/reset', {}, { cookies })
    t.same(complaints(none), [en['field.code.wrong'], en['field.password.wrong']])
    const body = { code, newPassword: 'password1234' }
    const common = await submit(service, '/reset', body, { cookies })
    t.match(common.status, 400)
    t.same(complaints(common), [en['password.COMMON']])
    t.notMatch(common.text, 'password1234')
    const wrong = { code: wrongCode(code), newPassword: newAccount().password }
    for (let times = 0; times < 5; times++)
      t.equal((await submit(service, '/reset', wrong, { cookies })).status, 400)
    const right = { code, newPassword: newAccount().password }
    t.equal((await submit(service, '/reset', right, { cookies })).status, 400, 'no code is left')
    const { secret: ticket } = await lastMail(service, email)
    t.equal((await submit(service, '/reset', { ...right, ticket })).status, 303, 'the link is')
  })

  t.test(
    'the page of a forgotten password says the same of an unknown address and one without more mails',
    async (t) => {
      const { email } = await newMember()
      const unknown = newAccount().email
      const known = await service.get('/reset', { cookies: await forget(service, email) })
      const other = await service.get('/reset', { cookies: await forget(service, unknown) })
      t.equal(known.text.replaceAll(email, ''), other.text.replaceAll(unknown, ''))
      service.clock.advance(HOUR)
      let cookies = await forget(service, email)
      for (let times = 0; times < 5; times++) cookies = await forget(service, email, cookies)
      const mails = await mailsTo(service, email)
      t.equal(mails.length, 4)
      const body = { code: mails.at(-1)?.code ?? '', newPassword: newAccount().password }
      const answer = await submit(service, '/reset', body, { cookies })
      t.equal(answer.status, 303, 'the newest flow that a mail was sent for stays good')
    },
  )

  t.test(
    'the pages of a forgotten password do not redirect, with a session or without',
    async (t) => {
      const account = await newMember()
      const { email, password } = account
      const signedIn = jarOf(await submit(service, '/login', { email, password }))
      for (const path of ['/forgot', '/reset']) {
        for (const cookies of [{}, signedIn]) {
          const answer = await service.get(path, { cookies })
          t.equal(answer.status, 200, path)
          t.equal(answer.headers.location, undefined)
          t.equal(answer.headers['cache-control'], 'no-store')
        }
      }
    },
  )

  t.test('the pages of a forgotten password take no form of another site', async (t) => {
    const { email } = await newMember()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    for (const path of ['/forgot', '/reset'])
      t.equal((await submit(service, path, { email }, { headers })).status, 403)
  })
})

t.test('a service that sends no mail has no pages of a forgotten password', async (t) => {
  const service = await startService(t)
  t.notMatch((await service.get('/login')).text, '/forgot')
  for (const path of ['/forgot', '/reset']) {
    const answer = await service.get(path)
    t.equal(answer.status, 404)
    t.match(answer.text, en['forgot.none'])
    t.equal((await submit(service, path, { email: newAccount().email })).status, 404)
  }
})
