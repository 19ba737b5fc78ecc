import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readdirSync, renameSync } from 'node:fs'
import t from 'tap'
import { CachedKeyRing } from '../../src/keyring/cached-ring.js'
import { createRing, type KeyRing, type SigningKey } from '../../src/keyring/ring.js'
import type { KeyRingStore, StoredRing } from '../../src/keyring/store.js'
import { FileRingStore } from '../../src/local/file-key-ring.js'
import type { Problem } from '../../src/http/problem.js'
import { systemRandom } from '../../src/lib/random.js'
import { DAY, SECOND, testClock } from '../support/clock.js'
import { temporaryFolder } from '../support/engine.js'
import { BIRTH, EDGE, JWKS_CACHE, LIFETIMES, quickKeys, REREAD } from '../support/rings.js'
import { parallel, tally } from '../support/tally.js'

const UNAVAILABLE = {
  name: 'Problem',
  type: { status: 503, code: 'STORE_UNAVAILABLE' },
  extras: { headers: { 'retry-after': String } },
}

t.test('CachedKeyRing', async (t) => {
  quickKeys(t)

  t.test('twenty first starts at once make one key ring', async (t) => {
    const { folder, start } = keyRingFolder()
    const holders = await parallel(20, async () => {
      const holder = start()
      await holder.maintain()
      return holder
    })
    const signing = await Promise.all(holders.map((holder) => holder.signingKey()))
    t.equal(new Set(signing.map(({ kid }) => kid)).size, 1)
    const refresh = await Promise.all(holders.map((holder) => holder.refreshKey()))
    t.equal(new Set(refresh.map(({ secret }) => secret)).size, 1)
    t.same(readdirSync(folder), ['1.json'])
  })

  t.test(
    'F18 of a thousand cold instances those that cannot read the key ring answer 503',
    async (t) => {
      const { store, clock, start } = keyRingFolder()
      await start().maintain()
      const kid = (await start().signingKey()).kid
      let reads = 0
      const lossy: KeyRingStore = {
        read: () => (++reads % 20 === 0 ? Promise.reject(new Error('away')) : store.read()),
        write: () => Promise.reject(new Error('a ring that was not read is none to write')),
      }
      const seen = await parallel(1000, async () => {
        const holder = new CachedKeyRing({
          store: lossy,
          lifetimes: LIFETIMES,
          clock,
          random: systemRandom,
        })
        return holder.signingKey().then(
          (key) => key.kid,
          (error: unknown) => (error as Problem).type.code,
        )
      })
      t.same(tally(seen), { [kid]: 950, STORE_UNAVAILABLE: 50 })
    },
  )

  t.test('twenty rotations of the key ring at once add one key', async (t) => {
    const { store, start } = keyRingFolder()
    await start().maintain()
    await parallel(20, () => start().maintain({ force: true }))
    t.match(await store.read(), {
      revision: 2,
      ring: { signing: { length: 2 }, refresh: { length: 2 } },
    })
  })

  t.test('maintenance of the key ring writes only what is due', async (t) => {
    const { clock, store, start } = keyRingFolder()
    const holder = start()
    const maintained = async () => {
      await holder.maintain()
      const { revision = 0 } = (await store.read()) ?? {}
      return { revision, published: (await holder.jwks()).keys.length }
    }
    t.same(await maintained(), { revision: 1, published: 1 })
    clock.advance(30 * DAY - 1)
    t.same(await maintained(), { revision: 1, published: 1 })
    clock.advance(1)
    t.same(await maintained(), { revision: 2, published: 2 })
    clock.advance(JWKS_CACHE + LIFETIMES.accessMs + 2 * REREAD + EDGE)
    t.same(await maintained(), { revision: 2, published: 2 })
    clock.advance(1)
    t.same(await maintained(), { revision: 3, published: 1 })
  })

  t.test('an instance that has not read the key ring for hours still verifies', async (t) => {
    const { clock, start } = keyRingFolder()
    const [late, busy] = [start(), start()]
    const before = await late.signingKey()
    await busy.maintain({ force: true })
    clock.advance(JWKS_CACHE + REREAD + EDGE)
    const [signing, refresh] = [await busy.signingKey(), await busy.refreshKey()]
    t.not(signing.kid, before.kid)

    t.notOk(late.publicKey(before.kid), 'it looks first whether the key was taken out')
    t.ok(await late.publicKeyAfterReread(before.kid))
    t.ok(late.publicKey(before.kid))
    t.ok(await late.publicKeyAfterReread(signing.kid))
    t.ok(late.publicKey(signing.kid), 'and knows it from then on')
    t.same(await late.refreshKeyById(refresh.id), refresh)
    t.equal((await late.signingKey()).kid, signing.kid)
  })

  t.test(
    'an unknown key makes an instance read the key ring at most every ten seconds',
    async (t) => {
      const { clock, start } = keyRingFolder()
      const [holder, other] = [start(), start()]
      await holder.maintain()
      clock.advance(1)
      await other.maintain({ force: true })
      const kid = (await other.jwks()).keys.at(-1)?.kid ?? ''
      clock.advance(10 * SECOND - 2)
      t.notOk(await holder.publicKeyAfterReread(kid))
      clock.advance(1)
      t.ok(await holder.publicKeyAfterReread(kid))
    },
  )

  t.test('the store of a cached key ring fails', async (t) => {
    const { clock, start, store, takeAway, putBack } = keyRingFolder()
    const holder = start()
    const [signing, refresh] = [await holder.signingKey(), await holder.refreshKey()]
    takeAway()
    clock.advance(DAY)

    t.test('a store that fails leaves an instance the key ring that it has', async (t) => {
      t.same(await holder.signingKey(), signing)
      t.same(await holder.refreshKey(), refresh)
      t.same(await holder.refreshKeyById(refresh.id), refresh)
      t.ok(holder.publicKey(signing.kid))
      t.match(await holder.jwks(), { keys: [{ kid: signing.kid }] })
    })

    t.test(
      'a store that fails makes an instance without enough of the key ring answer 503',
      async (t) => {
        await t.rejects(holder.publicKeyAfterReread('unknown'), UNAVAILABLE)
        await t.rejects(holder.refreshKeyById('unknown'), UNAVAILABLE)
        await t.rejects(start().signingKey(), UNAVAILABLE, 'one that never had a ring')
        await t.rejects(start().maintain(), UNAVAILABLE)
      },
    )

    t.test('a store of the key ring that fails is asked again after ten seconds', async (t) => {
      putBack()
      await t.rejects(holder.publicKeyAfterReread('unknown'), UNAVAILABLE)
      clock.advance(10 * SECOND)
      t.equal(await holder.publicKeyAfterReread('unknown'), undefined)
    })

    t.test('a store that gives a key ring that cannot be loaded counts as failed', async (t) => {
      const { ring, revision } = (await store.read()) as StoredRing
      await store.write({ ring: { ...ring, signing: [rsaKey(1024)] }, revision: revision + 1 })
      clock.advance(DAY)
      t.same(await holder.signingKey(), signing)
    })
  })

  t.test('a key ring that breaks its rules is refused', async (t) => {
    const ring = await createRing(BIRTH, systemRandom)
    const secret = randomBytes(31).toString('base64url')
    const unfitRings = {
      'with a small RSA key': { ...ring, signing: [...ring.signing, rsaKey(1024)] },
      'with a key of another kind': { ...ring, signing: [ellipticCurveKey()] },
      'with something else for a key': { ...ring, signing: [signingKey('no key at all')] },
      'with a short refresh key': {
        ...ring,
        refresh: [{ ...ring.refresh[0], secret }] as KeyRing['refresh'],
      },
      'whose keys may not sign yet': await createRing(BIRTH + 1, systemRandom),
    }
    for (const [what, ring] of Object.entries(unfitRings)) {
      t.test(what, async (t) => {
        const { store, start } = keyRingFolder()
        await store.write({ ring, revision: 1 })
        await t.rejects(start().signingKey(), UNAVAILABLE)
      })
    }
  })
})

/** An empty folder, and holders that start on it under one clock. */
function keyRingFolder() {
  const folder = temporaryFolder()
  const elsewhere = `${folder}-taken-away`
  const clock = testClock(BIRTH)
  const store = new FileRingStore<KeyRing>(folder)
  return {
    folder,
    clock,
    store,
    start: () => new CachedKeyRing({ store, lifetimes: LIFETIMES, clock, random: systemRandom }),
    takeAway: () => renameSync(folder, elsewhere),
    putBack: () => renameSync(elsewhere, folder),
  }
}

const signingKey = (privateKey: string): SigningKey => ({
  kid: 'unfit',
  privateKey,
  publishedAt: BIRTH,
  signsFrom: BIRTH,
})

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string

const rsaKey = (modulusLength: number) =>
  signingKey(pem(generateKeyPairSync('rsa', { modulusLength }).privateKey))

const ellipticCurveKey = () =>
  signingKey(pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
