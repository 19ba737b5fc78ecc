import fc from 'fast-check'
import t from 'tap'
import {
  type KeyPrefix,
  newKey,
  newKeyId,
  parseKey,
} from '../../src/api-keys/verification/format.js'
import { systemRandom } from '../../src/lib/random.js'
import { HOUR, SECOND } from '../support/clock.js'
import { getData, newOwner, statusOf } from '../support/keys.js'
import { startProxy } from '../support/proxy.js'
import { type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'
import { openWire } from '../support/wire.js'

const LIVE: KeyPrefix = { name: 'lk', environment: 'live' }
const TEST: KeyPrefix = { name: 'lk', environment: 'test' }
const CACHE = 30 * SECOND
const INVALID = { status: 401, body: { error: 'Invalid API key', code: 'API_KEY_INVALID' } }
const CHALLENGED = { status: 401, headers: { 'www-authenticate': /^ApiKey / } }
const USELESS = { ...INVALID, headers: { 'www-authenticate': /^ApiKey / } }

const readsOf = ({ calls }: Service, from: number): string[] =>
  calls.slice(from).filter((call) => !/^(UpdateItem|TransactWriteItems)/.test(call))

t.test('GET /api/data', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)

  t.test('GET /api/data answers who the API key is', async (t) => {
    const { id, secret } = await owner.generate()
    const { status, body } = await getData(service, secret)
    t.equal(status, 200)
    t.same(body, { data: { keyId: id } })
  })

  t.test('GET /api/data asks for an API key', async (t) => {
    const expected = { status: 401, body: { error: 'API key required', code: 'API_KEY_REQUIRED' } }
    t.match(await service.get('/api/data'), expected)
    t.match(await getData(service, ''), expected)
    const { headers } = await service.get('/api/data')
    t.match(headers['www-authenticate'], /^ApiKey realm=/)
  })

  t.test('an API key that was sent as another credential is told where it goes', async (t) => {
    const { secret } = await owner.generate()
    const detail = 'Send the key in the header x-api-key, not in Authorization.'
    for (const scheme of ['Bearer', 'ApiKey', 'Basic']) {
      const headers = { authorization: `${scheme} ${secret}` }
      const { status, body } = await service.get('/api/data', { headers })
      t.match({ status, body }, { status: 401, body: { code: 'API_KEY_REQUIRED', detail } }, scheme)
    }
    t.notOk('detail' in (await service.get('/api/data')).body)
  })

  t.test('what is no API key of this service is refused without a call to the store', async (t) => {
    const { id, secret } = await owner.generate()
    const other = secret.endsWith('a') ? 'b' : 'a'
    const malformed: Record<string, string> = {
      'any text': 'not-a-key',
      'a mistyped checksum': secret.slice(0, -1) + other,
      'a mistyped secret': `${secret.slice(0, 50)}${secret[50] === 'x' ? 'y' : 'x'}${secret.slice(51)}`,
      'a cut key': secret.slice(0, -1),
      'a longer key': `${secret}0`,
      'a key without its prefix': secret.slice(8),
      'another environment': newKey(TEST, id, systemRandom),
      'another service': newKey({ ...LIVE, name: 'sk' }, id, systemRandom),
      'an id of no user': newKey(LIVE, 'z'.repeat(30), systemRandom),
      'upper case': secret.toUpperCase(),
      'letters beyond ASCII': `lk_live_${'é'.repeat(79)}`,
      'a bearer scheme before it': `Bearer ${secret}`,
      'a very long text': `lk_live_${'a'.repeat(8000)}`,
    }
    const before = service.calls.length
    for (const [what, text] of Object.entries(malformed)) {
      t.match(await getData(service, text), USELESS, what)
    }
    t.same(service.calls.slice(before), [])
  })

  t.test(
    'an API key with a wrong secret and right checksum, and an unknown id, are refused alike',
    async (t) => {
      const { id } = await owner.generate()
      const unknown = newKeyId(owner.id, systemRandom)
      for (const keyId of [id, unknown]) {
        const answer = await getData(service, newKey(LIVE, keyId, systemRandom))
        t.match(answer, USELESS)
        t.notOk('detail' in answer.body, 'nothing that tells them apart')
      }
    },
  )

  t.test(
    'an API key that is deleted, disabled or expired is refused, and its holder told why',
    async (t) => {
      const deleted = await owner.generate()
      await owner.call('DELETE', `/${deleted.id}`)
      t.match(await getData(service, deleted.secret), USELESS)

      const disabled = await owner.generate()
      await owner.patch(disabled.id, { status: 'disabled' })
      const answer = await getData(service, disabled.secret)
      t.match(answer, { ...CHALLENGED, body: { code: 'API_KEY_DISABLED', detail: /owner/ } })
      const guess = await getData(service, newKey(LIVE, disabled.id, systemRandom))
      t.match(guess, USELESS)
      t.notOk('detail' in guess.body, 'but to nobody else')

      const expiresAt = new Date(service.clock() + HOUR).toISOString()
      const { secret } = await owner.generate({ expiresAt })
      service.clock.advance(HOUR - 1)
      t.equal(await statusOf(service, secret), 200, 'good to its last millisecond')
      service.clock.advance(1)
      const late = await getData(service, secret)
      const expired = { ...CHALLENGED, body: { code: 'API_KEY_EXPIRED', error: /has expired/ } }
      t.match(late, expired, 'and not a moment longer')
    },
  )

  t.test('403 for a scope that the API key has not', async (t) => {
    const { secret } = await owner.generate({ scopes: ['data:write'] })
    const { status, body } = await getData(service, secret)
    t.equal(status, 403)
    t.match(body, { error: 'Insufficient scope', code: 'INSUFFICIENT_SCOPE', detail: /data:read/ })
  })

  t.test('403 from an address outside the API key’s ranges', async (t) => {
    const allowedCidrs = ['192.0.2.0/24', '2001:db8:1::/48', '198.51.100.7']
    const { secret } = await owner.generate({ allowedCidrs })
    const expected: Record<string, number> = {
      '192.0.2.255': 200,
      '192.0.3.0': 403,
      '::ffff:192.0.2.9': 200,
      '::ffff:192.0.3.9': 403,
      '2001:db8:1:ffff::1': 200,
      '2001:db8:2::1': 403,
      '198.51.100.7': 200,
      '198.51.100.8': 403,
    }
    for (const [remoteAddress, status] of Object.entries(expected)) {
      const forged = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1' }
      const answer = await getData(service, secret, { remoteAddress, headers: forged })
      t.equal(answer.status, status, remoteAddress)
      if (status === 403) t.match(answer.body, { code: 'ADDRESS_NOT_ALLOWED' })
    }
    const mapped = await owner.generate({ allowedCidrs: ['::ffff:192.0.2.0/120'] })
    for (const remoteAddress of ['192.0.2.9', '::ffff:192.0.2.9']) {
      const answer = await getData(service, mapped.secret, { remoteAddress })
      t.equal(answer.status, 200, `a mapped range holds ${remoteAddress}`)
    }
  })

  t.test('400 for an API key in the URL, even beside a good one', async (t) => {
    const { secret } = await owner.generate()
    for (const name of ['x-api-key', 'api_key', 'apikey', 'apiKey', 'key']) {
      const url = `/api/data?${name}=${secret}`
      const expected = { status: 400, body: { code: 'API_KEY_MISPLACED', detail: /logs/ } }
      t.match(await service.get(url), expected, name)
      t.match(await service.get(url, { headers: { 'x-api-key': secret } }), expected, name)
    }
  })

  t.test('400 for two API keys, in two headers or one', async (t) => {
    const { secret } = await owner.generate()
    const expected = { status: 400, body: { code: 'API_KEY_MISPLACED' } }
    t.match(await getData(service, `${secret}, ${secret}`), expected)
    t.match(await getData(service, `${secret},`), expected)
    const wire = await openWire(service)
    const headers = { 'x-api-key': [secret, secret] }
    t.match(await wire('GET', '/api/data', { headers }), expected)
  })

  t.test('an API key is no bearer token, and a bearer token no API key', async (t) => {
    const { secret } = await owner.generate()
    t.equal((await service.get('/api/data', { token: secret })).status, 401)
    t.equal((await service.get('/api/profile', { token: secret })).status, 401)
    t.equal((await service.get('/api/profile', { headers: { 'x-api-key': secret } })).status, 401)
    const { accessToken } = await service.signIn(owner.account)
    t.match(await getData(service, accessToken), INVALID)
  })
})

t.test('what the check of an API key reads', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)

  t.test('1,000 checks at once of an API key on a cold cache make one read', async (t) => {
    const { secret } = await owner.generate()
    const before = service.calls.length
    const statuses = await parallel(1000, () => statusOf(service, secret))
    t.same(tally(statuses), { 200: 1000 })
    t.same(readsOf(service, before), ['BatchGetItem'])
    await statusOf(service, secret)
    t.equal(readsOf(service, before).length, 1, 'and none while it is warm')
  })

  t.test(
    '1,000 checks at once of an unknown API key make one read, and the next one more',
    async (t) => {
      const unknown = newKey(LIVE, newKeyId(owner.id, systemRandom), systemRandom)
      const before = service.calls.length
      t.same(tally(await parallel(1000, () => statusOf(service, unknown))), { 401: 1000 })
      t.same(service.calls.slice(before), ['BatchGetItem'])
    },
  )

  t.test('a wrong secret for a known API key makes at most one more read', async (t) => {
    const { id, secret } = await owner.generate()
    await statusOf(service, secret)
    const wrong = newKey(LIVE, id, systemRandom)
    const before = service.calls.length
    t.same(tally(await parallel(100, () => statusOf(service, wrong))), { 401: 100 })
    t.ok(readsOf(service, before).length <= 1)
    t.equal(await statusOf(service, secret), 200, 'and the right one still works')
  })

  t.test(
    'a rotated API key’s new secret works at once where the old one is remembered',
    async (t) => {
      const { id, secret } = await owner.generate()
      t.equal(await statusOf(service, secret), 200)
      const next = await owner.rotate(id, 3600)
      t.equal(await statusOf(service, next), 200)
      t.equal(await statusOf(service, secret), 200)
    },
  )
})

t.test(
  'the revocation of an API key takes at most the cache’s time, on every instance',
  async (t) => {
    const revocations: Record<string, object | undefined> = {
      'a disabled key': { status: 'disabled' },
      'a key of fewer scopes': { scopes: ['data:write'] },
      'a key of other addresses': { allowedCidrs: ['192.0.2.0/24'] },
      'a deleted key': undefined,
    }
    const first = await startService(t)
    const second = await startService(t, { beside: first })
    const owner = await newOwner(first)
    const revoke = (id: string, changes: object | undefined) =>
      changes ? owner.patch(id, changes) : owner.call('DELETE', `/${id}`)

    for (const [what, changes] of Object.entries(revocations)) {
      t.test(what, async (t) => {
        const { id, secret } = await owner.generate()
        for (const instance of [first, second]) t.equal(await statusOf(instance, secret), 200)
        await revoke(id, changes)
        first.clock.advance(CACHE - 1)
        t.equal(await statusOf(second, secret), 200, 'remembered at 29.999 s')
        first.clock.advance(1)
        for (const instance of [first, second]) t.not(await statusOf(instance, secret), 200)
      })
    }

    t.test(
      'a read during the revocation of an API key is no younger than its beginning',
      async (t) => {
        const { id, secret } = await owner.generate()
        const statuses = parallel(20, () => statusOf(second, secret))
        await owner.patch(id, { status: 'disabled' })
        await statuses
        first.clock.advance(CACHE)
        t.equal(await statusOf(second, secret), 401)
      },
    )

    t.test(
      'the revocation of an API key counts at once with VERIFICATION_CACHE_SECONDS=0',
      async (t) => {
        const env = { VERIFICATION_CACHE_SECONDS: '0' }
        const third = await startService(t, { beside: first, env })
        for (const changes of Object.values(revocations)) {
          const { id, secret } = await owner.generate()
          t.equal(await statusOf(third, secret), 200)
          await revoke(id, changes)
          t.not(await statusOf(third, secret), 200)
        }
      },
    )
  },
)

t.test(
  'CVE-2022-31142: a check of an API key that fails is no pass, and our outage no 401',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const owner = await newOwner(service)
    const [warm, cold] = [await owner.generate(), await owner.generate()]
    t.equal(await statusOf(service, warm.secret), 200)

    for (const fate of ['fail', 'throttle'] as const) {
      proxy.decide(() => fate)
      const answer = await getData(service, cold.secret)
      t.match(answer, { status: 503, body: { code: 'STORE_UNAVAILABLE' } }, fate)
      t.match(answer.headers['retry-after'], /^\d+$/)
      t.equal(await statusOf(service, warm.secret), 200, 'what is known goes on')
      t.match(await getData(service, 'not-a-key'), INVALID, 'what needs no store is answered')
      const unknown = newKey(LIVE, newKeyId(owner.id, systemRandom), systemRandom)
      t.equal(await statusOf(service, unknown), 503, 'nor is an unknown key called wrong')
    }
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, warm.secret), 503, 'the cache’s bound holds in an outage too')

    proxy.decide(() => 'pass')
    for (const { secret } of [warm, cold]) t.equal(await statusOf(service, secret), 200)
  },
)

t.test('API_KEY_PREFIX, API_KEY_ENVIRONMENT and API_KEY_SCOPES', async (t) => {
  const env = {
    API_KEY_PREFIX: 'acme',
    API_KEY_ENVIRONMENT: 'test',
    API_KEY_SCOPES: 'data:read,reports:read',
  }
  const service = await startService(t, { env })
  const owner = await newOwner(service)
  const { id, secret } = await owner.generate({ scopes: ['data:read', 'reports:read'] })
  t.match(secret, /^acme_test_[0-9A-Za-z]{79}$/)
  t.equal((await owner.show(id)).prefix, secret.slice(0, 16))
  t.equal(await statusOf(service, secret), 200)
  t.equal(await statusOf(service, newKey(LIVE, id, systemRandom)), 401)
  t.equal(
    (await owner.call('POST', '/generate', { name: 'k', scopes: ['data:write'] })).status,
    400,
  )
})

t.test('the form of an API key', (t) => {
  const RUNS = { seed: 20_300_101, numRuns: 200 }
  const LETTERS = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const keys = fc.tuple(fc.uuid(), bytes(5), bytes(32)).map(([ownerId, serial, random]) => {
    const keyId = newKeyId(ownerId, () => Buffer.from(serial))
    return { ownerId, keyId, key: newKey(LIVE, keyId, () => Buffer.from(random)) }
  })
  const positions = fc.nat({ max: 'lk_live_'.length + 78 })

  t.test('an API key read back is the key that was made', async (t) => {
    const readsBack = fc.property(keys, ({ ownerId, keyId, key }) => {
      const parsed = parseKey(LIVE, key)
      t.match(key, /^lk_live_[0-9A-Za-z]{79}$/)
      t.same(parsed, { ownerId, keyId, secret: key.slice(-49, -6) })
      t.equal(parseKey(TEST, key), undefined)
    })
    fc.assert(readsBack, RUNS)
  })

  t.test('an API key with any one letter changed is refused', async () => {
    const refused = fc.property(
      keys,
      positions,
      fc.constantFrom(...LETTERS),
      ({ key }, at, letter) => {
        fc.pre(key[at] !== letter)
        return parseKey(LIVE, key.slice(0, at) + letter + key.slice(at + 1)) === undefined
      },
    )
    fc.assert(refused, RUNS)
  })

  t.test('an API key with any two neighbours swapped is refused', async () => {
    const refused = fc.property(keys, positions, ({ key }, at) => {
      const [first = '', second = ''] = key.slice(at, at + 2)
      fc.pre(second !== '' && first !== second)
      return parseKey(LIVE, key.slice(0, at) + second + first + key.slice(at + 2)) === undefined
    })
    fc.assert(refused, RUNS)
  })

  t.test('any text is refused as an API key, and none throws', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 79, maxLength: 79 }),
    )
    const refused = fc.property(
      texts,
      (text) =>
        parseKey(LIVE, text) === undefined && parseKey(LIVE, `lk_live_${text}`) === undefined,
    )
    fc.assert(refused, RUNS)
  })

  t.test('an API key’s secret is 256 random bits, and no two secrets read alike', async (t) => {
    const asked: number[] = []
    const keyId = newKeyId('6f1f0a3e-3d0c-4b9e-9f64-0d3f5a6c7b21', systemRandom)
    newKey(LIVE, keyId, (size) => {
      asked.push(size)
      return systemRandom(size)
    })
    t.same(asked, [32])
    const tellsApart = fc.property(bytes(32), bytes(32), (a, b) => {
      const same = Buffer.compare(a, b) === 0
      const keyOf = (random: Uint8Array) => newKey(LIVE, keyId, () => Buffer.from(random))
      return same === (keyOf(a) === keyOf(b))
    })
    fc.assert(tellsApart, RUNS)
    const extremes = [Buffer.alloc(32), Buffer.alloc(32, 255)]
    for (const random of extremes)
      t.ok(
        parseKey(
          LIVE,
          newKey(LIVE, keyId, () => random),
        ),
      )
  })

  t.end()
})
