import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { CachedKeyRing } from '../../src/keyring/cached-ring.js'
import { createRing, type KeyRing, type SigningKey } from '../../src/keyring/ring.js'
import type { KeyRingStore, StoredRing } from '../../src/keyring/store.js'
import { FileRingStore } from '../../src/local/file-key-ring.js'
import type { Problem } from '../../src/http/problem.js'
import { systemRandom } from '../../src/lib/random.js'
import { DAY, SECOND, testClock } from '../support/clock.js'
import { temporaryFolder } from '../support/engine.js'
import { BIRTH, JWKS_CACHE, LIFETIMES, quickKeys, REREAD } from '../support/rings.js'
import { parallel, tally } from '../support/tally.js'

const UNAVAILABLE = {
  name: 'Problem',
  type: { status: 503, code: 'STORE_UNAVAILABLE' },
  extras: { headers: { 'retry-after': String } },
}

t.test('FileRingStore', async (t) => {
  t.test('gives back what it was given, from a file for its owner only', async (t) => {
    const { folder, store } = keyRingFolder()
    t.equal(await store.read(), undefined)
    t.equal(await store.write(storedRing(1)), true)
    t.same(await store.read(), storedRing(1))
    t.same(readdirSync(folder), ['1.json'])
    t.equal(statSync(join(folder, '1.json')).mode & 0o777, 0o600)
  })

  t.test('lets one of many writers make a revision', async (t) => {
    const { folder, store } = keyRingFolder()
    const written = await parallel(20, (index) =>
      store.write({ ring: ringNamed(`writer ${index}`), revision: 1 }),
    )
    t.same(tally(written.map(String)), { true: 1, false: 19 })
    const ring = ringNamed(`writer ${written.indexOf(true)}`)
    t.same(await store.read(), { ring, revision: 1 })
    t.same(readdirSync(folder), ['1.json'], 'no drafts stay')
  })

  t.test('shows a reader whole revisions only', async (t) => {
    const { store } = keyRingFolder()
    await store.write(storedRing(1))
    for (let revision = 2; revision <= 20; revision++) {
      const before = storedRing(revision - 1)
      const after = storedRing(revision)
      const write = store.write(after)
      const reads = await parallel(10, () => store.read())
      t.ok(reads.every((read) => isDeepStrictEqual(read, before) || isDeepStrictEqual(read, after)))
      t.equal(await write, true)
    }
  })

  t.test('keeps one revision before the newest, and minds no other file', async (t) => {
    const { folder, store } = keyRingFolder()
    writeFileSync(join(folder, 'draft of a writer that was killed.draft'), '{"signing":[')
    for (const revision of [1, 2, 3]) await store.write(storedRing(revision))
    t.same(await store.read(), storedRing(3))
    const kept = readdirSync(folder).filter((name) => name.endsWith('.json'))
    t.same(kept.sort(), ['2.json', '3.json'])
  })

  t.test('makes no revision anew that was made and removed', async (t) => {
    const { store } = keyRingFolder()
    for (const revision of [1, 2, 3]) await store.write(storedRing(revision))
    t.equal(await store.write(storedRing(1)), false)
    t.same(await store.read(), storedRing(3))
  })
})

t.test('CachedKeyRing', async (t) => {
  quickKeys(t)

  t.test('twenty first starts at once make one ring', async (t) => {
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

  t.test('F18 of a thousand cold instances those that can not read answer 503', async (t) => {
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
  })

  t.test('twenty rotations at once add one key', async (t) => {
    const { store, start } = keyRingFolder()
    await start().maintain()
    await parallel(20, () => start().maintain({ force: true }))
    t.match(await store.read(), {
      revision: 2,
      ring: { signing: { length: 2 }, refresh: { length: 2 } },
    })
  })

  t.test('maintenance writes only what is due', async (t) => {
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
    clock.advance(JWKS_CACHE + LIFETIMES.accessMs + 2 * REREAD)
    t.same(await maintained(), { revision: 2, published: 2 })
    clock.advance(1)
    t.same(await maintained(), { revision: 3, published: 1 })
  })

  t.test('one that has not read for hours still verifies', async (t) => {
    const { clock, start } = keyRingFolder()
    const [late, busy] = [start(), start()]
    const before = await late.signingKey()
    await busy.maintain({ force: true })
    clock.advance(JWKS_CACHE + REREAD)
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

  t.test('an unknown key makes it read at most every ten seconds', async (t) => {
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
  })

  t.test('a store that fails', async (t) => {
    const { clock, start, store, takeAway, putBack } = keyRingFolder()
    const holder = start()
    const [signing, refresh] = [await holder.signingKey(), await holder.refreshKey()]
    takeAway()
    clock.advance(DAY)

    t.test('leaves it the ring that it has', async (t) => {
      t.same(await holder.signingKey(), signing)
      t.same(await holder.refreshKey(), refresh)
      t.same(await holder.refreshKeyById(refresh.id), refresh)
      t.ok(holder.publicKey(signing.kid))
      t.match(await holder.jwks(), { keys: [{ kid: signing.kid }] })
    })

    t.test('answers 503 where that is not enough', async (t) => {
      await t.rejects(holder.publicKeyAfterReread('unknown'), UNAVAILABLE)
      await t.rejects(holder.refreshKeyById('unknown'), UNAVAILABLE)
      await t.rejects(start().signingKey(), UNAVAILABLE, 'one that never had a ring')
      await t.rejects(start().maintain(), UNAVAILABLE)
    })

    t.test('is asked again after ten seconds', async (t) => {
      putBack()
      await t.rejects(holder.publicKeyAfterReread('unknown'), UNAVAILABLE)
      clock.advance(10 * SECOND)
      t.equal(await holder.publicKeyAfterReread('unknown'), undefined)
    })

    t.test('or gives a ring that can not be loaded', async (t) => {
      const { ring, revision } = (await store.read()) as StoredRing
      await store.write({ ring: { ...ring, signing: [rsaKey(1024)] }, revision: revision + 1 })
      clock.advance(DAY)
      t.same(await holder.signingKey(), signing)
    })
  })

  t.test('refuses a ring', async (t) => {
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

/** As much of a ring as a store looks at. */
const ringNamed = (id: string): KeyRing => ({
  signing: [],
  refresh: [
    { id, secret: 'long enough for several writes '.repeat(2000), publishedAt: 0, usedFrom: 0 },
  ],
})

const storedRing = (revision: number): StoredRing => ({ ring: ringNamed(`${revision}`), revision })

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
