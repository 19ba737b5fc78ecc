import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { AppClient } from '../../src/oauth/clients/client.js'
import type { Asked } from '../../src/oauth/consents.js'
import type { AppGrant } from '../../src/sessions/app-grant.js'
import type { User } from '../../src/users/user.js'
import { signInToApp } from '../support/app-tokens.js'
import { MINUTE } from '../support/clock.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

const CONSENTS = '/api/auth/consents'

const newClient = (of: Partial<AppClient> = {}): AppClient => ({
  clientId: 'app_4Vt1yHqgJ0mJ0JvVw5R1xg',
  name: 'Orders',
  redirectUris: ['https://app.example.org/cb'],
  postLogoutRedirectUris: [],
  isFirstParty: false,
  isPublic: true,
  secrets: [],
  createdAt: 0,
  createdBy: 'command_line',
  ...of,
})

const asking = (of: Partial<Asked> = {}): Asked => ({
  redirectUri: 'https://app.example.org/cb',
  scopes: ['openid', 'orders:read'],
  resources: ['https://orders.example.com'],
  ...of,
})

const userOf = async (service: Service, { id }: Account): Promise<User> =>
  (await service.services.users.store.findById(id)) as User

const consentsOf = async (service: Service) => (await service.services.late.load()).consents

/** A person allows an app what it asks for. */
async function allow(service: Service, account: Account, client = newClient(), asked = asking()) {
  const consents = await consentsOf(service)
  const parts = consents.keeping({}, await userOf(service, account), client, asked)
  await service.services.database.writeTogether([NOTHING(service), ...parts])
  // One is the event.
  return parts.length > 1
}

/** Stands for the rest of the transaction. */
const NOTHING = ({ config: { tables } }: Service) => ({
  item: { Put: { TableName: tables.tickets, Item: { pk: 'authorization-code#of-a-test' } } },
})

interface Listed {
  readonly clientId: string
  readonly redirectHost: string | null
}

/** A session that an app has of a person. */
async function openForApp(service: Service, account: Account, app: Partial<AppGrant>) {
  const device = { ip: '198.51.100.7', log: service.app.log }
  await service.services.sessions.openForApp(await userOf(service, account), device, {
    sessionId: randomUUID(),
    app: { clientId: '', name: '', isFirstParty: false, scopes: ['openid'], resources: [], ...app },
    parentSessionId: undefined,
    amr: ['pwd'],
    authTime: service.clock(),
    alongside: [],
  })
}

const isCovered = async (
  service: Service,
  account: Account,
  client = newClient(),
  asked = asking(),
) => (await consentsOf(service)).isCovered(await userOf(service, account), client, asked)

t.test(
  'a consent to an app is for what it was asked for, and anything new asks again',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    t.notOk(await isCovered(service, account))
    t.ok(await allow(service, account))
    t.ok(await isCovered(service, account))
    t.ok(await isCovered(service, account, undefined, asking({ scopes: ['openid'] })), 'or less')
    const others: Readonly<Record<string, readonly [AppClient, Asked]>> = {
      'another app': [newClient({ clientId: 'app_AAAAAAAAAAAAAAAAAAAAAA' }), asking()],
      'another scope': [newClient(), asking({ scopes: ['openid', 'orders:write'] })],
      'another API': [newClient(), asking({ resources: ['https://billing.example.com'] })],
      'another host': [newClient(), asking({ redirectUri: 'https://app.example.net/cb' })],
      'another port': [newClient(), asking({ redirectUri: 'https://app.example.org:8443/cb' })],
      'a name that every object has': [newClient({ clientId: 'constructor' }), asking()],
    }
    for (const [what, [client, asked]] of Object.entries(others)) {
      t.notOk(await isCovered(service, account, client, asked), what)
    }
    t.notOk(await isCovered(service, await service.signUp()), 'another person')
  },
)

t.test('the team’s own app asks for no consent where every redirect URI is https', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  t.ok(await isCovered(service, account, newClient({ isFirstParty: true })))
  for (const uri of ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb']) {
    const client = newClient({
      isFirstParty: true,
      redirectUris: ['https://app.example.org/cb', uri],
    })
    t.notOk(await isCovered(service, account, client), `but also ${uri}`)
  }
})

t.test('an app that no certificate tells apart asks for consent each time', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  for (const isFirstParty of [true, false]) {
    for (const redirectUri of ['http://127.0.0.1:3000/cb', 'com.example.app:/cb']) {
      const client = newClient({ isFirstParty, redirectUris: [redirectUri] })
      t.notOk(await allow(service, account, client, asking({ redirectUri })), redirectUri)
      t.notOk(await isCovered(service, account, client, asking({ redirectUri })))
    }
  }
  const document = newClient({
    clientId: 'https://app.example.org/client.json',
    isDocument: true,
  })
  t.notOk(await allow(service, account, document), 'and so does a client document')
  t.notOk(await isCovered(service, account, document))
})

t.test('fifty consents are kept, and the one given longest ago goes for one more', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const clients = Array.from({ length: 51 }, (_, at) =>
    newClient({ clientId: `app_${String(at).padStart(22, '0')}` }),
  )
  for (const client of clients) {
    service.clock.advance(1)
    await allow(service, account, client)
  }
  const { accessToken: token } = await service.signIn(account)
  const { body } = await service.get(CONSENTS, { token })
  t.equal(body.consents.length, 50)
  t.equal(body.consents[0].clientId, clients[50]?.clientId, 'the latest first')
  t.notOk(await isCovered(service, account, clients[0]))
  t.ok(await isCovered(service, account, clients[1]))
})

t.test('an account that changes meanwhile keeps no consent, and the rest is written', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const consents = await consentsOf(service)
  const before = await userOf(service, account)
  const late = consents.keeping({}, before, newClient(), asking())
  await allow(service, account, newClient({ clientId: 'app_BBBBBBBBBBBBBBBBBBBBBB' }))
  await service.services.database.writeTogether([NOTHING(service), ...late])
  t.notOk(await isCovered(service, account))
  const other = newClient({ clientId: 'app_BBBBBBBBBBBBBBBBBBBBBB' })
  t.ok(await isCovered(service, account, other), 'and takes no other away')
})

t.test('a person lists consents to apps, and takes one back', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  t.same((await service.get(CONSENTS, { token })).body, { consents: [] })
  await allow(service, account)
  const clientId = 'app_4Vt1yHqgJ0mJ0JvVw5R1xg'
  const listed = {
    clientId,
    name: 'Orders',
    scopes: ['openid', 'orders:read'],
    resources: ['https://orders.example.com'],
    redirectHost: 'app.example.org',
    at: new Date(service.clock()).toISOString(),
  }
  t.same((await service.get(CONSENTS, { token })).body, { consents: [listed] })

  const other = (await service.signIn(await service.signUp())).accessToken
  const foreign = await service.delete(`${CONSENTS}/${clientId}`, { token: other })
  t.match(foreign, { status: 404, body: { code: 'CONSENT_NOT_FOUND' } }, 'their own alone')
  t.equal((await service.delete(`${CONSENTS}/${clientId}`, { token })).status, 204)
  t.match(service.events('consent_withdrawn'), [{ userId: account.id, clientId }])
  t.same((await service.get(CONSENTS, { token })).body, { consents: [] })
  t.notOk(await isCovered(service, account))
  const again = await service.delete(`${CONSENTS}/${clientId}`, { token })
  t.match(again, { status: 404, body: { code: 'CONSENT_NOT_FOUND' } })
})

t.test(
  'a consent that is taken back ends the sessions of the app, and those of no other',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    await allow(service, account)
    const others = { phone: 'app_CCCCCCCCCCCCCCCCCCCCCC', own: 'app_DDDDDDDDDDDDDDDDDDDDDD' }
    await openForApp(service, account, { clientId: newClient().clientId, name: 'Orders' })
    service.clock.advance(1)
    await openForApp(service, account, { clientId: others.phone, name: 'Phone' })
    await openForApp(service, account, { clientId: others.own, name: 'Own', isFirstParty: true })

    const listed = async () => {
      const { body } = await service.get(CONSENTS, { token })
      return body.consents.map(({ clientId, redirectHost }: Listed) => [clientId, redirectHost])
    }
    const phone = [others.phone, null]
    t.same(await listed(), [phone, [newClient().clientId, 'app.example.org']], 'but the team’s own')
    const names = async () => {
      const { body } = await service.get('/api/auth/sessions', { token })
      return body.sessions.flatMap(({ app }: { app?: { name: string } }) => app?.name ?? []).sort()
    }
    t.same(await names(), ['Orders', 'Own', 'Phone'])
    const path = `${CONSENTS}/${newClient().clientId}`
    t.equal((await service.delete(path, { token })).status, 204)
    t.same(await names(), ['Own', 'Phone'])
    t.equal((await service.delete(`${CONSENTS}/${others.phone}`, { token })).status, 204)
    t.same(await names(), ['Own'], 'also where only sessions are kept')
    t.same(await listed(), [])
    t.equal((await service.delete(`${CONSENTS}/${others.phone}`, { token })).status, 404)
  },
)

t.test(
  'a consent that is taken back ends the codes of the app that are not used yet',
  async (t) => {
    const service = await startService(t)
    const app = await signInToApp(service)
    const withdraw = () =>
      service.delete(`${CONSENTS}/${app.client.clientId}`, { token: app.browser.accessToken })
    for (const hasConsent of [true, false]) {
      await app.tokens()
      if (hasConsent) await allow(service, app.account, app.client)
      const held = await app.newCode({ scopes: ['openid', 'offline_access'] })
      t.equal((await withdraw()).status, 204)
      t.match(await app.redeem(held), { status: 400, body: { error: 'invalid_grant' } })
      service.clock.advance(1)
      t.equal((await app.redeem(await app.newCode())).status, 200, 'and a new one is good')
    }
  },
)

t.test('a new password takes back the consents that a thief may have given', async (t) => {
  const service = await startService(t)
  for (const suspendRecentCredentials of [true, false]) {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    await allow(service, account)
    service.clock.advance(MINUTE)
    const { password: currentPassword } = account
    const body = { currentPassword, newPassword: newAccount().password, suspendRecentCredentials }
    t.equal((await service.post('/api/auth/password', body, { token })).status, 204)
    t.equal(await isCovered(service, account), !suspendRecentCredentials)
  }
})
