import t, { type Test } from 'tap'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { changeAddress } from '../support/address-change.js'
import { lastMail, mailsTo, proveAddress } from '../support/mail.js'
import {
  type Account,
  type Answer,
  type Call,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { startProxy } from '../support/proxy.js'
import { parallel, tally } from '../support/tally.js'

const REGISTER = '/api/auth/register'
const ASK = '/api/auth/email/verification'
const CONFIRM = '/api/auth/email/verification/confirm'
const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }
const ELSEWHERE = { status: 403, body: { code: 'PASSWORD_REQUIRED' } }
const PROVED = { status: 200, body: { user: { emailVerified: true } } }

const mail = { MAIL_FROM: 'auth@example.com' }

/** Registers a person, and opens their mail. */
async function register(service: Service, account: Account = newAccount()) {
  const { email, password } = account
  const { status, body } = await service.post(REGISTER, { email, password })
  if (status !== 201) throw new Error(`register answered ${status}`)
  return {
    ...account,
    id: body.user.id as string,
    flow: body.flow as string,
    ...(await open(service, email)),
  }
}

/** What the latest mail to an address has: its link's ticket, and its code. */
async function open(service: Service, address: string) {
  service.clock.advance(MINUTE)
  const { kind, secret: ticket, code } = await lastMail(service, address)
  return { kind, ticket, code }
}

const confirm = (service: Service, body: object, call?: Call): Promise<Answer> =>
  service.post(CONFIRM, body, call)

async function isVerified(service: Service, account: Account): Promise<boolean> {
  const { accessToken: token } = await service.signIn(account)
  const { body } = await service.get('/api/profile', { token })
  return body.user.emailVerified as boolean
}

const wrongCode = (code: string) => (code === '00000000' ? '00000001' : '00000000')

t.test('an address is proved', async (t) => {
  const service = await startService(t, { env: mail })

  t.test('an address is proved by the code, where the person registered', async (t) => {
    const person = await register(service)
    t.equal(person.kind, 'verification')
    const { flow, code } = person
    t.match(await confirm(service, { flow, code: wrongCode(code) }), INVALID)
    t.notOk(await isVerified(service, person))
    const answer = await confirm(service, { flow, code })
    t.match(answer, { status: 200, body: { user: { id: person.id, emailVerified: true } } })
    t.same(Object.keys(answer.body), ['user'], 'which signs no one in')
    t.ok(await isVerified(service, person))
    t.match(service.events('address_verified').at(-1), { userId: person.id })
    t.match(await confirm(service, { flow, code }), INVALID, 'once')
    t.match(await confirm(service, { ticket: person.ticket, flow }), INVALID)
  })

  t.test('an address is proved by the link, in the browser that registered', async (t) => {
    const person = await register(service)
    const other = await register(service)
    const { ticket, flow } = person
    t.match(await confirm(service, { ticket, flow: other.flow }), ELSEWHERE)
    t.match(await confirm(service, { ticket, flow }), PROVED)
  })

  t.test('an address is proved by the link, in a session of the account', async (t) => {
    const person = await register(service)
    const { accessToken: own } = await service.signIn(person)
    const { accessToken: foreign } = await service.signIn(await register(service))
    const { ticket } = person
    t.match(await confirm(service, { ticket }, { token: foreign }), ELSEWHERE)
    t.match(await confirm(service, { ticket }, { token: `${own}x` }), ELSEWHERE)
    t.match(await confirm(service, { ticket }, { token: own }), PROVED)
  })

  t.test(
    'an address is proved by the link anywhere, with the password; the account keeps everything',
    async (t) => {
      const person = await register(service)
      const session = await service.signIn(person)
      const { ticket, password } = person
      const wrong = await confirm(service, { ticket, password: `${password}!` })
      t.match(wrong, { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
      t.match(await confirm(service, { ticket, password }), PROVED)
      const { refreshToken } = session
      t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 200)
      t.ok(await isVerified(service, person))
    },
  )

  t.test('no program that opens links and presses buttons proves an address', async (t) => {
    const squatter = await register(service)
    const session = await service.signIn(squatter)
    const { ticket } = squatter
    for (const body of [{ ticket }, { ticket, flow: 'A'.repeat(22) }, { ticket, flow: '' }]) {
      t.not((await confirm(service, body)).status, 200)
    }
    t.match(await confirm(service, { ticket }), ELSEWHERE)
    t.notOk(await isVerified(service, squatter))
    const { refreshToken } = session
    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 200)
    t.match(await confirm(service, { ticket, password: squatter.password }), PROVED)
  })

  t.test('proving an address takes no more passwords than a sign-in takes', async (t) => {
    const { ticket, password, email } = await register(service)
    const answers = await parallel(20, (index) =>
      confirm(service, { ticket, password: `wrong ${index} ${password}` }),
    )
    t.same(tally(answers.map(({ status }) => status)), { 401: 10, 429: 10 })
    t.match(await confirm(service, { ticket, password }), { status: 429 })
    const login = { email, password: `wrong ${password}` }
    t.match(await service.post('/api/auth/login', login), { status: 429 }, 'they are the same')
  })

  t.test('an address is proved once, of 50 attempts at a time', async (t) => {
    const { ticket, flow } = await register(service)
    const answers = await parallel(50, () => confirm(service, { ticket, flow }))
    t.same(tally(answers.map(({ status }) => status)), { 200: 1, 400: 49 })
  })

  t.test('an address is proved while the code and the link are good', async (t) => {
    const person = await register(service)
    const { ticket, flow, code } = person
    service.clock.advance(9 * MINUTE)
    t.match(await confirm(service, { flow, code }), INVALID, 'the code, after ten minutes')
    service.clock.advance(DAY - 10 * MINUTE - 1)
    t.match(await confirm(service, { ticket }), ELSEWHERE, 'the link, at its last moment')
    service.clock.advance(1)
    t.match(await confirm(service, { ticket, flow }), INVALID, 'the link, after a day')
    t.notOk(await isVerified(service, person))
  })

  t.test('an address is proved for an account that still has it and is active', async (t) => {
    const { id, ticket, flow, code } = await register(service)
    await service.services.users.store.change(id, { status: 'disabled' })
    t.match(await confirm(service, { flow, code }), INVALID)
    await service.services.users.store.change(id, { status: 'active' })
    await service.services.users.addresses.release(id)
    t.match(await confirm(service, { ticket, flow }), INVALID)
  })

  t.test('a signed-in person asks for a mail that proves their address', async (t) => {
    const person = await register(service)
    const { accessToken: token } = await service.signIn(person)
    t.match(await service.post(ASK), { status: 401 })
    const { status, body } = await service.post(ASK, undefined, { token })
    t.equal(status, 202)
    t.same(Object.keys(body), ['flow'])
    const { ticket, code } = await open(service, person.email)
    t.not(ticket, person.ticket)
    t.match(await confirm(service, { flow: person.flow, code }), INVALID, 'a code of another flow')
    t.match(await confirm(service, { flow: body.flow, code }), PROVED)
    const again = await service.post(ASK, undefined, { token })
    t.match(again, { status: 409, body: { code: 'NOTHING_TO_VERIFY' } })
  })

  t.test('three mails an hour prove an address; those before stay good', async (t) => {
    const person = await register(service)
    const { accessToken: token } = await service.signIn(person)
    for (let times = 0; times < 4; times++) {
      const { status, body } = await service.post(ASK, undefined, { token })
      t.match({ status, body }, { status: 202, body: { flow: /^[\w-]{22}$/ } })
    }
    t.equal((await mailsTo(service, person.email)).length, 3)
    t.match(await confirm(service, { flow: person.flow, code: person.code }), PROVED)
  })
})

t.test('a service without mail proves no address', async (t) => {
  const service = await startService(t)
  const { email, password } = newAccount()
  const { body } = await service.post(REGISTER, { email, password })
  t.same(Object.keys(body), ['user'])
  const { accessToken: token } = await service.signIn({ id: '', email, password })
  const absent = { status: 404, body: { code: 'MAIL_NOT_CONFIGURED' } }
  t.match(await service.post(ASK, undefined, { token }), absent)
  t.match(await confirm(service, { ticket: 'x' }), absent)
})

t.test('a registration whose account is made when the address is proved', async (t) => {
  const env = { ...mail, EMAIL_VERIFICATION: 'required' }
  const service = await startService(t, { env })

  const ask = async (account: Account = newAccount()) => {
    const { email, password } = account
    const answer = await service.post(REGISTER, { email, password, name: 'Ada' })
    t.equal(answer.status, 202)
    t.match(answer.body, { flow: /^[\w-]{22}$/ })
    const { flow } = answer.body as { flow: string }
    return { ...account, flow, answer, ...(await open(service, email)) }
  }
  const cannotSignIn = async (t: Test, { email, password }: Account) => {
    const answer = await service.post('/api/auth/login', { email, password })
    t.match(answer, { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
  }

  t.test(
    'a registration becomes an account by the code of its mail, and is signed in',
    async (t) => {
      const person = await ask()
      t.equal(person.kind, 'verification')
      await cannotSignIn(t, person)
      const { flow, code, email } = person
      const answer = await confirm(service, { flow, code })
      t.match(answer, {
        status: 200,
        body: {
          user: { email, emailVerified: true, name: 'Ada', role: 'user' },
          accessToken: String,
          refreshToken: String,
          tokenType: 'Bearer',
          expiresIn: 900,
        },
      })
      const { accessToken: token, user } = answer.body
      t.match(await service.get('/api/auth/sessions', { token }), {
        body: { sessions: { length: 1 } },
      })
      t.match(await service.signIn(person), { user: { id: user.id } })
      t.match(service.events('user_created').at(-1), { userId: user.id })
      t.match(await confirm(service, { flow, code }), INVALID)
    },
  )

  t.test('a registration that its code confirms puts its tokens into cookies', async (t) => {
    const { flow, code } = await ask()
    const headers = { origin: service.config.issuer }
    const answer = await confirm(service, { flow, code, useCookies: true }, { headers })
    t.match(answer, PROVED)
    t.notOk(answer.body.accessToken)
    t.ok(answer.cookies.some(({ name }) => name === '__Host-latchkey_refresh'))
  })

  t.test(
    'a registration becomes an account by the link there, or elsewhere with the password',
    async (t) => {
      const here = await ask()
      t.match(await confirm(service, { ticket: here.ticket }), ELSEWHERE)
      await cannotSignIn(t, here)
      t.match(await confirm(service, { ticket: here.ticket, flow: here.flow }), PROVED)

      const elsewhere = await ask()
      const { ticket, password } = elsewhere
      const wrong = await confirm(service, { ticket, password: `${password}!` })
      t.match(wrong, { status: 401, body: { code: 'INVALID_CREDENTIALS' } })
      await cannotSignIn(t, elsewhere)
      t.match(await confirm(service, { ticket, password }), { body: { accessToken: String } })
    },
  )

  t.test('a registration becomes one account, of 50 uses of its mail at a time', async (t) => {
    const { ticket, flow } = await ask()
    const answers = await parallel(50, () => confirm(service, { ticket, flow }))
    t.same(tally(answers.map(({ status }) => status)), { 200: 1, 400: 49 })
  })

  t.test(
    'of several registrations of an address the first that is confirmed becomes the account',
    async (t) => {
      const first = await ask()
      const second = await ask({ ...newAccount(), email: first.email })
      t.match(await confirm(service, { flow: second.flow, code: second.code }), PROVED)
      const { flow, code } = first
      const late = await confirm(service, { flow, code })
      t.match(late, { status: 409, body: { code: 'EMAIL_TAKEN' } }, 'after the proof')
      await cannotSignIn(t, first)
      t.ok(await service.signIn(second))
    },
  )

  t.test('a registration of an address that has an account is answered alike', async (t) => {
    const known = await ask()
    t.match(await confirm(service, { flow: known.flow, code: known.code }), PROVED)
    service.clock.advance(HOUR)
    const register = async (email: string) => {
      const from = service.calls.length
      const { password } = newAccount()
      const answer = await service.post(REGISTER, { email, password, name: 'Eve' })
      const { status, headers, body, cookies } = answer
      const names = Object.keys(headers).sort()
      const size = JSON.stringify(body).length
      return { status, names, cookies, size, calls: service.calls.slice(from) }
    }
    const unknown = newAccount()
    t.same(await register(known.email), await register(unknown.email))
    t.same(await register(known.email.toUpperCase()), await register(newAccount().email))
    const told = await lastMail(service, known.email).catch(() => undefined)
    t.notOk(told?.secret && told.kind === 'verification', 'no ticket of the account')
    const [, notice] = await mailsTo(service, known.email)
    t.equal(notice?.kind, 'address-taken')
    t.equal((await mailsTo(service, unknown.email)).length, 1)
    const { secret: ticket, code } = notice as NonNullable<typeof notice>
    const { email, password } = unknown
    const { flow } = (await service.post(REGISTER, { email, password })).body
    t.match(await confirm(service, { ticket }), INVALID, 'what its ticket would open')
    t.match(await confirm(service, { flow, code }), INVALID)
  })

  t.test(
    'a registration of an address that is kept for another account is answered alike',
    async (t) => {
      const moved = await service.signUp()
      await proveAddress(service, moved.id)
      await changeAddress(service, moved)
      const register = async (email: string) => {
        const { read, write } = service.units
        const from = service.calls.length
        const { password } = newAccount()
        const { status, body } = await service.post(REGISTER, { email, password })
        const size = JSON.stringify(body).length
        const units = { read: service.units.read - read, write: service.units.write - write }
        return { status, size, calls: service.calls.slice(from), units }
      }
      service.clock.advance(MINUTE)
      t.same(await register(moved.email), await register(newAccount().email))
      const notice = await lastMail(service, moved.email)
      t.equal(notice.kind, 'address-taken', 'the mail has no code that would come to nothing')
      service.clock.advance(7 * DAY)
      t.equal((await register(moved.email)).status, 202)
      const { kind, secret: ticket } = await lastMail(service, moved.email)
      t.equal(kind, 'verification', 'it is kept for a week')
      t.match(await confirm(service, { ticket }), ELSEWHERE)
    },
  )

  t.test('a registration is refused for its password first, whatever the address', async (t) => {
    const known = await ask()
    t.match(await confirm(service, { flow: known.flow, code: known.code }), PROVED)
    for (const { email } of [known, newAccount()]) {
      const answer = await service.post(REGISTER, { email, password: 'short' })
      t.match(answer, { status: 400, body: { code: 'PASSWORD_REFUSED' } })
    }
  })

  t.test('a registration gets three mails an hour at most', async (t) => {
    const account = newAccount()
    for (let times = 0; times < 5; times++) {
      const { email, password } = account
      t.equal((await service.post(REGISTER, { email, password })).status, 202)
    }
    t.equal((await mailsTo(service, account.email)).length, 3)
  })

  t.test(
    'a registration that waits for its mail becomes no account once sign-up is closed',
    async (t) => {
      const { flow, code, email, password } = await ask()
      const closed = await startService(t, { beside: service, env: { ...env, SIGN_UP: 'closed' } })
      const from = closed.calls.length
      const refused = { status: 403, body: { code: 'SIGN_UP_CLOSED' } }
      t.match(await closed.post(REGISTER, { email, password }), refused)
      t.notOk(closed.calls.slice(from).includes('GetItem users'))
      t.match(await confirm(closed, { flow, code }), refused)
    },
  )

  t.test('a registration needs an address of one of the domains, where they are set', async (t) => {
    const SIGN_UP = 'domains:a.example,xn--bcher-kva.example'
    const some = await startService(t, { beside: service, env: { ...env, SIGN_UP } })
    const { password } = newAccount()
    const at = (domain: string) => `${newAccount().email.split('@')[0]}@${domain}`
    for (const domain of ['a.example', 'A.Example', 'xn--bcher-kva.example']) {
      const answer = await some.post(REGISTER, { email: at(domain), password })
      t.equal(answer.status, 202, domain)
    }
    for (const domain of ['sub.a.example', 'a.example.evil.example', 'ba.example']) {
      const from = some.calls.length
      const answer = await some.post(REGISTER, { email: at(domain), password })
      t.match(answer, { status: 403, body: { code: 'SIGN_UP_CLOSED' } }, domain)
      t.notOk(some.calls.slice(from).includes('GetItem users'), 'nothing is looked up')
    }
  })
})

t.test('a registration whose answer is lost on the way is made once', async (t) => {
  const proxy = await startProxy(t)
  const env = { ...mail, EMAIL_VERIFICATION: 'required' }
  const service = await startService(t, { env, endpoint: proxy.endpoint })
  const { email, password } = newAccount()
  const { flow } = (await service.post(REGISTER, { email, password })).body
  const { code } = await open(service, email)
  let lost = 0
  proxy.decide(({ operation }) =>
    operation === 'TransactWriteItems' && lost++ === 0 ? 'lose-answer' : 'pass',
  )
  const answer = await confirm(service, { flow, code })
  t.match(answer, PROVED)
  t.ok(lost > 1, 'the store was asked again')
  const { accessToken: token } = answer.body
  t.equal((await service.get('/api/auth/sessions', { token })).status, 200)
  t.ok(await service.signIn({ id: '', email, password }))
})

t.test('SIGN_UP=domains does not start without EMAIL_VERIFICATION=required', async (t) => {
  const SIGN_UP = 'domains:example.com'
  const withMail = startService(t, { env: { ...mail, SIGN_UP } })
  await t.rejects(withMail, /SIGN_UP: domains needs EMAIL_VERIFICATION=required/)
  await t.rejects(startService(t, { env: { SIGN_UP } }), /SIGN_UP: domains needs/)
})
