import t from 'tap'
import type { TrailItem } from '../../src/events/trail.js'
import type { EventName } from '../../src/events/catalogue.js'
import { EVER } from '../../src/lib/suspension.js'
import { reviseAccount } from '../../src/restoration/account.js'
import { reviseKey } from '../../src/restoration/key.js'
import type { ApiKey } from '../../src/api-keys/api-key.js'
import type { User } from '../../src/users/user.js'

const NOW = Date.parse('2030-01-31T12:00:00Z')
const at = (seconds: number): string => new Date(NOW - 3_600_000 + seconds * 1000).toISOString()

const item = (seconds: number, event: EventName, facts: object = {}): TrailItem => ({
  ...{ userId: 'ada', eventId: `${at(seconds)}#id`, event, at: at(seconds) },
  facts: { ...facts },
})

const ADA: User = {
  ...{ id: 'ada', email: 'ada@example.com', role: 'user', status: 'active', epoch: 0 },
  createdAt: '2030-01-01T00:00:00.000Z',
  knownAddresses: { v4: 'x' } as never,
}

t.test('after a restore, a later password gives back no key that another owner had', async (t) => {
  const { user } = reviseAccount(ADA, [
    item(1, 'account_taken_over'),
    item(2, 'authn_password_change', { since: at(0) }),
  ])
  t.match(user.suspendingKeys, { since: EVER, isRemoval: true })
})

t.test(
  'after a restore, of two new passwords the longer reach counts, and a pending one',
  async (t) => {
    const changes = [
      item(1, 'authn_password_reset', { since: at(-100) }),
      item(2, 'authn_password_change', { since: at(0) }),
    ]
    t.match(reviseAccount(ADA, changes).user.suspendingKeys, { since: at(-100) })
    const pending = { since: at(-200), at: at(-1), reason: 'password_reset' } as const
    const { user } = reviseAccount({ ...ADA, suspendingKeys: pending }, changes)
    t.match(user.suspendingKeys, { since: at(-200) })
  },
)

t.test('after a restore, who took an account back knows no address of before', async (t) => {
  const { user } = reviseAccount(ADA, [item(1, 'address_change_undone', { since: at(0) })])
  t.equal(user.knownAddresses, undefined)
  t.equal(user.ownedSince, at(1))
})

const KEY: ApiKey = {
  ...{ keyId: 'k', ownerId: 'ada', name: 'k', prefix: 'k', hash: 'first', scopes: ['data:read'] },
  ...{ status: 'active', createdAt: '2030-01-01T00:00:00.000Z' },
}
const revised = (key: Partial<ApiKey>, items: readonly TrailItem[]) =>
  reviseKey({ ...KEY, ...key }, items, NOW)
const rotation = (seconds: number, oldUntil: number) =>
  item(seconds, 'sensitive_rotate', { oldUntil: new Date(oldUntil).toISOString() })

t.test(
  'after a restore, each of several rotations ends the secret of the restored table',
  async (t) => {
    const later = NOW + 3_600_000
    const { changes } = revised({}, [rotation(1, later), rotation(2, NOW - 1)])
    t.match(changes, { status: 'suspended', secretUntil: NOW - 1 })
    const five = Array.from({ length: 5 }, (_, index) => rotation(index, later))
    t.match(revised({}, five).changes, { secretUntil: NOW }, 'five drop it')
    t.match(revised({}, five.slice(1)).changes, { secretUntil: later })
    const oldSecrets = [
      { hash: 'b', until: later + 1 },
      { hash: 'a', until: later },
    ]
    const three = revised({ oldSecrets }, five.slice(2))
    t.same(three.changes.oldSecrets, [{ hash: 'b', until: later }], 'and three that of two before')
  },
)

t.test(
  'after a restore, a key is used from no address where it was not, then and lately',
  async (t) => {
    const changed = (from: readonly string[] | undefined, to: readonly string[] | null) =>
      revised({ ...(from && { allowedCidrs: from }) }, [
        item(1, 'sensitive_update', { changes: { allowedCidrs: to } }),
      ]).changes
    t.same(changed(['10.0.0.0/8'], ['10.1.0.0/16', '192.0.2.0/24']), {
      allowedCidrs: ['10.1.0.0/16'],
    })
    t.same(changed(['10.1.0.0/16'], ['10.0.0.0/8']), {})
    t.same(changed(['10.1.0.0/16'], null), {})
    t.same(changed(undefined, ['::1']), { allowedCidrs: ['::1'] })
    const apart = ['192.0.2.0/24']
    t.match(changed(['10.0.0.0/8'], apart), { allowedCidrs: apart, status: 'suspended' })
  },
)

t.test(
  'after a restore, a key’s limit that is neither more nor less is the last one',
  async (t) => {
    const rateLimit = { limit: 1000, windowSeconds: 3600 }
    const { changes } = revised({ rateLimit: { limit: 100, windowSeconds: 60 } }, [
      item(1, 'sensitive_update', { changes: { rateLimit } }),
    ])
    t.same(changes, { rateLimit })
  },
)

t.test(
  'after a restore, a key that an administrator stopped is not enabled by its owner',
  async (t) => {
    const suspended = { status: 'suspended', suspendedBy: 'service' } as const
    const byAdmin: TrailItem = {
      ...item(1, 'sensitive_update', { changes: { status: 'disabled' } }),
      actorId: 'an-administrator',
    }
    t.match(revised(suspended, [byAdmin]).changes, { suspendedBy: 'administrator' })
  },
)
