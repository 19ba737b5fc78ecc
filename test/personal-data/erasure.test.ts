import t from 'tap'
import { leavingAnother } from '../../src/entry/admin-erasure.js'
import { Database } from '../../src/dynamodb/database.js'
import { Problem } from '../../src/http/problem.js'
import { UsersStore } from '../../src/users/store.js'
import { ACTING, administrationOf, erasureOf } from '../support/administration.js'
import { Browser } from '../support/browser.js'
import { DAY, MINUTE } from '../support/clock.js'
import {
  allItems,
  assertGone,
  isAbout,
  itemsWith,
  makeFullAccount,
} from '../support/full-account.js'
import { startWithOpenProviders } from '../support/identity-provider.js'
import { kindOf, PERSONAL_KINDS } from '../support/item-kinds.js'
import { getData, newAdmin, newOwner, setAdminSince } from '../support/keys.js'
import { deliveryOf, keyOfMail, MAIL, messages } from '../support/mail.js'
import { startProxy } from '../support/proxy.js'
import { newAccount, startService } from '../support/service.js'
import { withRoutes } from '../support/routes.js'

const ACCOUNT = '/api/account'
const ENV = { ...MAIL, EMAIL_VERIFICATION: 'optional' }

t.test('the erasure of a person who deletes their account leaves nothing', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], ENV)
  const person = await makeFullAccount(t, service, providers.north)
  const { account, token, apiKey, addresses, subject } = person
  const before = await itemsWith(service, [account.id, ...addresses, ...person.keyIds])
  const kinds = new Set(before.map(({ table, item }) => kindOf(table, item)))
  t.same([...kinds].sort(), [...PERSONAL_KINDS.keys()].sort(), 'every kind is there')

  const kept = (await allItems(service)).events?.filter(({ userId }) => userId === account.id) ?? []
  const lines = service.logs.length
  const answer = await service.delete(ACCOUNT, { token })
  t.equal(answer.status, 204)
  t.equal(answer.headers['clear-site-data'], '"cache", "storage"')

  await t.test('a deleted account leaves tombstones alone', (t) => assertGone(t, service, person))

  await t.test('a deleted account leaves events without a name, an address or an id', async (t) => {
    const events = (await allItems(service)).events ?? []
    const [erased] = events.filter(({ event }) => event === 'account_erased')
    t.match(erased?.userId, /^erased-/)
    const left = events.filter(({ userId }) => userId === erased?.userId)
    t.equal(left.length, kept.length + 1)
    t.notOk(isAbout(left, ['Ada', 'ip', 'userAgent', 'sessionId', 'keyId', 'identityId']))
  })

  await t.test('a deleted account is in no line of the log from then on', async (t) => {
    const logged = service.logs.slice(lines)
    t.match(logged, [{ event: 'account_erased', userId: /^erased-/ }])
    t.notOk(isAbout(logged, [account.id, ...addresses, ...person.keyIds]))
  })

  await t.test('a deleted account opens nothing any more', async (t) => {
    const { email, password } = account
    t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
    t.equal((await service.get('/api/auth/sessions', { token })).status, 401)
    t.equal((await service.delete(ACCOUNT, { token })).status, 401)
    t.equal((await getData(service, apiKey)).status, 401)
  })

  await t.test('the address and the identity of a deleted account are free at once', async (t) => {
    for (const email of addresses) {
      const { password } = newAccount()
      t.equal((await service.post('/api/auth/register', { email, password })).status, 201)
    }
    const other = new Browser(service)
    await providers.north.signIn(other, { ...subject, email: newAccount().email })
    t.ok(other.cookies())
  })
})

t.test('an account that is deleted is not made again', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], ENV)
  const person = await makeFullAccount(t, service, providers.north)
  const { account, token, addresses } = person
  const user = await service.services.users.store.findById(account.id)
  const mails = (await messages(service)).filter(({ to }) => addresses.includes(to))
  t.equal((await service.delete(ACCOUNT, { token })).status, 204)

  await t.test(
    'a token of the last 15 minutes makes no item of a deleted account at any route',
    async (t) => {
      const { app, routes } = await withRoutes(() => startService(t, { beside: service, env: ENV }))
      const before = await allItems(service)
      for (const { method, url } of routes) {
        if (method === 'HEAD' || method === 'OPTIONS' || url.includes('*')) continue
        const path = url.replaceAll(/:\w+/g, account.id)
        for (const call of [{ token }, { headers: { 'x-api-key': person.apiKey } }]) {
          const body = method === 'GET' || method === 'DELETE' ? undefined : {}
          await app.call(method, path, { ...call, ...(body && { body }) })
        }
      }
      await assertGone(t, service, person)
      t.same((await allItems(service)).users, before.users)
    },
  )

  await t.test('a write that comes again does not make a deleted account again', async (t) => {
    if (!user) throw new Error('there was no user')
    const { store } = service.services.users
    await t.rejects(store.create({ ...user, email: newAccount().email }), Problem)
    t.notOk(await store.change(account.id, { role: 'admin', status: 'active' }))
    t.notOk(await store.endSessions(account.id))
    await assertGone(t, service, person)
  })

  await t.test('a mail in the queue is not sent to an erased account', async (t) => {
    const sent: unknown[] = []
    const { client, config } = service
    const delivery = deliveryOf(service, { send: async (mail) => void sent.push(mail) })
    t.ok(mails.length > 0)
    for (const mail of mails) t.equal(await delivery.deliver(keyOfMail(mail)), 'dropped')
    // One that was written a moment after the tombstone.
    const database = new Database(client)
    const late = mails.find((mail) => keyOfMail(mail).userId.endsWith(account.id))
    await database.put({ TableName: config.tables.events, Item: { ...late } })
    t.equal(await delivery.deliver(keyOfMail(late as never)), 'dropped')
    t.same(sent, [])
    await assertGone(t, service, person)
  })
})

t.test(
  'what a request under way has left of a deleted account goes when the command line looks again',
  async (t) => {
    const service = await startService(t)
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const { events = [], refreshTokens = [] } = await allItems(service)
    t.equal((await service.delete(ACCOUNT, { token })).status, 204)
    const { tables } = service.config
    const database = new Database(service.client)
    await database.put({ TableName: tables.refreshTokens, Item: { ...refreshTokens[0] } })
    await database.put({ TableName: tables.events, Item: { ...events[0] } })
    t.ok(await erasureOf(service).again(account.id))
    await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
    t.notOk(await erasureOf(service).again('no-one'))
  },
)

t.test('an account is deleted by those who may', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)

  t.test('an account is deleted by its owner after a recent sign-in alone', async (t) => {
    const { accessToken: token } = await service.signIn(await service.signUp())
    service.clock.advance(15 * MINUTE)
    const late = await service.delete(ACCOUNT, { token })
    t.match(late, { status: 401, body: { code: /TOKEN_EXPIRED|RECENT_SIGN_IN_REQUIRED/ } })
  })

  t.test(
    'an account is deleted by an administrator, in an event that does not name it',
    async (t) => {
      const owner = await newOwner(service)
      t.equal((await admin.admin('DELETE', `/${owner.id}`)).status, 204)
      const { account } = owner
      await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
      const [event] = ((await allItems(service)).events ?? []).filter(({ facts }) =>
        isAbout(facts ?? {}, ['"delete"']),
      )
      t.match(event, { userId: /^erased-/, actorId: admin.id, event: 'authz_admin' })
      t.match(await admin.admin('DELETE', `/${owner.id}`), { status: 404 })
    },
  )

  t.test('an account is deleted by no other ordinary user', async (t) => {
    const [one, two] = [await newOwner(service), await newOwner(service)]
    t.equal((await one.admin('DELETE', `/${two.id}`)).status, 403)
  })

  t.test(
    'the account of an administrator, or of a former one, is not deleted by HTTP',
    async (t) => {
      const other = await newAdmin(service)
      t.match(await admin.admin('DELETE', `/${other.id}`), { body: { code: 'ADMIN_ACCOUNT' } })
      await admin.admin('PATCH', `/${other.id}`, { role: 'user' })
      service.clock.advance(30 * DAY)
      const refused = await admin.admin('DELETE', `/${other.id}`)
      t.match(refused, { status: 403, body: { code: 'ADMIN_ACCOUNT', detail: /delete/ } })
      for (const { account } of [admin, other]) {
        const { accessToken: token } = await service.signIn(account)
        t.match(await service.delete(ACCOUNT, { token }), { body: { code: 'ADMIN_ACCOUNT' } })
      }
    },
  )

  t.test(
    'the command line deletes an administrator, and their id in what they did for others',
    async (t) => {
      const other = await newAdmin(service)
      const helped = await newOwner(service)
      await setAdminSince(service, other.id, '2020-01-01T00:00:00.000Z')
      await other.admin('PATCH', `/${helped.id}`, { status: 'disabled' })
      const name = await administrationOf(service).remove(ACTING, other.id)
      await assertGone(t, service, {
        ...{ account: other.account, addresses: [other.account.email], keyIds: [] },
      })
      const acts = ((await allItems(service)).events ?? []).filter(
        ({ userId, event }) => userId === helped.id && event === 'authz_admin',
      )
      t.match(acts, [{ actorId: name }])

      const { client, config } = service
      const left = { ...acts[0], eventId: `${String(acts[0]?.eventId)}-late`, actorId: other.id }
      await new Database(client).put({ TableName: config.tables.events, Item: left })
      t.ok(await erasureOf(service).again(other.id), 'and what came late, when it looks again')
      await assertGone(t, service, {
        ...{ account: other.account, addresses: [other.account.email], keyIds: [] },
      })
    },
  )
})

t.test('the erasure of the only administrator is refused', async (t) => {
  const service = await startService(t)
  const { client, config, clock } = service
  const { tables } = config
  const database = new Database(client)
  const users = new UsersStore(database, tables.users, clock)
  const leave = async (id: string) => {
    const user = await users.findById(id)
    return user ? leavingAnother(user, { client, database, tables, users }) : []
  }
  const [one, ordinary] = [await newAdmin(service), await newOwner(service)]
  await t.rejects(leave(one.id), { message: /only administrator/ })
  t.same(await leave(ordinary.id), [])

  const other = await newAdmin(service)
  const guards = await leave(one.id)
  const administration = administrationOf(service)
  await administration.change(ACTING, other.id, { role: 'user' })
  await t.rejects(administration.remove(ACTING, one.id, guards), Problem)
  t.ok(await users.findById(one.id), 'while the other gives up the role')
})

t.test('an interrupted erasure of an account goes on with the next one', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const [one, two] = [await service.signUp(), await service.signUp()]
  const { accessToken: token } = await service.signIn(one)
  const { accessToken: next } = await service.signIn(two)
  let isBuried = false
  proxy.decide(({ operation }) => {
    if (isBuried) return 'fail'
    if (operation === 'TransactWriteItems') isBuried = true
    return 'pass'
  })
  t.equal((await service.delete(ACCOUNT, { token })).status, 503)
  proxy.decide(() => 'pass')
  t.equal((await service.delete(ACCOUNT, { token: next })).status, 204)
  for (const account of [one, two]) {
    await assertGone(t, service, { account, addresses: [account.email], keyIds: [] })
  }
})
