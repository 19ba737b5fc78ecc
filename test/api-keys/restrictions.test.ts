import t from 'tap'
import { getData, newAdmin, newOwner, statusOf } from '../support/keys.js'
import { newSigner, report } from '../support/leak-reports.js'
import { postForm } from '../support/social.js'
import { startService } from '../support/service.js'

const RESTRICTED = { status: 403, body: { code: 'API_KEY_RESTRICTED' } }
const WIDE = {
  scopes: ['data:read', 'data:write'],
  expiresAt: '2040-01-01T00:00:00.000Z',
  rateLimit: { limit: 100, windowSeconds: 60 },
  monthlyQuota: 1000,
  allowedCidrs: ['192.0.2.0/24', '2001:db8::/32'],
}

t.test('what an administrator takes from an API key, its owner does not give back', async (t) => {
  const scanner = newSigner()
  const service = await startService(t, { env: { API_KEY_LEAK_PUBLIC_KEY: scanner.pem } })
  const [owner, admin] = [await newOwner(service), await newAdmin(service)]

  t.test('an owner can’t enable an API key that an administrator disabled', async (t) => {
    const { id, secret } = await owner.generate()
    const { body } = await admin.patch(id, { status: 'disabled' })
    t.match(body.key, { status: 'suspended', suspendedBy: 'administrator', suspendedReason: null })
    const answer = await getData(service, secret)
    t.match(answer, { status: 401, body: { detail: /administrator/ } }, 'and says so to its holder')
    for (const status of ['active', 'disabled']) {
      const refused = await owner.call('PATCH', `/${id}`, { status })
      t.match(refused, { ...RESTRICTED, body: { detail: 'status' } }, status)
    }
    await owner.patch(id, { name: 'renamed' })
    const next = await owner.rotate(id, 3600)
    t.equal(await statusOf(service, next), 401, 'a rotation does not lift it')
    t.match(await owner.show(id), {
      status: 'suspended',
      events: [
        { what: 'created', by: undefined },
        { what: 'suspended', by: 'administrator' },
        { what: 'updated', by: undefined },
        { what: 'rotated', by: undefined },
      ],
    })
    const lifted = await admin.patch(id, { status: 'active' })
    t.match(lifted.body.key, { status: 'active', suspendedBy: null })
    t.equal(await statusOf(service, next), 200)
    await owner.patch(id, { status: 'disabled' })
    await owner.patch(id, { status: 'active' })
  })

  t.test('an owner can’t enable an API key by way of a leak report or a revocation', async (t) => {
    const key = await owner.generate()
    await admin.patch(key.id, { status: 'disabled' })
    await report(service, [{ token: key.secret }], scanner)
    t.match(await owner.show(key.id), { status: 'suspended', suspendedBy: 'administrator' })
    await postForm(service, 'revoke', { token: key.secret }, { client: key })
    t.match(await owner.show(key.id), { status: 'suspended', suspendedBy: 'administrator' })
    t.match(await owner.call('PATCH', `/${key.id}`, { status: 'active' }), RESTRICTED)
    t.equal((await owner.call('DELETE', `/${key.id}`)).status, 204, 'its owner may delete it')
  })

  t.test(
    'an owner can’t give back the API key scopes and limits that an administrator took',
    async (t) => {
      const { id } = await owner.generate(WIDE)
      await admin.patch(id, {
        scopes: ['data:read'],
        expiresAt: '2035-01-01T00:00:00Z',
        rateLimit: { limit: 50, windowSeconds: 60 },
        monthlyQuota: 500,
        allowedCidrs: ['192.0.2.0/25', '2001:db8:1::/48'],
      })
      const refused: [object, string][] = [
        [{ scopes: WIDE.scopes }, 'scopes'],
        [{ scopes: ['data:write'] }, 'scopes'],
        [{ expiresAt: null }, 'expiresAt'],
        [{ expiresAt: '2035-01-01T00:00:01Z' }, 'expiresAt'],
        [{ rateLimit: null }, 'rateLimit'],
        [{ rateLimit: { limit: 51, windowSeconds: 60 } }, 'rateLimit'],
        [{ rateLimit: { limit: 10, windowSeconds: 10 } }, 'rateLimit'],
        [{ rateLimit: { limit: 51, windowSeconds: 3600 } }, 'rateLimit'],
        [{ monthlyQuota: null }, 'monthlyQuota'],
        [{ monthlyQuota: 501 }, 'monthlyQuota'],
        [{ allowedCidrs: null }, 'allowedCidrs'],
        [{ allowedCidrs: ['192.0.2.0/24'] }, 'allowedCidrs'],
        [{ allowedCidrs: ['192.0.2.200'] }, 'allowedCidrs'],
        [{ allowedCidrs: ['192.0.2.1', '2001:db8:2::/48'] }, 'allowedCidrs'],
        [{ allowedCidrs: ['0.0.0.0/0'] }, 'allowedCidrs'],
        [{ allowedCidrs: ['::/0'] }, 'allowedCidrs'],
      ]
      for (const [changes, field] of refused) {
        const answer = await owner.call('PATCH', `/${id}`, changes)
        t.match(answer, { ...RESTRICTED, body: { detail: field } }, JSON.stringify(changes))
      }
      const taken: object[] = [
        { scopes: ['data:read'] },
        { expiresAt: '2034-01-01T00:00:00Z' },
        { expiresAt: '2035-01-01T00:00:00Z' },
        { rateLimit: { limit: 8, windowSeconds: 10 } },
        { rateLimit: { limit: 50, windowSeconds: 3600 } },
        { monthlyQuota: 500 },
        { allowedCidrs: ['192.0.2.1', '192.0.2.64/26', '2001:db8:1:1::/64'] },
      ]
      for (const changes of taken) await owner.patch(id, changes)

      await admin.patch(id, { scopes: WIDE.scopes, rateLimit: null, expiresAt: null })
      await owner.patch(id, { scopes: ['data:write'] })
      await owner.patch(id, { scopes: WIDE.scopes, rateLimit: null, expiresAt: null })
      t.match(
        await owner.call('PATCH', `/${id}`, { monthlyQuota: null }),
        RESTRICTED,
        'what was not given back stays',
      )
    },
  )

  t.test(
    'an owner of an API key who is an administrator is bound by no restriction of it',
    async () => {
      const { id } = await admin.generate(WIDE)
      const other = await newAdmin(service)
      await other.patch(id, { status: 'disabled', scopes: ['data:read'] })
      await admin.patch(id, { status: 'active', scopes: WIDE.scopes })
    },
  )

  t.test('each restriction of an API key is an act of an administrator in the log', async (t) => {
    const { id } = await owner.generate()
    const before = service.events('authz_admin').length
    await admin.patch(id, { status: 'disabled' })
    await admin.rotate(id, 0)
    await admin.call('DELETE', `/${id}`)
    const acts = service.events('authz_admin').slice(before)
    const act = { userId: admin.id, targetId: owner.id, keyId: id, level: 'WARN' }
    t.match(acts, [
      { ...act, action: 'update_key' },
      { ...act, action: 'rotate_key' },
      { ...act, action: 'delete_key' },
    ])
    const own = await admin.generate()
    await admin.patch(own.id, { name: 'mine' })
    t.equal(service.events('authz_admin').length, before + 3, 'one’s own are none')
  })
})

t.test('an API key that the service suspends can be enabled by its owner', async (t) => {
  const service = await startService(t)
  const [owner, admin] = [await newOwner(service), await newAdmin(service)]
  const { id, secret } = await owner.generate()
  await service.services.apiKeys.suspend({}, id, 'password_changed')
  t.equal(await statusOf(service, secret), 401)
  t.match(await owner.show(id), {
    status: 'suspended',
    suspendedBy: 'service',
    suspendedReason: 'password_changed',
    events: [{ what: 'created' }, { what: 'suspended', by: 'service' }],
  })
  await owner.patch(id, { status: 'active' })
  t.match(await owner.show(id), { status: 'active', suspendedBy: null, suspendedReason: null })
  t.equal(await statusOf(service, secret), 200)

  await admin.patch(id, { status: 'disabled' })
  await service.services.apiKeys.suspend({}, id, 'password_reset')
  t.match(await owner.show(id), { suspendedBy: 'administrator' }, 'an administrator’s stays')
})
