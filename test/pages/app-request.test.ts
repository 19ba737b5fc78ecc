import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { answeredTo, encode, newApp, requestOf, returnToOf } from '../support/authorization.js'
import { Browser } from '../support/browser.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { AuthenticatorApp, withTotp } from '../support/factors.js'
import { newEmail, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { newInviter } from '../support/invitations.js'
import { lastMail, MAIL } from '../support/mail.js'
import { newMember } from '../support/mail-sign-in.js'
import { addPasskey, assertionOf, newPasskey } from '../support/passkeys.js'
import { submit } from '../support/pages.js'
import { type Answer, ISSUER, newAccount, type Service, startService } from '../support/service.js'
import { Tab } from '../support/tab.js'

const SENT = 'https://app.example.com'

/** A person comes from an app. @returns their browser at the page where they sign in, and where it leads. */
async function arrive(service: Service, overrides = {}, app?: Awaited<ReturnType<typeof newApp>>) {
  const tab = new Tab(service)
  const client = app ?? (await newApp(service))
  const asked = await tab.open(`/oauth/authorize?${encode(requestOf(client, overrides))}`)
  return { tab, client, returnTo: returnToOf(asked), page: await tab.follow(asked) }
}

const policyOf = ({ headers }: Answer) =>
  /form-action ([^;]*)/.exec(String(headers['content-security-policy']))?.[1]

const isAnswered = (answer: Answer) => answeredTo(answer).code !== undefined

/** What the forms of a page may lead on to. */
const LEADS_ON = `'self' ${SENT}`

t.test('the sign-in page says which app asks, and fills in whom it hints at', async (t) => {
  const service = await startService(t)
  const email = newEmail()
  for (const prompt of ['login', 'create']) {
    const { page } = await arrive(service, { prompt, login_hint: email })
    t.equal(page.status, 200)
    t.ok(page.text.includes('to go on to Orders'))
    t.ok(page.text.includes(`value="${email}"`))
    t.equal(policyOf(page), LEADS_ON)
  }
  const plain = await new Tab(service).open('/login')
  t.notOk(plain.text.includes('to go on to'))
  t.equal(policyOf(plain), "'self'")
  const { returnTo } = await arrive(service)
  const stranger = await new Tab(service).open(`/login?returnTo=${encodeURIComponent(returnTo)}`)
  t.notOk(stranger.text.includes('to go on to'), 'a request is of one browser')
  t.equal(policyOf(stranger), "'self'")
})

t.test('a request of an app is answered after the password on the sign-in page', async (t) => {
  const service = await startService(t)
  const { email, password } = await service.signUp()
  const { tab, returnTo } = await arrive(service)
  const wrong = await tab.send('/login', { email, password: newAccount().password, returnTo })
  t.match([wrong.status, policyOf(wrong)], [401, LEADS_ON])
  t.ok(wrong.text.includes('to go on to Orders'))
  t.ok(isAnswered(await tab.submit('/login', { email, password, returnTo })))
})

t.test('a request of an app is answered by sign-in pages of two instances', async (t) => {
  const service = await startService(t)
  const beside = await startService(t, { beside: service })
  const { email, password } = await service.signUp()
  const { tab, returnTo } = await arrive(service)
  tab.moveTo(beside)
  const page = await tab.open(`/login?returnTo=${encodeURIComponent(returnTo)}`)
  t.ok(page.text.includes('to go on to Orders'))
  const signedIn = await tab.send('/login', { email, password, returnTo })
  tab.moveTo(service)
  t.ok(isAnswered(await tab.follow(signedIn)))
})

t.test(
  'a request of an app waits at the sign-in pages of two tabs, through a reload and the back button',
  async (t) => {
    const service = await startService(t)
    const { account, app } = await withTotp(service)
    const { email, password } = account
    const one = await arrive(service)
    const client = await newApp(service, { redirectUris: ['https://other.example.com/cb'] })
    const other = new Tab(service, one.tab)
    const asked = await other.open(`/oauth/authorize?${encode(requestOf(client))}`)
    for (const { tab, returnTo } of [one, { tab: other, returnTo: returnToOf(asked) }]) {
      await tab.open(`/login?returnTo=${encodeURIComponent(returnTo)}`)
      t.equal((await tab.send('/login', { email, password, returnTo })).status, 303)
    }
    const first = { totp: app.nextCode(), returnTo: one.returnTo }
    const ended = await one.tab.submit('/login/factor', first)
    t.match(ended.headers.location, SENT, 'each tab goes on where it came from')
    const second = await other.submit('/login/factor', {
      totp: app.nextCode(),
      returnTo: returnToOf(asked),
    })
    t.match(
      second.headers.location,
      'https://other.example.com',
      'and the other is signed in by now',
    )
    const again = await one.tab.open(one.returnTo)
    t.equal(again.status, 400)
    t.ok(again.text.includes(en['problem.AUTHORIZATION_REQUEST_ENDED']))
  },
)

t.test('the sign-in page for an app whose request has expired', async (t) => {
  const service = await startService(t)
  const { email, password } = await service.signUp()
  const { tab, returnTo } = await arrive(service)
  service.clock.advance(HOUR)
  const page = await tab.open(`/login?returnTo=${encodeURIComponent(returnTo)}`)
  t.match([page.status, policyOf(page)], [200, "'self'"])
  const end = await tab.submit('/login', { email, password, returnTo })
  t.equal(end.status, 400)
  t.ok(end.text.includes(en['problem.AUTHORIZATION_REQUEST_ENDED']))
})

t.test('a request of an app is answered after the registration page', async (t) => {
  for (const env of [{}, { ...MAIL, EMAIL_VERIFICATION: 'required' }]) {
    const service = await startService(t, { env })
    const { email, password } = newAccount()
    const { tab, returnTo, page } = await arrive(service, { prompt: 'create' })
    t.ok(page.text.includes(en['register.title']))
    const made = await tab.submit('/register', { email, password, returnTo })
    if (!('MAIL_FROM' in env)) {
      t.ok(isAnswered(made))
      continue
    }
    t.ok(made.text.includes(en['verify.title']), 'the address is proved first')
    t.equal(policyOf(made), LEADS_ON)
    const { code } = await lastMail(service, email)
    t.ok(isAnswered(await tab.submit('/verify', { code })))
  }
})

t.test('a request of an app is answered after the page of an invitation', async (t) => {
  const env = { ...MAIL, EMAIL_VERIFICATION: 'required', SIGN_UP: 'invited' }
  const service = await startService(t, { env })
  const inviter = await newInviter(service)
  const { ticket } = await inviter.invite()
  const { tab } = await arrive(service)
  const page = await tab.open('/invitation')
  t.ok(page.text.includes('to go on to Orders'))
  t.equal(policyOf(page), LEADS_ON)
  const { password } = newAccount()
  const weak = await tab.send('/invitation', { ticket, password: 'leavemealone' })
  t.match([weak.status, policyOf(weak)], [400, LEADS_ON])
  t.ok(isAnswered(await tab.submit('/invitation', { ticket, password })))

  const late = await arrive(service)
  service.clock.advance(HOUR)
  for (const at of [new Tab(service), late.tab]) {
    const { ticket } = await inviter.invite()
    const plain = await at.open('/invitation')
    t.notOk(plain.text.includes('to go on to'), 'no request of this browser waits')
    const made = await at.send('/invitation', { ticket, password })
    t.match(made.headers.location, '/dashboard?done=INVITATION_ACCEPTED')
  }
})

t.test(
  'a request of an app is answered after the mail of the page of signing in by mail',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const { email } = await newMember(service)
    for (const proof of ['code', 'secret'] as const) {
      service.clock.advance(MINUTE)
      const { tab, returnTo, page } = await arrive(service, { login_hint: email })
      t.ok(page.text.includes(`/login/email?returnTo=${encodeURIComponent(returnTo)}`))
      const form = await tab.open(`/login/email?returnTo=${encodeURIComponent(returnTo)}`)
      t.ok(form.text.includes(`value="${email}"`))
      t.equal(policyOf(form), LEADS_ON)
      const sent = await tab.submit('/login/email', { email, returnTo })
      t.equal(policyOf(sent), LEADS_ON)
      t.ok(sent.text.includes('to go on to Orders'))
      const mail = await lastMail(service, email)
      const fields = { [proof === 'code' ? 'code' : 'ticket']: mail[proof] }
      t.ok(isAnswered(await tab.submit('/login/email/confirm', fields)), proof)
    }
  },
)

t.test(
  'a request of an app is answered after the second-step page, and after a passkey',
  async (t) => {
    const service = await startService(t)
    const { account, app, token } = await withTotp(service)
    const { email, password } = account
    const { tab, returnTo } = await arrive(service)
    const factor = await tab.submit('/login', { email, password, returnTo })
    t.ok(factor.text.includes(en['secondStep.title']))
    t.equal(policyOf(factor), LEADS_ON)
    const wrong = await tab.send('/login/factor', { totp: app.wrongCode(), returnTo })
    t.match([wrong.status, policyOf(wrong)], [401, LEADS_ON])
    t.ok(isAnswered(await tab.submit('/login/factor', { totp: app.nextCode() })))

    const passkey = newPasskey(service)
    t.equal((await addPasskey(service, token, passkey)).status, 201)
    const next = await arrive(service)
    const assertion = JSON.stringify(await assertionOf(service, passkey))
    const sent = { assertion, returnTo: next.returnTo }
    t.ok(isAnswered(await next.tab.submit('/login/passkey', sent)))
  },
)

t.test('a request of an app is answered after the page of a forced enrolment', async (t) => {
  const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'required' } })
  const { email } = await newMember(service)
  const { tab, returnTo } = await arrive(service)
  await tab.submit('/login/email', { email, returnTo })
  const { code } = await lastMail(service, email)
  const ways = await tab.submit('/login/email/confirm', { code })
  t.ok(ways.text.includes(en['enrolment.title']))
  const shown = await tab.submit('/login/enrolment/totp')
  const [, secret = ''] = /<code[^>]*>([A-Z2-7 ]{16,})<\/code>/.exec(shown.text) ?? []
  const totp = new AuthenticatorApp(service, secret.replaceAll(' ', ''))
  const done = await tab.send('/login/enrolment/totp/confirm', { code: totp.code() })
  t.equal(done.status, 201)
  t.ok(done.text.includes(`href="${returnTo}"`), 'goes on by a link, after the recovery codes')
  t.ok(isAnswered(await tab.open(returnTo)))
})

t.test('a request of an app is answered after the pages of a forgotten password', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { email } = await newMember(service)
  const { tab, returnTo, page } = await arrive(service)
  const onward = `returnTo=${encodeURIComponent(returnTo)}`
  t.ok(page.text.includes(`href="/forgot?${onward}"`))
  const forgot = await tab.open(`/forgot?${onward}`)
  t.ok(forgot.text.includes(`name="returnTo" value="${returnTo}"`))
  await tab.send('/forgot', { email, returnTo })
  const { code } = await lastMail(service, email)
  const { password } = newAccount()
  const reset = await tab.send('/reset', { code, newPassword: password })
  t.equal(returnToOf(reset), returnTo)
  t.ok((await tab.follow(reset)).text.includes('to go on to Orders'))
  t.ok(isAnswered(await tab.submit('/login', { email, password, returnTo })))
})

t.test('a request of an app is answered after a sign-in at a provider', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const { north } = providers
  const client = await newApp(service)
  const browser = new Browser(service)
  const navigation = { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } }
  const asked = await browser.visit(`/oauth/authorize?${encode(requestOf(client))}`, navigation)
  const returnTo = new URL(asked.location ?? '').searchParams.get('returnTo') ?? ''
  const query = `?returnTo=${encodeURIComponent(returnTo)}`
  const { text } = await browser.visit(asked.location ?? '', navigation)
  t.ok(text.includes(`/api/auth/north${query}`))
  const denied = await browser.visit('/api/auth/north' + query, navigation)
  const state = new URL(denied.location ?? '').searchParams.get('state') ?? ''
  const refusal = new URLSearchParams({ error: 'access_denied', state, iss: north.standIn.issuer })
  const back = await browser.visit(`/api/auth/north/callback?${refusal.toString()}`, navigation)
  t.match(back.location, /\/login\?error=ACCESS_DENIED&returnTo=/, 'a no leads back to the page')
  t.equal(new URL(back.location ?? '').searchParams.get('returnTo'), returnTo)

  const arrived = await north.signIn(browser, newSubject(), query)
  const answer = await browser.follow(arrived, (next) => next.startsWith(SENT))
  t.ok(new URL(answer.location ?? '').searchParams.get('code'))
})

t.test(
  'a request of an app is answered after the page for an address that an account has lost',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const { email: lost, password } = await service.signUp()
    const browser = new Browser(service)
    await providers.north.signIn(browser, { ...newSubject(), email: lost })
    await submit(service, '/login/free', {}, { cookies: browser.cookies() })

    const { tab, returnTo } = await arrive(service)
    const ask = await tab.submit('/login', { email: lost, password, returnTo })
    t.ok(ask.text.includes(en['readdress.title']))
    t.ok(ask.text.includes(`name="returnTo" value="${returnTo}"`))
    t.equal(policyOf(ask), LEADS_ON)
    const wrong = await tab.send('/login/readdress', { email: 'nobody', returnTo })
    t.match([wrong.status, policyOf(wrong)], [400, LEADS_ON])
    t.ok(wrong.text.includes(`name="returnTo" value="${returnTo}"`))

    const { email } = newAccount()
    const page = await tab.submit('/login/readdress', { email, returnTo })
    t.ok(page.text.includes(en['done.READDRESSED']))
    t.ok(page.text.includes('to go on to Orders'))
    const late = await tab.send('/login/readdress', { email: newAccount().email, returnTo })
    t.match(late.headers.location, /^\/login\?error=SIGN_IN_EXPIRED&/)
    t.equal(returnToOf(late), returnTo, 'nor is it lost where the page has nothing left to do')
    t.ok(isAnswered(await tab.submit('/login', { email, password, returnTo })))
  },
)

t.test(
  'an app’s request whose own button names a provider skips the sign-in page’s choice',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['north'])
    const { north } = providers
    const client = await newApp(service)
    const browser = new Browser(service)
    const navigation = { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } }
    const ask = async (provider: string, prompt?: string) => {
      const query = encode(requestOf(client, { provider, prompt }))
      const { location = '' } = await browser.visit(`/oauth/authorize?${query}`, navigation)
      return new URL(location, ISSUER)
    }
    for (const prompt of [undefined, 'create']) {
      const { pathname, searchParams } = await ask('north', prompt)
      t.equal(pathname, '/api/auth/north', 'goes there past our page')
      t.match(searchParams.get('returnTo'), /^\/oauth\/authorize\?request_uri=/)
    }
    for (const unknown of ['south', '../../logout', 'email']) {
      t.equal((await ask(unknown)).pathname, '/login', unknown)
    }
    t.equal((await ask('n'.repeat(65))).searchParams.get('error'), 'invalid_request')
    t.equal((await ask('north', 'none')).searchParams.get('error'), 'login_required')

    const { search } = await ask('north')
    const arrived = await north.signIn(browser, newSubject(), search)
    const answer = await browser.follow(arrived, (next) => next.startsWith(SENT))
    t.ok(new URL(answer.location ?? '').searchParams.get('code'))
    t.ok((await ask('north')).searchParams.get('code'), 'a person who is signed in goes nowhere')
  },
)

t.test(
  'an app’s request that wants more than the session has leads to the step-up page',
  async (t) => {
    const service = await startService(t)
    const { account, app: totp } = await withTotp(service)
    const { email, password } = account
    const { tab, returnTo, client } = await arrive(service)
    await tab.send('/login', { email, password, returnTo })
    await tab.send('/login/factor', { totp: totp.nextCode() })
    service.clock.advance(MINUTE)
    const cases = { prompt: 'login', max_age: '0' }
    for (const [name, value] of Object.entries(cases)) {
      service.clock.advance(1)
      const asked = await tab.open(
        `/oauth/authorize?${encode(requestOf(client, { [name]: value }))}`,
      )
      t.match(asked.headers.location, /^\/step-up/, name)
      const page = await tab.follow(asked)
      t.equal(page.status, 200, 'the form is there, though the session is recent')
      t.ok(page.text.includes(en['stepUp.forApp']))
      t.equal(policyOf(page), LEADS_ON)
      const onward = returnToOf(asked)
      const wrong = await tab.send('/step-up', { totp: totp.wrongCode(), returnTo: onward })
      t.match([wrong.status, policyOf(wrong)], [401, LEADS_ON])
      t.ok(isAnswered(await tab.submit('/step-up', { totp: totp.nextCode(), returnTo: onward })))
      const after = await tab.open(`/step-up?returnTo=${encodeURIComponent(onward)}`)
      t.equal(after.headers.location, onward, 'and nothing is left to prove')
    }
  },
)

t.test(
  'a person who can only sign in again for an app’s request gets the sign-in page, without a loop',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const { email, password } = await service.signUp()
    const client = await newApp(service)
    const tab = new Tab(service)
    await tab.send('/login', { email, password })
    service.clock.advance(MINUTE)
    const ask = (overrides: object) =>
      tab.open(`/oauth/authorize?${encode(requestOf(client, { ...overrides }))}`)
    const asked = await ask({ prompt: 'login' })
    const page = await tab.follow(asked)
    t.ok(page.text.includes('name="password"'), 'a password is proved again')
    t.ok(isAnswered(await tab.submit('/step-up', { password, returnTo: returnToOf(asked) })))

    service.clock.advance(MINUTE)
    const chosen = await ask({ prompt: 'select_account' })
    const form = await tab.follow(chosen)
    t.ok(form.text.includes(en['login.again']))
    const onward = returnToOf(chosen)
    t.ok(isAnswered(await tab.submit('/login', { email, password, returnTo: onward })))

    const weak = await ask({ acr_values: 'urn:latchkey:2' })
    t.match(answeredTo(weak), { error: 'unmet_authentication_requirements' })
  },
)
