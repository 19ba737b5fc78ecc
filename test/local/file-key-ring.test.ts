import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { KeyRing } from '../../src/keyring/ring.js'
import type { StoredRing } from '../../src/keyring/store.js'
import { FileRingStore } from '../../src/local/file-key-ring.js'
import { temporaryFolder } from '../support/engine.js'
import { parallel, tally } from '../support/tally.js'

t.test('the local server’s file of the key ring', async (t) => {
  t.test(
    'the local file of the key ring gives back what it was given, for its owner only',
    async (t) => {
      const { folder, store } = keyRingFolder()
      t.equal(await store.read(), undefined)
      t.equal(await store.write(storedRing(1)), true)
      t.same(await store.read(), storedRing(1))
      t.same(readdirSync(folder), ['1.json'])
      t.equal(statSync(join(folder, '1.json')).mode & 0o777, 0o600)
    },
  )

  t.test('the local file of the key ring lets one of many writers make a revision', async (t) => {
    const { folder, store } = keyRingFolder()
    const written = await parallel(20, (index) =>
      store.write({ ring: ringNamed(`writer ${index}`), revision: 1 }),
    )
    t.same(tally(written.map(String)), { true: 1, false: 19 })
    const ring = ringNamed(`writer ${written.indexOf(true)}`)
    t.same(await store.read(), { ring, revision: 1 })
    t.same(readdirSync(folder), ['1.json'], 'no drafts stay')
  })

  t.test('the local file of the key ring shows a reader whole revisions only', async (t) => {
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

  t.test(
    'the local files of the key ring are the newest revision and the one before, others stay',
    async (t) => {
      const { folder, store } = keyRingFolder()
      writeFileSync(join(folder, 'draft of a writer that was killed.draft'), '{"signing":[')
      for (const revision of [1, 2, 3]) await store.write(storedRing(revision))
      t.same(await store.read(), storedRing(3))
      const kept = readdirSync(folder).filter((name) => name.endsWith('.json'))
      t.same(kept.sort(), ['2.json', '3.json'])
    },
  )

  t.test(
    'the local file of the key ring makes no revision again that was made and removed',
    async (t) => {
      const { store } = keyRingFolder()
      for (const revision of [1, 2, 3]) await store.write(storedRing(revision))
      t.equal(await store.write(storedRing(1)), false)
      t.same(await store.read(), storedRing(3))
    },
  )
})

/** An empty folder, and a store on it. */
function keyRingFolder() {
  const folder = temporaryFolder()
  return { folder, store: new FileRingStore<KeyRing>(folder) }
}

/** As much of a ring as a store looks at. */
const ringNamed = (id: string): KeyRing => ({
  signing: [],
  refresh: [
    { id, secret: 'long enough for several writes '.repeat(2000), publishedAt: 0, usedFrom: 0 },
  ],
})

const storedRing = (revision: number): StoredRing => ({ ring: ringNamed(`${revision}`), revision })
