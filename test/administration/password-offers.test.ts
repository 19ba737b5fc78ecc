import t, { type Test } from 'tap'
import { PasswordOffers } from '../../src/administration/password-offers.js'
import { Outbox } from '../../src/email/outbox.js'
import { newSecretKey, type SecretKey } from '../../src/keyring/secret-keys.js'
import { systemRandom } from '../../src/lib/random.js'
import { TicketMaker } from '../../src/tickets/ticket-maker.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { newAdmin } from '../support/keys.js'
import { MAIL, mailsTo, messages, proveAddress, secretsOf } from '../support/mail.js'
import { type EngineCall, startProxy } from '../support/proxy.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { ACTING, administrationOf } from '../support/administration.js'

const USERS = '/api/admin/users'
const RESET = '/api/auth/password/reset'
const HELP = ['password-reset', 'verify-address', 'release-address'] as const

async function start(t: Test, options: Parameters<typeof startService>[1] = { env: MAIL }) {
  const service = await startService(t, options)
  const admin = await newAdmin(service)
  const { accessToken: token } = await service.signIn(admin.account)
  const help = (id: string, how: string, by = token) =>
    service.call('POST', `${USERS}/${id}/${how}`, { token: by })
  return { service, admin, token, help }
}

const acts = (service: Service) =>
  service.events('authz_admin').map(({ userId, targetId, action }) => [userId, targetId, action])

t.test('an administrator lets a user choose a new password, and sees no secret', async (t) => {
  const { service, admin, help } = await start(t)
  const account = await service.signUp()
  await proveAddress(service, account.id)
  const { refreshToken } = await service.signIn(account)
  const answer = await help(account.id, 'password-reset')
  t.match(answer, { status: 204, text: '' })
  t.same(acts(service), [[admin.id, account.id, 'offer_password']])
  const still = await service.post('/api/auth/refresh', { refreshToken })
  t.equal(still.status, 200, 'until the link is used, nothing changes')

  const mails = await mailsTo(service, account.email)
  t.match(mails, [{ kind: 'password-offer', ticket: { kind: 'password-reset' } }])
  const { secret: ticket } = mails[0] ?? { secret: '' }
  const { password } = newAccount()
  t.equal((await service.post(RESET, { ticket, newPassword: password })).status, 204)
  t.equal(
    (await service.post('/api/auth/login', { ...credentials(account), password })).status,
    200,
  )
  const again = await service.post(RESET, { ticket, newPassword: newAccount().password })
  t.match(again, { status: 400, body: { code: 'TICKET_INVALID' } })
})

t.test(
  'an administrator’s password offer by the command line, which reads no ticket key',
  async (t) => {
    const { service } = await start(t)
    const { clock, config, keyRing, services } = service
    const { database, mailRequests: requests } = services
    const making = { clock, random: systemRandom }
    const tickets = new TicketMaker({ table: config.tables.tickets, ...making })
    const outbox = new Outbox({ table: config.tables.events, ...making })
    const offers = new PasswordOffers({
      ...{ requests, tickets, outbox },
      usersTable: config.tables.users,
    })
    const offer = async () => {
      const account = await service.signUp()
      await proveAddress(service, account.id)
      const user = await services.users.find(account.email)
      if (!user) throw new Error('the account is gone')
      await offers.send(ACTING, user, [])
      return { account, user }
    }
    const reset = (ticket: string, at = service) =>
      at.post(RESET, { ticket, newPassword: newAccount().password })
    /** Keys that take the place of those that there are. */
    const change = async (next: (keys: readonly SecretKey[]) => readonly SecretKey[]) => {
      const { ring, revision } = (await keyRing.stores.ticketKeys.read()) ?? { revision: 0 }
      const changed = { ring: { keys: next(ring?.keys ?? []) }, revision: revision + 1 }
      t.ok(await keyRing.stores.ticketKeys.write(changed))
    }
    const fresh = () => newSecretKey(clock(), clock(), systemRandom)

    t.test(
      'a password offer by an administrator’s mail has a link, good once, and no other secret',
      async (t) => {
        const { account } = await offer()
        const [mail] = await mailsTo(service, account.email)
        t.match(mail, { kind: 'password-offer', ticket: { keyId: undefined } })
        const { secret = '' } = mail ?? {}
        const wrong = secret.slice(0, -2) + (secret.endsWith('AA') ? 'BA' : 'AA')
        t.equal((await reset(wrong)).status, 400)
        t.equal((await reset(secret)).status, 204)
        t.equal((await reset(secret)).status, 400)
      },
    )

    t.test('a password offer by an administrator’s mail has no code', async (t) => {
      const { user } = await offer()
      const asking = { kind: 'password-reset', address: user.email, user } as const
      const { flow, ticket, item } = await tickets.issue(asking)
      await database.writeTogether([{ item }])
      const { code } = await secretsOf(service, ticket)
      const answer = await service.post(RESET, { flow, code, newPassword: newAccount().password })
      t.match(answer, { status: 400, body: { code: 'TICKET_INVALID' } })
    })

    t.test(
      'an administrator’s password offer outlives its key’s successor, and not its replacement',
      async (t) => {
        const [one, other] = [await offer(), await offer()]
        const secrets = await Promise.all(
          [one, other].map(
            async ({ account }) => (await mailsTo(service, account.email))[0]?.secret,
          ),
        )
        await change((keys) => [...keys, fresh()])
        const late = await startService(t, { beside: service, env: MAIL })
        t.equal((await reset(secrets[0] ?? '', late)).status, 204)
        await change(() => [fresh()])
        const later = await startService(t, { beside: service, env: MAIL })
        t.equal((await reset(secrets[1] ?? '', later)).status, 400)
      },
    )

    t.test(
      'an administrator’s password offer is good at an instance that has not read the newest key yet',
      async (t) => {
        await change((keys) => [...keys, fresh()])
        const worker = await startService(t, { beside: service, env: MAIL })
        const { account } = await offer()
        const [mail] = await mailsTo(worker, account.email)
        clock.advance(11 * SECOND)
        t.equal((await reset(mail?.secret ?? '')).status, 204)
      },
    )
  },
)

t.test('strangers cannot use up the password mails that administrators send', async (t) => {
  const { service, help } = await start(t)
  const account = await service.signUp()
  await proveAddress(service, account.id)
  const { email } = account
  for (let asked = 0; asked < 5; asked++) {
    await service.post(
      '/api/auth/password/forgot',
      { email },
      { remoteAddress: `192.0.2.${asked}` },
    )
  }
  t.equal((await help(account.id, 'password-reset')).status, 204)
  const kinds = (await mailsTo(service, email)).map(({ kind }) => kind)
  t.ok(kinds.includes('password-offer'))
})

t.test('an administrator confirms a user’s address, and its owner is told', async (t) => {
  const { service, admin, token, help } = await start(t)
  const account = await service.signUp()
  const { refreshToken } = await service.signIn(account)
  const answer = await help(account.id, 'verify-address')
  t.match(answer, { status: 200, body: { user: { id: account.id, emailVerified: true } } })
  const { body } = await service.get(`${USERS}/${account.id}`, { token })
  t.match(body.user, { emailVerified: true })
  t.match(await service.services.users.store.findById(account.id), { provedByMail: true })
  t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 200, 'sessions go on')

  t.equal((await help(account.id, 'verify-address')).status, 200, 'again')
  t.match(await mailsTo(service, account.email), [
    { kind: 'address-verified', account: account.id },
  ])
  t.equal((await mailsTo(service, account.email)).length, 1, 'is told once')
  t.same(acts(service)[0], [admin.id, account.id, 'verify_address'])
})

t.test('an administrator takes a user’s address, and its owner is told', async (t) => {
  const { service, admin, help } = await start(t)
  const account = await service.signUp()
  const { refreshToken } = await service.signIn(account)
  const answer = await help(account.id, 'release-address')
  t.match(answer, { status: 200, body: { user: { id: account.id, emailVerified: false } } })
  t.notMatch(answer.text, account.email)
  t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 401)
  t.match(await mailsTo(service, account.email), [{ kind: 'address-released' }])
  t.same(acts(service), [[admin.id, account.id, 'release_address']])
  for (const how of HELP) {
    const none = await help(account.id, how)
    t.match(none, { status: 409, body: { code: 'NO_ADDRESS' } }, how)
  }
  t.equal(acts(service).length, 1, 'what was not done is not recorded')
  t.ok(await service.signUp({ ...newAccount(), email: account.email }), 'it is free')
})

t.test('the admin command line helps administrators too, who are told', async (t) => {
  const { service, admin } = await start(t)
  const { users } = service.services
  const administration = administrationOf(service)
  await administration.verifyAddress(ACTING, admin.id)
  t.match(await users.store.findById(admin.id), { emailVerified: true, provedByMail: true })
  service.clock.advance(MINUTE)
  await administration.releaseAddress(ACTING, admin.id)
  t.notOk((await users.store.findById(admin.id))?.email)
  const kinds = (await mailsTo(service, admin.account.email)).map(({ kind }) => kind)
  t.same(kinds, ['address-verified', 'address-released'])
})

t.test('what administrators may not do to users’ passwords and addresses', async (t) => {
  const { service, admin, token, help } = await start(t)
  const account = await service.signUp()
  const other = await newAdmin(service)
  const before = (await messages(service)).length
  for (const how of HELP) {
    for (const id of [other.id, admin.id]) {
      const refused = await help(id, how)
      t.match(refused, { status: 403, body: { code: 'ADMIN_ACCOUNT' } }, how)
      t.match(refused.body.detail, /^Use the command line: latchkey admin [a-z]+-address /)
    }
    t.match(await help('unknown', how), { status: 404, body: { code: 'USER_NOT_FOUND' } }, how)
    const { accessToken } = await service.signIn(account)
    t.equal((await help(account.id, how, accessToken)).status, 403, how)
  }
  const disable = { token, body: { status: 'disabled' } }
  t.equal((await service.call('PATCH', `${USERS}/${account.id}`, disable)).status, 200)
  const disabled = await help(account.id, 'password-reset')
  t.match(disabled, { status: 403, body: { code: 'ACCOUNT_DISABLED' } })

  const { refreshToken } = await service.signIn(admin.account)
  service.clock.advance(15 * MINUTE)
  const { body } = await service.post('/api/auth/refresh', { refreshToken })
  for (const how of HELP) {
    const late = await help(account.id, how, body.accessToken)
    t.match(late, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } }, how)
  }
  t.equal((await messages(service)).length, before, 'and no mail is sent')
  t.same(
    acts(service).map(([, , action]) => action),
    ['status'],
  )
})

t.test(
  'an administrator who is demoted while a user’s change is written does nothing',
  async (t) => {
    const proxy = await startProxy(t)
    const { service, admin, help } = await start(t, { env: MAIL, endpoint: proxy.endpoint })
    const isWrite = ({ operation, body }: EngineCall) =>
      operation === 'TransactWriteItems' && body.includes('-users')
    const { store } = service.services.users
    for (const how of HELP) {
      const account = await service.signUp()
      let isDemoted = false
      proxy.decide(async (call) => {
        if (isWrite(call) && !isDemoted) {
          isDemoted = true
          await store.change(admin.id, { role: 'user' })
        }
        return 'pass' as const
      })
      const answer = await help(account.id, how)
      proxy.decide(() => 'pass')
      t.match(answer, { status: 403, body: { code: 'FORBIDDEN' } }, how)
      t.same(await mailsTo(service, account.email), [], how)
      await store.change(admin.id, { role: 'admin' })
    }
    t.same(acts(service), [])
  },
)

t.test(
  'a user who becomes an administrator while another changes them is left alone',
  async (t) => {
    const proxy = await startProxy(t)
    const { service, help } = await start(t, { env: MAIL, endpoint: proxy.endpoint })
    const { store } = service.services.users
    for (const how of ['verify-address', 'release-address']) {
      const account = await service.signUp()
      let isPromoted = false
      proxy.decide(async ({ operation, body }) => {
        if (operation === 'TransactWriteItems' && body.includes('-users') && !isPromoted) {
          isPromoted = true
          await store.change(account.id, { role: 'admin' })
        }
        return 'pass' as const
      })
      const answer = await help(account.id, how)
      proxy.decide(() => 'pass')
      t.match(answer, { status: 403, body: { code: 'ADMIN_ACCOUNT' } }, how)
      t.match(await store.findById(account.id), { email: account.email, role: 'admin' })
      t.notOk((await store.findById(account.id))?.emailVerified)
    }
  },
)

t.test(
  'without mail, administrators confirm and release users’ addresses all the same',
  async (t) => {
    const { service, help } = await start(t, {})
    const account = await service.signUp()
    const offered = await help(account.id, 'password-reset')
    t.match(offered, { status: 404, body: { code: 'MAIL_NOT_CONFIGURED' } })
    t.equal((await help(account.id, 'verify-address')).status, 200)
    t.equal((await help(account.id, 'release-address')).status, 200)
    t.same(await messages(service), [])
  },
)

const credentials = ({ email, password }: { email: string; password: string }) => ({
  email,
  password,
})
