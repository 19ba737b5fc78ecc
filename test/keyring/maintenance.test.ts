import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { KeyMaintenance } from '../../src/keyring/maintenance.js'
import { createRing, type KeyRing } from '../../src/keyring/ring.js'
import { SecretKeyRing } from '../../src/keyring/secret-ring.js'
import { TICKET_MS } from '../../src/keyring/secret-keys.js'
import type { RingStore, RotationStores, Stored } from '../../src/keyring/store.js'
import { fileStores, KEY_FOLDERS } from '../../src/local/file-key-ring.js'
import { systemRandom } from '../../src/lib/random.js'
import { DAY, HOUR, MINUTE, testClock } from '../support/clock.js'
import { temporaryFolder } from '../support/engine.js'
import { BIRTH, LIFETIMES, maintenanceOf, quickKeys, REREAD } from '../support/rings.js'
import { startService } from '../support/service.js'
import { parallel } from '../support/tally.js'

t.test('the keys of the ring are maintained', async (t) => {
  quickKeys(t)

  t.test('the keys of the ring are made once, of four kinds, by twenty first starts', async (t) => {
    const { stores, maintenance } = world()
    await parallel(20, () => maintenance().maintain())
    for (const store of Object.values(stores) as RingStore<object>[]) {
      t.equal((await store.read())?.revision, 1)
    }
    const { ring } = await read(stores.keyRing)
    const { spares } = (await read(stores.spareKeys)).ring
    t.same(
      [ring.spare?.kid],
      spares.map(({ kid }) => kid),
      'the spare is public',
    )
    t.notMatch(JSON.stringify(ring.spare), /"d"|PRIVATE/, 'its public half alone')
    t.not(ring.spare?.kid, ring.signing[0]?.kid)
  })

  t.test('a key ring of an older version keeps its keys and gets the rest', async (t) => {
    const { stores, maintenance } = world()
    const old = await createRing(BIRTH, systemRandom)
    await stores.keyRing.write({ ring: old, revision: 1 })
    await maintenance().maintain()
    const { ring } = await read(stores.keyRing)
    t.same([ring.signing, ring.refresh], [old.signing, old.refresh])
    t.ok(ring.spare)
    t.equal((await read(stores.dataKeys)).ring.keys.length, 1)
  })

  t.test('over 400 days of monthly key rotation no data key goes, tickets live out', async (t) => {
    const { clock, stores, maintenance } = world()
    const keys = maintenance()
    await keys.maintain()
    const [data, tickets] = [
      secretKeys(stores.dataKeys, Infinity),
      secretKeys(stores.ticketKeys, TICKET_MS),
    ]
    const first = await data().current()
    const sent: { id: string; at: number }[] = []
    for (let day = 0; day < 400; day++) {
      sent.push({ id: (await tickets().current()).id, at: clock() })
      clock.advance(DAY)
      await keys.maintain()
      const alive = sent.filter(({ at }) => clock() - at <= TICKET_MS)
      for (const { id } of alive) t.ok(await tickets().byId(id), 'a ticket of seven days')
    }
    t.equal((await read(stores.dataKeys)).ring.keys.length, 14)
    t.same(await data().byId(first.id), first, 'what it sealed still opens')
    t.same(await data().first(), first, 'digests stay the same')
    await t.rejects(data().replace(), /never removed/)
    t.not((await data().current()).id, first.id, 'new records get a newer key')
    t.ok((await read(stores.ticketKeys)).ring.keys.length <= 2)
    t.ok((await read(stores.keyRing)).ring.signing.length <= 2)

    function secretKeys(store: RotationStores['dataKeys'], lifetimeMs: number) {
      return () => new SecretKeyRing({ store, lifetimeMs, clock, random: systemRandom })
    }
  })

  t.test('a successor in the key ring is used when every instance has read it', async (t) => {
    const { clock, stores, maintenance } = world()
    await maintenance().maintain()
    const options = { store: stores.dataKeys, lifetimeMs: Infinity, clock, random: systemRandom }
    const late = new SecretKeyRing(options)
    const old = await late.current()
    clock.advance(30 * DAY)
    await maintenance().maintain()
    t.equal((await new SecretKeyRing(options).current()).id, old.id)
    clock.advance(REREAD)
    const next = await new SecretKeyRing(options).current()
    t.not(next.id, old.id)
    t.same(await late.byId(next.id), next)
    t.equal(await late.byId('00000000'), undefined)
  })

  t.test('replace-now of the key ring', async (t) => {
    t.test(
      'replace-now makes the spare key sign at once, and leaves nothing of the old ring',
      async (t) => {
        const { clock, stores, maintenance } = world()
        await maintenance().maintain()
        const [before, data] = [(await read(stores.keyRing)).ring, await read(stores.dataKeys)]
        const ticket = (await read(stores.ticketKeys)).ring.keys[0]
        clock.advance(HOUR)
        const keys = maintenance()
        const kid = await keys.replaceNow()
        const { ring, revision } = await read(stores.keyRing)
        t.equal(kid, before.spare?.kid, 'every verifier knows it already')
        t.same(
          ring.signing.map((key) => [key.kid, key.signsFrom]),
          [[kid, clock()]],
        )
        t.equal(revision, 2, 'by one write')
        t.equal(ring.refresh.length, 1)
        t.not(ring.refresh[0]?.id, before.refresh[0]?.id)
        t.not(ring.spare?.kid, kid)
        t.same(
          (await read(stores.spareKeys)).ring.spares.map((spare) => spare.kid),
          [ring.spare?.kid],
        )
        t.not((await read(stores.ticketKeys)).ring.keys[0]?.id, ticket?.id)
        t.same(await read(stores.dataKeys), data, 'data keys are not touched')
        t.equal(await keys.replaceNow(), ring.spare?.kid, 'and again')
      },
    )

    t.test('replace-now works on a key ring of an older version', async (t) => {
      const { stores, maintenance } = world()
      const old = await createRing(BIRTH, systemRandom)
      await stores.keyRing.write({ ring: old, revision: 1 })
      const kid = await maintenance().replaceNow()
      t.same(
        (await read(stores.keyRing)).ring.signing.map((key) => key.kid),
        [kid],
      )
      t.not(kid, old.signing[0]?.kid)
    })

    t.test(
      'replace-now makes a new spare key where the private half of the old one is lost',
      async (t) => {
        const { stores, maintenance } = world()
        await maintenance().maintain()
        await stores.spareKeys.write({ ring: { spares: [] }, revision: 2 })
        const kid = await maintenance().replaceNow()
        t.same(
          (await read(stores.keyRing)).ring.signing.map((key) => key.kid),
          [kid],
        )
      },
    )

    t.test('replace-now of two at once leaves one key ring whose spare is held', async (t) => {
      const { stores, maintenance } = world()
      await maintenance().maintain()
      await Promise.allSettled([maintenance().replaceNow(), maintenance().replaceNow()])
      await maintenance().maintain()
      const { ring } = await read(stores.keyRing)
      t.equal(ring.signing.length, 1)
      const { spares } = (await read(stores.spareKeys)).ring
      t.ok(spares.some(({ kid }) => kid === ring.spare?.kid))
    })

    t.test(
      'replace-now changes nothing of the key ring when a store fails on the way',
      async (t) => {
        for (const name of ['ticketKeys', 'spareKeys', 'keyRing'] as const) {
          const { stores, maintenance } = world()
          await maintenance().maintain()
          const before = await read(stores.keyRing)
          const away = { ...stores[name], read: () => stores[name].read(), write: fail }
          const broken = maintenance({ ...stores, [name]: away as never })
          await t.rejects(broken.replaceNow(), name)
          t.same(await read(stores.keyRing), before, name)
          const kid = await maintenance().replaceNow()
          t.same(
            (await read(stores.keyRing)).ring.signing.map((key) => key.kid),
            [kid],
            'later',
          )
        }
      },
    )
  })

  t.test('a write of the key ring that did not happen is an error', async (t) => {
    const { clock, stores, maintenance } = world()
    await maintenance().maintain()
    clock.advance(30 * DAY)
    await maintenance().maintain()
    // The current version was moved back by hand: the next revision exists already.
    const first = await read(stores.keyRing)
    const stuck = {
      read: async () => ({ ...first, revision: 1 }),
      write: (stored: Stored<KeyRing>) => stores.keyRing.write(stored),
    }
    clock.advance(30 * DAY)
    const keys = maintenance({ ...stores, keyRing: stuck })
    const cause = { message: /^revision 2 of the keys was made before and is not the current one/ }
    await t.rejects(keys.maintain(), { name: 'Problem', cause })
    await t.rejects(keys.replaceNow(), { name: 'Problem', cause })
  })
})

t.test('what holds after a replacement of the key ring', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken, refreshToken } = await service.signIn(account)
  const keys = maintenanceOf(service)
  await keys.maintain()
  const profile = (token: string) => service.get('/api/profile', { token })
  const digestKey = await service.services.dataKeys.first()
  t.equal((await profile(accessToken)).status, 200)
  service.clock.advance(MINUTE)
  const { keys: published } = (await service.get('/.well-known/jwks.json')).body
  await keys.replaceNow()

  // An instance reads its keys again after five minutes: this is the bound of the old one.
  service.clock.advance(REREAD)
  t.equal((await profile(accessToken)).status, 401, 'access tokens are dead')
  t.match(await service.post('/api/auth/refresh', { refreshToken }), {
    status: 401,
    body: { code: 'REFRESH_TOKEN_INVALID' },
  })
  const again = await service.signIn(account)
  t.equal((await profile(again.accessToken)).status, 200, 'a new sign-in works')
  const { headers, body } = await service.get('/.well-known/jwks.json')
  t.equal(headers['cache-control'], 'public, max-age=300')
  const kids = body.keys.map(({ kid }: { kid: string }) => kid)
  t.equal(kids.length, 2, 'the key that signs, and a new spare')
  t.notOk(kids.includes(published[0].kid), 'the old key is out')
  const [{ kid }] = [
    JSON.parse(Buffer.from(again.accessToken.split('.')[0] ?? '', 'base64url').toString()),
  ]
  t.equal(kid, published[1]?.kid ?? kids[0], 'the former spare signs')
  t.same(await service.services.dataKeys.first(), digestKey, 'what is sealed still opens')
})

/** Stores in a folder, at a clock of their own. */
function world() {
  const clock = testClock(BIRTH)
  const folder = temporaryFolder()
  for (const name of KEY_FOLDERS) mkdirSync(join(folder, name))
  const stores = fileStores(folder)
  const maintenance = (used: RotationStores = stores) =>
    new KeyMaintenance({ stores: used, lifetimes: LIFETIMES, clock, random: systemRandom })
  return { clock, stores, maintenance }
}

async function read<R>(store: RingStore<R>): Promise<Stored<R>> {
  const stored = await store.read()
  if (!stored) throw new Error('there are no keys')
  return stored
}

const fail = () => Promise.reject(new Error('away'))
