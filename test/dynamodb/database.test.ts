import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import t, { type Test } from 'tap'
import { ACCESS_COOKIE } from '../../src/http/cookies.js'
import { HOUR } from '../support/clock.js'
import { getData, newAdmin, newOwner, statusOf } from '../support/keys.js'
import { type Fate, refusal, startProxy } from '../support/proxy.js'
import { type Answer, newAccount, startService } from '../support/service.js'
import { postForm } from '../support/social.js'

const CONFLICT = refusal('TransactionConflictException')
const CANCELLED = refusal('TransactionCanceledException', {
  CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
})
/** The longest that each pause may take, milliseconds. */
const PAUSES = [50, 100, 200]
const UNAVAILABLE = {
  status: 503,
  headers: { 'retry-after': '2' },
  body: { code: 'STORE_UNAVAILABLE' },
}

t.test('a DynamoDB write that meets another’s transaction is sent again', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const owner = await newOwner(service)
  const { refreshToken } = await service.signIn(owner.account)
  const { apiKeys, refreshTokens, tickets } = service.config.tables
  const writes: [operation: string, table: string, met: Fate, ask: () => Promise<Answer>][] = [
    [
      'UpdateItem',
      refreshTokens,
      CONFLICT,
      () => service.post('/api/auth/refresh', { refreshToken }),
    ],
    ['PutItem', tickets, CONFLICT, () => service.post('/api/auth/login/passkey/options')],
    [
      'TransactWriteItems',
      apiKeys,
      CANCELLED,
      () => owner.call('POST', '/generate', { name: 'k' }),
    ],
  ]
  for (const [operation, table, met, ask] of writes) {
    t.test(operation, async (t) => {
      const always = meet(() => met)
      t.match(await ask(), UNAVAILABLE, 'four times, and not for ever')
      always(t, PAUSES.length)

      const once = meet((count) => (count === 1 ? met : 'pass'))
      t.ok((await ask()).status < 300)
      once(t, 1)
    })

    /** Decides about the calls of that operation by their number. @returns what expects so many pauses. */
    function meet(fate: (count: number) => Fate) {
      const before = service.pauses.length
      let count = 0
      proxy.decide((call) =>
        call.operation === operation && call.body.includes(table) ? fate(++count) : 'pass',
      )
      return (t: Test, pauses: number) => {
        proxy.decide(() => 'pass')
        haveJitter(t, service.pauses.slice(before), pauses)
      }
    }
  }
})

t.test('a DynamoDB transaction that is cancelled is answered by its reasons', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const { email, password } = newAccount()
  const reasons: [codes: readonly string[], pauses: number, answer: object][] = [
    [['ConditionalCheckFailed'], 0, { status: 409, body: { code: 'EMAIL_TAKEN' } }],
    [['TransactionConflict'], PAUSES.length, UNAVAILABLE],
    [['ThrottlingError'], PAUSES.length, UNAVAILABLE],
    [['ProvisionedThroughputExceeded'], PAUSES.length, UNAVAILABLE],
    [['None', 'TransactionConflict', 'ThrottlingError'], PAUSES.length, UNAVAILABLE],
    [['ValidationError'], 0, UNAVAILABLE],
    [['ItemCollectionSizeLimitExceeded'], 0, UNAVAILABLE],
    [['ThrottlingError', 'ValidationError'], 0, UNAVAILABLE],
    [['None', 'None'], 0, UNAVAILABLE],
    [[], 0, UNAVAILABLE],
  ]
  for (const [codes, pauses, expected] of reasons) {
    const before = service.pauses.length
    const CancellationReasons = codes.map((Code) => ({ Code }))
    proxy.decide(({ operation }) =>
      operation === 'TransactWriteItems'
        ? refusal('TransactionCanceledException', { CancellationReasons })
        : 'pass',
    )
    const answer = await service.post('/api/auth/register', { email, password })
    t.match(answer, expected, codes.join())
    haveJitter(t, service.pauses.slice(before), pauses)
  }
  proxy.decide(() => 'pass')
  t.equal((await service.post('/api/auth/register', { email, password })).status, 201)
})

t.test(
  'a DynamoDB call that is refused for too many others is 503, whatever the refusal',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const account = await service.signUp()
    const { email, password } = account
    const { accessToken: token, refreshToken } = await service.signIn(account)
    const refused: [exception: string, table: string, ask: () => Promise<Answer>][] = [
      [
        'ThrottlingException',
        service.config.tables.rateLimits,
        () => service.post('/api/auth/login', { email, password }),
      ],
      [
        'RequestLimitExceeded',
        service.config.tables.refreshTokens,
        () => service.post('/api/auth/refresh', { refreshToken }),
      ],
      [
        'ProvisionedThroughputExceededException',
        service.config.tables.apiKeys,
        () => service.get('/api/apikeys', { token }),
      ],
    ]
    proxy.decide(({ body }) => {
      const [exception] = refused.find(([, table]) => body.includes(table)) ?? []
      return exception === undefined ? 'pass' : refusal(exception)
    })
    const answers = await Promise.all(refused.map(([, , ask]) => ask()))
    proxy.decide(() => 'pass')
    for (const answer of answers) t.match(answer, UNAVAILABLE)
    for (const [exception, , ask] of refused) t.equal((await ask()).status, 200, exception)
  },
)

t.test(
  'an instance that was frozen for an hour goes on over new connections to DynamoDB',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const account = await service.signUp()
    const { refreshToken } = await service.signIn(account)
    service.clock.advance(HOUR)
    // What was kept alive is dead, which nothing finds out before it writes.
    const dead = new Set<string>()
    proxy.decide(({ operation, body }) => {
      const isNew = !dead.has(operation + body)
      dead.add(operation + body)
      return isNew ? 'fail' : 'pass'
    })
    const refreshed = await service.post('/api/auth/refresh', { refreshToken })
    t.equal(refreshed.status, 200)
    t.ok(dead.size > 1, 'each call met a dead connection first')
    const { accessToken: token } = refreshed.body
    t.equal((await service.get('/api/auth/sessions', { token })).status, 200)
    proxy.decide(() => 'pass')
  },
)

t.test('a DynamoDB write of a sign-up whose answer was lost still counts as made', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  let lost = 0
  proxy.decide(({ operation }) =>
    operation === 'TransactWriteItems' && lost++ === 0 ? 'lose-answer' : 'pass',
  )
  const account = await service.signUp()
  t.ok(lost > 1, 'the transaction was sent again')
  t.ok(await service.signIn(account))
})

t.test('each decision reads the DynamoDB base table, consistently', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, {
    endpoint: proxy.endpoint,
    env: { VERIFICATION_CACHE_SECONDS: '0' },
  })
  const owner = await newAdmin(service)
  const key = await owner.generate({ scopes: ['data:read', 'token:introspect'] })
  const reads: { what: string; operation: string; input: Record<string, unknown> }[] = []
  let what = 'a sign-in'
  proxy.decide(({ operation, body }) => {
    if (/^(Get|BatchGet|Query|Scan)/.test(operation)) {
      reads.push({ what, operation, input: JSON.parse(body) as Record<string, unknown> })
    }
    return 'pass'
  })
  const { accessToken: token, refreshToken } = await service.signIn(owner.account)
  const cookies = { [ACCESS_COOKIE]: token }
  const decisions: [string, () => Promise<Answer>][] = [
    ['a refresh', () => service.post('/api/auth/refresh', { refreshToken })],
    ['a cookie', () => service.get('/api/protected', { cookies })],
    ['a page', () => service.get('/dashboard/sessions', { cookies })],
    ['a change', () => service.get('/api/auth/sessions', { token })],
    ['the profile', () => service.get('/api/profile', { token })],
    ['a role', () => service.get(`/api/admin/users/${owner.id}`, { token })],
    ['an API key', () => getData(service, key.secret)],
    ['introspection', () => postForm(service, 'introspect', { token }, { client: key })],
  ]
  t.ok(reads.length > 0, 'a sign-in')
  for (const [name, ask] of decisions) {
    what = name
    const before = reads.length
    t.equal((await ask()).status, 200, what)
    t.ok(reads.length > before, `${what} reads`)
  }
  for (const { what, operation, input } of reads) {
    const asked =
      operation === 'BatchGetItem' ? Object.values(input.RequestItems as object) : [input]
    for (const each of asked as Record<string, unknown>[]) {
      t.equal(each.ConsistentRead, true, `${what}: ${operation}`)
      t.notOk('IndexName' in each, `${what}: ${operation}`)
    }
  }
})

t.test('what a bulk read of DynamoDB leaves over is asked for again', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const owner = await newOwner(service)
  const { users, apiKeys } = service.config.tables
  const profile = await service.client.send(
    new GetItemCommand({ TableName: users, Key: { pk: { S: `USER#${owner.id}` } } }),
  )

  t.test(
    'what a bulk read of DynamoDB leaves over is asked for a little later, and added to the found',
    async (t) => {
      const { secret } = await owner.generate()
      const asked: string[][] = []
      const check = readInBulk((keys) => {
        asked.push(Object.keys(keys))
        if (asked.length > 1) return 'pass'
        const found = { [users]: [profile.Item] }
        const answer = { Responses: found, UnprocessedKeys: { [apiKeys]: keys[apiKeys] } }
        return { status: 200, answer }
      })
      t.equal(await statusOf(service, secret), 200)
      t.same(asked, [[apiKeys, users], [apiKeys]], 'nothing is read twice')
      check(t, 1)
    },
  )

  t.test(
    'what a bulk read of DynamoDB leaves over is asked for four times, and not for ever',
    async (t) => {
      const { secret } = await owner.generate()
      const check = readInBulk((keys) => ({
        status: 200,
        answer: { Responses: {}, UnprocessedKeys: keys },
      }))
      t.match(await getData(service, secret), UNAVAILABLE, 'what was not read is not unknown')
      check(t, PAUSES.length)
      t.match(service.events('dependency_failed').at(-1), { cause: 'LeftOver' })
      t.equal(await statusOf(service, secret), 200)
    },
  )

  /** @returns what expects so many pauses, and lets all pass from then on. */
  function readInBulk(fate: (keys: Record<string, object>) => Fate) {
    const before = service.pauses.length
    proxy.decide(({ operation, body }) => {
      if (operation !== 'BatchGetItem') return 'pass'
      return fate((JSON.parse(body) as { RequestItems: Record<string, object> }).RequestItems)
    })
    return (t: Test, pauses: number) => {
      proxy.decide(() => 'pass')
      haveJitter(t, service.pauses.slice(before), pauses)
    }
  }
})

function haveJitter(t: Test, pauses: readonly number[], count: number): void {
  t.equal(pauses.length, count)
  t.ok(
    pauses.every((pause, index) => pause >= 0 && pause < (PAUSES[index] ?? 0)),
    `${pauses.join(', ')} ms`,
  )
}
