import t from 'tap'
import { loadConfig } from '../../src/config/service.js'
import { DAY } from '../support/clock.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { ISSUER, startService } from '../support/service.js'

const env = {
  API_KEY_SCOPES: 'data:read,data:write,reports:read,token:introspect',
  API_KEY_ADMIN_SCOPES: 'data:write',
  API_KEY_DEFAULT_LIFETIME_DAYS: '30',
  API_KEY_MAX_LIFETIME_DAYS: '90',
  API_KEY_MAX_RATE_LIMIT: '600/60',
  API_KEY_DEFAULT_MONTHLY_QUOTA: '1000',
  API_KEY_MAX_MONTHLY_QUOTA: '50000',
}

t.test('the settings of API key lifetimes and scopes', async (t) => {
  const service = await startService(t, { env })
  const [owner, admin] = [await newOwner(service), await newAdmin(service)]
  const inDays = (days: number) => new Date(service.clock() + days * DAY).toISOString()

  t.test(
    'an API key that asks for no lifetime gets the default, or else the largest',
    async (t) => {
      for (const { body } of [
        await owner.call('POST', '/generate', { name: 'k' }),
        await admin.call('POST', '/generate', { name: 'k' }),
      ]) {
        t.match(body.key, {
          scopes: ['data:read'],
          expiresAt: inDays(30),
          rateLimit: { limit: 600, windowSeconds: 60 },
          monthlyQuota: 1000,
          allowedCidrs: null,
        })
      }
    },
  )

  t.test(
    'no API key gets more than the largest lifetime, when made or later, even by an administrator',
    async (t) => {
      const { id } = await owner.generate()
      const settings: [object, string | undefined][] = [
        [{ expiresAt: inDays(90) }, undefined],
        [{ expiresAt: inDays(91) }, '/expiresAt'],
        [{ rateLimit: { limit: 600, windowSeconds: 60 } }, undefined],
        [{ rateLimit: { limit: 10, windowSeconds: 1 } }, undefined],
        [{ rateLimit: { limit: 601, windowSeconds: 60 } }, '/rateLimit'],
        [{ rateLimit: { limit: 11, windowSeconds: 1 } }, '/rateLimit'],
        [{ rateLimit: { limit: 601, windowSeconds: 3600 } }, '/rateLimit'],
        [{ monthlyQuota: 50_000 }, undefined],
        [{ monthlyQuota: 50_001 }, '/monthlyQuota'],
      ]
      const taken: [object, string | undefined][] = [
        [{ expiresAt: null }, '/expiresAt'],
        [{ rateLimit: null }, '/rateLimit'],
        [{ monthlyQuota: null }, '/monthlyQuota'],
      ]
      const requests = settings
        .map(([setting, field]): [string, string, object, string | undefined] => [
          'POST',
          '/generate',
          { name: 'k', ...setting },
          field,
        ])
        .concat(
          [...settings, ...taken].map(([change, field]) => ['PATCH', `/${id}`, change, field]),
        )
      for (const [method, path, body, field] of requests) {
        for (const who of [owner, admin]) {
          const answer = await who.call(method, path, body)
          const what = `${method} ${JSON.stringify(body)}`
          if (field === undefined) t.ok([200, 201].includes(answer.status), what)
          else {
            const refusal = {
              code: 'VALIDATION_FAILED',
              errors: [{ field, message: /^must be at/ }],
            }
            t.match(answer, { status: 400, body: refusal }, what)
          }
        }
      }
    },
  )

  t.test('the lifetime of an API key counts from the day that it is set', async () => {
    const { id } = await owner.generate({ expiresAt: inDays(90) })
    service.clock.advance(10 * DAY)
    await owner.patch(id, { name: 'renamed' })
    await owner.patch(id, { expiresAt: inDays(90) })
  })

  t.test(
    'reserved scopes of API keys are given by administrators alone, and not unasked',
    async (t) => {
      const refusal = { status: 403, body: { code: 'SCOPE_RESERVED', detail: 'data:write' } }
      const scopes = ['reports:read', 'data:write']
      t.match(await owner.call('POST', '/generate', { name: 'k', scopes }), refusal)
      const { id } = await owner.generate({ scopes: ['reports:read'] })
      t.match(await owner.call('PATCH', `/${id}`, { scopes }), refusal)
      await admin.patch(id, { scopes })
      const asked = await owner.call('POST', '/generate', {
        name: 'k',
        scopes: ['token:introspect'],
      })
      t.match(asked, { status: 403, body: { detail: 'token:introspect' } }, 'which always is one')
    },
  )

  t.test('an API key of before loses a scope that was reserved since', async (t) => {
    const before = await startService(t, {
      beside: service,
      env: { ...env, API_KEY_ADMIN_SCOPES: '' },
    })
    const { id, secret } = await (
      await newOwner(before)
    ).generate({
      scopes: ['data:read', 'data:write'],
    })
    t.match(await before.services.keyVerifier.verify(secret, '192.0.2.1'), {
      scopes: ['data:read', 'data:write'],
    })
    t.match(await service.services.keyVerifier.verify(secret, '192.0.2.1'), {
      scopes: ['data:read'],
    })
    await admin.patch(id, { scopes: ['data:read', 'data:write'] })
    t.match(await service.services.keyVerifier.verify(secret, '192.0.2.1'), {
      scopes: ['data:read', 'data:write'],
    })
  })
})

t.test('API key settings that contradict each other stop the start', async (t) => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ API_KEY_ADMIN_SCOPES: 'data:wrte' }, /^API_KEY_ADMIN_SCOPES: data:wrte is not among/],
    [
      { API_KEY_DEFAULT_LIFETIME_DAYS: '91', API_KEY_MAX_LIFETIME_DAYS: '90' },
      /^API_KEY_DEFAULT_LIFETIME_DAYS: must not be larger/,
    ],
    [
      { API_KEY_DEFAULT_RATE_LIMIT: '11/1', API_KEY_MAX_RATE_LIMIT: '600/60' },
      /^API_KEY_DEFAULT_RATE_LIMIT: must not be larger/,
    ],
    [
      { API_KEY_DEFAULT_MONTHLY_QUOTA: '2', API_KEY_MAX_MONTHLY_QUOTA: '1' },
      /^API_KEY_DEFAULT_MONTHLY_QUOTA: must not be larger/,
    ],
    [{ API_KEY_MAX_RATE_LIMIT: '600' }, /API_KEY_MAX_RATE_LIMIT: .*600\/60|6000\/60/],
    [{ API_KEY_MAX_RATE_LIMIT: '1/99999' }, /^API_KEY_MAX_RATE_LIMIT: must be at most/],
    [{ API_KEY_MAX_RATE_LIMIT: '0/1' }, /^API_KEY_MAX_RATE_LIMIT/],
    [{ API_KEY_MAX_LIFETIME_DAYS: '0' }, /^API_KEY_MAX_LIFETIME_DAYS/],
  ]
  for (const [settings, said] of wrong) {
    t.throws(() => loadConfig({ ISSUER, ...settings }), { message: said }, JSON.stringify(settings))
  }
})

t.test(
  'making, rotating and widening an API key needs a sign-in of the last 15 minutes',
  async (t) => {
    const service = await startService(t)
    const owner = await newOwner(service)
    const { id } = await owner.generate({ monthlyQuota: 5, scopes: ['data:read'] })
    const { accessToken } = await service.signIn(owner.account)
    service.clock.advance(10 * 60_000)
    const { refreshToken } = await service.signIn(owner.account)
    service.clock.advance(6 * 60_000)
    const refreshed = await service.post('/api/auth/refresh', { refreshToken })
    t.equal(refreshed.status, 200)
    service.clock.advance(9 * 60_000)
    const token = refreshed.body.accessToken as string
    t.equal((await service.get('/api/apikeys', { token: accessToken })).status, 401, 'expired')

    const ask = (method: string, path: string, body?: object) =>
      service.call(method, `/api/apikeys${path}`, { token, body })
    const late = {
      status: 401,
      headers: { 'www-authenticate': /insufficient_user_authentication.*max_age="900"/ },
      body: { code: 'RECENT_SIGN_IN_REQUIRED' },
    }
    const needing: [string, string, object][] = [
      ['POST', '/generate', { name: 'k' }],
      ['POST', `/${id}/rotate`, {}],
      ['PATCH', `/${id}`, { scopes: ['data:read', 'data:write'] }],
      ['PATCH', `/${id}`, { monthlyQuota: 6 }],
      ['PATCH', `/${id}`, { monthlyQuota: null }],
      ['PATCH', `/${id}`, { name: 'x', monthlyQuota: 6 }],
    ]
    for (const [method, path, body] of needing) {
      t.match(await ask(method, path, body), late, `${method} ${path} ${JSON.stringify(body)}`)
    }
    const free: [string, string, object | undefined][] = [
      ['GET', '', undefined],
      ['GET', `/${id}`, undefined],
      ['GET', `/${id}/usage`, undefined],
      ['PATCH', `/${id}`, { name: 'renamed' }],
      ['PATCH', `/${id}`, { monthlyQuota: 4, rateLimit: { limit: 1, windowSeconds: 1 } }],
      ['PATCH', `/${id}`, { status: 'disabled' }],
    ]
    for (const [method, path, body] of free) {
      t.equal((await ask(method, path, body)).status, 200, `${method} ${path}`)
    }
    t.match(await ask('PATCH', `/${id}`, { status: 'active' }), late, 'to enable is to widen')
    t.equal((await ask('DELETE', `/${id}`)).status, 204)
  },
)
