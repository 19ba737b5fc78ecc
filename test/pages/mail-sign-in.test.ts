import t from 'tap'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { Browser } from '../support/browser.js'
import { HOUR, MINUTE, SECOND } from '../support/clock.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { lastMail, MAIL } from '../support/mail.js'
import { askToSignIn, byCode, byLink, CONFIRM, newMember } from '../support/mail-sign-in.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { type Answer, type Service, startService } from '../support/service.js'

const PAGE = '/login/email'
const CONFIRM_PAGE = '/login/email/confirm'

/** Asks for a mail on the page. @returns the cookies of the browser. */
async function ask(service: Service, fields: Parameters<typeof submit>[2]) {
  service.clock.advance(MINUTE)
  const answer = await submit(service, PAGE, fields)
  t.match(answer, { status: 303, headers: { location: PAGE } })
  return jarOf(answer)
}

t.test('the page of signing in by mail', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test(
    'the page of signing in by mail is linked by the sign-in page, and speaks German',
    async (t) => {
      const { text } = await service.get('/login?returnTo=/dashboard/keys')
      t.match(text, 'href="/login/email?returnTo=%2Fdashboard%2Fkeys"')
      const german = await service.get(PAGE, { headers: { 'accept-language': 'de' } })
      t.match(german, { status: 200, text: de['mailSignIn.title'] })
    },
  )

  t.test(
    'the page of signing in by mail takes the code without scripts, and leads on to where one wanted',
    async (t) => {
      const { email } = await newMember(service)
      const cookies = await ask(service, { email, returnTo: '/dashboard/keys' })
      const { text, status } = await service.get(PAGE, { cookies })
      t.equal(status, 200)
      t.match(text, email, 'the page says where the mail went')
      const { code } = await lastMail(service, email)
      const wrong = code === '00000000' ? '00000001' : '00000000'
      const refused = await submit(service, CONFIRM_PAGE, { code: wrong }, { cookies })
      t.match(refused, { status: 400 })
      t.same(complaints(refused), [en['problem.TICKET_INVALID']])
      const empty = await submit(service, CONFIRM_PAGE, {}, { cookies })
      t.match(empty, { status: 400 })
      const done = await submit(service, CONFIRM_PAGE, { code }, { cookies })
      t.match(done, { status: 303, headers: { location: '/dashboard/keys' } })
      t.equal((await service.get('/dashboard', { cookies: jarOf(done) })).status, 200)
      const again = await submit(service, CONFIRM_PAGE, { code }, { cookies })
      t.same(complaints(again), [en['problem.TICKET_INVALID']])
    },
  )

  t.test(
    'the page of signing in by mail takes the link where it was asked for, and keeps it elsewhere',
    async (t) => {
      const { email } = await newMember(service)
      const cookies = await ask(service, { email })
      const { secret: ticket } = await lastMail(service, email)
      for (const method of ['HEAD', 'GET'])
        t.equal((await service.call(method, PAGE)).status, 200, 'no redirect')
      const robot = await submit(service, CONFIRM_PAGE, { ticket })
      t.match(robot, { status: 400 })
      t.same(complaints(robot), [en['mailSignIn.elsewhere']])
      t.same(jarOf(robot), {}, 'a program that presses gets no session')
      t.notMatch(robot.text, ticket)
      const done = await submit(service, CONFIRM_PAGE, { ticket }, { cookies })
      t.match(done, { status: 303, headers: { location: '/dashboard' } })
    },
  )

  t.test('the page of signing in by mail shows itself to a person who is signed in', async (t) => {
    const account = await newMember(service)
    const { email, password } = account
    const cookies = jarOf(await submit(service, '/login', { email, password }))
    t.equal((await service.get(PAGE, { cookies })).status, 200)
    const asked = { ...cookies, ...(await ask(service, { email })) }
    t.ok(Object.keys(asked).some((name) => name.endsWith('_mail_sign-in')))
  })

  t.test(
    'the page of signing in by mail asks before it gives an unproved account away',
    async (t) => {
      const account = await service.signUp()
      const { email, password } = account
      const cookies = await ask(service, { email })
      const { code } = await lastMail(service, email)
      const asked = await submit(service, CONFIRM_PAGE, { code }, { cookies })
      t.match(asked, { status: 403, text: en['startOver.other'] })
      t.notMatch(asked.text, code)
      t.ok(await service.signIn(account), 'nothing has changed')
      const early = await submit(service, CONFIRM_PAGE, { startOver: 'true' }, { cookies })
      t.match(early, { status: 400 }, 'the browser has presented nothing')
      const presented = { ...cookies, ...jarOf(asked) }
      const done = await submit(
        service,
        CONFIRM_PAGE,
        { startOver: 'true' },
        { cookies: presented },
      )
      t.match(done, { status: 303, headers: { location: '/dashboard' } })
      t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
    },
  )

  t.test('the page of signing in by mail tells what is wrong with an address', async (t) => {
    const answer = await submit(service, PAGE, { email: 'nowhere' })
    t.equal(answer.status, 400)
    t.same(complaints(answer), [en['field.email.wrong']])
  })
})

t.test('a service that sends no mail says so on the page of signing in by mail', async (t) => {
  const service = await startService(t)
  t.match(await service.get(PAGE), { status: 404, text: en['problem.MAIL_NOT_CONFIGURED'] })
  t.notMatch((await service.get('/login')).text, PAGE)
})

t.test('sign-in by mail where an address must be proved first', async (t) => {
  const { service, providers, env } = await startWithOpenProviders(t, ['north', 'south'], MAIL)
  const settings = JSON.parse(env.OAUTH_PROVIDERS ?? '{}')
  const without = { ...settings, south: { ...settings.south, domains: [] } }
  const strict = await startService(t, {
    beside: service,
    env: {
      ...MAIL,
      EMAIL_VERIFICATION: 'required',
      OAUTH_PROVIDERS: JSON.stringify(without),
    },
  })
  const REQUIRED = { status: 403, body: { code: 'EMAIL_VERIFICATION_REQUIRED' } }

  t.test(
    'a sign-in with an unproved address leads to a mail, whose code opens the account as it is',
    async (t) => {
      const account = await service.signUp()
      const { email, password } = account
      strict.clock.advance(MINUTE)
      const wrong = await strict.post('/api/auth/login', { email, password: `${password}!` })
      t.match(wrong, { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
      t.notOk('flow' in wrong.body)
      const refused = await strict.post('/api/auth/login', { email, password })
      t.match(refused, REQUIRED)
      const mail = { ...(await lastMail(strict, email)), flow: refused.body.flow }
      const { status, body } = await strict.post(CONFIRM, byCode(mail))
      t.equal(status, 200)
      const { accessToken: token } = body
      const profile = await strict.get('/api/profile', { token })
      t.match(profile.body.user, { id: account.id, emailVerified: true })
      t.ok(await strict.signIn(account), 'from then on the password is enough')
      const failed = strict.events('authn_login_fail').at(-1)
      t.match(failed, { reason: 'email_unproved', userId: account.id })
    },
  )

  t.test(
    'with an unproved address, the sign-in page leads to the page that takes the mail’s code',
    async (t) => {
      const account = await service.signUp()
      const { email, password } = account
      strict.clock.advance(MINUTE)
      const fields = { email, password, returnTo: '/dashboard/keys' }
      const sent = await submit(strict, '/login', fields)
      t.match(sent, { status: 303, headers: { location: PAGE } })
      const { code } = await lastMail(strict, email)
      const done = await submit(strict, CONFIRM_PAGE, { code }, { cookies: jarOf(sent) })
      t.match(done, { status: 303, headers: { location: '/dashboard/keys' } })
    },
  )

  t.test(
    'a sign-in at a provider that speaks not for the domain leads to the page that takes the code',
    async (t) => {
      const person = newSubject()
      strict.clock.advance(MINUTE)
      const browser = new Browser(strict)
      const visit = await providers.south.signIn(browser, person)
      t.equal(visit.headers.get('location'), PAGE)
      t.notOk(Object.keys(browser.cookies()).some((name) => name.endsWith('_access')))
      const { code } = await lastMail(strict, person.email)
      const done = await submit(strict, CONFIRM_PAGE, { code }, { cookies: browser.cookies() })
      t.match(done, { status: 303, headers: { location: '/dashboard' } })
      const user = await service.services.users.find(person.email)
      t.match(user, { emailVerified: true, identities: [{ provider: 'south' }] })
      const other = await providers.north.signIn(new Browser(strict), newSubject())
      t.equal(other.headers.get('location'), '/dashboard', 'one that does opens the account')
    },
  )

  t.test('a sign-in to an account without an address gets no mail to prove it', async (t) => {
    const person = newSubject()
    await providers.south.signIn(new Browser(service), person)
    const user = await service.services.users.find(person.email)
    await service.services.users.addresses.release(user?.id ?? '')
    const visit = await providers.south.signIn(new Browser(strict), person)
    t.equal(visit.headers.get('location'), '/login?error=EMAIL_VERIFICATION_REQUIRED')
  })

  t.test('a sign-in mail of the mailbox alone opens no account that is a stranger’s', async (t) => {
    const account = await service.signUp()
    const mail = await askToSignIn(strict, account.email)
    const answer = await strict.post(CONFIRM, byLink(mail))
    t.match(answer, { status: 403, body: { code: 'ACCOUNT_UNPROVED' } })
  })
})

t.test(
  '“Keep me signed in” on the page of signing in by mail holds for the code, too',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const TICKED = '<input type="checkbox" name="keepSignedIn" value="yes" checked'
    t.match((await service.get(PAGE)).text, TICKED)
    const refresh = ({ cookies }: Answer) => cookies.find(({ name }) => name.endsWith('_refresh'))

    t.test(
      'without “Keep me signed in” a session by mail ends with the browser, and in hours',
      async (t) => {
        const { email } = await newMember(service)
        const cookies = await ask(service, { email, keepSignedIn: 'no' })
        t.notMatch((await service.get(PAGE, { cookies })).text, TICKED)
        const { code } = await lastMail(service, email)
        const done = await submit(service, CONFIRM_PAGE, { code }, { cookies })
        t.ok(refresh(done))
        t.equal(refresh(done)?.maxAge, undefined)
        service.clock.advance(12 * HOUR + MINUTE)
        const later = await service.get('/dashboard', { cookies: jarOf(done) })
        t.match(later.headers.location, '/login')
      },
    )

    t.test(
      '“Keep me signed in” as it comes with the code on the page of the mail counts',
      async (t) => {
        const { email } = await newMember(service)
        for (const [first, last] of [
          ['no', ['no', 'yes']],
          [['no', 'yes'], 'no'],
        ] as const) {
          const cookies = await ask(service, { email, keepSignedIn: first })
          const { code } = await lastMail(service, email)
          const wrong = await submit(
            service,
            CONFIRM_PAGE,
            { code: 'none', keepSignedIn: last },
            { cookies },
          )
          t.equal(wrong.text.includes(TICKED), last !== 'no', 'the box stays as it was')
          const done = await submit(
            service,
            CONFIRM_PAGE,
            { code, keepSignedIn: last },
            { cookies },
          )
          t.ok(refresh(done))
          t.equal(refresh(done)?.maxAge !== undefined, last !== 'no')
        }
      },
    )

    t.test(
      '“Keep me signed in” stays on the mail page for an address that gets no more mails',
      async (t) => {
        const { email } = await newMember(service)
        let cookies = {}
        for (let mails = 0; mails < 8; mails++) {
          service.clock.advance(SECOND)
          const asked = await submit(
            service,
            PAGE,
            { email, keepSignedIn: ['no', 'yes'] },
            { cookies },
          )
          cookies = { ...cookies, ...jarOf(asked) }
        }
        const last = await submit(service, PAGE, { email, keepSignedIn: 'no' }, { cookies })
        cookies = { ...cookies, ...jarOf(last) }
        const { code } = await lastMail(service, email)
        const done = await submit(service, CONFIRM_PAGE, { code }, { cookies })
        t.ok(refresh(done), 'the last mail is good')
        t.equal(refresh(done)?.maxAge, undefined)
      },
    )

    t.test(
      '“Keep me signed in” on the mail page holds for a mailbox owner who starts over',
      async (t) => {
        const { email } = await service.signUp()
        const cookies = await ask(service, { email })
        const { code } = await lastMail(service, email)
        const asked = await submit(service, CONFIRM_PAGE, { code, keepSignedIn: 'no' }, { cookies })
        const presented = { ...cookies, ...jarOf(asked) }
        const done = await submit(
          service,
          CONFIRM_PAGE,
          { startOver: 'true' },
          { cookies: presented },
        )
        t.ok(refresh(done))
        t.equal(refresh(done)?.maxAge, undefined)
      },
    )
  },
)
