import t from 'tap'
import { hashKey, newKey, newKeyId } from '../../src/api-keys/verification/format.js'
import { systemRandom } from '../../src/lib/random.js'
import { HOUR, SECOND } from '../support/clock.js'
import { type Generated, newOwner, type Owner, statusOf } from '../support/keys.js'
import {
  newSigner,
  postReport as post,
  report as signedReport,
  SIGNATURE,
} from '../support/leak-reports.js'
import { type Fate, startProxy } from '../support/proxy.js'
import { type Answer, type Service, startService } from '../support/service.js'

const CACHE = 30 * SECOND
const PLACE = 'https://example.com/repository/blob/main/config.py'

const scanner = newSigner()
const stranger = newSigner()

t.test('POST /api/apikeys/leaked', async (t) => {
  const service = await startService(t, { env: { API_KEY_LEAK_PUBLIC_KEY: scanner.pem } })
  const owner = await newOwner(service)

  t.test(
    'a report of a leaked key disables it and tells its owner where it was seen',
    async (t) => {
      const key = await owner.generate()
      t.equal(await statusOf(service, key.secret), 200)
      const { status, body } = await report(service, [find(key)])
      t.equal(status, 200)
      t.same(body, [
        {
          token_hash: hashKey(key.secret),
          token_type: 'latchkey_api_key',
          label: 'true_positive',
        },
      ])
      service.clock.advance(CACHE)
      t.equal(await statusOf(service, key.secret), 401)
      const { status: keyStatus, events } = await owner.show(key.id)
      t.equal(keyStatus, 'disabled')
      t.match(events, [{ what: 'created' }, { what: 'leaked', detail: PLACE }])
      t.match(service.events('sensitive_leak').at(-1), { keyId: key.id, action: 'disable' })
    },
  )

  t.test('a leaked secret is dead for good; only a rotation revives its key', async (t) => {
    const key = await owner.generate()
    await report(service, [find(key)])
    await owner.patch(key.id, { status: 'active' })
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, key.secret), 401)
    const next = await owner.rotate(key.id, 3600)
    t.equal(await statusOf(service, next), 200)
    t.equal(await statusOf(service, key.secret), 401)
  })

  t.test(
    'a leak report finds a live key behind an address range, and an old secret in its overlap',
    async (t) => {
      const walled = await owner.generate({ allowedCidrs: ['192.0.2.0/24'] })
      const rotated = await owner.generate()
      await owner.rotate(rotated.id, 3600)
      const { body } = await report(service, [find(walled), find(rotated)])
      t.same(labels(body), ['true_positive', 'true_positive'])
    },
  )

  t.test('a leaked old secret in its overlap ends alone', async (t) => {
    const key = await owner.generate()
    const next = await owner.rotate(key.id, 3600)
    await report(service, [find(key)])
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, key.secret), 401)
    t.equal(await statusOf(service, next), 200, 'the new secret never leaked')
    const { status, secretUntil, events } = await owner.show(key.id)
    t.same({ status, secretUntil }, { status: 'active', secretUntil: null })
    t.match(events.at(-1), { what: 'leaked', detail: PLACE })
  })

  t.test('an old secret of a key is not ended by the leak of the current one', async (t) => {
    const key = await owner.generate()
    const next = await owner.rotate(key.id, 3600)
    await report(service, [{ token: next, url: PLACE }])
    await owner.patch(key.id, { status: 'active' })
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, next), 401)
    t.equal(await statusOf(service, key.secret), 200, 'the old secret never leaked')
  })

  t.test('a leak report judges each of many keys found', async (t) => {
    const [key, other] = [await owner.generate(), await owner.generate()]
    const finds = [find(key), { token: 'not-a-key' }, find(other), find(key)]
    const { body } = await report(service, finds)
    const expected = ['true_positive', 'false_positive', 'true_positive', 'true_positive']
    t.same(labels(body), expected)
    t.match(await owner.show(key.id), { events: [{ what: 'created' }, { what: 'leaked' }] })
    t.equal((await owner.show(key.id)).events.length, 2, 'found twice, withdrawn once')
  })

  t.test('a report of leaked keys that comes again is as true, and changes nothing', async (t) => {
    const [key, rotated] = [await owner.generate(), await owner.generate()]
    await owner.rotate(rotated.id, 3600)
    const finds = [find(key), find(rotated)]
    const first = await report(service, finds)
    const before = await owner.call('GET')
    const logged = service.events('sensitive_leak').length
    const again = await report(service, finds)
    t.same(labels(again.body), ['true_positive', 'true_positive'])
    t.same(again.body, first.body)
    t.same((await owner.call('GET')).body, before.body)
    t.equal(service.events('sensitive_leak').length, logged)
  })

  t.test(
    'a leak report ends the secret of a disabled key that its owner may enable again',
    async (t) => {
      const expiresAt = new Date(service.clock() + SECOND).toISOString()
      const [disabled, expired] = [await owner.generate(), await owner.generate({ expiresAt })]
      await owner.patch(disabled.id, { status: 'disabled' })
      service.clock.advance(SECOND)
      const { body } = await report(service, [find(disabled), find(expired)])
      t.same(labels(body), ['true_positive', 'true_positive'])
      for (const key of [disabled, expired]) {
        await owner.patch(key.id, { status: 'active', expiresAt: null })
        service.clock.advance(CACHE)
        t.equal(await statusOf(service, key.secret), 401)
      }
    },
  )

  t.test('a leak report changes nothing for what is no secret of a key', async (t) => {
    const [key, deleted] = [await owner.generate(), await owner.generate()]
    await owner.call('DELETE', `/${deleted.id}`)
    const before = await owner.call('GET')
    const prefix = { name: 'lk', environment: 'live' }
    const finds = {
      'not a key': 'anything at all',
      'of no key': newKey(prefix, newKeyId(owner.id, systemRandom), systemRandom),
      'a wrong secret': newKey(prefix, key.id, systemRandom),
      mistyped: `${key.secret.slice(0, -2)}!!`,
      deleted: deleted.secret,
    }
    for (const [what, token] of Object.entries(finds)) {
      const { status, body } = await report(service, [{ token, url: PLACE, type: 'theirs' }])
      t.equal(status, 200)
      const answer = { token_type: 'theirs', token_hash: hashKey(token) }
      t.match(body, [{ ...answer, label: 'false_positive' }], what)
    }
    t.same((await owner.call('GET')).body, before.body)
    t.equal(await statusOf(service, key.secret), 200)
  })

  t.test(
    'a report of leaked keys that the scanner did not sign is refused, and does nothing',
    async (t) => {
      const key = await owner.generate()
      const body = JSON.stringify([find(key)])
      const signature = scanner.sign(body)
      const forgeries: Record<string, [string, Record<string, string>]> = {
        'no signature': [body, {}],
        'an empty one': [body, { [SIGNATURE]: '' }],
        'one that is none': [body, { [SIGNATURE]: 'bm90IGEgc2lnbmF0dXJl' }],
        'a cut one': [body, { [SIGNATURE]: signature.slice(0, -8) }],
        'the right one twice': [body, { [SIGNATURE]: `${signature},${signature}` }],
        'one in base64url': [
          body,
          { [SIGNATURE]: Buffer.from(signature, 'base64').toString('base64url') },
        ],
        'one with a space in it': [
          body,
          { [SIGNATURE]: `${signature.slice(0, 9)} ${signature.slice(9)}` },
        ],
        'another key’s': [body, { [SIGNATURE]: stranger.sign(body) }],
        'one of another body': [body, { [SIGNATURE]: scanner.sign('[]') }],
        'one byte more': [`${body} `, { [SIGNATURE]: signature }],
        'one byte changed': [body.replace('main', 'mein'), { [SIGNATURE]: signature }],
      }
      for (const [what, [sent, headers]] of Object.entries(forgeries)) {
        const answer = await post(service, sent, headers)
        t.match(answer, { status: 401, body: { code: 'SIGNATURE_INVALID' } }, what)
        t.match(answer.headers['www-authenticate'], /^Signature /, 'RFC 9110 §15.5.2')
      }
      t.match(await owner.show(key.id), { status: 'active', events: [{ what: 'created' }] })
      t.equal((await owner.show(key.id)).events.length, 1)
      service.clock.advance(CACHE)
      t.equal(await statusOf(service, key.secret), 200)
      t.equal(
        (await post(service, body, { [SIGNATURE]: signature })).status,
        200,
        'as it was signed',
      )
    },
  )

  t.test(
    'a report of leaked keys has the right shape, asked for once its signature is good',
    async (t) => {
      for (const sent of [{}, [{}], [{ token: 7 }], 'text', [{ token: 'x'.repeat(1025) }]]) {
        t.equal((await report(service, sent)).status, 400, JSON.stringify(sent).slice(0, 40))
      }
      const unread = await post(service, '{', { [SIGNATURE]: scanner.sign('{') })
      t.match(unread, { status: 400, body: { code: 'MALFORMED_JSON' } })
      const empty = await report(service, [])
      t.match(empty, { status: 200, body: [] })
    },
  )

  t.test('a report of leaked keys may be longer than other bodies', async (t) => {
    const finds = Array.from({ length: 100 }, () => ({ token: 'x'.repeat(1024) }))
    const { status, body } = await report(service, finds)
    t.equal(status, 200)
    t.equal(body.length, 100)
  })
})

t.test('API_KEY_LEAK_ACTION=rotate', async (t) => {
  const env = { API_KEY_LEAK_PUBLIC_KEY: scanner.pem, API_KEY_LEAK_ACTION: 'rotate' }
  const service = await startService(t, { env })
  const owner = await newOwner(service)

  t.test('API_KEY_LEAK_ACTION=rotate leaves a leaked secret 24 hours', async (t) => {
    const key = await leak(owner)
    service.clock.advance(24 * HOUR - 1)
    t.equal(await statusOf(service, key.secret), 200)
    service.clock.advance(1)
    t.equal(await statusOf(service, key.secret), 401, 'to the millisecond')
    t.equal((await owner.show(key.id)).status, 'active', 'the key itself can be rotated')
    const next = await owner.rotate(key.id, 0)
    t.equal(await statusOf(service, next), 200)
    t.equal(await statusOf(service, key.secret), 401)
  })

  t.test('the owner’s rotation does not lengthen the 24 hours of a leaked secret', async (t) => {
    const key = await leak(owner)
    service.clock.advance(HOUR)
    const next = await owner.rotate(key.id, 30 * 24 * 3600)
    service.clock.advance(23 * HOUR - 1)
    t.equal(await statusOf(service, key.secret), 200)
    service.clock.advance(1)
    t.equal(await statusOf(service, key.secret), 401)
    t.equal(await statusOf(service, next), 200, 'the new secret has no end')
  })

  t.test('a second leak report does not lengthen the 24 hours of a leaked secret', async (t) => {
    const key = await leak(owner)
    service.clock.advance(12 * HOUR)
    t.same(labels((await report(service, [find(key)])).body), ['true_positive'])
    service.clock.advance(12 * HOUR)
    t.equal(await statusOf(service, key.secret), 401)
  })

  t.test(
    'a leaked old secret has no more than its overlap, and no more than 24 hours',
    async (t) => {
      const [short, long] = [await owner.generate(), await owner.generate()]
      await owner.rotate(short.id, 3600)
      await owner.rotate(long.id, 30 * 24 * 3600)
      const before = await owner.show(short.id)
      await report(service, [find(short), find(long)])
      t.equal((await owner.show(short.id)).oldSecretUntil, before.oldSecretUntil)
      service.clock.advance(24 * HOUR - 1)
      t.equal(await statusOf(service, long.secret), 200)
      service.clock.advance(1)
      t.equal(await statusOf(service, long.secret), 401)
    },
  )

  t.test('the owner may shorten the 24 hours of a leaked secret', async (t) => {
    const key = await leak(owner)
    const next = await owner.rotate(key.id, 0)
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, key.secret), 401)
    t.equal(await statusOf(service, next), 200)
  })

  async function leak(of: Owner): Promise<Generated> {
    const key = await of.generate()
    const { body } = await report(service, [find(key)])
    t.same(labels(body), ['true_positive'])
    const { events } = await of.show(key.id)
    t.match(events, [{ what: 'created' }, { what: 'leaked', detail: PLACE }])
    return key
  }
})

t.test('what a report of leaked keys meets in the store', async (t) => {
  const proxy = await startProxy(t)
  const env = { API_KEY_LEAK_PUBLIC_KEY: scanner.pem }
  const service = await startService(t, { endpoint: proxy.endpoint, env })
  const owner = await newOwner(service)
  t.afterEach(() => proxy.decide(() => 'pass'))

  t.test(
    'a secret that is rotated during a leak report ends as the old one that it is',
    async (t) => {
      const key = await owner.generate()
      let next: string | undefined
      proxy.decide(async ({ operation, body }): Promise<Fate> => {
        if (operation === 'TransactWriteItems' && body.includes('leaked') && next === undefined) {
          next = ''
          next = await owner.rotate(key.id, 3600)
        }
        return 'pass'
      })
      t.same(labels((await report(service, [find(key)])).body), ['true_positive'])
      service.clock.advance(CACHE)
      t.equal(await statusOf(service, key.secret), 401)
      t.equal(await statusOf(service, String(next)), 200)
      t.match(await owner.show(key.id), {
        status: 'active',
        events: [{ what: 'created' }, { what: 'rotated' }, { what: 'leaked' }],
      })
    },
  )

  t.test(
    'the finds of a report of leaked keys are looked up side by side, but not all at once',
    async (t) => {
      const prefix = { name: 'lk', environment: 'live' }
      const finds = Array.from({ length: 100 }, () => ({
        token: newKey(prefix, newKeyId(owner.id, systemRandom), systemRandom),
      }))
      let most = 0
      proxy.decide(() => {
        most = Math.max(most, proxy.pending())
        return 'pass'
      })
      const { body } = await report(service, finds)
      t.same(
        body.map(({ token_hash }: { token_hash: string }) => token_hash),
        finds.map(({ token }) => hashKey(token)),
        'and answered in their order',
      )
      t.ok(most > 1 && most <= 16, `${most} at once`)
    },
  )

  t.test('an outage during a leak report judges no key', async (t) => {
    const keys = [await owner.generate(), await owner.generate()]
    proxy.decide(({ operation }) => (operation === 'GetItem' ? 'fail' : 'pass'))
    t.match(await report(service, keys.map(find)), { status: 503, headers: { 'retry-after': '2' } })
    proxy.decide(() => 'pass')
    t.same(labels((await report(service, keys.map(find))).body), ['true_positive', 'true_positive'])
  })
})

t.test('without API_KEY_LEAK_PUBLIC_KEY the service takes no reports of leaked keys', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const key = await owner.generate()
  const { status, headers } = await report(service, [find(key)])
  t.equal(status, 405, 'the path is that of a key whose id is `leaked`')
  t.notMatch(headers.allow, /POST/)
  t.match(await owner.show(key.id), { status: 'active', events: [{ what: 'created' }] })
})

const find = ({ secret }: Generated) => ({ token: secret, url: PLACE })

const labels = (answers: { label: string }[]): string[] => answers.map(({ label }) => label)

const report = (service: Service, finds: unknown): Promise<Answer> =>
  signedReport(service, finds, scanner)
