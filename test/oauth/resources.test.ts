import { decodeJwt } from 'jose'
import t from 'tap'
import { newAdmin } from '../support/keys.js'
import { type Form, postForm, requestToken } from '../support/social.js'
import { API_KEY_SCOPES, BILLING, ORDERS, RESOURCES, signInTo } from '../support/resources.js'
import { ISSUER, startService } from '../support/service.js'

t.test('a key is swapped at /oauth/token for a token of one API', async (t) => {
  const service = await startService(t, { env: { RESOURCES, API_KEY_SCOPES } })
  const admin = await newAdmin(service)
  const keys = new Map<string, ReturnType<typeof admin.generate>>()
  const swap = async (scopes: string[], form: Form = {}) => {
    const held = scopes.join()
    const made = keys.get(held) ?? admin.generate({ scopes })
    keys.set(held, made)
    return requestToken(service, await made, form)
  }

  const granted: [what: string, scopes: string[], form: Form, aud: string, scope: string][] = [
    ['the named one', ['orders:read'], { resource: ORDERS }, ORDERS, 'orders:read'],
    ['the one that all scopes belong to', ['orders:read'], {}, ORDERS, 'orders:read'],
    ['of two scopes', ['orders:read', 'shared:read'], {}, ORDERS, 'orders:read shared:read'],
    ['the named one of two', ['shared:read'], { resource: BILLING }, BILLING, 'shared:read'],
    [
      'what the key has there',
      ['orders:read', 'billing:read'],
      { resource: BILLING },
      BILLING,
      'billing:read',
    ],
    [
      'by the scope that is asked for',
      ['orders:read', 'billing:read'],
      { scope: 'billing:read' },
      BILLING,
      'billing:read',
    ],
    ['scopes of no API, as before', ['data:write'], {}, 'latchkey', 'data:write'],
    [
      'of a scope of no API among others, by name',
      ['orders:read', 'data:write'],
      { scope: 'data:write' },
      'latchkey',
      'data:write',
    ],
    [
      'what an API has of a key with scopes of none',
      ['orders:read', 'data:write'],
      { resource: ORDERS },
      ORDERS,
      'orders:read',
    ],
  ]
  for (const [what, scopes, form, aud, scope] of granted) {
    const { status, body } = await swap(scopes, form)
    t.match({ status, body }, { status: 200, body: { scope } }, what)
    const claims = decodeJwt(body.access_token)
    t.match(claims, { aud, scope }, what)
    t.notOk('sid' in claims || 'role' in claims, what)
    t.equal(body.expires_in, aud === BILLING ? 60 : 900, what)
    t.equal(claims.exp, (claims.iat ?? 0) + Number(body.expires_in), what)
  }

  const refused: [what: string, scopes: string[], form: Form, error: string][] = [
    ['two APIs', ['orders:read', 'billing:read'], {}, 'invalid_target'],
    ['a scope that two APIs have', ['shared:read'], {}, 'invalid_target'],
    ['an API and Latchkey itself', ['orders:read', 'token:introspect'], {}, 'invalid_target'],
    ['an API and a scope of no API', ['orders:read', 'data:write'], {}, 'invalid_target'],
    [
      'a scope of no API, for an API',
      ['orders:read', 'data:write'],
      { resource: ORDERS, scope: 'orders:read data:write' },
      'invalid_scope',
    ],
    ['an unknown one', ['orders:read'], { resource: 'https://x.example.com' }, 'invalid_target'],
    ['Latchkey itself', ['orders:read'], { resource: ISSUER }, 'invalid_target'],
    ['no URI', ['orders:read'], { resource: 'latchkey' }, 'invalid_target'],
    ['several', ['shared:read'], { resource: [ORDERS, BILLING] }, 'invalid_target'],
    ['a scope of another', ['orders:read'], { resource: BILLING }, 'invalid_scope'],
    [
      'a scope of another, by name',
      ['orders:read', 'billing:read'],
      { resource: BILLING, scope: 'orders:read' },
      'invalid_scope',
    ],
    ['a scope that the key lacks', ['orders:read'], { scope: 'orders:write' }, 'invalid_scope'],
  ]
  for (const [what, scopes, form, error] of refused) {
    const { status, body } = await swap(scopes, form)
    t.match({ status, body }, { status: 400, body: { error } }, what)
    t.same(Object.keys(body).sort(), ['error', 'error_description'], what)
  }
})

t.test('OAuth discovery names the APIs, and introspection tells whom a token is for', async (t) => {
  const service = await startService(t, { env: { RESOURCES, API_KEY_SCOPES } })
  const { body: metadata } = await service.get('/.well-known/openid-configuration')
  t.same(metadata.protected_resources, [ORDERS, BILLING])
  t.same(metadata.acr_values_supported, ['urn:latchkey:1', 'urn:latchkey:2'])
  t.ok(['sub', 'amr', 'acr', 'auth_time'].every((name) => metadata.claims_supported.includes(name)))
  t.ok(['orders:read', 'billing:read'].every((scope) => metadata.scopes_supported.includes(scope)))
  t.equal(new Set(metadata.scopes_supported).size, metadata.scopes_supported.length)

  const admin = await newAdmin(service)
  const client = await admin.generate({ scopes: ['token:introspect'] })
  const ask = async (token: string) =>
    (await postForm(service, 'introspect', { token }, { client })).body
  const account = await service.signUp()
  const { accessToken } = await signInTo(service, ORDERS, account)
  t.match(await ask(accessToken), { active: true, aud: ORDERS, scope: 'user orders:read' })
  await service.services.users.store.change(account.id, { role: 'admin' })
  t.match(await ask(accessToken), {
    aud: ORDERS,
    role: 'admin',
    scope: 'user admin orders:read orders:write shared:read',
  })
  const key = await admin.generate({ scopes: ['billing:read'] })
  const machine = (await requestToken(service, key)).body.access_token as string
  t.match(await ask(machine), { active: true, aud: BILLING, scope: 'billing:read' })
  const { accessToken: own } = await service.signIn(account)
  t.match(await ask(own), { active: true, aud: 'latchkey', scope: 'user admin' })
  await service.services.users.store.change(account.id, { status: 'disabled' })
  t.same(await ask(accessToken), { active: false })
})
