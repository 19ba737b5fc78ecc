import t from 'tap'
import {
  askForAddress as ask,
  canSignIn,
  CHANGE,
  changeAddress as change,
  CONFIRM,
  newAddress,
  UNDO,
} from '../support/address-change.js'
import { Browser } from '../support/browser.js'
import { ACTING, administrationOf } from '../support/administration.js'
import { DAY, MINUTE, SECOND } from '../support/clock.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { lastMail, MAIL, mailsTo, messages, proveAddress, secretsOf } from '../support/mail.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }
const WEEK = 7 * DAY

const register = (service: Service, email: string) =>
  service.post('/api/auth/register', { email, password: newAccount().password })

t.test('a change of address', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test('a change of address is made by the code of the mail to the new mailbox', async (t) => {
    const account = await service.signUp()
    const other = await service.signIn(account)
    const to = newAddress()
    const { token, answer, notice } = await change(service, account, to)
    t.match(answer.body.user, { id: account.id, email: to, emailVerified: true })
    t.match((await service.get('/api/profile', { token })).body.user, answer.body.user)
    t.notOk(await canSignIn(service, account.email, account.password))
    t.ok(await canSignIn(service, to, account.password))
    t.match(notice, { kind: 'address-changed', ticket: { kind: 'address-undo' } })
    const { accessToken, refreshToken } = other
    t.equal((await service.get('/api/auth/sessions', { token: accessToken })).status, 401)
    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
    t.match(service.events('address_changed').at(-1), { userId: account.id })
  })

  t.test('a change of address makes no login of an address that was mistyped', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const mistyped = newAddress()
    await ask(service, token, mistyped)
    t.ok(await canSignIn(service, account.email, account.password))
    t.notOk(await canSignIn(service, mistyped, account.password))
    t.equal((await register(service, mistyped)).status, 201, 'it stays free')
  })

  t.test('a change of address needs a sign-in of the last 15 minutes', async (t) => {
    const newEmail = newAddress()
    const { accessToken: token } = await service.signIn(await service.signUp())
    service.clock.advance(15 * MINUTE - 1)
    t.equal((await service.post(CHANGE, { newEmail }, { token })).status, 202)
    const { refreshToken } = await service.signIn(await service.signUp())
    service.clock.advance(15 * MINUTE)
    const renewed = await service.post('/api/auth/refresh', { refreshToken })
    const late = { token: renewed.body.accessToken }
    t.match(await service.post(CHANGE, { newEmail }, late), {
      status: 401,
      body: { code: 'RECENT_SIGN_IN_REQUIRED' },
    })
    t.equal((await service.post(CHANGE, { newEmail })).status, 401)
  })

  t.test(
    'a change of address takes its code in the session that asked, once, for ten minutes',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const { accessToken: other } = await service.signIn(account)
      const { accessToken: stranger } = await service.signIn(await service.signUp())
      const first = await ask(service, token, newAddress())
      service.clock.advance(10 * MINUTE - 1)
      const { code } = first
      for (const elsewhere of [other, stranger])
        t.match(await service.post(CONFIRM, { code }, { token: elsewhere }), INVALID)
      t.equal((await service.post(CONFIRM, { code })).status, 401)
      t.equal((await service.post(CONFIRM, { code }, { token })).status, 200)
      t.match(await service.post(CONFIRM, { code }, { token }), INVALID, 'spent')

      const { accessToken: next } = await service.signIn({ ...account, email: first.to })
      const second = await ask(service, next, newAddress())
      service.clock.advance(10 * MINUTE)
      t.match(await service.post(CONFIRM, { code: second.code }, { token: next }), INVALID, 'late')
    },
  )

  t.test('a change of address goes to the address that was asked for last', async (t) => {
    const { accessToken: token } = await service.signIn(await service.signUp())
    const first = await ask(service, token, newAddress())
    const second = await ask(service, token, newAddress())
    t.match(await service.post(CONFIRM, { code: first.code }, { token }), INVALID)
    const { body } = await service.post(CONFIRM, { code: second.code }, { token })
    t.equal(body.user.email, second.to)
  })

  t.test(
    'a change of address that waits for its code ends with the sessions of the account',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const { code } = await ask(service, token, newAddress())
      const { password } = newAccount()
      const passwords = { currentPassword: account.password, newPassword: password }
      t.equal((await service.post('/api/auth/password', passwords, { token })).status, 204)
      t.match(await service.post(CONFIRM, { code }, { token }), INVALID)
    },
  )

  t.test('a change of address compares five codes', async (t) => {
    const { accessToken: token } = await service.signIn(await service.signUp())
    const { code } = await ask(service, token, newAddress())
    const wrong = code === '00000000' ? '00000001' : '00000000'
    for (let times = 0; times < 5; times++)
      t.match(await service.post(CONFIRM, { code: wrong }, { token }), INVALID)
    t.match(await service.post(CONFIRM, { code }, { token }), INVALID)
  })

  t.test('a change of address is made once by fifty codes at once', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const { code, to } = await ask(service, token, newAddress())
    const answers = await parallel(50, () => service.post(CONFIRM, { code }, { token }))
    const { 200: made, ...others } = tally(answers.map(({ status }) => status))
    t.equal(made, 1)
    t.same(Object.keys(others), ['400'])
    t.ok(await canSignIn(service, to, account.password))
    const notices = (await mailsTo(service, account.email)).filter((mail) => mail.ticket)
    t.equal(notices.length, 1, 'and told once')
  })

  t.test('a change of address to the same address, or to what is none, is refused', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    for (const newEmail of [account.email, account.email.toUpperCase(), 'nowhere', 1]) {
      const answer = await service.post(CHANGE, { newEmail }, { token })
      t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } })
    }
  })

  t.test('an account changes its address ten times in seven days', async (t) => {
    let account = await service.signUp()
    for (let times = 0; times < 10; times++) account = (await change(service, account)).account
    const { accessToken: token } = await service.signIn(account)
    const answer = await service.post(CHANGE, { newEmail: newAddress() }, { token })
    t.match(answer, { status: 429, body: { code: 'RATE_LIMITED' } })
    service.clock.advance(Number(answer.headers['retry-after']) * SECOND)
    await change(service, account)
  })
})

t.test('a change of address to one that another account has', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test('a change of address to a taken address looks like one to a free address', async (t) => {
    const { accessToken: token } = await service.signIn(await service.signUp())
    const asked = async (newEmail: string) => {
      const before = service.calls.length
      const { status, headers, text } = await service.post(CHANGE, { newEmail }, { token })
      const others = Object.entries(headers).filter(([name]) => !/^(date|ratelimit)/.test(name))
      // Without the limit of the caller's own address, which counts ahead.
      const calls = service.calls.slice(service.calls.indexOf('GetItem refreshTokens', before))
      return { status, others, length: text.length, calls }
    }
    const taken = (await service.signUp()).email
    const free = newAddress()
    const first = await asked(free)
    t.equal(first.status, 202)
    t.same(await asked(taken), first)
    for (let times = 0; times < 3; times++) t.same(await asked(taken), await asked(free))

    const [one, another] = (await messages(service)).filter(({ to }) => [free, taken].includes(to))
    t.same(Object.keys(one ?? {}).sort(), Object.keys(another ?? {}).sort())
  })

  t.test(
    'a change of address to a taken address tells its owner, and no code makes it',
    async (t) => {
      const owner = await service.signUp()
      const { accessToken: token } = await service.signIn(await service.signUp())
      const notice = await ask(service, token, owner.email.toUpperCase())
      t.equal(notice.kind, 'address-change-taken')
      if (!notice.ticket) throw new Error('it looks like any other')
      const { code } = await secretsOf(service, notice.ticket)
      t.match(await service.post(CONFIRM, { code }, { token }), INVALID)
      t.ok(await canSignIn(service, owner.email, owner.password))
    },
  )

  t.test(
    'a change of address gets three mails an hour; then the code before stays good',
    async (t) => {
      const { accessToken: token } = await service.signIn(await service.signUp())
      const to = newAddress()
      for (let times = 0; times < 3; times++) await ask(service, token, to)
      const { code } = await lastMail(service, to)
      t.equal((await service.post(CHANGE, { newEmail: to }, { token })).status, 202)
      t.equal((await mailsTo(service, to)).length, 3)
      t.equal((await service.post(CONFIRM, { code }, { token })).status, 200)
    },
  )

  t.test('the new address of a change may be registered between mail and code', async (t) => {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const { code, to } = await ask(service, token, newAddress())
    t.equal((await register(service, to)).status, 201)
    t.match(await service.post(CONFIRM, { code }, { token }), {
      status: 409,
      body: { code: 'EMAIL_TAKEN' },
    })
    t.ok(await canSignIn(service, account.email, account.password))
  })
})

t.test('the old address after a change of address', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)
  const TAKEN = { status: 409, body: { code: 'EMAIL_TAKEN' } }

  t.test(
    'after a change of address the old one is kept for the account for seven days',
    async (t) => {
      const { email } = await service.signUp()
      const before = await service.services.users.find(email)
      if (!before) throw new Error('no account')
      const kept = await service.signUp()
      await proveAddress(service, kept.id)
      await change(service, kept)
      const since = service.clock()

      t.match(await register(service, kept.email), TAKEN)
      const person = { ...newSubject(), email: kept.email }
      const visit = await providers.one.signIn(new Browser(service), person)
      t.match(visit.headers.get('location'), /ACCOUNT_EXISTS/)
      const { addresses } = service.services.users
      await addresses.release(before.id)
      const refusal = await addresses
        .give(before.id, kept.email, [])
        .catch((error: unknown) => error)
      t.match(refusal, { type: { code: 'EMAIL_TAKEN' } })
      const third = await service.signUp()
      const { accessToken: token } = await service.signIn(third)
      const { kind } = await ask(service, token, kept.email)
      t.equal(kind, 'address-change-taken')
      t.notOk(await canSignIn(service, kept.email, kept.password))

      service.clock.advance(WEEK - 1 - (service.clock() - since))
      t.match(await register(service, kept.email), TAKEN)
      service.clock.advance(1)
      t.equal((await register(service, kept.email)).status, 201)
    },
  )

  t.test(
    'after a change of address the old one is free at once where nobody has proved it',
    async (t) => {
      const squatter = await service.signUp()
      const { notice } = await change(service, squatter)
      t.equal((await register(service, squatter.email)).status, 201)
      const { password } = squatter
      t.match(await service.post(UNDO, { ticket: notice.secret, password }), INVALID)

      const owner = await service.signUp()
      const { notice: own } = await change(service, owner)
      const back = { ticket: own.secret, password: owner.password }
      t.equal((await service.post(UNDO, back)).status, 200, 'and can be had back before that')
    },
  )

  t.test('seven days after a change of address the old one is free at every door', async (t) => {
    const one = await service.signUp()
    const two = await service.signUp()
    for (const account of [one, two]) await change(service, account)
    service.clock.advance(WEEK)
    const browser = new Browser(service)
    const visit = await providers.one.signIn(browser, { ...newSubject(), email: one.email })
    t.equal(visit.headers.get('location'), '/dashboard')
    await change(service, await service.signUp(), two.email)
  })

  t.test('an account may change back to its old address within the seven days', async (t) => {
    const account = await service.signUp()
    const { account: moved } = await change(service, account)
    await change(service, moved, account.email)
    t.ok(await canSignIn(service, account.email, account.password))
    t.match(await register(service, moved.email), TAKEN)
  })

  t.test('the old address of a change is free at once where the account is removed', async (t) => {
    const account = await service.signUp()
    const { account: moved } = await change(service, account)
    await administrationOf(service).remove(ACTING, account.id)
    for (const { email } of [account, moved]) t.equal((await register(service, email)).status, 201)
  })
})

t.test('a service that sends no mail changes no address', async (t) => {
  const service = await startService(t)
  const { accessToken: token } = await service.signIn(await service.signUp())
  const none = { status: 404, body: { code: 'MAIL_NOT_CONFIGURED' } }
  t.match(await service.post(CHANGE, { newEmail: newAddress() }, { token }), none)
  t.match(await service.post(CONFIRM, { code: '00000000' }, { token }), none)
})
