import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { hashKey } from '../../src/api-keys/verification/format.js'
import { DAY, SECOND } from '../support/clock.js'
import { getData, KEYS, newAdmin, newOwner, statusOf } from '../support/keys.js'
import { refusal, startProxy } from '../support/proxy.js'
import { startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const CACHE = 30 * SECOND
const DEFAULTS = {
  name: 'billing',
  status: 'active',
  suspendedBy: null,
  suspendedReason: null,
  scopes: ['data:read'],
  expiresAt: null,
  lastUsedAt: null,
  oldSecretUntil: null,
  secretUntil: null,
  rateLimit: null,
  monthlyQuota: null,
  allowedCidrs: null,
}
const SETTINGS = {
  name: 'everything set',
  scopes: ['data:read', 'data:write'],
  expiresAt: '2031-01-01T00:00:00.000Z',
  rateLimit: { limit: 10, windowSeconds: 60 },
  monthlyQuota: 1000,
  allowedCidrs: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'],
}

t.test('POST /api/apikeys/generate', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const generate = (body: unknown) => owner.call('POST', '/generate', body)

  t.test('generate shows an API key once, with what it may do', async (t) => {
    const { status, headers, body } = await generate({ name: 'billing' })
    t.equal(status, 201)
    t.equal(headers['cache-control'], 'no-store')
    t.same(Object.keys(body).sort(), ['apiKey', 'key', 'message'])
    t.equal(body.message, 'Save this key securely')
    t.match(body.apiKey, /^lk_live_[0-9A-Za-z]{79}$/)
    const { id, prefix, createdAt, events, ownerId, ...rest } = body.key
    t.same(rest, DEFAULTS, 'the first configured scope, and no limits')
    t.equal(ownerId, owner.id)
    t.ok(body.apiKey.includes(id))
    t.equal(prefix, body.apiKey.slice(0, 14))
    t.same(events, [{ at: createdAt, what: 'created' }])
    t.match(service.events('sensitive_create').at(-1), { userId: owner.id, keyId: id })
    t.equal(await statusOf(service, body.apiKey), 200)
  })

  t.test('generate takes every setting of an API key', async (t) => {
    const { status, body } = await generate(SETTINGS)
    t.equal(status, 201)
    t.match(body.key, SETTINGS)
  })

  const nameErrors: [unknown, string][] = [
    [{}, '/name'],
    [{ name: '' }, '/name'],
    [{ name: 7 }, '/name'],
    [{ name: 'x'.repeat(101) }, '/name'],
    [{ name: 'line\nbreak' }, '/name'],
  ]
  const settingErrors: [object, string][] = [
    [{ scopes: [] }, '/scopes'],
    [{ scopes: 'data:read' }, '/scopes'],
    [{ scopes: ['admin'] }, '/scopes'],
    [{ scopes: ['data:read', 'data:read'] }, '/scopes'],
    [{ expiresAt: 'tomorrow' }, '/expiresAt'],
    [{ expiresAt: 1_900_000_000 }, '/expiresAt'],
    [{ expiresAt: '2029-12-31T23:59:59Z' }, '/expiresAt'],
    [{ expiresAt: '2030-01-01T00:00:00Z' }, '/expiresAt'],
    [{ expiresAt: '2030-12-31T23:59:60Z' }, '/expiresAt'],
    [{ rateLimit: 10 }, '/rateLimit'],
    [{ rateLimit: { limit: 0, windowSeconds: 1 } }, '/rateLimit/limit'],
    [{ rateLimit: { limit: 1.5, windowSeconds: 1 } }, '/rateLimit/limit'],
    [{ rateLimit: { limit: 1, windowSeconds: 86_401 } }, '/rateLimit/windowSeconds'],
    [{ rateLimit: { limit: 1 } }, '/rateLimit/windowSeconds'],
    [{ monthlyQuota: 0 }, '/monthlyQuota'],
    [{ monthlyQuota: '100' }, '/monthlyQuota'],
    [{ allowedCidrs: [] }, '/allowedCidrs'],
    [{ allowedCidrs: ['example.com'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['192.0.2.0/33'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['192.0.2.0/-1'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['192.0.2.0/'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['192.0.2.0/24/8'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['192.0.2.0/0x8'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['2001:db8::/129'] }, '/allowedCidrs'],
    [{ allowedCidrs: ['fe80::1%eth0/64'] }, '/allowedCidrs'],
  ]
  for (const [sent, field] of nameErrors.concat(
    settingErrors.map(([setting, field]) => [{ name: 'k', ...setting }, field]),
  )) {
    t.test(`generate refuses an API key with ${JSON.stringify(sent).slice(0, 80)}`, async (t) => {
      const { status, body } = await generate(sent)
      t.equal(status, 400)
      t.match(body, { code: 'VALIDATION_FAILED', errors: [{ field }] })
    })
  }

  t.test('generate says all that is wrong with an API key at once', async (t) => {
    const { body } = await generate({ name: 'k', scopes: ['root'], allowedCidrs: ['everywhere'] })
    t.same(
      body.errors.map(({ field }: { field: string }) => field),
      ['/scopes', '/allowedCidrs'],
    )
  })

  t.test('CVE-2025-61928: no one makes or moves an API key for another person', async (t) => {
    const victim = await newOwner(service)
    const { id } = await owner.generate()
    const smuggled = ['userId', 'ownerId', 'owner', 'keyId', 'id', 'hash', 'status', 'role']
    for (const name of smuggled) {
      const { status, body } = await generate({ name: 'k', [name]: victim.id })
      t.equal(status, 400, `${name} in generate`)
      t.match(body, { code: 'VALIDATION_FAILED', errors: [{ field: `/${name}` }] })
      const changed = await owner.call('PATCH', `/${id}`, { [name]: victim.id })
      t.equal(changed.status, 400, `${name} in a change`)
      const unauthenticated = await service.post(`${KEYS}/generate`, {
        name: 'k',
        [name]: victim.id,
      })
      t.equal(unauthenticated.status, 401, `${name} without a session`)
    }
    t.same((await victim.call('GET')).body, { keys: [] })
  })
})

t.test('the life of an API key', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)

  t.test('API keys are listed and shown to their owner', async (t) => {
    const someone = await newOwner(service)
    const first = await someone.generate({ name: 'first' })
    service.clock.advance(SECOND)
    const second = await someone.generate(SETTINGS)
    const { status, body } = await someone.call('GET')
    t.equal(status, 200)
    t.same(
      body.keys.map(({ id }: { id: string }) => id),
      [first.id, second.id],
      'the oldest first',
    )
    const shown = await someone.call('GET', `/${second.id}`)
    t.same(shown.body, { key: body.keys[1] })
    t.match(shown.body.key, SETTINGS)
  })

  t.test(
    'patch of an API key: renames, rescopes, limits; null takes away; what is left out stays',
    async (t) => {
      const { id } = await owner.generate(SETTINGS)
      const steps: [object, object][] = [
        [{ name: 'renamed' }, { ...SETTINGS, name: 'renamed' }],
        [{ scopes: ['data:write'] }, { scopes: ['data:write'], monthlyQuota: 1000 }],
        [{ monthlyQuota: 5 }, { monthlyQuota: 5, rateLimit: SETTINGS.rateLimit }],
        [
          { expiresAt: null, rateLimit: null, monthlyQuota: null, allowedCidrs: null },
          { name: 'renamed', expiresAt: null, rateLimit: null, monthlyQuota: null },
        ],
        [{ allowedCidrs: ['192.0.2.1'] }, { allowedCidrs: ['192.0.2.1'], expiresAt: null }],
      ]
      for (const [changes, expected] of steps) {
        const { body } = await owner.patch(id, changes)
        t.match(body.key, expected, JSON.stringify(changes))
        t.same(await owner.show(id), body.key)
      }
      t.match(service.events('sensitive_update').at(-1), { userId: owner.id, keyId: id })
    },
  )

  t.test('patch of an API key refuses what generate refuses, and nothing at all', async (t) => {
    const { id } = await owner.generate()
    const refused: object[] = [
      {},
      { name: null },
      { scopes: null },
      { scopes: ['admin'] },
      { status: 'leaked' },
      { expiresAt: '2029-01-01T00:00:00Z' },
      { expiresAt: '2030-12-31T23:59:60Z' },
      { allowedCidrs: ['192.0.2.0/'] },
    ]
    for (const changes of refused) {
      const { status, body } = await owner.call('PATCH', `/${id}`, changes)
      t.match({ status, body }, { status: 400, body: { code: 'VALIDATION_FAILED' } })
    }
    t.match(await owner.show(id), { name: 'k', events: [{ what: 'created' }] })
  })

  t.test('patch disables and enables an API key', async (t) => {
    const { id, secret } = await owner.generate()
    for (const [status, answer] of [
      ['disabled', 401],
      ['active', 200],
    ] as const) {
      t.equal((await owner.patch(id, { status })).body.key.status, status)
      service.clock.advance(CACHE)
      t.equal(await statusOf(service, secret), answer, status)
    }
  })

  t.test('delete of an API key: 204, then 404', async (t) => {
    const { id, secret } = await owner.generate()
    t.equal((await owner.call('DELETE', `/${id}`)).status, 204)
    t.equal((await owner.call('DELETE', `/${id}`)).status, 404)
    t.equal((await owner.call('GET', `/${id}`)).status, 404)
    t.equal(await statusOf(service, secret), 401)
    t.match(service.events('sensitive_delete').at(-1), { userId: owner.id, keyId: id })
  })

  t.test('rotate: the API key’s old secret works inside the overlap and not after', async (t) => {
    const { id, secret } = await owner.generate()
    const { status, body } = await owner.call('POST', `/${id}/rotate`, { overlapSeconds: 3600 })
    t.equal(status, 201)
    t.match(body, { message: 'Save this key securely', key: { id } })
    t.not(body.apiKey, secret)
    t.equal(
      body.key.oldSecretUntil,
      new Date(service.clock() + 3600 * SECOND).toISOString(),
      'and says until when',
    )
    service.clock.advance(3600 * SECOND - 1)
    t.equal(await statusOf(service, secret), 200)
    service.clock.advance(1)
    t.equal(await statusOf(service, secret), 401, 'at the very end, cached or not')
    t.equal(await statusOf(service, body.apiKey), 200)
    t.match(service.events('sensitive_rotate').at(-1), { userId: owner.id, keyId: id })
  })

  t.test('rotate: once more takes nothing from an API key’s secret that is in use', async (t) => {
    const { id, secret } = await owner.generate()
    const lost = await owner.rotate(id, 3600)
    service.clock.advance(60 * SECOND)
    const { body } = await owner.call('POST', `/${id}/rotate`, { overlapSeconds: 3600 })
    t.equal(body.key.oldSecretUntil, new Date(service.clock() + 3600 * SECOND).toISOString())
    for (const one of [secret, lost, body.apiKey]) t.equal(await statusOf(service, one), 200)
    service.clock.advance(3540 * SECOND)
    t.equal(await statusOf(service, secret), 401, 'and gives it no longer')
    t.equal(await statusOf(service, lost), 200)
    const secrets = [body.apiKey]
    for (let times = 0; times < 5; times++) secrets.push(await owner.rotate(id, 3600))
    service.clock.advance(30 * SECOND) // no instance remembers longer
    const works = await Promise.all(secrets.map((one) => statusOf(service, one)))
    t.same(works, [401, 200, 200, 200, 200, 200], 'four beside the current one')
  })

  t.test(
    'rotate: an API key’s old secrets get a day unless said otherwise, 0 ends them at once',
    async (t) => {
      const { id, secret } = await owner.generate()
      const { body } = await owner.call('POST', `/${id}/rotate`)
      t.equal(body.key.oldSecretUntil, new Date(service.clock() + DAY).toISOString())
      t.equal(await statusOf(service, body.apiKey), 200)
      const third = await owner.rotate(id, 0)
      t.equal(await statusOf(service, third), 200, 'the new secret works at once')
      t.equal(await statusOf(service, secret), 401, 'the first secret has no second overlap')
      t.equal(await statusOf(service, body.apiKey), 401, 'an overlap of nothing')
    },
  )

  t.test('an API key’s end is of this millennium', async (t) => {
    const { id } = await owner.generate()
    for (const expiresAt of ['9999-12-31T23:59:59-01:00', '9999-01-01T00:00:00Z']) {
      for (const [method, path, body] of [
        ['POST', '/generate', { name: 'late', expiresAt }],
        ['PATCH', `/${id}`, { expiresAt }],
      ] as const) {
        const answer = await owner.call(method, path, body)
        t.match(answer, { status: 400, body: { errors: [{ field: '/expiresAt' }] } }, expiresAt)
      }
    }
    const expiresAt = '9998-12-31T23:59:59.999Z'
    t.match((await owner.call('PATCH', `/${id}`, { expiresAt })).body, { key: { expiresAt } })
  })

  t.test('rotate: refuses an overlap of API keys’ secrets that is none', async (t) => {
    const { id } = await owner.generate()
    for (const overlapSeconds of [-1, 1.5, 2_592_001, '60', null]) {
      const { status } = await owner.call('POST', `/${id}/rotate`, { overlapSeconds })
      t.equal(status, 400, String(overlapSeconds))
    }
  })

  t.test(
    'rotate: of ten at once, the API key ends with a secret that was handed out',
    async (t) => {
      const { id } = await owner.generate()
      const answers = await parallel(10, () => owner.call('POST', `/${id}/rotate`, {}))
      t.strictSame(
        answers.filter(({ status }) => status !== 201 && status !== 404),
        [],
      )
      const issued = answers.filter(({ status }) => status === 201)
      const works = await Promise.all(issued.map(({ body }) => statusOf(service, body.apiKey)))
      t.ok(works.includes(200))
    },
  )

  t.test('an API key keeps a trail of what happened', async (t) => {
    const { id } = await owner.generate()
    service.clock.advance(SECOND)
    await owner.patch(id, { name: 'renamed' })
    await owner.rotate(id, 0)
    const { events, createdAt } = await owner.show(id)
    const later = new Date(service.clock()).toISOString()
    t.same(events, [
      { at: createdAt, what: 'created' },
      { at: later, what: 'updated' },
      { at: later, what: 'rotated' },
    ])
  })

  t.test('the trail of an API key misses none of many changes at once', async (t) => {
    const { id } = await owner.generate()
    const changes = [
      ...Array.from({ length: 7 }, (_, index) => ({ name: `name ${index}` })),
      { scopes: ['data:write'] },
    ]
    await Promise.all(changes.map((change) => owner.patch(id, change)))
    const { events, scopes } = await owner.show(id)
    const what = events.map((event: { what: string }) => event.what)
    t.same(tally(what), { created: 1, updated: changes.length })
    t.same(scopes, ['data:write'])
  })

  t.test('an API key’s secret is shown once, and only its hash is stored', async (t) => {
    const { id, secret } = await owner.generate()
    const rotated = await owner.rotate(id, 60)
    await getData(service, secret)
    const random = (key: string): string => key.slice(-49, -6)
    const later = [
      await owner.call('GET'),
      await owner.call('GET', `/${id}`),
      await owner.patch(id, { name: 'again' }),
      await owner.call('GET', `/${id}/usage`),
    ].map(({ text }) => text)
    const stored = await everythingStored()
    const logged = JSON.stringify(service.logs)
    for (const key of [secret, rotated]) {
      const places = [...later, stored, logged]
      t.notOk(
        places.some((text) => text.includes(random(key))),
        'the secret is nowhere',
      )
      t.ok(stored.includes(hashKey(key)), 'its hash is stored')
      t.notOk(
        [...later, logged].some((text) => text.includes(hashKey(key))),
        'and never shown',
      )
    }
  })

  async function everythingStored(): Promise<string> {
    const names = Object.values(service.config.tables)
    const scans = names.map((TableName) => service.client.send(new ScanCommand({ TableName })))
    return JSON.stringify((await Promise.all(scans)).map(({ Items }) => Items))
  }
})

t.test(
  'a change of an API key whose answer was lost on the wire still counts as made, once',
  async (t) => {
    const proxy = await startProxy(t)
    const service = await startService(t, { endpoint: proxy.endpoint })
    const owner = await newOwner(service)
    const { id } = await owner.generate()
    const loseAnswerOf = (what: string): void => {
      let lost = 0
      proxy.decide(({ operation, body }) =>
        operation === 'TransactWriteItems' && body.includes(what) && lost++ === 0
          ? 'lose-answer'
          : 'pass',
      )
    }
    loseAnswerOf('updated')
    await owner.patch(id, { name: 'renamed' })
    loseAnswerOf('rotated')
    const next = await owner.rotate(id, 0)
    t.equal(await statusOf(service, next), 200)
    const { events } = await owner.show(id)
    t.same(
      events.map(({ what }: { what: string }) => what),
      ['created', 'updated', 'rotated'],
    )
  },
)

t.test('an API key that is changed all the time is left as it is', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const owner = await newOwner(service)
  const { id } = await owner.generate()
  let asked = 0
  proxy.decide(({ operation, body }) => {
    if (operation !== 'TransactWriteItems' || !body.includes('updated')) return 'pass'
    const Item = { keyId: { S: id }, revision: { S: `theirs ${++asked}` } }
    return refusal('TransactionCanceledException', {
      CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item }, { Code: 'None' }],
    })
  })
  const answer = await owner.call('PATCH', `/${id}`, { name: 'mine' })
  t.match(answer, { status: 503, headers: { 'retry-after': '2' } })
  t.equal(asked, 10, 'after ten times')
  proxy.decide(() => 'pass')
  t.match(await owner.show(id), { name: 'k', events: [{ what: 'created' }] })
})

t.test('an owner has so many API keys and no more', async (t) => {
  const service = await startService(t, { env: { API_KEYS_PER_OWNER: '5' } })
  const owner = await newOwner(service)
  await owner.call('GET')
  const answers = await parallel(50, () => owner.call('POST', '/generate', { name: 'k' }))
  t.same(tally(answers.map(({ status }) => status)), { 201: 5, 409: 45 })
  const refused = answers.find(({ status }) => status === 409)
  t.match(refused?.body, { code: 'TOO_MANY_KEYS', detail: /limit is 5/ })
  const { keys } = (await owner.call('GET')).body
  t.equal(keys.length, 5)

  const [{ id }] = keys
  const gone = await parallel(5, () => owner.call('DELETE', `/${id}`))
  t.same(tally(gone.map(({ status }) => status)), { 204: 1, 404: 4 }, 'freed once')
  const again = await parallel(3, () => owner.call('POST', '/generate', { name: 'k' }))
  t.same(tally(again.map(({ status }) => status)), { 201: 1, 409: 2 })
  await (await newOwner(service)).generate()
})

t.test('API keys are their owner’s alone', async (t) => {
  const service = await startService(t)
  const [owner, stranger, admin] = [
    await newOwner(service),
    await newOwner(service),
    await newAdmin(service),
  ]
  const routes: [string, string, object | undefined][] = [
    ['GET', '', undefined],
    ['GET', '/usage', undefined],
    ['PATCH', '', { name: 'taken over' }],
    ['POST', '/rotate', {}],
    ['DELETE', '', undefined],
  ]

  t.test('another person’s API key is not there (ASVS V8.2.2)', async (t) => {
    const { id, secret } = await owner.generate()
    const missing = await stranger.call('GET', '/nothing')
    for (const [method, path, body] of routes) {
      const answer = await stranger.call(method, `/${id}${path}`, body)
      t.equal(answer.status, 404, `${method} ${path}`)
      const like = { ...answer.body, requestId: missing.body.requestId }
      t.same(like, missing.body, 'told apart from no key by nothing')
    }
    t.same((await stranger.call('GET', `?ownerId=${owner.id}`)).body, { keys: [] })
    t.match(await owner.show(id), { name: 'k', events: [{ what: 'created' }] })
    t.equal(await statusOf(service, secret), 200)
  })

  t.test('what else the table holds is no API key', async (t) => {
    const { id, secret } = await owner.generate()
    await getData(service, secret)
    const day = new Date(service.clock()).toISOString().slice(0, 10)
    for (const keyId of [`OWNER#${owner.id}`, `USAGE#${id}#${day}`]) {
      for (const [method, path, body] of routes) {
        const url = `/${encodeURIComponent(keyId)}${path}`
        t.equal((await admin.call(method, url, body)).status, keyId.length > 64 ? 400 : 404, url)
      }
    }
  })

  t.test('an administrator reaches everybody’s API keys', async (t) => {
    const { id } = await owner.generate()
    const { keys } = (await admin.call('GET', `?ownerId=${owner.id}`)).body
    t.ok(keys.some((key: { id: string }) => key.id === id))
    t.same((await admin.call('GET')).body, { keys: [] }, 'their own unless asked')
    for (const [method, path, body] of routes) {
      const { status } = await admin.call(method, `/${id}${path}`, body)
      t.ok(status >= 200 && status < 300, `${method} ${path}`)
    }
    const ids = { userId: admin.id, keyId: id }
    t.match(service.events('sensitive_delete').at(-1), { ...ids, ownerId: owner.id })
    const looks = service.events('authz_admin').filter(({ userId }) => userId === admin.id)
    const look = { action: 'find_keys', targetId: owner.id }
    t.match(looks[0], look)
    t.match(looks.slice(1), [
      { ...look, keyId: id },
      { ...look, keyId: id },
    ])
  })

  t.test('every route of API keys needs a session that is alive', async (t) => {
    const { id } = await owner.generate()
    const { accessToken } = await service.signIn(owner.account)
    await service.post('/api/auth/logout', undefined, { token: accessToken })
    const all: [string, string, object | undefined][] = [
      ['GET', '', undefined],
      ['POST', '/generate', { name: 'k' }],
      ...routes.map(([method, path, body]): (typeof routes)[number] => [
        method,
        `/${id}${path}`,
        body,
      ]),
    ]
    for (const [method, path, body] of all) {
      const ended = await service.call(method, KEYS + path, { token: accessToken, body })
      t.match(ended, { status: 401, body: { code: 'TOKEN_INVALID' } }, `${method} ${path}`)
      const none = await service.call(method, KEYS + path, { body })
      t.match(none, { status: 401, body: { code: 'ACCESS_TOKEN_REQUIRED' } })
    }
    t.equal((await owner.show(id)).name, 'k')
  })
})

t.test('a disabled owner takes all API keys along, by one write', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const keys = [await owner.generate(), await owner.generate(), await owner.generate()]
  const statuses = () => Promise.all(keys.map(({ secret }) => statusOf(service, secret)))
  t.same(await statuses(), [200, 200, 200])

  for (const [status, expected] of [
    ['disabled', [401, 401, 401]],
    ['active', [200, 200, 200]],
  ] as const) {
    const before = service.calls.length
    await service.services.users.store.change(owner.id, { status })
    t.same(service.calls.slice(before), ['UpdateItem users'], status)
    service.clock.advance(CACHE)
    t.same(await statuses(), expected)
  }
})

t.test('the API key scope token:introspect is given by administrators alone', async (t) => {
  const service = await startService(t)
  const [owner, admin] = [await newOwner(service), await newAdmin(service)]
  const scopes = ['data:read', 'token:introspect']
  const refusal = {
    status: 403,
    body: { code: 'SCOPE_RESERVED', error: String, detail: 'token:introspect' },
  }
  t.match(await owner.call('POST', '/generate', { name: 'k', scopes }), refusal)
  const key = await owner.generate()
  t.match(await owner.call('PATCH', `/${key.id}`, { scopes }), refusal)
  t.match(await owner.show(key.id), { scopes: ['data:read'], events: [{ what: 'created' }] })
  t.same((await owner.call('GET')).body.keys.length, 1, 'nothing was made')

  await admin.patch(key.id, { scopes })
  t.match(await owner.show(key.id), { scopes })
  const own = await admin.generate({ scopes })
  t.match(await admin.show(own.id), { scopes })

  const env = { API_KEY_SCOPES: 'token:introspect,data:read' }
  const another = await newOwner(await startService(t, { env }))
  const { id } = await another.generate()
  t.match(await another.show(id), { scopes: ['data:read'] }, 'nor is it what a key gets unasked')
})
