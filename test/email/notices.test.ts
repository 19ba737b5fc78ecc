import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { Database } from '../../src/dynamodb/database.js'
import { MailDelivery } from '../../src/email/delivery.js'
import type { Mail } from '../../src/email/mailer.js'
import { systemRandom } from '../../src/lib/random.js'
import { changeAddress } from '../support/address-change.js'
import { HOUR, SECOND } from '../support/clock.js'
import { KEYS } from '../support/keys.js'
import { keyOfMail, MAIL, mailsTo, messages, proveAddress, type ReadMail } from '../support/mail.js'
import { jarOf } from '../support/pages.js'
import { callOf, type Party, present } from '../support/party.js'
import { startProxy } from '../support/proxy.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const HEADERS = { 'user-agent': FIREFOX, 'accept-language': 'de' }
const ADMIN = '/api/admin/users'

/** An account that has proved its address, and a token of it. */
async function newMember(service: Service) {
  const account = await service.signUp()
  await proveAddress(service, account.id)
  const { accessToken: token } = await service.signIn(account)
  return { account, token }
}

async function newAdmin(service: Service) {
  const member = await newMember(service)
  await service.services.users.store.change(member.account.id, { role: 'admin' })
  return member
}

const kindsTo = async (service: Service, { email }: Account): Promise<string[]> =>
  (await mailsTo(service, email)).map(({ kind }) => kind)

/** The account is told by one mail, which holds no secret. */
async function checkTold(t: Test, service: Service, account: Account, mail: Partial<ReadMail>) {
  const mails = await mailsTo(service, account.email)
  t.match(mails, [{ account: account.id, isDecoy: false, ...mail }])
  t.equal(mails.length, 1)
  t.notOk(mails[0]?.ticket)
}

t.test('the owner of an account is told by mail', async (t) => {
  const google = { clientId: 'client', clientSecret: 'secret' }
  const env = { ...MAIL, OAUTH_PROVIDERS: JSON.stringify({ google }) }
  const service = await startService(t, { env })

  t.test('a mail tells the owner of a new password', async (t) => {
    const { account, token } = await newMember(service)
    const body = { currentPassword: account.password, newPassword: newAccount().password }
    const call = { token, headers: HEADERS }
    const wrong = { ...body, currentPassword: 'none of the passwords' }
    t.equal((await service.post('/api/auth/password', wrong, call)).status, 401)
    t.same(await kindsTo(service, account), [], 'nothing has changed')
    t.equal((await service.post('/api/auth/password', body, call)).status, 204)
    const facts = { userAgent: FIREFOX }
    await checkTold(t, service, account, { kind: 'password-changed', language: 'de', facts })
  })

  t.test(
    'a mail tells the owner of the password that replaces one which was chosen for them',
    async (t) => {
      const { email, password } = newAccount()
      const chosen = { email, password, mustChangePassword: true } as const
      const { id } = await service.services.users.register(chosen)
      const account = { id, email, password }
      const body = { email, password, newPassword: newAccount().password }
      const wrong = { ...body, password: newAccount().password }
      t.equal((await service.post('/api/auth/login', wrong)).status, 401)
      t.same(await kindsTo(service, account), [], 'nothing has changed')
      t.equal((await service.post('/api/auth/login', body, { headers: HEADERS })).status, 200)
      const facts = { userAgent: FIREFOX }
      await checkTold(t, service, account, { kind: 'password-changed', language: 'de', facts })
    },
  )

  t.test('a mail tells the owner of a new API key, and of a new secret', async (t) => {
    const { account, token } = await newMember(service)
    const call = { token, headers: HEADERS }
    const made = await service.post(`${KEYS}/generate`, { name: 'billing export' }, call)
    t.equal(made.status, 201)
    const facts = { userAgent: FIREFOX, keyName: 'billing export' }
    await checkTold(t, service, account, { kind: 'api-key-created', language: 'de', facts })

    service.clock.advance(SECOND)
    const { id } = made.body.key as { readonly id: string }
    const rotated = await service.post(`${KEYS}/${id}/rotate`, {}, call)
    t.equal(rotated.status, 201)
    const [, notice] = await mailsTo(service, account.email)
    t.match(notice, { kind: 'api-key-rotated', facts })
    const listed = (await service.get(`${KEYS}/${id}`, { token })).body.key
    t.same(listed, rotated.body.key, 'the key is told as it is stored')
    const works = { headers: { 'x-api-key': rotated.body.apiKey as string } }
    t.equal((await service.get('/api/data', works)).status, 200)

    const itself = await service.post(`${KEYS}/${id}/rotate`, {}, works)
    t.equal(itself.status, 201)
    t.equal((await mailsTo(service, account.email)).length, 2, 'not of what the key does itself')
  })

  t.test('a mail tells the owner of a new secret that an administrator gives a key', async (t) => {
    const { account, token } = await newMember(service)
    const admin = await newAdmin(service)
    const made = await service.post(`${KEYS}/generate`, { name: 'k' }, { token })
    service.clock.advance(SECOND)
    const path = `${KEYS}/${made.body.key.id as string}/rotate`
    t.equal((await service.post(path, {}, { token: admin.token })).status, 201)
    t.same(await kindsTo(service, account), ['api-key-created', 'api-key-rotated'])
    t.same(await kindsTo(service, admin.account), [])
  })

  t.test('a mail tells the owner of a linked identity, by the name of its provider', async (t) => {
    const { account } = await newMember(service)
    const user = await service.services.users.store.findById(account.id)
    if (!user) throw new Error('the account is gone')
    const profile = {
      ...{ provider: 'google', issuer: 'https://idp.example', subject: randomUUID() },
      ...{ emailVerified: false, domains: [] },
    }
    const doer = { language: 'en' as const, userAgent: 'u'.repeat(500) }
    await service.services.identities.link(doer, user, profile)
    const [mail] = await mailsTo(service, account.email)
    t.match(mail, { kind: 'identity-linked', facts: { provider: 'Google' } })
    t.equal(mail?.facts?.userAgent?.length, 256, 'what a stranger sends is bounded')
    await service.services.identities.link(doer, user, profile)
    t.equal((await mailsTo(service, account.email)).length, 1, 'once')
  })

  t.test('a mail tells the owner of a new role', async (t) => {
    const { account } = await newMember(service)
    const { token } = await newAdmin(service)
    const change = (body: object) =>
      service.call('PATCH', `${ADMIN}/${account.id}`, { token, body, headers: HEADERS })
    t.equal((await change({ role: 'user', status: 'active' })).status, 200)
    t.same(await kindsTo(service, account), [], 'not of the role that they have')
    t.equal((await change({ role: 'admin' })).status, 200)
    await checkTold(t, service, account, { kind: 'role-changed', facts: { role: 'admin' } })
  })

  t.test(
    'a mail tells the owner of a sign-in from a device that the account does not know',
    async (t) => {
      const { account } = await newMember(service)
      const at = (remoteAddress: string) =>
        service.signIn(account, { remoteAddress, headers: HEADERS })
      t.same(await kindsTo(service, account), [], 'not of the first one')
      await at('127.0.0.1')
      t.same(await kindsTo(service, account), [], 'nor of one from a known address')
      await at('203.0.113.50')
      await checkTold(t, service, account, { kind: 'new-device', facts: { userAgent: FIREFOX } })
      await at('203.0.113.50')
      t.equal((await mailsTo(service, account.email)).length, 1, 'it is known by now')
      const wrong = { email: account.email, password: 'none of the passwords' }
      await service.post('/api/auth/login', wrong, { remoteAddress: '203.0.113.51' })
      t.equal((await mailsTo(service, account.email)).length, 1, 'a failure is no sign-in')
    },
  )

  t.test(
    'no mail tells of a sign-in in a browser that the account knows, wherever it is',
    async (t) => {
      const account = await service.signUp()
      await proveAddress(service, account.id)
      const { email, password } = account
      const body = { email, password, useCookies: true }
      const cookies = jarOf(await service.post('/api/auth/login', body))
      const moved = { cookies, remoteAddress: '203.0.113.60' }
      t.equal((await service.post('/api/auth/login', body, moved)).status, 200)
      t.same(await kindsTo(service, account), [])
    },
  )
})

t.test(
  'a mail tells of the second and the third strike of a session in a row, once each',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const { account } = await newMember(service)
    const owner: Party = {
      ip: '198.51.100.7',
      agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
    }
    const moved: Party = { ...owner, ip: '203.0.113.9' }
    const thieves = ['192.0.2.1', '192.0.2.2'].map((ip): Party => ({ ip, agent: 'curl/8.5' }))
    let { refreshToken: held } = await service.signIn(account, callOf(owner))
    const told = async () => {
      const mails = await mailsTo(service, account.email)
      return mails.filter(({ kind }) => kind === 'session-replayed')
    }
    for (const notices of [0, 1]) {
      const head = await present(service, owner, held)
      service.clock.advance(3 * SECOND)
      await parallel(4, (at) =>
        present(service, at % 2 === 0 ? moved : (thieves[0] as Party), held),
      )
      t.equal((await told()).length, notices)
      held = head.refreshToken
    }
    const head = await present(service, owner, held)
    service.clock.advance(3 * SECOND)
    const last = await parallel(4, () => present(service, thieves[1] as Party, held))
    t.ok(last.every(({ status }) => status === 401))
    t.equal((await told()).length, 2)
    t.match((await told())[1]?.facts, { userAgent: 'curl/8.5' }, 'the one who came second')
    t.match(await present(service, owner, head.refreshToken), { code: 'REFRESH_TOKEN_INVALID' })
  },
)

t.test(
  'an unproved address gets a mail about a new password, and about nothing else',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    t.equal(
      (await service.post(`${KEYS}/generate`, { name: 'spam.example' }, { token })).status,
      201,
    )
    await service.signIn(account, { remoteAddress: '203.0.113.50' })
    t.same(await kindsTo(service, account), [])
    const body = { currentPassword: account.password, newPassword: newAccount().password }
    t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
    t.same(await kindsTo(service, account), ['password-changed'])
  },
)

t.test('a service that sends no mail writes no notice', async (t) => {
  const service = await startService(t)
  const { account, token } = await newMember(service)
  const admin = await newAdmin(service)
  const body = { currentPassword: account.password, newPassword: newAccount().password }
  t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
  const { accessToken } = await service.signIn({ ...account, password: body.newPassword })
  const made = await service.post(`${KEYS}/generate`, { name: 'k' }, { token: accessToken })
  const path = `${KEYS}/${made.body.key.id as string}/rotate`
  t.equal((await service.post(path, {}, { token: accessToken })).status, 201)
  const role = { token: admin.token, body: { role: 'admin' } }
  t.equal((await service.call('PATCH', `${ADMIN}/${account.id}`, role)).status, 200)
  t.same(await messages(service), [])
})

t.test('a change and its notice by mail are written together, or neither', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
  const { account, token } = await newMember(service)
  const body = { currentPassword: account.password, newPassword: newAccount().password }
  proxy.decide(({ operation }) => (operation === 'TransactWriteItems' ? 'fail' : 'pass'))
  t.equal((await service.post('/api/auth/password', body, { token })).status, 503)
  proxy.decide(() => 'pass')
  t.same(await kindsTo(service, account), [])
  t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
  t.same(await kindsTo(service, account), ['password-changed'])
})

t.test('five notices of one kind in an hour become one mail', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { account, token } = await newMember(service)
  const other = await newMember(service)
  const { client, config, services, clock } = service
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
  const make = async (by: string) => {
    clock.advance(SECOND)
    t.equal((await service.post(`${KEYS}/generate`, { name: 'k' }, { token: by })).status, 201)
  }
  const deliver = async () => {
    const open = (await messages(service)).filter((message) => 'to' in message)
    for (const message of open) await delivery.deliver(keyOfMail(message))
    return sent.splice(0)
  }
  for (let made = 0; made < 8; made++) await make(token)
  await make(other.token)
  const mails = await deliver()
  const mine = mails.filter(({ to }) => to === account.email)
  t.equal(mine.length, 5)
  const lasting = mine.filter(({ text }) => text.includes('the fifth mail of its kind'))
  t.same(lasting, mine.slice(4), 'the fifth says that it speaks for those that follow')
  t.equal(mails.filter(({ to }) => to === other.account.email).length, 1, 'another account')
  t.equal(service.events('mail_dropped').length, 3)
  t.match(service.events('mail_dropped')[0], { reason: 'too_many', kind: 'api-key-created' })

  const body = { currentPassword: account.password, newPassword: newAccount().password }
  t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
  t.equal((await deliver()).length, 1, 'another kind counts apart')
  clock.advance(HOUR)
  const password = body.newPassword
  const { accessToken } = await service.signIn({ ...account, password })
  await make(accessToken)
  t.equal((await deliver()).length, 1, 'and so does the next hour')

  clock.advance(HOUR)
  const addresses = [account.email]
  for (let changed = 0; changed < 6; changed++) {
    const email = addresses.at(-1) ?? ''
    const { account: next } = await changeAddress(service, { ...account, email, password })
    addresses.push(next.email)
  }
  const undoing = (await deliver()).filter(({ text }) => text.includes('/undo#'))
  t.same(
    undoing.map(({ to }) => to),
    addresses.slice(0, 5),
    'changes of address too, of which the first undoes all',
  )
})
