import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { DEVICE_COOKIE } from '../../src/http/cookies.js'
import { DAY, MINUTE } from '../support/clock.js'
import { jarOf, submit } from '../support/pages.js'
import { refusal, startProxy } from '../support/proxy.js'
import {
  type Account,
  type Call,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'

const LOGIN = '/api/auth/login'
const HOME = { remoteAddress: '203.0.113.5' }

/** What a request asks of DynamoDB, and what that costs. */
async function spent(service: Service, ask: () => Promise<unknown>) {
  const [calls, { write }] = [service.calls.length, service.units]
  await ask()
  // One in six sessions that an instance opens for a person looks how many they have.
  const own = service.calls.slice(calls).filter((call) => call !== 'Query refreshTokens')
  return { calls: own, writeUnits: service.units.write - write }
}

const enter = (service: Service, { email, password }: Account, call: Call) =>
  service.post(LOGIN, { email, password }, call)

/** Write units, with the two that the event in the session's transaction costs. */
const FROM_KNOWN = 4
const FROM_UNKNOWN = 9

t.test('what a sign-in asks of DynamoDB', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const KNOWN = ['GetItem users', 'GetItem users', 'TransactWriteItems']
  const UNKNOWN = ['GetItem users', 'GetItem users', 'UpdateItem rateLimits', 'TransactWriteItems']

  t.test(
    'a sign-in from an unknown device asks DynamoDB four requests, nine write units',
    async (t) => {
      const { calls, writeUnits } = await spent(service, () => enter(service, account, HOME))
      t.same(calls, UNKNOWN)
      t.ok(writeUnits <= FROM_UNKNOWN, `${writeUnits} write units`)
    },
  )

  t.test(
    'a sign-in from a known address asks DynamoDB three requests, four write units',
    async (t) => {
      const { calls, writeUnits } = await spent(service, () => enter(service, account, HOME))
      t.same(calls, KNOWN)
      t.ok(writeUnits <= FROM_KNOWN, `${writeUnits} write units`)
    },
  )

  t.test(
    'a sign-in from a known browser asks DynamoDB three requests, and keeps no address',
    async (t) => {
      const { email, password } = account
      const cookies = {
        [DEVICE_COOKIE]:
          jarOf(await submit(service, '/login', { email, password }, HOME))[DEVICE_COOKIE] ?? '',
      }
      const away = { remoteAddress: '192.0.2.77' }
      for (let time = 0; time < 2; time++) {
        const { calls, writeUnits } = await spent(service, () =>
          submit(service, '/login', { email, password }, { ...away, cookies }),
        )
        t.same(calls, KNOWN)
        t.ok(writeUnits <= FROM_KNOWN, `${writeUnits} write units`)
      }
      t.same((await spent(service, () => enter(service, account, away))).calls, UNKNOWN)
    },
  )

  t.test(
    'a sign-in that fails asks DynamoDB the same, whoever it is for and from wherever',
    async (t) => {
      const failing = (email: string, remoteAddress: string) =>
        spent(service, () =>
          service.post(LOGIN, { email, password: newAccount().password }, { remoteAddress }),
        )
      const unknown = await failing(newAccount().email, '192.0.2.1')
      t.same(unknown.calls, UNKNOWN)
      t.same(await failing(account.email, '192.0.2.2'), unknown, 'from an unknown address')
      t.same(await failing(account.email, HOME.remoteAddress), unknown, 'from a known one')
      t.same(await failing(newAccount().email, HOME.remoteAddress), unknown)
    },
  )

  t.test('after a failed sign-in, the next one takes its place first', async (t) => {
    const place = { remoteAddress: '203.0.113.6' }
    const calls = async () => (await spent(service, () => enter(service, account, place))).calls
    await enter(service, account, place)
    await enter(service, { ...account, password: newAccount().password }, place)
    t.same(await calls(), UNKNOWN, 'in the same instance and window')
    service.clock.advance(15 * MINUTE)
    t.same(await calls(), KNOWN)
  })
})

t.test('an account knows 20 addresses of sign-ins, for 30 days after they were used', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const from = (index: number) => enter(service, account, { remoteAddress: `198.51.100.${index}` })
  const isKnown = async (index: number) =>
    (await spent(service, () => from(index))).calls.length === 3
  const profile = async () => {
    const { Items = [] } = await service.client.send(
      new ScanCommand({ TableName: service.config.tables.users }),
    )
    return Items.find(({ pk }) => pk?.S?.startsWith('USER#'))
  }
  for (let index = 0; index < 21; index++) {
    await from(index)
    service.clock.advance(MINUTE)
  }
  t.equal(Object.keys((await profile())?.knownAddresses?.M ?? {}).length, 20)
  t.ok(JSON.stringify(await profile()).length < 2000)
  t.equal(await isKnown(20), true)
  t.equal(await isKnown(1), true)
  t.equal(await isKnown(0), false, 'the oldest goes')

  service.clock.advance(16 * DAY)
  t.same(
    (await spent(service, () => from(20))).calls,
    ['GetItem users', 'GetItem users', 'TransactWriteItems'],
    'renewed',
  )
  service.clock.advance(15 * DAY)
  t.equal(await isKnown(20), true)
  t.equal(await isKnown(19), false)
})

t.test('no sign-in is lost for the counted try that it would take back', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const account = await service.signUp()
  const { rateLimits: TableName } = service.config.tables

  t.test('a sign-in succeeds where the count of tries is gone', async (t) => {
    proxy.decide(async ({ operation }) => {
      if (operation !== 'TransactWriteItems') return 'pass' as const
      const { Items = [] } = await service.client.send(new ScanCommand({ TableName }))
      for (const { key } of Items) {
        if (key) await service.client.send(new DeleteItemCommand({ TableName, Key: { key } }))
      }
      return 'pass' as const
    })
    t.equal((await enter(service, account, HOME)).status, 200)
    proxy.decide(() => 'pass')
    const { Items = [] } = await service.client.send(new ScanCommand({ TableName }))
    t.same(Items, [], 'and makes none anew')
    t.equal((await spent(service, () => enter(service, account, HOME))).calls.length, 3)
  })

  t.test(
    'a sign-in succeeds where the account learns another address at the same time',
    async (t) => {
      const places = [1, 2, 3, 4, 5].map((index) => ({ remoteAddress: `192.0.2.${index}` }))
      const answers = await Promise.all(places.map((place) => enter(service, account, place)))
      t.same(
        answers.map(({ status }) => status),
        [200, 200, 200, 200, 200],
      )
    },
  )

  t.test(
    'a sign-in succeeds where the profile keeps meeting the transactions of others',
    async (t) => {
      const met = [{ Code: 'None' }, { Code: 'None' }, { Code: 'TransactionConflict' }]
      const conflict = refusal('TransactionCanceledException', { CancellationReasons: met })
      proxy.decide(({ operation, body }) =>
        operation === 'TransactWriteItems' && body.includes('knownAddresses') ? conflict : 'pass',
      )
      const away = { remoteAddress: '192.0.2.77' }
      const before = service.calls.length
      t.equal((await enter(service, account, away)).status, 200)
      t.equal(service.calls.slice(before).filter((call) => call.startsWith('Transact')).length, 5)
      const { Items = [] } = await service.client.send(new ScanCommand({ TableName }))
      const tries = Items.flatMap(({ attempts }) => attempts?.SS ?? [])
      t.same(tries, [], 'its try is taken back all the same')
      proxy.decide(() => 'pass')
      t.equal((await spent(service, () => enter(service, account, away))).calls.length, 4)
    },
  )

  t.test('a sign-in leaves its address unknown where sessions end at the same time', async (t) => {
    const away = { remoteAddress: '192.0.2.99' }
    let isEnded = false
    proxy.decide(async ({ operation }) => {
      if (operation === 'TransactWriteItems' && !isEnded) {
        isEnded = true
        await service.services.users.store.endSessions(account.id)
      }
      return 'pass' as const
    })
    const { body } = await enter(service, account, away)
    t.equal((await service.get('/api/auth/sessions', { token: body.accessToken })).status, 401)
    proxy.decide(() => 'pass')
    t.equal((await spent(service, () => enter(service, account, away))).calls.length, 4)
  })
})
