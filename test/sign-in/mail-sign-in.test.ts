import t from 'tap'
import { newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { Browser } from '../support/browser.js'
import { DAY, MINUTE } from '../support/clock.js'
import { KEYS, statusOf } from '../support/keys.js'
import { MAIL, mailsTo, messages } from '../support/mail.js'
import {
  ASK,
  type AskedMail,
  askToSignIn,
  byCode,
  byLink,
  CONFIRM,
  knownBrowser,
  newMember,
  OWN_SCRIPT,
} from '../support/mail-sign-in.js'
import { jarOf } from '../support/pages.js'
import { type EngineCall, type Fate, refusal, startProxy } from '../support/proxy.js'
import { type Account, type Call, newAccount, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const INVALID = { status: 400, body: { code: 'TICKET_INVALID' } }
const UNPROVED = { status: 403, body: { code: 'ACCOUNT_UNPROVED' } }
const PROOFS: Record<string, (mail: AskedMail) => object> = { link: byLink, code: byCode }

t.test('a person signs in by mail', async (t) => {
  const service = await startService(t, { env: MAIL })

  for (const [by, proofOf] of Object.entries(PROOFS)) {
    t.test(`a sign-in by mail takes the ${by}, once`, async (t) => {
      const account = await newMember(service)
      const mail = await askToSignIn(service, account.email)
      t.equal(mail.kind, 'sign-in')
      const answer = await service.post(CONFIRM, proofOf(mail))
      t.match(answer, { status: 200, body: { user: { id: account.id, email: account.email } } })
      const { accessToken: token } = answer.body
      t.equal((await service.get('/api/profile', { token })).status, 200)
      const event = { userId: account.id, method: 'email' }
      t.match(service.events('authn_login_success').at(-1), event)
      for (const again of [byLink, byCode])
        t.match(await service.post(CONFIRM, again(mail)), INVALID)
    })
  }

  t.test('a sign-in by mail with cookies ends the session that the browser had', async (t) => {
    const account = await newMember(service)
    const { cookies, body } = await service.post(
      ASK,
      { email: account.email, useCookies: true },
      { headers: OWN_SCRIPT },
    )
    const [cookie] = cookies
    t.match(cookie, { name: '__Host-latchkey_mail_sign-in', httpOnly: true, secure: true })
    t.notMatch(cookie?.value, body.flow)
    const browser = jarOf({ cookies } as never)
    const [mail] = await mailsTo(service, account.email)
    const confirm = { ticket: mail?.secret, useCookies: true }
    t.match(await service.post(CONFIRM, confirm), INVALID, 'elsewhere')
    const call = { cookies: browser, headers: OWN_SCRIPT }
    const answer = await service.post(CONFIRM, confirm, call)
    t.equal(answer.status, 200)
    t.notOk('accessToken' in answer.body)
    const left = answer.cookies.find(({ name }) => name === cookie?.name)
    t.equal(left?.value, '', 'the flow is over')
    const foreign = { ...call, headers: { origin: 'https://evil.example' } }
    t.match(await service.post(CONFIRM, confirm, foreign), { status: 403 })
    const asking = { email: account.email, useCookies: true }
    t.match(await service.post(ASK, asking, foreign), { status: 403 })
  })

  t.test('a sign-in by mail gives a token for one API', async (t) => {
    const at = await startService(t, {
      beside: service,
      env: {
        ...MAIL,
        RESOURCES: JSON.stringify({ 'https://orders.example.com': { name: 'Orders', scopes: {} } }),
      },
    })
    const account = await newMember(at)
    const mail = await askToSignIn(at, account.email)
    const unknown = { ...byCode(mail), resource: 'https://nowhere.example.com' }
    t.match(await at.post(CONFIRM, unknown), { status: 400 })
    const answer = await at.post(CONFIRM, {
      ...byCode(mail),
      resource: 'https://orders.example.com',
    })
    t.equal(answer.status, 200, 'the mail was not used up')
    const [, claims = ''] = answer.body.accessToken.split('.')
    const { aud } = JSON.parse(Buffer.from(claims, 'base64url').toString())
    t.equal(aud, 'https://orders.example.com')
  })

  t.test('a code of a sign-in by mail is good only where the mail was asked for', async (t) => {
    const account = await newMember(service)
    const mail = await askToSignIn(service, account.email)
    const other = await askToSignIn(service, account.email)
    const { secret: ticket, code } = mail
    for (const body of [
      { ticket },
      { ticket, flow: other.flow },
      { ticket, flow: mail.ticket?.id },
      { code, flow: other.flow },
    ])
      t.match(await service.post(CONFIRM, body), INVALID, Object.keys(body).join())
    t.equal((await service.post(CONFIRM, byLink(mail))).status, 200)
    t.equal((await service.post(CONFIRM, byCode(other))).status, 200)
  })

  t.test(
    'a sign-in by mail works while the account is as it was when the mail was asked for',
    async (t) => {
      const { store } = service.services.users
      const changes: Record<string, (id: string) => Promise<unknown>> = {
        'all sessions ended': (id) => store.endSessions(id),
        'a disabled account': (id) => store.change(id, { status: 'disabled' }),
        'a freed address': (id) => service.services.users.addresses.release(id),
      }
      for (const [what, change] of Object.entries(changes)) {
        const account = await newMember(service)
        const mail = await askToSignIn(service, account.email)
        await change(account.id)
        for (const proofOf of [byLink, byCode])
          t.match(await service.post(CONFIRM, proofOf(mail)), INVALID, what)
      }
    },
  )

  t.test(
    'a sign-in by mail takes the code for ten minutes, and the link for half an hour',
    async (t) => {
      const account = await newMember(service)
      const mail = await askToSignIn(service, account.email)
      service.clock.advance(10 * MINUTE)
      t.match(await service.post(CONFIRM, byCode(mail)), INVALID)
      service.clock.advance(20 * MINUTE - 1)
      t.equal((await service.post(CONFIRM, byLink(mail))).status, 200)
      const late = await askToSignIn(service, account.email)
      service.clock.advance(30 * MINUTE)
      t.match(await service.post(CONFIRM, byLink(late)), INVALID)
    },
  )

  t.test('a sign-in by mail still works after a stranger has guessed codes', async (t) => {
    const account = await newMember(service)
    const mail = await askToSignIn(service, account.email)
    const { flow } = (await service.post(ASK, { email: account.email })).body
    for (let times = 0; times < 50; times++)
      t.match(await service.post(CONFIRM, { flow, code: '00000000' }), INVALID)
    t.equal((await service.post(CONFIRM, byLink(mail))).status, 200)
  })

  t.test('a request for a sign-in mail is answered alike for every address', async (t) => {
    const at = await startService(t, { beside: service, env: MAIL })
    const { store } = service.services.users
    const member = await newMember(service)
    const unproved = await service.signUp()
    const disabled = await newMember(service)
    await store.change(disabled.id, { status: 'disabled' })
    const calling = async (url: string, body: object) => {
      const before = at.calls.length
      const { status, headers, text } = await at.post(url, body)
      const others = Object.entries(headers).filter(([name]) => !/^(date|ratelimit)/.test(name))
      const same = text.replace(/"(flow|requestId)":"[^"]+"/g, (whole) => whole.slice(0, 8))
      return { status, others, text: same, calls: at.calls.slice(before) }
    }
    const asked = (email: string) => calling(ASK, { email })
    const unknown = await asked(newAccount().email)
    t.equal(unknown.status, 202)
    for (const { email } of [member, unproved, disabled]) t.same(await asked(email), unknown)
    t.same(await mailsTo(service, disabled.email), [])

    const wrong = async (email: string) => {
      const { flow } = (await service.post(ASK, { email })).body
      return calling(CONFIRM, { flow, code: '00000000' })
    }
    const ofUnknown = await wrong(newAccount().email)
    t.match(ofUnknown, { status: 400, text: /TICKET_INVALID/ })
    for (const { email } of [member, unproved, disabled]) t.same(await wrong(email), ofUnknown)

    const decoy = (await messages(service)).find(({ isDecoy }) => isDecoy)
    t.not(decoy?.ticket?.userId, '', 'a decoy has an id of its own')
  })

  t.test('a request for a sign-in mail is told which field is wrong', async (t) => {
    for (const body of [{}, { flow: 'x' }, { code: '1' }, { ticket: 'x', more: 1 }])
      t.match(await service.post(CONFIRM, body), {
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      })
    t.match(await service.post(ASK, { email: 'nowhere' }), { status: 400 })
  })
})

t.test('one of fifty sign-ins by one mail at once succeeds', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
  for (const proofOf of [byLink, byCode]) {
    const account = await newMember(service)
    const mail = await askToSignIn(service, account.email)
    /** Each of them meets another's transaction once. */
    const met = new Set<string>()
    proxy.decide(({ operation, body }: EngineCall): Fate => {
      const [session = ''] = /"sessionId":\{"S":"[^"]+"/.exec(body) ?? []
      if (operation !== 'TransactWriteItems' || session === '' || met.has(session)) return 'pass'
      met.add(session)
      return CONFLICT
    })
    const answers = await parallel(50, () => service.post(CONFIRM, proofOf(mail)))
    proxy.decide(() => 'pass')
    const statuses = tally(answers.map(({ status }) => status))
    t.same(statuses, { 200: 1, 400: 49 })
    t.ok(met.size > 0)
    const { services } = service
    const user = await services.users.find(account.email)
    t.equal(user && (await services.sessions.list(user)).length, 1)
  }
})

const CONFLICT = refusal('TransactionCanceledException', {
  CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
})

t.test(
  'a sign-in by mail opens no session when the account ends between read and write',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
    const { store } = service.services.users
    const ends: Record<string, (id: string) => Promise<unknown>> = {
      'a disabled account': (id) => store.change(id, { status: 'disabled' }),
      'all sessions ended': (id) => store.endSessions(id),
    }
    /** Accounts in which the mail opens a session, and what it is confirmed with. */
    const ways: Record<string, () => Promise<{ account: Account; more?: object; call?: Call }>> = {
      'from an address that it does not know': async () => ({ account: await newMember(service) }),
      'from one that it knows': async () => {
        const account = await newMember(service)
        await service.signIn(account)
        return { account }
      },
      'in a browser that knows one that is unproved': async () => {
        const account = await service.signUp()
        return { account, call: { cookies: await knownBrowser(service, account) } }
      },
      'by a take-over': async () => ({
        account: await service.signUp(),
        more: { startOver: true },
      }),
    }
    for (const [what, end] of Object.entries(ends))
      for (const [how, prepare] of Object.entries(ways))
        t.test(`a sign-in by mail opens no session: ${what}, ${how}`, async (t) => {
          const { account, more, call } = await prepare()
          const mail = await askToSignIn(service, account.email)
          let isEnded = false
          proxy.decide(async ({ operation, body }) => {
            if (operation === 'TransactWriteItems' && body.includes('sessionId') && !isEnded) {
              isEnded = true
              await end(account.id)
            }
            return 'pass' as const
          })
          const answer = await service.post(CONFIRM, { ...byCode(mail), ...more }, call)
          proxy.decide(() => 'pass')
          t.ok(isEnded)
          t.match(answer, INVALID)
        })
  },
)

t.test('signing in by mail to an account whose address was never proved', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['one'], MAIL)

  t.test(
    'a sign-in by mail opens an unproved account in a browser that knows it, and proves its address',
    async (t) => {
      const account = await service.signUp()
      const cookies = await knownBrowser(service, account)
      const mail = await askToSignIn(service, account.email)
      const { status, body } = await service.post(CONFIRM, byCode(mail), { cookies })
      t.equal(status, 200)
      const profile = await service.get('/api/profile', { token: body.accessToken })
      t.match(profile.body.user, { id: account.id, emailVerified: true })
      t.ok(await service.signIn(account), 'the password is the same')
    },
  )

  t.test(
    'a sign-in by mail opens no unproved account by the mailbox alone, and the mail stays good',
    async (t) => {
      const account = await service.signUp()
      const other = await newMember(service)
      const cookies = await knownBrowser(service, other)
      const mail = await askToSignIn(service, account.email)
      for (const proofOf of [byLink, byCode]) {
        t.match(await service.post(CONFIRM, proofOf(mail)), UNPROVED)
        t.match(await service.post(CONFIRM, proofOf(mail), { cookies }), UNPROVED)
      }
      const user = await service.services.users.find(account.email)
      t.not(user?.emailVerified, true)
      const known = await knownBrowser(service, account)
      t.equal((await service.post(CONFIRM, byCode(mail), { cookies: known })).status, 200)
    },
  )

  t.test(
    'by a sign-in mail the mailbox’s owner takes an unproved account over, and a stranger’s things go',
    async (t) => {
      const squatter = await service.signUp()
      const old = await service.signIn(squatter)
      const made = await service.post(`${KEYS}/generate`, { name: 'k' }, { token: old.accessToken })
      const browser = new Browser(service)
      const jar = jarOf(
        await service.post(
          '/api/auth/login',
          { email: squatter.email, password: squatter.password, useCookies: true },
          { headers: OWN_SCRIPT },
        ),
      )
      browser.setCookies(jar)
      const identity = newSubject()
      await providers.one.signIn(browser, identity, '?link=true')
      service.clock.advance(DAY)

      const earlier = await askToSignIn(service, squatter.email)
      const mail = await askToSignIn(service, squatter.email)
      const answer = await service.post(CONFIRM, { ...byCode(mail), startOver: true })
      t.match(answer, { status: 200, body: { user: { id: squatter.id } } })
      const { accessToken: token } = answer.body
      const { body } = await service.get('/api/profile', { token })
      t.match(body.user, { email: squatter.email, emailVerified: true })
      t.same((await service.get(KEYS, { token })).body.keys, [])
      const identities = await service.get('/api/auth/identities', { token })
      t.same(identities.body, { identities: [], hasPassword: false })

      const { refreshToken } = old
      t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
      t.equal(await statusOf(service, made.body.apiKey), 401)
      const { email, password } = squatter
      t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
      t.match(await service.post(CONFIRM, { ...byCode(earlier), startOver: true }), INVALID)
      t.match(service.events('account_taken_over'), [{ userId: squatter.id }])

      const later = await askToSignIn(service, squatter.email)
      t.equal((await service.post(CONFIRM, byLink(later))).status, 200, 'proved from then on')
      t.equal(service.events('account_taken_over').length, 1)
    },
  )

  t.test(
    'a sign-in by mail that may start over takes nothing from an account with a proved address',
    async (t) => {
      const account = await newMember(service)
      const mail = await askToSignIn(service, account.email)
      t.equal((await service.post(CONFIRM, { ...byCode(mail), startOver: true })).status, 200)
      t.ok(await service.signIn(account))
    },
  )

  t.test('a sign-in by mail never gives away an administrator’s account', async (t) => {
    const admin = await service.signUp()
    await service.services.users.store.change(admin.id, { role: 'admin' })
    const mail = await askToSignIn(service, admin.email)
    t.match(await service.post(CONFIRM, { ...byCode(mail), startOver: true }), UNPROVED)
    t.ok(await service.signIn(admin))
  })
})

t.test('a service that sends no mail signs no one in by mail', async (t) => {
  const service = await startService(t)
  const none = { status: 404, body: { code: 'MAIL_NOT_CONFIGURED' } }
  t.match(await service.post(ASK, { email: newAccount().email }), none)
  t.match(await service.post(CONFIRM, { ticket: 'x' }), none)
})
