import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import t from 'tap'
import { newId, systemRandom } from '../../src/lib/random.js'
import type { AddressedUser } from '../../src/users/user.js'
import { ACTING, administrationOf } from '../support/administration.js'
import { MINUTE } from '../support/clock.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { type Service, startService } from '../support/service.js'

const USERS = '/api/admin/users'

async function start(...[t, options]: Parameters<typeof startService>) {
  const service = await startService(t, options)
  const admin = await newAdmin(service)
  const { accessToken: token } = await service.signIn(admin.account)
  return { service, admin, token }
}

/** Makes accounts without a password, one a second. */
async function makeUsers(service: Service, emails: readonly string[]): Promise<AddressedUser[]> {
  const users = emails.map((email, index): AddressedUser => ({
    id: newId(systemRandom),
    email,
    role: 'user',
    status: 'active',
    epoch: 0,
    createdAt: new Date(service.clock() + 1000 * (index + 1)).toISOString(),
  }))
  for (const user of users) await service.services.users.store.create(user)
  return users
}

interface Page {
  readonly users: readonly { readonly id: string; readonly email?: string; status: string }[]
  readonly cursor: string | null
}

/** All pages, from the first on. */
async function pages(ask: (cursor: string | undefined) => Promise<Page>): Promise<Page[]> {
  const all: Page[] = []
  let cursor: string | null | undefined
  do {
    const page = await ask(cursor ?? undefined)
    all.push(page)
    cursor = page.cursor
  } while (cursor !== null)
  return all
}

const numbered = (count: number, name = 'person'): string[] =>
  Array.from({ length: count }, (_, at) => `${name}${String(at).padStart(3, '0')}@example.com`)

t.test('an administrator lists all users, the newest first, each of them once', async (t) => {
  const { service, admin, token } = await start(t)
  const made = await makeUsers(service, numbered(45))
  const list = async (cursor?: string) =>
    (await service.get(`${USERS}?${new URLSearchParams({ ...(cursor && { cursor }) })}`, { token }))
      .body as Page
  const all = await pages(list)
  t.same(
    all.map(({ users }) => users.length),
    [20, 20, 6],
  )
  const ids = all.flatMap(({ users }) => users.map(({ id }) => id))
  t.same(ids, [...made.map(({ id }) => id).reverse(), admin.id])
  t.same(all[0]?.users[0], {
    id: made[44]?.id,
    email: 'person044@example.com',
    emailVerified: false,
    role: 'user',
    status: 'active',
    createdAt: made[44]?.createdAt,
  })
  t.notMatch(JSON.stringify(all), /argon2|epoch|directory/)
  t.notOk(service.calls.includes('Scan users'))
  t.match(service.events('authz_admin').at(-1), { userId: admin.id, action: 'list' })
})

t.test(
  'an administrator’s list of users of one status has what a change of status has just moved',
  async (t) => {
    const { service, token } = await start(t)
    const [, second, third] = await makeUsers(service, numbered(30))
    const list = async (status: string) =>
      ((await service.get(`${USERS}?status=${status}`, { token })).body as Page).users
    t.same(await list('disabled'), [])
    const set = (id: string | undefined, status: string) =>
      service.call('PATCH', `${USERS}/${id}`, { token, body: { status } })
    await Promise.all([set(second?.id, 'disabled'), set(third?.id, 'disabled')])
    t.same(
      (await list('disabled')).map(({ id }) => id),
      [third?.id, second?.id],
    )
    t.equal((await list('active')).length, 20)
    await set(second?.id, 'active')
    t.same(
      (await list('disabled')).map(({ id }) => id),
      [third?.id],
    )
    t.match(await service.get(`${USERS}?status=gone`, { token }), { status: 400 })
  },
)

t.test('an administrator searches by the beginning of an address, or by id', async (t) => {
  const { service, token } = await start(t)
  const [ada, other] = await makeUsers(service, [
    'ada@example.com',
    'adam#1@example.com',
    ...numbered(25),
    'zoe@example.com',
  ])
  const search = async (query: string, cursor?: string) =>
    (await service.post(`${USERS}/search`, { query, ...(cursor && { cursor }) }, { token }))
      .body as Page
  const found = async (query: string) => (await search(query)).users.map(({ email }) => email)
  t.same(await found('ada'), [ada?.email, other?.email])
  t.same(await found('ADA@'), [ada?.email], 'in capitals, too')
  t.same(await found('ada@example.com'), [ada?.email], 'a whole address')
  t.same(await found(ada?.id ?? ''), [ada?.email], 'an id')
  t.same(await found('ab'), [])
  t.same(await found('%'), [])
  t.same(await found('adä'), [])
  const all = await pages((cursor) => search('person', cursor))
  t.same(
    all.flatMap(({ users }) => users.map(({ email }) => email)),
    numbered(25),
    'in the order of addresses, each once',
  )
  t.same(
    all.map(({ users }) => users.length),
    [20, 5],
  )
  t.notOk(service.calls.includes('Scan users'))
})

t.test(
  'an administrator’s lists of users follow an address from one account to another',
  async (t) => {
    const { service, token } = await start(t)
    const account = await service.signUp()
    const search = async (query: string) =>
      ((await service.post(`${USERS}/search`, { query }, { token })).body as Page).users.map(
        ({ id }) => id,
      )
    t.same(await search(account.email), [account.id])
    await service.post(`${USERS}/${account.id}/release-address`, undefined, { token })
    t.same(await search(account.email), [])
    t.same(await search(account.id), [account.id], 'one without an address is found by id')
    const { users } = (await service.get(USERS, { token })).body as Page
    t.ok(users.some(({ id }) => id === account.id))
    const next = await service.signUp({ email: account.email })
    t.same(await search(account.email), [next.id])
    await administrationOf(service).remove(ACTING, next.id)
    t.same(await search(account.email), [])
    t.same(await search(next.id), [], 'a tombstone is no account')
  },
)

t.test(
  'a page of an administrator’s list of users costs the same with few users and with many',
  async (t) => {
    const { service, token } = await start(t)
    await makeUsers(service, numbered(60))
    const costOf = async (ask: () => Promise<unknown>) => {
      const calls = service.calls.length
      const { read } = service.units
      await ask()
      return { calls: service.calls.length - calls, read: service.units.read - read }
    }
    const asks = {
      list: () => service.get(USERS, { token }),
      search: () => service.post(`${USERS}/search`, { query: 'person0' }, { token }),
    }
    const few = { list: await costOf(asks.list), search: await costOf(asks.search) }
    await makeUsers(service, numbered(120, 'person1'))
    t.same({ list: await costOf(asks.list), search: await costOf(asks.search) }, few)
    t.ok(few.list.calls <= 16 + 2, 'a query a partition, the profiles, and the session')
  },
)

t.test('a cursor of the list of users that no page has given is refused', async (t) => {
  const { service, token } = await start(t)
  const cursors = ['nonsense', 'e30', Buffer.from('2030-01-01T00:00:00Z').toString('base64url')]
  for (const cursor of cursors) {
    t.match(
      await service.get(`${USERS}?cursor=${cursor}`, { token }),
      { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ field: '/cursor' }] } },
      cursor,
    )
    t.match(await service.post(`${USERS}/search`, { query: 'a', cursor }, { token }), {
      status: 400,
      body: { errors: [{ field: '/cursor' }] },
    })
  }
  t.match(await service.get(`${USERS}?cursor=`, { token }), { status: 400 })
  t.match(await service.get(`${USERS}?cursor=%20`, { token }), { status: 400 })
})

t.test('an ordinary user sees nothing of the administrators’ directory of users', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const asks = [
    ['GET', USERS],
    ['POST', `${USERS}/search`],
    ['GET', `${USERS}/${account.id}/sessions`],
    ['GET', `${USERS}/${account.id}/keys`],
  ] as const
  for (const [method, path] of asks) {
    const body = method === 'POST' ? { query: 'a' } : undefined
    const answer = await service.call(method, path, { token, body })
    t.match(answer, { status: 403, body: { code: 'FORBIDDEN' } }, path)
    t.equal((await service.call(method, path, { body })).status, 401, path)
  }
})

t.test('an administrator sees sessions, keys and the last sign-in of a user', async (t) => {
  const { service, admin, token } = await start(t)
  const owner = await newOwner(service)
  const { account } = owner
  const key = await owner.generate()
  service.clock.advance(MINUTE)
  await service.signIn(account, { headers: { 'user-agent': 'Netscape' } })
  const at = new Date(service.clock()).toISOString()
  service.clock.advance(MINUTE)
  const sessions = await service.get(`${USERS}/${account.id}/sessions`, { token })
  t.match(sessions, {
    status: 200,
    body: {
      lastSignInAt: at,
      sessions: [{ current: false, userAgent: 'Netscape', createdAt: at }],
    },
  })
  t.notMatch(sessions.text, /Hash|epoch/)
  const keys = await service.get(`${USERS}/${account.id}/keys`, { token })
  t.match(keys, { status: 200, body: { keys: [{ id: key.id, ownerId: account.id }] } })
  t.match(
    service
      .events('authz_admin')
      .slice(-2)
      .map(({ userId, action, targetId }) => ({ userId, action, targetId })),
    [
      { userId: admin.id, action: 'find_sessions', targetId: account.id },
      { userId: admin.id, action: 'find_keys', targetId: account.id },
    ],
  )
  await service.delete(`${USERS}/${account.id}/sessions`, { token })
  const ended = await service.get(`${USERS}/${account.id}/sessions`, { token })
  t.match(ended.body, { sessions: [], lastSignInAt: at }, 'the last sign-in outlives its session')
  const fresh = (await makeUsers(service, ['fresh@example.com']))[0]
  t.same((await service.get(`${USERS}/${fresh?.id}/sessions`, { token })).body, {
    sessions: [],
    lastSignInAt: null,
  })
  t.match(await service.get(`${USERS}/unknown/sessions`, { token }), {
    status: 404,
    body: { code: 'USER_NOT_FOUND' },
  })
})

t.test('a sign-in writes no key of the indexes that list users', async (t) => {
  const { service } = await start(t)
  const account = await service.signUp()
  const client = DynamoDBDocumentClient.from(service.client)
  const read = new GetCommand({
    TableName: service.config.tables.users,
    Key: { pk: `USER#${account.id}` },
  })
  const keysOf = async () => {
    const { Item: { pk, directory, listedAs, email } = {} } = await client.send(read)
    return { pk, directory, listedAs, email }
  }
  const before = await keysOf()
  t.match(before, { directory: /^active#[0-7]$/, listedAs: String, email: account.email })
  await service.signIn(account, { remoteAddress: '198.51.100.7' })
  t.same(await keysOf(), before)
})
