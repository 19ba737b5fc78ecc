import t from 'tap'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { getData, KEYS, newAdmin, newOwner, statusOf } from '../support/keys.js'
import { newSigner, report } from '../support/leak-reports.js'
import { type Answer, type Service, startService } from '../support/service.js'

const askAs = (service: Service, secret: string, path = '', remoteAddress = '192.0.2.7') =>
  service.get(`/api/key${path}`, { headers: { 'x-api-key': secret }, remoteAddress })

const rotateAs = (
  service: Service,
  { id, secret }: { id: string; secret: string },
  body: object = {},
): Promise<Answer> =>
  service.post(`${KEYS}/${id}/rotate`, body, { headers: { 'x-api-key': secret } })

t.test('GET /api/key: what its holder may do, until when, and what is left', async (t) => {
  const service = await startService(t)
  const [owner, admin] = [await newOwner(service), await newAdmin(service)]

  t.test('GET /api/key tells of a key with every setting', async (t) => {
    const settings = {
      name: 'billing export',
      scopes: ['data:read', 'data:write'],
      expiresAt: '2031-01-01T00:00:00.000Z',
      rateLimit: { limit: 50, windowSeconds: 60 },
      monthlyQuota: 1000,
      allowedCidrs: ['192.0.2.0/24'],
    }
    const { id, secret } = await owner.generate(settings)
    const used = { remoteAddress: '192.0.2.7' }
    for (let i = 0; i < 3; i++) t.equal((await getData(service, secret, used)).status, 200)
    const { status, headers, body } = await askAs(service, secret)
    t.equal(status, 200)
    t.equal(headers['cache-control'], 'no-store')
    const { createdAt, remaining, ...rest } = body.key
    t.same(rest, {
      id,
      ...settings,
      prefix: secret.slice(0, 14),
      status: 'active',
      secretUntil: null,
    })
    t.equal(createdAt, (await owner.show(id)).createdAt)
    t.same(
      [remaining.rateLimit.calls, remaining.monthlyQuota.calls],
      [47, 997],
      'this instance spends from blocks that it holds',
    )
    t.match(remaining.monthlyQuota.resetsAt, /^20..-..-01T00:00:00.000Z$/)
    for (let i = 0; i < 20; i++) await askAs(service, secret)
    t.same((await askAs(service, secret)).body.key.remaining, remaining, 'asking takes nothing')
    t.match(await askAs(service, secret, '', '203.0.113.1'), {
      status: 403,
      body: { code: 'ADDRESS_NOT_ALLOWED' },
    })

    const other = await startService(t, { beside: service })
    const elsewhere = (await askAs(other, secret)).body.key.remaining
    t.ok(elsewhere.monthlyQuota.calls <= 997, 'another instance knows of no block of this one')
  })

  t.test('GET /api/key tells of a key without limits, and of a spent one', async (t) => {
    const plain = await owner.generate()
    t.match((await askAs(service, plain.secret)).body.key, {
      expiresAt: null,
      rateLimit: null,
      allowedCidrs: null,
      remaining: { rateLimit: null, monthlyQuota: null },
    })
    const spent = await owner.generate({ monthlyQuota: 1 })
    await getData(service, spent.secret)
    t.equal((await getData(service, spent.secret)).status, 429)
    const { status, body } = await askAs(service, spent.secret)
    t.match([status, body.key.remaining.monthlyQuota.calls], [200, 0])
  })

  t.test(
    'GET /api/key tells the scopes that the key has by now, and when its secret stops',
    async (t) => {
      const giver = await newAdmin(service)
      const key = await owner.generate()
      await giver.patch(key.id, { scopes: ['data:read', 'token:introspect'] })
      t.same((await askAs(service, key.secret)).body.key.scopes, ['data:read', 'token:introspect'])
      await admin.admin('PATCH', `/${giver.id}`, { role: 'user' })
      t.same((await askAs(service, key.secret)).body.key.scopes, ['data:read'])
      await owner.rotate(key.id, 3600)
      const end = new Date(service.clock() + HOUR).toISOString()
      t.equal((await askAs(service, key.secret)).body.key.secretUntil, end)
    },
  )

  t.test('GET /api/key shows no hash of the key and no owner’s notes', async (t) => {
    const { secret } = await owner.generate()
    const { text } = await askAs(service, secret)
    t.notMatch(text, /hash|events|revision|owner/i)
  })

  t.test('GET /api/key/usage tells how the key was used', async (t) => {
    const { id, secret } = await owner.generate()
    await getData(service, secret)
    await service.services.keyUsage.flush()
    const { status, body } = await askAs(service, secret, '/usage')
    t.equal(status, 200)
    t.same(body, (await owner.call('GET', `/${id}/usage`)).body)
    t.match(body.days.at(-1), { allowed: 1 })
  })

  t.test('GET /api/key refuses a key that opens nothing', async (t) => {
    const { accessToken: token } = await service.signIn(owner.account)
    t.match(await service.get('/api/key', { token }), { body: { code: 'API_KEY_REQUIRED' } })
    t.match(await askAs(service, 'nonsense'), { body: { code: 'API_KEY_INVALID' } })
    t.equal((await service.get('/api/key?api_key=x')).status, 400)
    const off = await owner.generate()
    await owner.patch(off.id, { status: 'disabled' })
    t.match(await askAs(service, off.secret), { status: 401, body: { code: 'API_KEY_DISABLED' } })
    const expiresAt = new Date(service.clock() + MINUTE).toISOString()
    const late = await owner.generate({ expiresAt })
    service.clock.advance(MINUTE)
    t.match(await askAs(service, late.secret), { status: 401, body: { code: 'API_KEY_EXPIRED' } })
  })
})

t.test(
  'what is asked of API keys, by keys and by owners, is limited by address, first',
  async (t) => {
    const service = await startService(t, { env: { RATE_LIMIT_PER_ADDRESS: '2' } })
    const routes = ['/api/key', '/api/key/usage', KEYS, `${KEYS}/x`, `${KEYS}/x/usage`]
    for (const [index, url] of routes.entries()) {
      const ask = () => service.get(url, { remoteAddress: `192.0.2.${index}` })
      for (let i = 0; i < 2; i++) t.equal((await ask()).status, 401, url)
      const before = service.calls.length
      t.equal((await ask()).status, 429, url)
      t.same(service.calls.slice(before), [])
    }
  },
)

t.test('an API key rotates itself, without a session', async (t) => {
  const scanner = newSigner()
  const env = { API_KEY_LEAK_PUBLIC_KEY: scanner.pem, API_KEY_LEAK_ACTION: 'rotate' }
  const service = await startService(t, { env })
  const owner = await newOwner(service)
  const superseded = { status: 403, body: { code: 'SECRET_SUPERSEDED' } }

  t.test('an API key that rotates itself goes on with the new secret', async (t) => {
    const key = await owner.generate()
    service.clock.advance(30 * DAY)
    const { status, headers, body } = await rotateAs(service, key, { overlapSeconds: 60 })
    t.equal(status, 201)
    t.equal(headers['cache-control'], 'no-store')
    t.match(body, { key: { id: key.id, oldSecretUntil: String }, message: String })
    t.equal(await statusOf(service, body.apiKey), 200)
    t.equal(await statusOf(service, key.secret), 200, 'the overlap')
    service.clock.advance(MINUTE)
    t.equal(await statusOf(service, key.secret), 401)
    t.equal((await rotateAs(service, { ...key, secret: body.apiKey })).status, 201)
    t.match((await owner.show(key.id)).events, [
      { what: 'created' },
      { what: 'rotated', by: 'holder' },
      { what: 'rotated', by: 'holder' },
    ])
    t.match(service.events('sensitive_rotate').at(-1), { keyId: key.id, ownerId: owner.id })
    const immediate = { ...key, secret: (await rotateAs(service, key)).body.apiKey }
    t.equal(immediate.secret, undefined, 'an ended secret does not')
  })

  t.test('an API key rotates itself, and no other key', async (t) => {
    const [key, other] = [await owner.generate(), await owner.generate()]
    const answer = await rotateAs(service, { id: other.id, secret: key.secret })
    t.match(answer, { status: 404, body: { code: 'API_KEY_NOT_FOUND' } })
    t.match(await rotateAs(service, { id: key.id, secret: 'x' }), { status: 401 })
    const { accessToken: token } = await service.signIn(owner.account)
    const both = await service.post(
      `${KEYS}/${key.id}/rotate`,
      {},
      {
        token,
        headers: { 'x-api-key': 'x' },
      },
    )
    t.equal(both.status, 401, 'the key counts, where one is sent')
    t.equal(await statusOf(service, other.secret), 200)
  })

  t.test(
    'an API key can’t rotate itself by a secret that was replaced, but for a lost answer',
    async (t) => {
      const key = await owner.generate()
      const lost = await rotateAs(service, key)
      t.equal(lost.status, 201)
      service.clock.advance(10 * MINUTE - 1)
      const again = await rotateAs(service, key)
      t.equal(again.status, 201, 'the secret that asked may ask again for ten minutes')
      service.clock.advance(10 * MINUTE)
      t.match(await rotateAs(service, key), superseded)
      const current = { ...key, secret: again.body.apiKey as string }
      t.equal((await rotateAs(service, current)).status, 201)
      t.match(await rotateAs(service, { ...key, secret: lost.body.apiKey as string }), superseded)

      const taken = await owner.generate()
      await owner.rotate(taken.id, 3600)
      t.match(await rotateAs(service, taken), superseded, 'nor one that its owner has replaced')
      t.equal(await statusOf(service, taken.secret), 200, 'though it works for its overlap')
    },
  )

  t.test('an API key can’t rotate itself by a secret that was seen in public', async (t) => {
    const key = await owner.generate()
    await report(service, [{ token: key.secret }], scanner)
    t.equal(await statusOf(service, key.secret), 200, 'it has a day left')
    t.match(await rotateAs(service, key), superseded)
    const old = await owner.generate()
    await rotateAs(service, old)
    await report(service, [{ token: old.secret }], scanner)
    t.match(await rotateAs(service, old), superseded)
  })

  t.test('an API key that is no good can’t rotate itself', async (t) => {
    const key = await owner.generate()
    await owner.patch(key.id, { status: 'disabled' })
    t.match(await rotateAs(service, key), { status: 401, body: { code: 'API_KEY_DISABLED' } })
    const walled = await owner.generate({ allowedCidrs: ['192.0.2.0/24'] })
    t.match(await rotateAs(service, walled), { status: 403, body: { code: 'ADDRESS_NOT_ALLOWED' } })
  })

  t.test('an API key that rotates itself stays within what it had', async (t) => {
    const key = await owner.generate({ monthlyQuota: 5 })
    const { body } = await rotateAs(service, key)
    t.match(body.key, { monthlyQuota: 5, scopes: ['data:read'] })
    const more = await service.call('PATCH', `${KEYS}/${key.id}`, {
      body: { monthlyQuota: 6 },
      headers: { 'x-api-key': body.apiKey as string },
    })
    t.equal(more.status, 401, 'it changes nothing else')
  })
})
