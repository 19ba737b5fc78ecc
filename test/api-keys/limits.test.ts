import t from 'tap'
import { UsageRecorder } from '../../src/api-keys/usage.js'
import { DAY, MINUTE, SECOND } from '../support/clock.js'
import { getData, type Generated, newOwner, type Owner, statusOf } from '../support/keys.js'
import { startProxy } from '../support/proxy.js'
import { type Answer, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const CACHE = 30 * SECOND

/** `200`, or the code of the refusal. */
const outcomeOf = ({ status, body }: Answer): string | number =>
  status === 200 ? 200 : (body.code as string)
const call = async (service: Service, { secret }: Generated): Promise<string | number> =>
  outcomeOf(await getData(service, secret))
/** So many calls at once. */
const callTimes = async (service: Service, key: Generated, times: number) =>
  tally(await parallel(times, () => call(service, key)))

t.test('the rate limit of an API key', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const rateLimit = { limit: 25, windowSeconds: 60 }

  t.test(
    'an API key’s rate limit is exact, however the calls come, and ends with its window',
    async (t) => {
      const key = await owner.generate({ rateLimit })
      for (let window = 0; window < 2; window++) {
        t.same(await callTimes(service, key, 60), { 200: 25, RATE_LIMITED: 35 })
        service.clock.advance(MINUTE - 1)
        t.equal(await call(service, key), 'RATE_LIMITED', 'to its last millisecond')
        service.clock.advance(1)
      }
    },
  )

  t.test('an API key’s rate limit says what is left and when to come again', async (t) => {
    const key = await owner.generate({ rateLimit: { limit: 3, windowSeconds: 60 } })
    service.clock.advance(15_500)
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await getData(service, key.secret)
      t.equal(status, 200)
      t.match(headers, {
        'ratelimit-limit': '3',
        'ratelimit-remaining': remaining,
        'ratelimit-reset': '45',
      })
      t.notOk('retry-after' in headers)
    }
    const { status, headers, body } = await getData(service, key.secret)
    t.equal(status, 429)
    t.match(body, { code: 'RATE_LIMITED', error: 'Too many requests' })
    t.match(headers, { 'ratelimit-remaining': '0', 'retry-after': '45' })
    service.clock.advance(44_500)
  })

  t.test('a rate limit belongs to one API key, and a key without one has none', async (t) => {
    const limited = await owner.generate({ rateLimit: { limit: 1, windowSeconds: 60 } })
    const other = await owner.generate({ rateLimit: { limit: 1, windowSeconds: 60 } })
    const free = await owner.generate()
    t.same(await callTimes(service, limited, 5), { 200: 1, RATE_LIMITED: 4 })
    t.same(await callTimes(service, other, 5), { 200: 1, RATE_LIMITED: 4 })
    const { status, headers } = await getData(service, free.secret)
    t.equal(status, 200)
    t.notOk('ratelimit-limit' in headers)
  })

  t.test(
    'an API key’s rate limit is not used up by calls that are refused for their scope',
    async (t) => {
      const settings = { scopes: ['data:write'], rateLimit: { limit: 2, windowSeconds: 3600 } }
      const key = await owner.generate(settings)
      t.same(await callTimes(service, key, 5), { INSUFFICIENT_SCOPE: 5 })
      await owner.patch(key.id, { scopes: ['data:read'] })
      service.clock.advance(CACHE)
      t.same(await callTimes(service, key, 3), { 200: 2, RATE_LIMITED: 1 })
    },
  )
})

t.test('the monthly quota of an API key', async (t) => {
  t.test(
    'an API key’s monthly quota is exact, and ends with the calendar month in UTC',
    async (t) => {
      const service = await startService(t)
      const key = await (await newOwner(service)).generate({ monthlyQuota: 7 })
      // Months of 28, 30, 31 and 29 days, none next to another: each begins untouched.
      const monthEnds = ['2030-03-01', '2030-05-01', '2031-01-01', '2032-03-01']
      for (const end of monthEnds) {
        const untilEnd = Date.parse(`${end}T00:00:00Z`) - service.clock()
        service.clock.advance(untilEnd - 2 * DAY)
        t.same(await callTimes(service, key, 20), { 200: 7, QUOTA_EXCEEDED: 13 }, `before ${end}`)
        service.clock.advance(2 * DAY - 1)
        const { body, headers } = await getData(service, key.secret)
        t.match(body, { status: 429, code: 'QUOTA_EXCEEDED', error: /monthly quota/ })
        t.match(headers, { 'ratelimit-limit': '7', 'retry-after': '1', 'ratelimit-reset': '1' })
        service.clock.advance(1)
        t.match((await getData(service, key.secret)).headers, { 'ratelimit-remaining': '6' })
      }
    },
  )

  t.test('an API key’s monthly quota and rate limit do not use each other up', async (t) => {
    const service = await startService(t)
    const owner = await newOwner(service)
    const rateLimit = { limit: 5, windowSeconds: 60 }
    const key = await owner.generate({ rateLimit, monthlyQuota: 2 })
    t.same(await callTimes(service, key, 2), { 200: 2 })
    for (let i = 0; i < 10; i++) t.equal(await call(service, key), 'QUOTA_EXCEEDED')
    await owner.patch(key.id, { monthlyQuota: 10 })
    service.clock.advance(CACHE)
    t.same(await callTimes(service, key, 20), { 200: 3, RATE_LIMITED: 17 }, 'the same window')
    service.clock.advance(MINUTE)
    t.same(await callTimes(service, key, 20), { 200: 5, RATE_LIMITED: 15 }, '10 of 10')
    service.clock.advance(MINUTE)
    for (let i = 0; i < 10; i++) t.equal(await call(service, key), 'QUOTA_EXCEEDED')
  })

  t.test('an API key’s monthly quota changes with the key within the cache’s time', async (t) => {
    const service = await startService(t)
    const owner = await newOwner(service)
    const key = await owner.generate({ monthlyQuota: 3 })
    const change = async (monthlyQuota: number | null) => {
      await owner.patch(key.id, { monthlyQuota })
      service.clock.advance(CACHE)
    }
    t.same(await callTimes(service, key, 5), { 200: 3, QUOTA_EXCEEDED: 2 })
    await change(1000)
    t.same(await callTimes(service, key, 7), { 200: 7 }, 'raised')
    await change(12)
    t.same(await callTimes(service, key, 5), { 200: 2, QUOTA_EXCEEDED: 3 }, 'lowered')
    await change(5)
    t.same(await callTimes(service, key, 5), { QUOTA_EXCEEDED: 5 }, 'below what is spent')
    await change(null)
    t.same(await callTimes(service, key, 5), { 200: 5 }, 'taken away')
  })

  t.test(
    'an API key’s monthly quota holds for four instances together, for few writes',
    async (t) => {
      const first = await startService(t)
      const others = await parallel(3, () => startService(t, { beside: first }))
      const instances = [first, ...others]
      const key = await (await newOwner(first)).generate({ monthlyQuota: 1000 })
      const writesBefore = writes(instances)
      const outcomes = tally(
        await parallel(1600, (i) => call(instances[i % instances.length] as Service, key)),
      )
      const admitted = outcomes[200] ?? 0
      const perThousand = ((writes(instances) - writesBefore) / 1600) * 1000
      t.comment(`${admitted} of 1000 admitted, ${perThousand} writes per 1,000 calls`)
      t.ok(admitted <= 1000)
      t.ok(admitted >= 1000 - 4 * 99)
      t.equal(outcomes.QUOTA_EXCEEDED, 1600 - admitted)
      t.ok(perThousand <= 120)

      // An instance that was quick may still hold what its own calls did not need.
      const late = await parallel(4 * 100, (i) => call(instances[i % 4] as Service, key))
      t.equal(admitted + (tally(late)[200] ?? 0), 1000, 'nothing is lost in a block')

      const idle = writes(instances)
      t.same(await callTimes(first, key, 100), { QUOTA_EXCEEDED: 100 })
      t.equal(writes(instances), idle, 'what is used up costs no more writes')
    },
  )

  t.test('an instance that ends takes at most its block of an API key’s quota along', async (t) => {
    const first = await startService(t)
    const gone = await startService(t, { beside: first })
    const key = await (await newOwner(first)).generate({ monthlyQuota: 1000 })
    t.equal(await call(gone, key), 200)
    await gone.app.close()
    const admitted = (await callTimes(first, key, 1100))[200] ?? 0
    t.ok(admitted <= 999 && admitted >= 1000 - 100, `${admitted} of the other 999`)
  })
})

t.test('when the limiter of API keys cannot count', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const lenient = await startService(t, {
    endpoint: proxy.endpoint,
    beside: service,
    env: { RATE_LIMIT_ON_OUTAGE: 'allow' },
  })
  const owner = await newOwner(service)
  const keys = [
    await owner.generate({ rateLimit: { limit: 1, windowSeconds: 60 } }),
    await owner.generate({ monthlyQuota: 1 }),
  ]
  const free = await owner.generate()
  proxy.decide(({ body }) => (body.includes(service.config.tables.rateLimits) ? 'fail' : 'pass'))
  for (const { secret } of keys) {
    const refused = await getData(service, secret)
    t.match(refused, { status: 503, body: { code: 'STORE_UNAVAILABLE' } })
    t.match(refused.headers['retry-after'], /^\d+$/)
    t.equal(await statusOf(lenient, secret), 200, 'RATE_LIMIT_ON_OUTAGE=allow')
  }
  t.equal(await call(service, free), 200, 'a key without limits needs no counting')
  proxy.decide(() => 'pass')
  for (const key of keys) t.equal(await call(service, key), 200, 'a failed count used nothing up')
})

t.test('the use of an API key', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const owner = await newOwner(service)

  t.test('the use of an API key is counted by day and outcome', async (t) => {
    const key = await owner.generate({ rateLimit: { limit: 4, windowSeconds: 60 } })
    const firstDay = today(service)
    t.same(await callTimes(service, key, 6), { 200: 4, RATE_LIMITED: 2 })
    await owner.patch(key.id, { scopes: ['data:write'] })
    service.clock.advance(DAY)
    t.same(await callTimes(service, key, 3), { INSUFFICIENT_SCOPE: 3 })
    await owner.patch(key.id, { scopes: ['data:read'] })
    service.clock.advance(MINUTE)
    t.equal(await call(service, key), 200)

    const days = await usage(owner, key)
    t.equal(days.length, 30)
    t.same(days.slice(-2), [
      { day: firstDay, allowed: 4, limited: 2, forbidden: 0 },
      { day: today(service), allowed: 1, limited: 0, forbidden: 3 },
    ])
    t.same(
      days.slice(0, -2).filter(({ allowed }) => allowed > 0),
      [],
      'days without calls',
    )
    t.match(await owner.show(key.id), { lastUsedAt: new Date(service.clock()).toISOString() })
  })

  t.test('a wrong API key counts as the use of none', async (t) => {
    const key = await owner.generate()
    const last = key.secret.endsWith('a') ? 'b' : 'a'
    t.equal(await statusOf(service, key.secret.slice(0, -1) + last), 401)
    service.clock.advance(MINUTE)
    t.match((await usage(owner, key)).at(-1), { allowed: 0, limited: 0, forbidden: 0 })
    t.equal((await owner.show(key.id)).lastUsedAt, null)
  })

  t.test('the use of an API key costs one write a minute, however many the calls', async (t) => {
    const key = await owner.generate()
    const written: string[] = []
    proxy.decide(({ operation, body }) => {
      if (body.includes('lastUsedAt') || body.includes('USAGE#')) written.push(operation)
      return 'pass'
    })
    for (let second = 0; second < 600; second += 5) {
      t.same(await callTimes(service, key, 3), { 200: 3 })
      service.clock.advance(5 * SECOND)
    }
    proxy.decide(() => 'pass')
    t.same(written, Array(10).fill('TransactWriteItems'), 'in ten minutes')
    await call(service, key)
    t.equal((await usage(owner, key)).at(-1)?.allowed, 361)
  })

  t.test('the use of an API key is written when the service closes', async (t) => {
    const second = await startService(t, { beside: service })
    const key = await owner.generate({ rateLimit: { limit: 7, windowSeconds: 60 } })
    t.same(await callTimes(second, key, 9), { 200: 7, RATE_LIMITED: 2 })
    await second.app.close()
    t.match((await usage(owner, key)).at(-1), { allowed: 7, limited: 2 })
  })

  t.test(
    'the use of API keys loses nothing and fails no call while it cannot be written',
    async (t) => {
      const key = await owner.generate()
      t.equal(await call(service, key), 200)
      service.clock.advance(MINUTE)
      proxy.decide(({ operation }) => (operation === 'UpdateItem' ? 'fail' : 'pass'))
      t.same(await callTimes(service, key, 5), { 200: 5 })
      proxy.decide(() => 'pass')
      service.clock.advance(MINUTE)
      t.equal(await call(service, key), 200)
      t.equal((await usage(owner, key)).at(-1)?.allowed, 7)
    },
  )

  t.test(
    'the use of so many API keys is kept at once, and that of the others written before',
    async (t) => {
      const { services, config, clock } = service
      const recorder = new UsageRecorder(services.database, config.tables.apiKeys, clock, 2)
      const count = (key: Generated) => recorder.count(key.id, 'allowed')
      const allowed = async ({ id }: Generated) => (await recorder.read(id)).at(-1)?.allowed
      const [first, second, third] = [
        await owner.generate(),
        await owner.generate(),
        await owner.generate(),
      ]
      for (let i = 0; i < 3; i++) await count(first)
      await count(second)
      t.equal(await allowed(first), 1, 'the others wait for their minute')
      await count(third)
      t.equal(await allowed(first), 3)
      for (const key of [second, third]) t.equal(await allowed(key), 1)
    },
  )

  t.test(
    'the use of an API key counts nothing twice when only lastUsedAt could not be written',
    async (t) => {
      const key = await owner.generate()
      proxy.decide(({ body }) => (body.includes('lastUsedAt') ? 'fail' : 'pass'))
      t.equal(await call(service, key), 200)
      proxy.decide(() => 'pass')
      service.clock.advance(MINUTE)
      t.equal(await call(service, key), 200)
      t.equal((await usage(owner, key)).at(-1)?.allowed, 2)
    },
  )
})

interface Day {
  readonly day: string
  readonly allowed: number
  readonly limited: number
  readonly forbidden: number
}

const usage = async (owner: Owner, { id }: Generated): Promise<Day[]> =>
  (await owner.call('GET', `/${id}/usage`)).body.days

const today = ({ clock }: Service): string => new Date(clock()).toISOString().slice(0, 10)

const writes = (instances: readonly Service[]): number =>
  instances.flatMap(({ calls }) => calls).filter((name) => name.startsWith('UpdateItem')).length
