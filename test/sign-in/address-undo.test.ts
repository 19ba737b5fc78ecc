import t from 'tap'
import {
  askForAddress,
  canSignIn,
  type Changed,
  changeAddress as change,
  CONFIRM,
  UNDO,
} from '../support/address-change.js'
import { Browser } from '../support/browser.js'
import { ACTING, administrationOf } from '../support/administration.js'
import { DAY, MINUTE, SECOND } from '../support/clock.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { KEYS, statusOf } from '../support/keys.js'
import { lastMail, MAIL, mailsTo, proveAddress, secretsOf } from '../support/mail.js'
import { jarOf } from '../support/pages.js'
import { type EngineCall, type Fate, refusal, startProxy } from '../support/proxy.js'
import {
  type Account,
  type Answer,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }
const LINK = '?link=true'

const register = (service: Service, email: string) =>
  service.post('/api/auth/register', { email, password: newAccount().password })

/** What the owner of an account sends: the link, and the password of that time. */
const undo = (service: Service, { notice }: Changed, password: string): Promise<Answer> =>
  service.post(UNDO, { ticket: notice.secret, password })

/** A browser that is signed in. */
async function browserIn(service: Service, { email, password }: Account): Promise<Browser> {
  const headers = { 'sec-fetch-site': 'same-origin' }
  const browser = new Browser(service)
  const body = { email, password, useCookies: true }
  browser.setCookies(jarOf(await service.post('/api/auth/login', body, { headers })))
  return browser
}

async function makeKey(service: Service, token: string) {
  const { status, body } = await service.post(`${KEYS}/generate`, { name: 'a key' }, { token })
  t.equal(status, 201)
  return { id: body.key.id as string, secret: body.apiKey as string }
}

async function changePassword(service: Service, account: Account): Promise<Account> {
  const { accessToken: token } = await service.signIn(account)
  const { password } = newAccount()
  const body = { currentPassword: account.password, newPassword: password }
  t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
  return { ...account, password }
}

t.test('undoing a change of address', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test('undoing a change of address gives the old one back, once', async (t) => {
    const account = await service.signUp()
    const changed = await change(service, account)
    const session = await service.signIn(changed.account)
    const answer = await undo(service, changed, account.password)
    t.equal(answer.status, 200)
    t.match(answer.body.user, { id: account.id, email: account.email, emailVerified: true })
    t.same(answer.cookies, [], 'it signs nobody in')
    t.ok(await canSignIn(service, account.email, account.password))
    t.notOk(await canSignIn(service, changed.account.email, account.password))
    for (const token of [changed.token, session.accessToken])
      t.equal((await service.get('/api/auth/sessions', { token })).status, 401)
    const { refreshToken } = session
    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
    t.match(await undo(service, changed, account.password), INVALID)
    t.equal((await register(service, changed.account.email)).status, 201, 'the other is free')
    t.match(service.events('address_change_undone').at(-1), { userId: account.id })
    const told = (await mailsTo(service, changed.account.email)).map(({ kind }) => kind)
    const wanted = ['address-change', 'address-undone', 'verification']
    t.same(told.sort(), wanted, 'the other is told')
  })

  t.test('undoing a change of address tells no address that the account keeps', async (t) => {
    const account = await service.signUp()
    const changed = await change(service, account)
    await change(service, changed.account, account.email)
    t.equal((await undo(service, changed, account.password)).status, 200)
    for (const { email } of [account, changed.account])
      t.notOk((await mailsTo(service, email)).some(({ kind }) => kind === 'address-undone'))
  })

  const before: Record<string, (account: Account) => Promise<unknown>> = {
    'a new password': (account) => changePassword(service, account),
    'the end of all sessions': async (account) => {
      const { accessToken: token } = await service.signIn(account)
      t.equal((await service.delete('/api/auth/sessions', { token })).status, 204)
    },
    'two more changes': async (account) => {
      await change(service, (await change(service, account)).account)
    },
    'a way there and back': async (account) => {
      const { account: moved } = await change(service, account)
      await change(service, moved, account.email)
    },
    'a freed address': ({ id }) => service.services.users.addresses.release(id),
  }
  for (const [what, happens] of Object.entries(before)) {
    t.test(`a change of address can be undone after ${what}`, async (t) => {
      const account = await service.signUp()
      const changed = await change(service, account)
      await happens(changed.account)
      const { status, body } = await undo(service, changed, account.password)
      t.equal(status, 200)
      t.equal(body.user.email, account.email)
      t.ok(await canSignIn(service, account.email, account.password), 'by the password of then')
    })
  }

  t.test('undoing a change of address ends later changes, and not those before', async (t) => {
    const first = await service.signUp()
    await proveAddress(service, first.id)
    const toSecond = await change(service, first)
    const toThird = await change(service, toSecond.account)
    const toFourth = await change(service, toThird.account)
    const { password } = first
    t.equal((await undo(service, toThird, password)).status, 200)
    t.ok(await canSignIn(service, toSecond.account.email, password))
    t.match(await undo(service, toFourth, password), INVALID)
    for (const { email } of [toThird.account, toFourth.account])
      t.equal((await register(service, email)).status, 201, 'free')
    t.equal((await register(service, first.email)).status, 409, 'still kept')
    t.equal((await undo(service, toSecond, password)).status, 200)
    t.ok(await canSignIn(service, first.email, password))
  })

  t.test('undoing a change of address ends the change that waits for its code', async (t) => {
    const account = await service.signUp()
    const changed = await change(service, account)
    const { accessToken: token } = await service.signIn(changed.account)
    const { code } = await askForAddress(service, token, newAccount().email)
    t.equal((await undo(service, changed, account.password)).status, 200)
    t.equal((await service.post(CONFIRM, { code }, { token })).status, 401)
  })

  t.test('undoing a change of address needs the password of before the change', async (t) => {
    const account = await service.signUp()
    const changed = await change(service, account)
    const thief = await changePassword(service, changed.account)
    t.match(await undo(service, changed, thief.password), INVALID, 'the new one')
    t.match(await undo(service, changed, newAccount().password), INVALID, 'a wrong one')
    t.match(await service.post(UNDO, { ticket: changed.notice.secret }), INVALID, 'none')
    const { accessToken: token } = await service.signIn(thief)
    const bySession = await service.post(UNDO, { ticket: changed.notice.secret }, { token })
    t.match(bySession, INVALID, 'a session by password')
    t.ok(await canSignIn(service, thief.email, thief.password), 'nothing has changed')
    t.equal((await undo(service, changed, account.password)).status, 200)
    t.notOk(await canSignIn(service, account.email, thief.password))
  })

  t.test('undoing a change of address needs the mail to the old mailbox', async (t) => {
    const account = await service.signUp()
    const { notice } = await change(service, account)
    const { password } = account
    const { secret } = notice
    const wrong = secret.slice(0, -2) + (secret.endsWith('AA') ? 'BA' : 'AA')
    for (const ticket of [wrong, secret.slice(1), 'x', notice.code])
      t.match(await service.post(UNDO, { ticket, password }), INVALID)
    t.match(await service.post(UNDO, { password }), { status: 400 })
  })

  t.test('a change of address can be undone for seven days', async (t) => {
    const [one, two] = [await service.signUp(), await service.signUp()]
    const [first, second] = [await change(service, one), await change(service, two)]
    service.clock.advance(7 * DAY - 1 - 2 * SECOND)
    t.equal((await undo(service, first, one.password)).status, 200)
    const left = Date.parse(second.notice.createdAt) + 7 * DAY - service.clock()
    service.clock.advance(left)
    t.match(await undo(service, second, two.password), INVALID)
  })

  t.test('a change of address is undone for accounts that are open', async (t) => {
    const { store } = service.services.users
    const ends: Record<string, (id: string) => Promise<unknown>> = {
      disabled: (id) => store.change(id, { status: 'disabled' }),
      removed: (id) => administrationOf(service).remove(ACTING, id),
    }
    for (const [what, end] of Object.entries(ends)) {
      const account = await service.signUp()
      const changed = await change(service, account)
      await end(account.id)
      t.match(await undo(service, changed, account.password), INVALID, what)
    }
  })

  t.test(
    'the undo of a change of address takes no ticket of another kind, and its own opens no other door',
    async (t) => {
      const account = await service.signUp()
      const changed = await change(service, account)
      const { notice } = changed
      const { password } = account
      const { email: other } = changed.account
      service.clock.advance(MINUTE)
      await service.post('/api/auth/password/forgot', { email: other })
      const reset = await lastMail(service, other)
      const { accessToken: token } = await service.signIn(changed.account)
      const asked = await askForAddress(service, token, newAccount().email)
      for (const { secret: ticket } of [reset, asked])
        t.match(await service.post(UNDO, { ticket, password }), INVALID)
      const { secret: ticket } = notice
      const doors = {
        '/api/auth/password/reset': { ticket, newPassword: newAccount().password },
        '/api/auth/email/verification/confirm': { ticket, password },
      }
      for (const [url, body] of Object.entries(doors))
        t.match(await service.post(url, body), INVALID, url)
      if (!notice.ticket) throw new Error('no ticket')
      const { code } = await secretsOf(service, notice.ticket)
      t.match(await service.post(CONFIRM, { code }, { token }), INVALID)
    },
  )

  t.test('the passwords tried at the undo of a change of address are bounded', async (t) => {
    const limited = await startService(t, {
      env: { ...MAIL, RATE_LIMIT_PER_ACCOUNT: '3' },
    })
    const account = await limited.signUp()
    const changed = await change(limited, account)
    const tries: number[] = []
    for (let times = 0; times < 5; times++)
      tries.push((await undo(limited, changed, newAccount().password)).status)
    t.same(tally(tries), { 400: 3, 429: 2 })
  })

  t.test(
    'the passwords tried at the undo of a change of address count with those of a sign-in',
    async (t) => {
      const limited = await startService(t, {
        env: { ...MAIL, RATE_LIMIT_PER_ACCOUNT: '3' },
      })
      const account = await limited.signUp()
      const changed = await change(limited, account)
      const { email } = changed.account
      const login = { email, password: newAccount().password }
      const tries: number[] = []
      for (let times = 0; times < 3; times++) {
        const remoteAddress = `192.0.2.${times}`
        tries.push((await limited.post('/api/auth/login', login, { remoteAddress })).status)
      }
      t.same(tally(tries), { 401: 3 })
      t.equal((await undo(limited, changed, newAccount().password)).status, 429)
    },
  )
})

t.test('one of fifty undos at once undoes a change of address', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
  const account = await service.signUp()
  const changed = await change(service, account)
  let met = 0
  const meetSome = ({ operation }: EngineCall): Fate =>
    operation === 'TransactWriteItems' && met++ < 20 ? CANCELLED : 'pass'
  proxy.decide(meetSome)
  const answers = await parallel(50, () => undo(service, changed, account.password))
  proxy.decide(() => 'pass')
  const { 200: undone, ...others } = tally(answers.map(({ status }) => status))
  t.equal(undone, 1)
  t.match(
    Object.keys(others).filter((status) => !['400', '429'].includes(status)),
    [],
  )
  t.ok(await canSignIn(service, account.email, account.password))
})

const CANCELLED = refusal('TransactionCanceledException', {
  CancellationReasons: [{ Code: 'TransactionConflict' }],
})

t.test(
  'an undo of a change of address whose answer is lost is made once, and told as made',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
    const account = await service.signUp()
    const changed = await change(service, account)
    let lost = 0
    proxy.decide(({ operation }) =>
      operation === 'TransactWriteItems' && lost++ === 0 ? 'lose-answer' : 'pass',
    )
    t.equal((await undo(service, changed, account.password)).status, 200)
    proxy.decide(({ operation }) => (operation === 'TransactWriteItems' ? 'fail' : 'pass'))
    t.ok(lost >= 2)
  },
)

t.test('what a thief adds after a change of address is suspended by undoing it', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)
  const account = await service.signUp()
  const own = newSubject()
  await providers.one.signIn(await browserIn(service, account), own, LINK)
  const { accessToken } = await service.signIn(account)
  const old = await makeKey(service, accessToken)
  service.clock.advance(SECOND)
  const changed = await change(service, account)
  service.clock.advance(SECOND)
  const planted = newSubject()
  await providers.one.signIn(await browserIn(service, changed.account), planted, LINK)
  const { accessToken: thiefs } = await service.signIn(changed.account)
  const key = await makeKey(service, thiefs)

  t.equal((await undo(service, changed, account.password)).status, 200)
  t.equal(await statusOf(service, old.secret), 200)
  t.equal(await statusOf(service, key.secret), 401)
  const { accessToken: token } = await service.signIn(account)
  const { body } = await service.get('/api/auth/identities', { token })
  t.match(
    body.identities.map(({ email, status, suspendedReason }: any) => [
      email,
      status,
      suspendedReason,
    ]),
    [
      [own.email, 'active', null],
      [planted.email, 'suspended', 'address_undone'],
    ],
  )
  const { body: shown } = await service.get(`${KEYS}/${key.id}`, { token })
  t.match(shown.key, { status: 'suspended', suspendedReason: 'address_undone' })
})

t.test(
  'a session from a provider, in place of a password, at the undo of a change of address',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['one', 'two'], MAIL)

    /** A person who signs in at a provider only, and whose address a thief has changed in their session. */
    async function robbed() {
      const person = newSubject()
      const browser = new Browser(service)
      await providers.one.signIn(browser, person)
      const to = newAccount().email
      service.clock.advance(SECOND)
      const call = fromOwnPage(browser)
      t.equal((await service.post('/api/auth/email', { newEmail: to }, call)).status, 202)
      const { code } = await lastMail(service, to)
      service.clock.advance(SECOND)
      t.equal((await service.post(CONFIRM, { code }, call)).status, 200)
      service.clock.advance(SECOND)
      const { secret: ticket } = await lastMail(service, person.email)
      return { person, browser, to, ticket }
    }

    t.test(
      'a sign-in by a provider that was linked before a change of address undoes the change',
      async (t) => {
        const { person, ticket, to } = await robbed()
        const browser = new Browser(service)
        await providers.one.signIn(browser, person)
        const { status, body } = await service.post(UNDO, { ticket }, fromOwnPage(browser))
        t.equal(status, 200)
        t.equal(body.user.email, person.email)
        const { status: after } = await service.get('/api/auth/sessions', fromOwnPage(browser))
        t.equal(after, 401, 'it ends too')
        t.equal((await register(service, to)).status, 201)
      },
    )

    t.test(
      'a provider linked since the change of address, or of another account, undoes none',
      async (t) => {
        const { browser, ticket } = await robbed()
        const planted = newSubject()
        await providers.two.signIn(browser, planted, LINK)
        const thief = new Browser(service)
        await providers.two.signIn(thief, planted)
        t.match(await service.post(UNDO, { ticket }, fromOwnPage(thief)), INVALID)
        const stranger = new Browser(service)
        await providers.one.signIn(stranger, newSubject())
        t.match(await service.post(UNDO, { ticket }, fromOwnPage(stranger)), INVALID)
      },
    )

    t.test(
      'the session from a provider that undoes a change of address is none that another site may use',
      async (t) => {
        const { browser, ticket } = await robbed()
        const { cookies } = fromOwnPage(browser)
        const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
        const answer = await service.post(UNDO, { ticket }, { cookies, headers })
        t.equal(answer.status, 403)
      },
    )

    t.test(
      'undoing a change of address by a provider takes away the password that was set since',
      async (t) => {
        const { person, browser, to, ticket } = await robbed()
        const { password } = newAccount()
        const call = fromOwnPage(browser)
        const set = await service.post('/api/auth/password', { newPassword: password }, call)
        t.equal(set.status, 204)
        t.ok(await canSignIn(service, to, password))
        t.match(await service.post(UNDO, { ticket, password }), INVALID)
        const own = new Browser(service)
        await providers.one.signIn(own, person)
        t.equal((await service.post(UNDO, { ticket }, fromOwnPage(own))).status, 200)
        t.notOk(await canSignIn(service, person.email, password))
      },
    )
  },
)

t.test('a service that sends no mail undoes no change of address', async (t) => {
  const service = await startService(t)
  const body = { ticket: 'x', password: newAccount().password }
  t.match(await service.post(UNDO, body), { status: 404, body: { code: 'MAIL_NOT_CONFIGURED' } })
})
