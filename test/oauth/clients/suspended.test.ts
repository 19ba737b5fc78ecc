import t from 'tap'
import { en } from '../../../src/pages/texts/en.js'
import { basicOf } from '../../support/apps.js'
import { DAY, MINUTE } from '../../support/clock.js'
import { newAdmin } from '../../support/keys.js'
import { lastMail, MAIL, mailsTo, proveAddress } from '../../support/mail.js'
import { jarOf, submit } from '../../support/pages.js'
import { startProxy } from '../../support/proxy.js'
import { type Account, newAccount, type Service, startService } from '../../support/service.js'
import { recordSecret } from '../../support/transcript.js'

const PATH = '/api/admin/clients'
const URI = 'https://orders.example.com/callback'

interface App {
  readonly id: string
  readonly secret: string
}

const tokenOf = async (service: Service, account: Account): Promise<string> =>
  (await service.signIn(account)).accessToken

async function register(service: Service, token: string, name: string): Promise<App> {
  const { body } = await service.post(PATH, { name, redirectUris: [URI] }, { token })
  return { id: body.client.id, secret: body.clientSecret }
}

/** What the token endpoint says to an app whose code is none: `invalid_client` where it does not know the app. */
async function errorFor(service: Service, { id, secret }: App): Promise<string> {
  const fields = { grant_type: 'authorization_code', code: 'none', redirect_uri: URI }
  const { body } = await service.call('POST', '/oauth/token', {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basicOf(id, secret),
    },
    body: new URLSearchParams({ ...fields, code_verifier: 'v'.repeat(43) }).toString(),
  })
  return body.error
}

const isKnown = async (service: Service, app: App) =>
  (await errorFor(service, app)) !== 'invalid_client'

/** An administrator with an app of last month, a thief with the password and an app, and another administrator. */
async function scene(service: Service) {
  const { id, account } = await newAdmin(service)
  await proveAddress(service, id)
  const older = await register(service, await tokenOf(service, account), 'Older')
  service.clock.advance(30 * DAY)
  const other = await newAdmin(service)
  const foreign = await register(service, await tokenOf(service, other.account), 'Foreign')
  const planted = await register(service, await tokenOf(service, account), 'Planted')
  service.clock.advance(MINUTE)
  for (const app of [older, foreign, planted]) {
    if (!(await isKnown(service, app))) throw new Error('an app is not known')
  }
  return { id, account, other: other.account, older, foreign, planted }
}

/** @returns the account with its new password. */
async function reset(service: Service, account: Account): Promise<Account> {
  await service.post('/api/auth/password/forgot', { email: account.email })
  const { secret: ticket } = await lastMail(service, account.email)
  const { password } = newAccount()
  recordSecret('password', password)
  const how = { ticket, newPassword: password }
  const { status } = await service.post('/api/auth/password/reset', how)
  if (status !== 204) throw new Error(`the reset answered ${status}`)
  return { ...account, password }
}

t.test('a reset suspends the OAuth clients that an administrator registered lately', async (t) => {
  const service = await startService(t, { env: MAIL })
  const { id, account, other, older, foreign, planted } = await scene(service)
  await reset(service, account)
  t.notOk(await isKnown(service, planted))
  t.ok(await isKnown(service, older), 'an older app goes on')
  t.ok(await isKnown(service, foreign), 'and so does that of another')
  const query = new URLSearchParams({ client_id: planted.id, redirect_uri: URI })
  const asked = await service.get(`/oauth/authorize?${query.toString()}`)
  t.match(asked, { status: 400 }, 'no one is led there')
  t.match(service.events('client_suspended'), [
    { userId: id, clientId: planted.id, reason: 'password_reset' },
  ])
  const told = (await mailsTo(service, account.email)).filter(
    ({ kind }) => kind === 'app-suspended',
  )
  t.match(told, [{ facts: { appName: 'Planted' } }])

  const token = await tokenOf(service, other)
  const path = `${PATH}/${planted.id}`
  const suspended = { status: 'suspended', suspendedReason: 'password_reset' }
  t.match((await service.get(path, { token })).body.client, suspended)
  const renamed = await service.call('PATCH', path, { token, body: { name: 'New' } })
  t.match(renamed.body.client, suspended, 'another change does not enable it')
  const wrong = await service.call('PATCH', path, { token, body: { status: 'suspended' } })
  t.equal(wrong.status, 400)
  t.same(service.events('client_suspension_lifted'), [])
  const lifted = await service.call('PATCH', path, { token, body: { status: 'active' } })
  t.match(lifted.body.client, { status: 'active', suspendedReason: null })
  t.ok(await isKnown(service, planted))
  t.match(service.events('client_suspension_lifted'), [{ clientId: planted.id }])
})

t.test(
  'a changed password suspends OAuth clients, and administrators enable them on a page',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const { account, other, planted } = await scene(service)
    const { password: newPassword } = newAccount()
    recordSecret('password', newPassword)
    const body = { currentPassword: account.password, newPassword }
    const token = await tokenOf(service, account)
    t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
    t.notOk(await isKnown(service, planted))

    const { email, password } = other
    const cookies = jarOf(await submit(service, '/login', { email, password }))
    const path = `/dashboard/apps/${planted.id}`
    t.match((await service.get('/dashboard/apps', { cookies })).text, en['clients.suspended'])
    t.match((await service.get(path, { cookies })).text, `action="${path}/enable"`)
    const enabled = await submit(service, `${path}/enable`, {}, { cookies })
    t.match(enabled, { status: 303, headers: { location: `${path}?done=CLIENT_ENABLED` } })
    t.ok(await isKnown(service, planted))
    t.notMatch((await service.get(path, { cookies })).text, `${path}/enable`)
  },
)

t.test('an OAuth client is not suspended where its owner says so', async (t) => {
  const service = await startService(t)
  const { account, planted } = await scene(service)
  const { password: newPassword } = newAccount()
  recordSecret('password', newPassword)
  const body = {
    ...{ currentPassword: account.password, newPassword },
    suspendRecentCredentials: false,
  }
  const token = await tokenOf(service, account)
  t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
  t.ok(await isKnown(service, planted))
  t.same(service.events('client_suspended'), [])
})

t.test(
  'OAuth clients that an outage leaves are suspended with the next request of their owner',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { env: MAIL, endpoint: proxy.endpoint })
    const { account, planted } = await scene(service)
    const { clients } = service.config.tables
    proxy.decide(({ body }) => (body.includes(clients) ? 'fail' : 'pass'))
    const changed = await reset(service, account)
    proxy.decide(() => 'pass')
    t.ok(await isKnown(service, planted), 'it is not done yet')
    const token = await tokenOf(service, changed)
    t.equal((await service.get('/api/auth/sessions', { token })).status, 200)
    t.notOk(await isKnown(service, planted))
  },
)
