import t from 'tap'
import { createKeyVerifier, createVerifier } from '../../src/relying-party/verifier.js'
import { fakeIssuer } from '../../src/testing/fake-issuer.js'

const RESOURCE = 'https://orders.example.com'
const LAX = { address: '127.0.0.1' }

t.test('a fake issuer for the tests of other teams', async (t) => {
  const fake = fakeIssuer()
  t.teardown(() => fake.close())
  const issuer = await fake.start()
  t.equal(await fake.start(), issuer, 'listens once')
  const verifier = createVerifier({ issuer, resource: RESOURCE, accept: 'both' })

  t.test('a fake issuer makes tokens that a real verifier takes', async (t) => {
    const token = await fake.token({ resource: RESOURCE, sub: 'ada', scope: 'orders:read' })
    t.match(await verifier.verify(token, { scopes: ['user', 'orders:read'] }), {
      iss: issuer,
      sub: 'ada',
      role: 'user',
      acr: 'urn:latchkey:1',
    })
    const strong = await fake.token({ resource: RESOURCE, role: 'admin', amr: ['pwd', 'mfa'] })
    t.match(await verifier.verify(strong, { role: 'admin', acrValues: ['urn:latchkey:2'] }), {})
    const app = await fake.appToken({ resource: RESOURCE, scope: 'orders:read' })
    t.match(await verifier.verify(app, { scopes: ['orders:read'] }), {
      client_id: /^app_/,
      role: undefined,
      scope: 'orders:read',
    })
    await t.rejects(verifier.verify(app), { code: 'INSUFFICIENT_SCOPE' }, 'of an app of others')
    const machine = await fake.machineToken({ resource: RESOURCE, scope: 'data:read' })
    t.equal((await verifier.verify(machine)).sid, undefined)
  })

  t.test('a fake issuer makes tokens that a real verifier refuses', async (t) => {
    const expired = await fake.token({ resource: RESOURCE, expiresIn: -1 })
    await t.rejects(verifier.verify(expired), { code: 'TOKEN_EXPIRED' })
    const other = await fake.token({ resource: 'https://billing.example.com' })
    await t.rejects(verifier.verify(other), { code: 'TOKEN_INVALID' })
    const stranger = fakeIssuer()
    t.teardown(() => stranger.close())
    await t.rejects(verifier.verify(await stranger.token({ resource: RESOURCE })), {
      code: 'TOKEN_INVALID',
    })
  })

  t.test('a fake issuer introspects the keys that it makes', async (t) => {
    const keys = createKeyVerifier({ issuer, introspectionKey: fake.introspectionKey })
    const key = fake.apiKey({ scopes: ['data:read'], allowedCidrs: ['127.0.0.0/8'] })
    t.match(await keys.verify(key, { ...LAX, scopes: ['data:read'] }), { scopes: ['data:read'] })
    await t.rejects(keys.verify(key, { address: '192.0.2.1' }), { code: 'ADDRESS_NOT_ALLOWED' })
    const gone = fake.apiKey()
    fake.revoke(gone)
    await t.rejects(keys.verify(gone, LAX), { code: 'API_KEY_INVALID' })
    const forbidden = createKeyVerifier({ issuer, introspectionKey: key })
    await t.rejects(
      forbidden.verify(fake.apiKey(), LAX),
      { code: 'STORE_UNAVAILABLE' },
      'for its own key alone',
    )
  })

  t.test('a fake issuer rotates its key', async (t) => {
    const before = await fake.token({ resource: RESOURCE })
    fake.rotate()
    const fresh = createVerifier({ issuer, resource: RESOURCE })
    t.match(await fresh.verify(await fake.token({ resource: RESOURCE })), {})
    t.match(await fresh.verify(before), {}, 'and tokens of the one before stay good')
  })
})
