import type { RingStore, RotationStores, Stored } from '../../src/keyring/store.js'

/** Keys of one kind, as text, as a folder or a secret holds them: each read gives a copy. */
class MemoryRingStore<R> implements RingStore<R> {
  readonly #revisions = new Map<number, string>()

  async read(): Promise<Stored<R> | undefined> {
    const revision = Math.max(0, ...this.#revisions.keys())
    const text = this.#revisions.get(revision)
    return text === undefined ? undefined : { ring: JSON.parse(text) as R, revision }
  }

  async write({ ring, revision }: Stored<R>): Promise<boolean> {
    if (Math.max(0, ...this.#revisions.keys()) >= revision) return false
    this.#revisions.set(revision, JSON.stringify(ring))
    return true
  }
}

/** All keys of a service that waits for no disk. Those of a local service, in files, have tests of their own. */
export const memoryStores = (): RotationStores => ({
  keyRing: new MemoryRingStore(),
  ticketKeys: new MemoryRingStore(),
  dataKeys: new MemoryRingStore(),
  spareKeys: new MemoryRingStore(),
})
