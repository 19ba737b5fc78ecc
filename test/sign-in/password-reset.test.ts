import t from 'tap'
import { Database } from '../../src/dynamodb/database.js'
import { MailDelivery } from '../../src/email/delivery.js'
import type { Mail } from '../../src/email/mailer.js'
import { systemRandom } from '../../src/lib/random.js'
import { normalizeEmail } from '../../src/users/email.js'
import { ACTING, administrationOf } from '../support/administration.js'
import { signInToApp } from '../support/app-tokens.js'
import { Browser, type Visit } from '../support/browser.js'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { KEYS, statusOf } from '../support/keys.js'
import {
  keyOfMail,
  lastMail,
  MAIL,
  mailsTo,
  messages,
  proveAddress,
  type ReadMail,
} from '../support/mail.js'
import { jarOf } from '../support/pages.js'
import { type EngineCall, type Fate, refusal, startProxy } from '../support/proxy.js'
import {
  type Account,
  type Answer,
  type Call,
  ISSUER,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const FORGOT = '/api/auth/password/forgot'
const RESET = '/api/auth/password/reset'
const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }

/** An account that has proved its address. */
async function newMember(service: Service): Promise<Account> {
  const account = await service.signUp()
  await proveAddress(service, account.id)
  return account
}

interface Asked extends ReadMail {
  readonly flow: string
}

/** Asks for a mail, and reads it. */
async function ask(service: Service, email: string, call?: Call): Promise<Asked> {
  service.clock.advance(MINUTE)
  const { status, body } = await service.post(FORGOT, { email }, call)
  t.equal(status, 202)
  return { ...(await lastMail(service, normalizeEmail(email))), flow: body.flow }
}

const byLink = ({ secret: ticket }: Asked, newPassword: string) => ({ ticket, newPassword })
const byCode = ({ flow, code }: Asked, newPassword: string) => ({ flow, code, newPassword })

const canSignIn = async (service: Service, { email }: Account, password: string) =>
  (await service.post('/api/auth/login', { email, password })).status === 200

const wrongCode = (code: string): string => (code === '00000000' ? '00000001' : '00000000')

t.test('a forgotten password', async (t) => {
  const service = await startService(t, { env: MAIL })

  for (const [by, bodyOf] of Object.entries({ link: byLink, code: byCode })) {
    t.test(`a password reset takes the ${by} of a mail, once`, async (t) => {
      const account = await newMember(service)
      const session = await service.signIn(account)
      const mail = await ask(service, account.email)
      t.equal(mail.kind, 'password-reset')
      const { password: next } = newAccount()
      const answer = await service.post(RESET, bodyOf(mail, next))
      t.equal(answer.status, 204)
      t.equal(answer.text, '')
      t.same(answer.cookies, [], 'it opens no session')

      t.notOk(await canSignIn(service, account, account.password))
      t.ok(await canSignIn(service, account, next))
      const { accessToken: token, refreshToken } = session
      t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
      t.equal((await service.get('/api/auth/sessions', { token })).status, 401)

      const { password: third } = newAccount()
      t.match(await service.post(RESET, byLink(mail, third)), INVALID)
      t.match(await service.post(RESET, byCode(mail, third)), INVALID)
      t.ok(await canSignIn(service, account, next))
      service.clock.advance(MINUTE)
      const notices = (await mailsTo(service, account.email)).filter(
        ({ kind }) => kind === 'password-changed',
      )
      t.equal(notices.length, 1, 'its owner is told, once')
      t.match(service.events('authn_password_reset').at(-1), { userId: account.id })
    })
  }

  t.test('a password reset ends what apps hold of the account, at once', async (t) => {
    const account = await newMember(service)
    const app = await signInToApp(service, {}, account)
    const [unused, held] = await Promise.all([
      app.newCode(),
      app.tokens({ scopes: ['openid', 'offline_access'] }),
    ])
    const { access_token: token, refresh_token: refreshToken } = held
    t.equal((await service.get('/oauth/userinfo', { token })).status, 200)
    const mail = await ask(service, account.email)
    t.equal((await service.post(RESET, byLink(mail, newAccount().password))).status, 204)
    t.equal((await service.get('/oauth/userinfo', { token })).status, 401)
    const ended = { status: 400, body: { error: 'invalid_grant' } }
    t.match(await app.refresh(refreshToken), ended)
    t.match(await app.redeem(unused), ended)
  })

  t.test(
    'a password reset takes the newest and an older mail, whichever comes first',
    async (t) => {
      const account = await newMember(service)
      const older = await ask(service, account.email.toUpperCase())
      const newer = await ask(service, account.email)
      const { password } = newAccount()
      t.equal((await service.post(RESET, byLink(older, password))).status, 204)
      t.match(await service.post(RESET, byLink(newer, newAccount().password)), INVALID)
      t.match(await service.post(RESET, byCode(newer, newAccount().password)), INVALID)
    },
  )

  t.test('a password reset isn’t used up by a new password that is refused', async (t) => {
    const account = await newMember(service)
    const mail = await ask(service, account.email)
    for (let times = 0; times < 6; times++) {
      for (const bodyOf of [byLink, byCode]) {
        const refused = await service.post(RESET, bodyOf(mail, `${account.email} more`))
        t.match(refused, { status: 400, body: { code: 'PASSWORD_REFUSED' } })
      }
    }
    t.match(await service.post(RESET, byCode(mail, 'short')), {
      status: 400,
      body: { code: 'PASSWORD_REFUSED' },
    })
    t.equal((await service.post(RESET, byCode(mail, newAccount().password))).status, 204)
  })

  t.test(
    'a password reset works while the account is as it was when the mail was asked for',
    async (t) => {
      const { store } = service.services.users
      const changes: Record<string, (account: Account) => Promise<unknown>> = {
        'a new password': async (account) => {
          const { accessToken: token } = await service.signIn(account)
          const body = { currentPassword: account.password, newPassword: newAccount().password }
          return service.post('/api/auth/password', body, { token })
        },
        'a disabled account': ({ id }) => store.change(id, { status: 'disabled' }),
        'one that was enabled again': async ({ id }) => {
          await store.change(id, { status: 'disabled' })
          await store.change(id, { status: 'active' })
        },
        'a freed address': ({ id }) => service.services.users.addresses.release(id),
        'a removed account': ({ id }) => administrationOf(service).remove(ACTING, id),
      }
      for (const [what, change] of Object.entries(changes)) {
        const account = await newMember(service)
        const mail = await ask(service, account.email)
        await change(account)
        t.match(await service.post(RESET, byLink(mail, newAccount().password)), INVALID, what)
        t.match(await service.post(RESET, byCode(mail, newAccount().password)), INVALID, what)
      }
    },
  )

  t.test('a password reset replaces a password that an administrator chose', async (t) => {
    const { email, password } = newAccount()
    const initial = { email, password, mustChangePassword: true } as const
    const { id } = await service.services.users.register(initial)
    await proveAddress(service, id)
    const account = { id, email, password }
    const { password: next } = newAccount()
    t.equal((await service.post(RESET, byLink(await ask(service, email), next))).status, 204)
    t.ok(await canSignIn(service, account, next), 'it need not be changed')
  })

  t.test('a password reset takes a link or a code, and neither in part', async (t) => {
    const { flow, code, secret } = await ask(service, (await newMember(service)).email)
    const { password: newPassword } = newAccount()
    const bodies = [{}, { flow }, { code }, { flow, code: 1 }, { ticket: '' }, { token: secret }]
    for (const body of bodies) {
      const answer = await service.post(RESET, { ...body, newPassword })
      t.match(
        answer,
        { status: 400, body: { code: 'VALIDATION_FAILED' } },
        Object.keys(body).join(),
      )
    }
    t.match(await service.post(RESET, { ticket: secret.slice(1), newPassword }), INVALID)
    t.match(await service.post(RESET, { ticket: '/'.repeat(65), newPassword }), INVALID)
    t.match(await service.post(RESET, { ticket: secret }), { status: 400 })
    t.match(await service.post(FORGOT, { email: 'nowhere' }), { status: 400 })
  })
})

t.test('one of fifty password resets at once succeeds', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
  /** Each of them meets another's transaction once. */
  const met = new Set<string>()
  const meetOnce = ({ operation, body }: EngineCall): Fate => {
    const [hash = ''] = /\$argon2id\$[^"]+/.exec(body) ?? []
    if (operation !== 'TransactWriteItems' || hash === '' || met.has(hash)) return 'pass'
    met.add(hash)
    return CANCELLED
  }
  for (const bodyOf of [byLink, byCode]) {
    const account = await newMember(service)
    const mail = await ask(service, account.email)
    met.clear()
    proxy.decide(meetOnce)
    const passwords = Array.from({ length: 50 }, () => newAccount().password)
    const answers = await parallel(50, (i) => service.post(RESET, bodyOf(mail, passwords[i] ?? '')))
    proxy.decide(() => 'pass')
    t.same(tally(answers.map(({ status }) => status)), { 204: 1, 400: 49 })
    const won = passwords[answers.findIndex(({ status }) => status === 204)] ?? ''
    t.ok(await canSignIn(service, account, won))
    t.ok(met.size > 0)
  }
})

const CANCELLED = refusal('TransactionCanceledException', {
  CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }],
})

t.test('a password reset during an outage of the store', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
  const account = await newMember(service)
  const mail = await ask(service, account.email)
  const { password } = newAccount()
  const during = async (fate: Fate, of: string, body: object, url = RESET): Promise<Answer> => {
    proxy.decide(({ operation }) => (operation === of ? fate : 'pass'))
    const answer = await service.post(url, body)
    proxy.decide(() => 'pass')
    return answer
  }
  const away = { status: 503, headers: { 'retry-after': '2' } }
  const { email } = account
  for (const of of ['GetItem', 'UpdateItem', 'TransactWriteItems'])
    t.match(await during('fail', of, { email }, FORGOT), away, of)
  for (const of of ['UpdateItem', 'GetItem', 'TransactWriteItems'])
    t.match(await during('fail', of, byCode(mail, password)), away, of)
  t.ok(await canSignIn(service, account, account.password))

  let lost = 0
  proxy.decide(({ operation }) =>
    operation === 'TransactWriteItems' && lost++ === 0 ? 'lose-answer' : 'pass',
  )
  t.equal((await service.post(RESET, byLink(mail, password))).status, 204, 'the answer was lost')
  t.equal(lost, 2)
  t.ok(await canSignIn(service, account, password))
})

t.test('a stranger who asks for a password reset', async (t) => {
  const service = await startService(t, { env: MAIL })

  t.test('a request for a password reset is answered alike for every address', async (t) => {
    const { store } = service.services.users
    const member = await newMember(service)
    const unproved = await service.signUp()
    const disabled = await newMember(service)
    await store.change(disabled.id, { status: 'disabled' })
    const asked = async (email: string) => {
      const before = service.calls.length
      const { status, headers, text } = await service.post(FORGOT, { email })
      const others = Object.entries(headers).filter(([name]) => !/^(date|ratelimit)/.test(name))
      t.match(text, /^\{"flow":"[\w-]{22}"\}$/)
      return { status, others, length: text.length, calls: service.calls.slice(before) }
    }
    const unknown = await asked(newAccount().email)
    t.same(unknown.calls, [
      'GetItem users',
      'GetItem users',
      'UpdateItem rateLimits',
      'TransactWriteItems',
    ])
    for (const { email } of [member, unproved, disabled]) t.same(await asked(email), unknown)
    for (let times = 0; times < 4; times++) await asked(member.email)
    const { email } = newAccount()
    for (let times = 0; times < 5; times++) await asked(email)
    t.same(await asked(member.email), await asked(email), 'past the limit too')

    const all = await messages(service)
    const sizeOf = (address: string) =>
      JSON.stringify({ ...all.find(({ to }) => to === address), isDecoy: 0 }).length
    t.ok(sizeOf(email) > 300)
    t.equal(sizeOf(member.email), sizeOf(email), 'the items are alike')
    t.same(await mailsTo(service, disabled.email), [])
    t.same(await mailsTo(service, email), [])
  })

  t.test('a stranger guesses five codes of a password reset, and the link goes on', async (t) => {
    const account = await newMember(service)
    const mail = await ask(service, account.email)
    const guess = {
      flow: mail.flow,
      code: wrongCode(mail.code),
      newPassword: newAccount().password,
    }
    for (let times = 0; times < 50; times++) t.match(await service.post(RESET, guess), INVALID)
    const { password } = newAccount()
    t.match(await service.post(RESET, byCode(mail, password)), INVALID)
    t.equal((await service.post(RESET, byLink(mail, password))).status, 204)
  })

  for (const guesses of [5, 50]) {
    t.test(
      `the owner's reset link and code stay as they are after ${guesses} guessed codes`,
      async (t) => {
        const account = await newMember(service)
        const cookies = await browserOf(service, account)
        service.clock.advance(DAY)
        const stranger = await ask(service, account.email)
        const first = await ask(service, account.email, { cookies })
        const flows = [stranger.flow]
        for (let flow = 1; flow < guesses / 5; flow++)
          flows.push((await service.post(FORGOT, { email: account.email })).body.flow)
        for (let guess = 0; guess < guesses; guess++) {
          const body = { flow: flows[guess % flows.length], code: '00000000' }
          const answer = await service.post(RESET, { ...body, newPassword: newAccount().password })
          t.match(answer, INVALID)
        }
        const next = newAccount()
        t.equal((await service.post(RESET, byCode(first, next.password), { cookies })).status, 204)
        service.clock.advance(HOUR)
        const second = await ask(service, account.email)
        const { password } = newAccount()
        t.equal((await service.post(RESET, byLink(second, password))).status, 204)
      },
    )
  }

  t.test(
    'three password reset mails an hour are sent for strangers, and three for a known browser',
    async (t) => {
      const account = await newMember(service)
      const { email } = account
      const cookies = await browserOf(service, account)
      service.clock.advance(DAY - (service.clock() % HOUR))
      const count = async () => (await mailsTo(service, email)).length
      for (let times = 0; times < 5; times++)
        t.equal((await service.post(FORGOT, { email })).status, 202)
      t.equal(await count(), 3)
      const other = await browserOf(service, await service.signUp())
      t.equal((await service.post(FORGOT, { email }, { cookies: other })).status, 202)
      t.equal(await count(), 3, 'a browser that another account knows')
      for (let times = 0; times < 5; times++)
        t.equal((await service.post(FORGOT, { email }, { cookies })).status, 202)
      t.equal(await count(), 6)
      service.clock.advance(HOUR)
      t.equal((await service.post(FORGOT, { email })).status, 202)
      t.equal(await count(), 7)
    },
  )

  t.test('a stranger gives a password reset mail no address of their own', async (t) => {
    const account = await newMember(service)
    const evil = {
      host: 'evil.example',
      origin: 'https://evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example',
      referer: 'https://evil.example/',
    }
    await ask(service, account.email, { headers: evil })
    const [mail] = await deliver(service, account.email)
    t.match(mail?.text, `${ISSUER}/reset#ticket=`)
    t.notMatch(JSON.stringify(mail), /evil/)
  })

  t.test('a stranger can’t put words into a password reset mail', async (t) => {
    const { email } = await newMember(service)
    await ask(service, email, { headers: { 'accept-language': 'de-AT,en;q=0.5' } })
    t.match(await lastMail(service, email), { language: 'de' })
  })
})

/** The cookies of a browser that an account knows, and that is signed out. */
async function browserOf(service: Service, account: Account): Promise<Record<string, string>> {
  const cookies = Object.entries((await browserIn(service, account)).cookies())
  return Object.fromEntries(cookies.filter(([name]) => name.endsWith('latchkey_device')))
}

/** Sends what an address gets, as the worker does. */
async function deliver(service: Service, address: string): Promise<Mail[]> {
  const { services, client, config, clock } = service
  const sent: Mail[] = []
  const delivery = new MailDelivery({
    database: new Database(client),
    table: config.tables.events,
    ticketKeys: services.ticketKeys,
    mailer: { send: async (mail) => void sent.push(mail) },
    issuer: config.issuer,
    brand: config.brand,
    from: MAIL.MAIL_FROM,
    clock,
    random: systemRandom,
    log: service.app.log,
  })
  for (const mail of await mailsTo(service, address)) await delivery.deliver(keyOfMail(mail))
  return sent
}

const makeKey = async (service: Service, token: string) => {
  const { status, body } = await service.post(`${KEYS}/generate`, { name: 'k' }, { token })
  t.equal(status, 201)
  return { id: body.key.id as string, secret: body.apiKey as string }
}

t.test('a password reset suspends what a thief may have planted', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one', 'two'], MAIL)
  const account = await newMember(service)
  const own = newSubject()
  const partner = await makeKey(service, (await service.signIn(account)).accessToken)
  await providers.one.signIn(await browserIn(service, account), own, LINK)
  service.clock.advance(30 * DAY)
  const planted = await makeKey(service, (await service.signIn(account)).accessToken)
  const thief = newSubject()
  await providers.two.signIn(await browserIn(service, account), thief, LINK)
  service.clock.advance(MINUTE)

  const mail = await ask(service, account.email)
  const { password } = newAccount()
  t.equal((await service.post(RESET, byLink(mail, password))).status, 204)
  t.equal(await statusOf(service, planted.secret), 401)
  t.equal(await statusOf(service, partner.secret), 200, 'an older key goes on')
  t.equal(await placeOf(providers.two.signIn(new Browser(service), thief)), SUSPENDED)
  t.equal(await placeOf(providers.one.signIn(new Browser(service), own)), '/dashboard')

  const { accessToken: token } = await service.signIn({ ...account, password })
  const shown = await service.get(`${KEYS}/${planted.id}`, { token })
  t.match(shown.body.key, { status: 'suspended', suspendedReason: 'password_reset' })
  const body = { status: 'active' }
  const lifted = await service.call('PATCH', `${KEYS}/${planted.id}`, { token, body })
  t.equal(lifted.status, 200, 'its owner may lift that')
  t.match(service.events('identity_suspended'), [{ reason: 'password_reset' }])
})

const LINK = '?link=true'
const SUSPENDED = '/login?error=IDENTITY_SUSPENDED'
const placeOf = async (visit: Promise<Visit>) => (await visit).headers.get('location')

/** A browser that is signed in. */
async function browserIn(service: Service, { email, password }: Account): Promise<Browser> {
  const body = { email, password, useCookies: true }
  const headers = { 'sec-fetch-site': 'same-origin' }
  const browser = new Browser(service)
  browser.setCookies(jarOf(await service.post('/api/auth/login', body, { headers })))
  return browser
}

t.test(
  'by a reset of an account with an unproved address the owner of the mailbox becomes its owner',
  async (t) => {
    const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)
    const { email, password: guessed } = newAccount()
    const registration = { email, password: guessed, name: 'Mallory' }
    const registered = await service.post('/api/auth/register', registration)
    const { id } = registered.body.user
    const squatter = { email, password: guessed, id }
    const old = await service.signIn(squatter)
    const key = await makeKey(service, old.accessToken)
    const identity = newSubject()
    await providers.one.signIn(await browserIn(service, squatter), identity, LINK)
    service.clock.advance(13 * DAY)
    const recent = await service.signIn(squatter)
    const late = await makeKey(service, recent.accessToken)
    const before = await ask(service, email)
    const mail = await ask(service, email)

    const { password } = newAccount()
    const find = () => service.services.users.store.findById(id)
    t.ok((await find())?.knownAddresses)
    t.equal((await service.post(RESET, byCode(mail, password))).status, 204)
    t.equal((await find())?.knownAddresses, undefined, 'nothing is known of the squatter')
    t.match(await service.post(RESET, byLink(before, newAccount().password)), INVALID)
    for (const { refreshToken } of [old, recent])
      t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
    t.notOk(await canSignIn(service, squatter, guessed))
    for (const { secret } of [key, late]) t.equal(await statusOf(service, secret), 401)
    const elsewhere = await placeOf(providers.one.signIn(new Browser(service), identity))
    t.equal(elsewhere, '/dashboard', 'the identity makes an account of its own')
    t.not((await service.services.users.find(identity.email))?.id, id)

    const { accessToken: token } = await service.signIn({ ...squatter, password })
    const { body } = await service.get('/api/profile', { token })
    t.match(body.user, { id, email, emailVerified: true })
    t.notOk('name' in body.user, 'the name goes')
    t.same((await service.get(KEYS, { token })).body.keys, [], 'and the keys')
    const identities = await service.get('/api/auth/identities', { token })
    t.same(identities.body.identities, [])
    t.match(service.events('account_taken_over'), [{ userId: id }])
    t.equal(service.events('sensitive_delete').length, 2)

    const own = await makeKey(service, token)
    const again = await ask(service, email)
    const third = newAccount().password
    t.equal((await service.post(RESET, byLink(again, third))).status, 204)
    const { accessToken: later } = await service.signIn({ ...squatter, password: third })
    const { body: kept } = await service.get(`${KEYS}/${own.id}`, { token: later })
    t.equal(kept.key.status, 'suspended', 'from then on nothing of the owner is deleted')
    t.equal(service.events('account_taken_over').length, 1)
  },
)

t.test('no mail resets the password of an administrator whose address is unproved', async (t) => {
  const service = await startService(t, { env: MAIL })
  const admin = await service.signUp()
  const promote = () => service.services.users.store.change(admin.id, { role: 'admin' })
  const mail = await ask(service, admin.email)
  t.ok(await promote())
  t.match(await service.post(RESET, byLink(mail, newAccount().password)), INVALID)
  const { length } = await mailsTo(service, admin.email)
  service.clock.advance(MINUTE)
  t.equal((await service.post(FORGOT, { email: admin.email })).status, 202)
  t.equal((await mailsTo(service, admin.email)).length, length, 'none is sent')
  t.ok(await canSignIn(service, admin, admin.password))
  t.same(service.events('account_taken_over'), [])
})

t.test(
  'keys that an outage leaves at a password reset are deleted before their new owner looks',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
    const account = await service.signUp()
    const key = await makeKey(service, (await service.signIn(account)).accessToken)
    service.clock.advance(DAY)
    const mail = await ask(service, account.email)
    const { apiKeys } = service.config.tables
    proxy.decide(({ operation, body }) =>
      operation === 'TransactWriteItems' && body.includes(apiKeys) ? 'fail' : 'pass',
    )
    const { password } = newAccount()
    t.equal((await service.post(RESET, byLink(mail, password))).status, 204)
    t.equal(service.events('api_key_suspension_delayed').length, 1)
    t.equal(await statusOf(service, key.secret), 401, 'it is dead all the same')
    proxy.decide(() => 'pass')
    const { accessToken: token } = await service.signIn({ ...account, password })
    t.same((await service.get(KEYS, { token })).body.keys, [])
  },
)

t.test('a password reset by a person who signs in at a provider', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)
  const person = newSubject()
  await providers.one.signIn(new Browser(service), person)
  const found = await service.services.users.find(person.email)
  t.equal(found?.passwordHash, undefined)

  t.test('a person who signs in at a provider gets a first password by the reset', async (t) => {
    service.clock.advance(8 * DAY)
    const mail = await ask(service, person.email)
    const { password } = newAccount()
    t.equal((await service.post(RESET, byLink(mail, password))).status, 204)
    t.ok(await canSignIn(service, { id: '', email: person.email, password }, password))
    const now = await service.services.users.find(person.email)
    t.match(now?.identities, found?.identities, 'and keeps the identity')
  })

  t.test('an address that a password reset proved stays proved without the identity', async (t) => {
    const { password } = newAccount()
    const mail = await ask(service, person.email)
    t.equal((await service.post(RESET, byLink(mail, password))).status, 204)
    const { accessToken: token } = await service.signIn({ id: '', email: person.email, password })
    const { body } = await service.get('/api/auth/identities', { token })
    const unlinked = await service.delete(`/api/auth/identities/${body.identities[0].id}`, {
      token,
    })
    t.equal(unlinked.status, 204)
    const profile = await service.get('/api/profile', { token })
    t.match(profile.body.user, { emailVerified: true })
  })
})

t.test('a service that sends no mail resets no password', async (t) => {
  const service = await startService(t)
  const none = { status: 404, body: { code: 'MAIL_NOT_CONFIGURED' } }
  t.match(await service.post(FORGOT, { email: newAccount().email }), none)
  t.match(await service.post(RESET, { ticket: 'x', newPassword: newAccount().password }), none)
})
