import t from 'tap'
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.js'
import { DEVICE_COOKIE } from '../../src/http/cookies.js'
import { jarOf, submit } from '../support/pages.js'
import { maintenanceOf, REREAD } from '../support/rings.js'
import { proveAddressBound } from '../support/instances.js'
import { startProxy } from '../support/proxy.js'
import {
  type Account,
  type Call,
  ISSUER,
  newAccount,
  type Service,
  startService,
} from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const LOGIN = '/api/auth/login'
const LOGOUT = '/api/auth/logout'

const writes = (service: Service) =>
  service.calls.filter((call) => call === 'UpdateItem rateLimits').length

const credentials = ({ email, password }: Account) => ({ email, password })

type Verify = (digest: string, password: string) => Promise<boolean>

/** A request that costs little and is limited by address alone. */
const knock = (service: Service, remoteAddress = '192.0.2.1') =>
  service.post(LOGOUT, {}, { remoteAddress })

t.test('the rate limit by address', async (t) => {
  const env = { RATE_LIMIT_PER_ADDRESS: '5', RATE_LIMIT_WINDOW_SECONDS: '60' }

  t.test(
    'the rate limit by address: N allowed means N under 10·N parallel calls, on two instances',
    async (t) => {
      const service = await startService(t, { env })
      const other = await startService(t, { beside: service, env })
      const answers = await parallel(50, (index) => knock(index % 2 ? service : other))
      t.same(tally(answers.map(({ status }) => status)), { 401: 5, 429: 45 })
    },
  )

  for (const count of [1, 4]) {
    t.test(
      `the rate limit by address lets at most the limit and 5 for each of ${count} instances pass`,
      (t) => proveAddressBound(t, count),
    )
  }

  t.test('the rate limit by address costs no write for what an address seldom asks', async (t) => {
    const service = await startService(t)
    for (let request = 0; request < 5; request++) await knock(service)
    t.equal(writes(service), 0)
    await knock(service)
    t.equal(writes(service), 1)
  })

  t.test('a flood of addresses makes the rate limit of no instance generous', async (t) => {
    const service = await startService(t)
    const limit = { max: 100, windowMs: MINUTE }
    const ask = (address: number) => service.services.addressPermits.take(`x#${address}`, limit)
    for (let address = 0; address < 10_000; address++) await ask(address)
    t.equal(writes(service), 0)
    for (const address of [10_000, 10_001]) await ask(address)
    t.equal(writes(service), 2, 'what there is no memory for asks the others')
    service.clock.advance(MINUTE)
    await ask(10_002)
    t.equal(writes(service), 2)
  })

  t.test(
    'an address that the rate limit forgot for others has no more than its limit',
    async (t) => {
      const service = await startService(t)
      const limit = { max: 100, windowMs: MINUTE }
      const ask = (address: string) => service.services.addressPermits.take(address, limit)
      for (let free = 0; free < 5; free++) t.ok((await ask('x')).granted)
      // The first 9,999 get free permits, and the others a lease.
      for (let other = 0; other < 10_000; other++) await ask(`other ${other}`)
      const granted: boolean[] = []
      while (granted.length < 120) granted.push((await ask('x')).granted)
      t.equal(granted.filter(Boolean).length, 95)
    },
  )

  t.test('the rate limit by address says how much is left, and when to come back', async (t) => {
    const service = await startService(t, { env })
    service.clock.advance(20 * SECOND)
    const seen = []
    for (let request = 0; request < 6; request++) seen.push(await knock(service))
    t.same(
      seen.map(({ headers }) => headers['ratelimit-remaining']),
      ['4', '3', '2', '1', '0', '0'],
    )
    t.match(seen[0], { headers: { 'ratelimit-limit': '5', 'ratelimit-reset': '40' } })
    t.match(seen[5], {
      status: 429,
      headers: { 'retry-after': '40', 'ratelimit-limit': '5', 'ratelimit-reset': '40' },
      body: { code: 'RATE_LIMITED', error: 'Too many requests', status: 429 },
    })
    t.match(service.events('excess_rate_limit_exceeded').at(-1), { route: LOGOUT })
    service.clock.advance(39 * SECOND)
    const early = await knock(service)
    t.match(early, { status: 429, headers: { 'retry-after': '1', 'ratelimit-reset': '1' } })
    service.clock.advance(SECOND)
    const back = await knock(service)
    t.match(back, { status: 401, headers: { 'ratelimit-remaining': '4' } }, 'the wait was enough')
  })

  t.test(
    'a rate limit’s blocked address costs no more writes, until its window ends',
    async (t) => {
      const service = await startService(t, { env })
      for (let request = 0; request < 6; request++) await knock(service)
      const before = writes(service)
      for (let request = 0; request < 20; request++) t.equal((await knock(service)).status, 429)
      t.equal(writes(service), before)
      service.clock.advance(MINUTE)
      t.equal((await knock(service)).status, 401)
    },
  )

  t.test('the health check is rate-limited by address before it reads', async (t) => {
    const service = await startService(t, { env })
    const ask = () => service.get('/healthz', { remoteAddress: '192.0.2.1' })
    for (let request = 0; request < 5; request++) t.equal((await ask()).status, 200)
    const before = service.calls.length
    t.equal((await ask()).status, 429)
    t.same(service.calls.slice(before), [])
  })

  t.test('windows of the rate limit reset under steady low traffic', async (t) => {
    const service = await startService(t, { env })
    for (let minute = 0; minute < 10; minute++) {
      for (let request = 0; request < 4; request++) {
        t.equal((await knock(service)).status, 401)
        service.clock.advance(15 * SECOND)
      }
    }
  })

  t.test('the rate limit counts routes apart, and so it does addresses', async (t) => {
    const service = await startService(t, { env })
    for (let request = 0; request < 6; request++) await knock(service)
    t.equal((await knock(service, '192.0.2.2')).status, 401)
    const body = newAccount()
    const login = { email: body.email, password: body.password }
    t.equal((await service.post(LOGIN, login, { remoteAddress: '192.0.2.1' })).status, 401)
  })
})

t.test('the rate limit by account', async (t) => {
  const env = { RATE_LIMIT_PER_ACCOUNT: '5', RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: '900' }

  const guess = (service: Service, email: string, remoteAddress: string) =>
    service.post(LOGIN, { email, password: newAccount().password }, { remoteAddress })

  t.test(
    'the rate limit by account: of parallel guesses from rotating addresses N are looked at',
    async (t) => {
      const service = await startService(t, { env })
      const { email } = await service.signUp()
      const answers = await parallel(50, (index) => guess(service, email, `198.51.100.${index}`))
      t.same(tally(answers.map(({ status }) => status)), { 401: 5, 429: 45 })
      const blocked = answers.find(({ status }) => status === 429)
      t.match(blocked?.headers, { 'ratelimit-limit': '5', 'retry-after': '900' })
    },
  )

  t.test('the rate limit by account treats an unknown account in the same way', async (t) => {
    const service = await startService(t, { env })
    const { email } = newAccount()
    const statuses = []
    for (let attempt = 0; attempt < 6; attempt++) {
      statuses.push((await guess(service, email, '198.51.100.1')).status)
    }
    t.same(statuses, [401, 401, 401, 401, 401, 429])
  })

  t.test(
    'who hammers an account’s limit locks no owner out of a known address (ASVS V6.1.1)',
    async (t) => {
      const service = await startService(t, { env })
      const account = await service.signUp()
      await service.signIn(account, { remoteAddress: '203.0.113.5' })
      for (let attempt = 0; attempt < 8; attempt++)
        await guess(service, account.email, '198.51.100.1')

      t.ok(await service.signIn(account, { remoteAddress: '203.0.113.5' }), 'from where they live')
      const { email, password } = account
      const abroad = await service.post(LOGIN, { email, password }, { remoteAddress: '192.0.2.77' })
      t.equal(abroad.status, 429, 'a new address has to wait')
      service.clock.advance(15 * MINUTE)
      t.ok(await service.signIn(account, { remoteAddress: '192.0.2.77' }))
    },
  )

  t.test(
    'whoever has signed up on the page has a known address for the limit from the start',
    async (t) => {
      const service = await startService(t, { env })
      const { email, password } = newAccount()
      const home = { remoteAddress: '203.0.113.5' }
      t.equal((await submit(service, '/register', { email, password }, home)).status, 303)
      for (let attempt = 0; attempt < 6; attempt++) await guess(service, email, '198.51.100.1')
      t.equal((await service.post(LOGIN, { email, password }, home)).status, 200)
    },
  )

  t.test('a known address has its own limit of the account', async (t) => {
    const service = await startService(t, { env })
    const account = await service.signUp()
    await service.signIn(account, { remoteAddress: '203.0.113.5' })
    const statuses = []
    for (let attempt = 0; attempt < 3; attempt++) {
      statuses.push((await guess(service, account.email, '203.0.113.5')).status)
    }
    for (let attempt = 0; attempt < 4; attempt++) {
      await guess(service, account.email, '198.51.100.1')
    }
    const enter = async (remoteAddress: string) =>
      (await service.post(LOGIN, credentials(account), { remoteAddress })).status
    for (let attempt = 0; attempt < 2; attempt++) {
      t.equal(await enter('203.0.113.5'), 200, `after ${statuses.length} failures`)
      statuses.push((await guess(service, account.email, '203.0.113.5')).status)
    }
    t.equal(await enter('203.0.113.5'), 429, 'it has as many as strangers, and no more')
    t.equal(await enter('192.0.2.77'), 429)
    t.same(statuses, [401, 401, 401, 429, 429])
  })

  t.test(
    'when the account’s limit leaves strangers no try, wrong passwords tell nothing',
    async (t) => {
      const LIMIT = 3
      const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: String(LIMIT) } })
      const argon2 = (await import('argon2')).default as unknown as { verify: Verify }
      const { verify } = argon2
      let verified = 0
      argon2.verify = (digest, password) => {
        verified++
        return verify(digest, password)
      }
      t.teardown(() => Object.assign(argon2, { verify }))
      const HERE = '203.0.113.5'
      const ELSEWHERE = ['192.0.2.77', '192.0.2.78', '192.0.2.79']

      /** What the answers to this address tell of an account, after failures from here and elsewhere. */
      const tellingOf = async (email: string, failures: number, isForPeople: boolean) => {
        const ask = async (remoteAddress: string) => {
          if (!isForPeople) return guess(service, email, remoteAddress)
          const fields = { email, password: newAccount().password }
          return submit(service, '/login', fields, { remoteAddress })
        }
        const told: unknown[] = []
        for (let index = 0; index < failures; index++) told.push((await ask(HERE)).status)
        for (const place of ELSEWHERE.slice(failures)) await ask(place)
        for (let index = 0; index < LIMIT + 2; index++) {
          const [calls, hashes] = [service.calls.length, verified]
          const { status, headers } = await ask(HERE)
          const names = ['retry-after', 'ratelimit-limit', 'ratelimit-reset', 'set-cookie']
          told.push({
            status,
            headers: names.map((name) => headers[name]),
            hashes: verified - hashes,
          })
          // What is refused at once does not wait for the account to be found.
          if (verified > hashes) told.push(service.calls.slice(calls).sort())
        }
        return told
      }
      const compare = async (failures: number, isForPeople = false) => {
        const [resident, stranger] = [await service.signUp(), await service.signUp()]
        await service.signIn(resident, { remoteAddress: HERE })
        await service.signIn(stranger, { remoteAddress: '192.0.2.80' })
        const [known, ...others] = [
          await tellingOf(resident.email, failures, isForPeople),
          await tellingOf(stranger.email, failures, isForPeople),
          await tellingOf(newAccount().email, failures, isForPeople),
        ]
        const what = `after ${failures} failures from here, ${LIMIT - failures} from elsewhere`
        for (const other of others) t.same(other, known, what)
      }
      // What the limits of the address itself write has nothing to do with an account.
      for (let index = 0; index < 6; index++) await guess(service, newAccount().email, HERE)
      for (const failures of [0, 2]) await compare(failures)
      await compare(1, true)

      const limited = { RATE_LIMIT_PER_ACCOUNT: String(LIMIT) }
      const other = await startService(t, { env: limited, beside: service })
      for (let index = 0; index < 6; index++) await guess(other, newAccount().email, HERE)
      /** Answers of an instance to tries that all others have refused. */
      const lateTries = async (email: string) => {
        for (let index = 0; index < LIMIT; index++) await guess(service, email, HERE)
        const told: unknown[] = []
        for (let index = 0; index < 2; index++) {
          const [calls, hashes] = [other.calls.length, verified]
          const { status } = await guess(other, email, HERE)
          told.push({ status, hashes: verified - hashes, calls: other.calls.slice(calls) })
        }
        return told
      }
      const resident = await service.signUp()
      await service.signIn(resident, { remoteAddress: HERE })
      const fromHome = await lateTries(resident.email)
      t.match(fromHome, [
        { status: 429, hashes: 1 },
        { status: 429, hashes: 0 },
      ])
      t.same(await lateTries((await service.signUp()).email), fromHome, 'on another instance')
      t.same(await lateTries(newAccount().email), fromHome)
    },
  )

  t.test('the limits of one address don’t tell who signs in from there', async (t) => {
    const service = await startService(t, { env })
    const other = await startService(t, { env, beside: service })
    const [resident, stranger] = [await service.signUp(), await service.signUp()]
    await service.signIn(resident, { remoteAddress: '203.0.113.5' })
    for (const { email } of [resident, stranger, newAccount()]) {
      const answers = await parallel(24, (index) =>
        guess(index % 2 ? service : other, email, '203.0.113.5'),
      )
      t.same(tally(answers.map(({ status }) => status)), { 401: 5, 429: 19 })
    }
  })

  t.test(
    'a browser that was signed in is known to the account’s limit wherever it goes',
    async (t) => {
      const service = await startService(t, { env })
      const account = await service.signUp()
      const { email, password } = account
      let moves = 0
      const enter = (cookies: Record<string, string> = {}, as = password) => {
        const place = { remoteAddress: `192.0.2.${++moves}` }
        return submit(service, '/login', { email, password: as }, { ...place, cookies })
      }
      const signedIn = await enter()
      const mark = signedIn.cookies.find(({ name }) => name === DEVICE_COOKIE)
      t.match(mark, { httpOnly: true, secure: true, sameSite: 'Lax', path: '/', maxAge: 2_592_000 })
      const cookies = { [DEVICE_COOKIE]: mark?.value ?? '' }
      for (let attempt = 0; attempt < 6; attempt++) await guess(service, email, '198.51.100.1')

      t.equal((await enter()).status, 429)
      const known = await enter(cookies)
      t.equal(known.status, 303, 'with its cookie')
      const renewed = known.cookies.find(({ name }) => name === DEVICE_COOKIE)
      t.equal(renewed?.value, mark?.value, 'which stays the same device')
      const spoilt = {
        [DEVICE_COOKIE]: `${mark?.value.slice(0, -1)}${mark?.value.endsWith('A') ? 'B' : 'A'}`,
      }
      t.equal((await enter(spoilt)).status, 429, 'a forged one is none')
      t.equal((await enter({ [DEVICE_COOKIE]: 'x'.repeat(3000) })).status, 429)

      const foreign = await service.signUp()
      const theirs = await submit(service, '/login', credentials(foreign))
      const other = theirs.cookies.find(({ name }) => name === DEVICE_COOKIE)
      t.equal((await enter({ [DEVICE_COOKIE]: other?.value ?? '' })).status, 429, 'nor another’s')

      const statuses = (await parallel(12, () => enter(cookies, newAccount().password))).map(
        ({ status }) => status,
      )
      t.same(tally(statuses), { 401: 5, 429: 7 }, 'it has a count of its own, and no more')
      t.equal((await service.get('/dashboard', { cookies })).status, 303, 'it opens nothing')
    },
  )

  t.test(
    'the next holder of an address inherits no browser or address known to the limits',
    async (t) => {
      const service = await startService(t, { env })
      const former = await service.signUp()
      const place = { remoteAddress: '192.0.2.77' }
      const signedIn = await submit(service, '/login', credentials(former), place)
      const mark = signedIn.cookies.find(({ name }) => name === DEVICE_COOKIE)
      const cookies = { [DEVICE_COOKIE]: mark?.value ?? '' }
      await service.services.users.addresses.release(former.id)
      const { email, password } = await service.signUp({ ...newAccount(), email: former.email })
      for (let attempt = 0; attempt < 6; attempt++) await guess(service, email, '198.51.100.1')
      const body = { email, password }
      t.equal((await service.post(LOGIN, body, { ...place, cookies })).status, 429)
    },
  )

  t.test(
    'no rotation or replacement of keys resets a limit’s count or forgets a known browser',
    async (t) => {
      const service = await startService(t, { env })
      const keys = maintenanceOf(service)
      const account = await service.signUp()
      const enter = (cookies: Record<string, string>) =>
        submit(service, '/login', credentials(account), { cookies, remoteAddress: '192.0.2.77' })
      // The keys that make the mark are soon due for a rotation.
      await service.services.dataKeys.first()
      service.clock.advance(29 * DAY)
      const home = { remoteAddress: '203.0.113.5' }
      const cookies = jarOf(await submit(service, '/login', credentials(account), home))
      service.clock.advance(DAY)
      for (let attempt = 0; attempt < 4; attempt++) {
        await guess(service, account.email, '198.51.100.1')
      }

      await keys.maintain()
      await keys.replaceNow()
      service.clock.advance(REREAD)
      const other = await startService(t, { env, beside: service })
      for (const instance of [service, other]) {
        const statuses = []
        for (let attempt = 0; attempt < 2; attempt++) {
          statuses.push((await guess(instance, account.email, '198.51.100.1')).status)
        }
        t.same(statuses, instance === service ? [401, 429] : [429, 429], 'the fifth, and no more')
      }
      t.equal((await enter({})).status, 429, 'a stranger')
      const known = await enter({ [DEVICE_COOKIE]: cookies[DEVICE_COOKIE] ?? '' })
      t.equal(known.status, 303, 'a known browser')
      const [before = '', after = ''] = [cookies, jarOf(known)].map((jar) => jar[DEVICE_COOKIE])
      t.not(after.slice(0, 8), before.slice(0, 8), 'which has a mark of the newest key now')
      t.equal(after.slice(8, 30), before.slice(8, 30), 'and is the same device')
      t.ok(await service.signIn(account, home), 'a known address')
    },
  )

  t.test('a browser is known to the limits of the last five accounts', async (t) => {
    const service = await startService(t, { env })
    const accounts = []
    let cookies: Record<string, string> = {}
    for (let count = 0; count < 6; count++) {
      const account = await service.signUp()
      accounts.push(account)
      cookies = jarOf(await submit(service, '/login', credentials(account), { cookies }))
    }
    const own = { [DEVICE_COOKIE]: cookies[DEVICE_COOKIE] ?? '' }
    t.ok(own[DEVICE_COOKIE].length < 512)
    const statuses = []
    for (const account of accounts.filter((_, index) => index < 2)) {
      for (let attempt = 0; attempt < 5; attempt++)
        await guess(service, account.email, '198.51.100.1')
      const call = { cookies: own, remoteAddress: '192.0.2.77' }
      statuses.push((await submit(service, '/login', credentials(account), call)).status)
    }
    t.same(statuses, [429, 303])
  })

  t.test('sign-ins that succeed do not count towards the account’s limit', async (t) => {
    const service = await startService(t, { env })
    const account = await service.signUp()
    for (let attempt = 0; attempt < 12; attempt++) t.ok(await service.signIn(account))
  })

  t.test('a burst of right passwords past the account’s limit locks nobody out', async (t) => {
    const proxy = await startProxy(t)
    const { endpoint } = proxy
    const env = { RATE_LIMIT_PER_ACCOUNT: '3' }
    // Refusals are answered before the first password is compared.
    const options = { env, endpoint, hashes: 'production' } as const
    const service = await startService(t, options)
    const other = await startService(t, { ...options, beside: service })

    /** Six at once, of which none opens its session before three have been refused. */
    const burst = async ({ email, password }: Account, instances: readonly Service[]) => {
      let refused = 0
      let letOn = (): void => undefined
      const haveRefused = new Promise<void>((resolve) => {
        letOn = resolve
      })
      proxy.decide(async ({ body }) => {
        if (body.includes('-refresh-tokens')) await haveRefused
        return 'pass' as const
      })
      const answers = await parallel(6, async (index) => {
        const instance = instances[index % instances.length] as Service
        const answer = await instance.post(LOGIN, { email, password })
        if (answer.status === 429 && ++refused === 3) letOn()
        return answer.status
      })
      t.same(tally(answers), { 200: 3, 429: 3 })
    }

    const alone = await service.signUp()
    await burst(alone, [service])
    t.ok(await service.signIn(alone, { remoteAddress: '192.0.2.77' }), 'from a new address')
    const shared = await service.signUp()
    await burst(shared, [service, other])
    service.clock.advance(SECOND)
    for (const [index, instance] of [service, other].entries()) {
      const remoteAddress = `192.0.2.${index}`
      t.ok(await instance.signIn(shared, { remoteAddress }), 'on each instance')
    }
  })

  t.test(
    'an attempt counts once towards a limit, and is taken back once, however often it is sent',
    async (t) => {
      const proxy = await startProxy(t)
      const { endpoint } = proxy
      const service = await startService(t, { env: { RATE_LIMIT_PER_ACCOUNT: '2' }, endpoint })
      const account = await service.signUp()
      t.equal((await guess(service, account.email, '198.51.100.1')).status, 401)
      const sent = new Set<string>()
      proxy.decide(({ operation, body }) => {
        if (!/^(UpdateItem|TransactWriteItems)$/.test(operation)) return 'pass'
        if (!body.includes('account#')) return 'pass'
        if (sent.has(body)) return 'pass'
        sent.add(body)
        return 'lose-answer'
      })
      t.ok(await service.signIn(account, { remoteAddress: '192.0.2.77' }), 'there was room for one')
      t.equal(sent.size, 2, 'both answers were lost')
      proxy.decide(() => 'pass')
      const statuses = []
      for (let attempt = 0; attempt < 2; attempt++) {
        statuses.push((await guess(service, account.email, '198.51.100.1')).status)
      }
      t.same(statuses, [401, 429])
    },
  )

  t.test('failed sign-ins of one address have a limit over all accounts', async (t) => {
    const service = await startService(t, { env: { RATE_LIMIT_FAILURES_PER_ADDRESS: '5' } })
    const owner = await service.signUp()
    const tryAs = async (email: string, call: Call = {}, password = 'Winter 2026 has come') =>
      service.post(
        LOGIN,
        { email, password, useCookies: true },
        { headers: { origin: ISSUER }, ...call },
      )
    const home = await tryAs(owner.email, { remoteAddress: '192.0.2.9' }, owner.password)
    const cookies = Object.fromEntries(home.cookies.map(({ name, value }) => [name, value]))

    // What succeeds is none of them.
    for (let i = 0; i < 6; i++) t.equal((await tryAs(owner.email, {}, owner.password)).status, 200)
    const sprayed = await parallel(50, () => tryAs(newAccount().email))
    t.same(tally(sprayed.map(({ status }) => status)), { 401: 5, 429: 45 })
    const refused = await tryAs(owner.email, {}, owner.password)
    t.match(refused, { status: 429, headers: { 'retry-after': /^\d+$/ } }, 'a browser not known')
    t.equal((await tryAs(owner.email, { cookies }, owner.password)).status, 200, 'a known browser')
    t.equal((await tryAs(newAccount().email, { remoteAddress: '192.0.2.7' })).status, 401)

    service.clock.advance(HOUR)
    t.equal((await tryAs(owner.email, {}, owner.password)).status, 200, 'an hour later')
    const { body } = await tryAs(owner.email, {}, 'none of the passwords')
    t.equal(body.code, 'INVALID_CREDENTIALS', 'no attempt at the account was counted')
  })

  t.test('an account that its limit blocks costs no argon2', async (t) => {
    const service = await startService(t, {
      env: { ...env, ARGON2_QUEUE: '0', ARGON2_CONCURRENCY: '1' },
    })
    const { email } = await service.signUp()
    for (let attempt = 0; attempt < 5; attempt++) await guess(service, email, '198.51.100.1')
    const answers = await parallel(20, () => guess(service, email, '198.51.100.1'))
    t.same(tally(answers.map(({ status }) => status)), { 429: 20 }, 'or some would be 503')
  })
})

t.test('rate limits when the store is away', async (t) => {
  const proxy = await startProxy(t)
  const isCount = ({ operation, body }: { operation: string; body: string }) =>
    operation === 'UpdateItem' && body.includes('rate-limits')

  t.test(
    'when the rate limits’ store is away, sign-in is refused with 503 by default',
    async (t) => {
      const service = await startService(t, { endpoint: proxy.endpoint })
      const { email, password } = await service.signUp()
      proxy.decide((call) => (isCount(call) ? 'fail' : 'pass'))
      const answer = await service.post(LOGIN, { email, password })
      t.match(answer, {
        status: 503,
        headers: { 'retry-after': '2' },
        body: { code: 'STORE_UNAVAILABLE' },
      })
      proxy.decide(() => 'pass')
    },
  )

  t.test('when the rate limits’ store is away, sign-in is let on, by configuration', async (t) => {
    const env = { RATE_LIMIT_ON_OUTAGE: 'allow' }
    const service = await startService(t, { endpoint: proxy.endpoint, env })
    const account = await service.signUp()
    proxy.decide(({ body }) => (body.includes('rate-limits') ? 'fail' : 'pass'))
    t.ok(await service.signIn(account))
    proxy.decide(() => 'pass')
  })

  t.test('when the rate limits’ store is away, an access token is good all the same', async (t) => {
    const service = await startService(t, { endpoint: proxy.endpoint })
    const { accessToken: token } = await service.signIn(await service.signUp())
    proxy.decide(() => 'fail')
    t.equal((await service.get('/api/protected', { token })).status, 200)
    proxy.decide(() => 'pass')
  })

  t.test('no limit counts an attempt for our outage', async (t) => {
    const env = { RATE_LIMIT_PER_ACCOUNT: '3' }
    const service = await startService(t, { endpoint: proxy.endpoint, env })
    const account = await service.signUp()
    const { email, password } = account
    proxy.decide(({ operation }) => (operation === 'GetItem' ? 'fail' : 'pass'))
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await service.post(LOGIN, { email, password })
      t.match(answer, { status: 503, body: { code: 'STORE_UNAVAILABLE' } }, 'no user can be read')
    }
    proxy.decide(() => 'pass')
    t.ok(await service.signIn(account))
  })
})
