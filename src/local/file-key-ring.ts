import { link, open, readdir, readFile, unlink } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { RingStore, RotationStores, Stored } from '../keyring/store.js'
import { LocalError } from './local-error.js'

const REVISION = /^(\d+)\.json$/

/**
 * Keys of one kind in a folder, one file (mode 0600) a revision. A complete file is linked to its final name,
 * which succeeds for one writer only, so that no process ever reads half a ring and two never make one each.
 */
export class FileRingStore<R> implements RingStore<R> {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async read(): Promise<Stored<R> | undefined> {
    const revision = (await this.#revisions()).at(-1)
    if (revision === undefined) return undefined
    const path = this.#path(revision)
    return { ring: parse(await readFile(path, 'utf8'), path) as R, revision }
  }

  async write({ ring, revision }: Stored<R>): Promise<boolean> {
    const draft = join(this.#folder, `${randomUUID()}.draft`)
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(ring))
      await file.sync()
      await link(draft, this.#path(revision))
      if (await this.#isOvertaken(revision)) return false
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await file.close()
      await unlink(draft)
    }
    await this.#removeBefore(revision - 1)
    return true
  }

  /** Others have written and removed this revision meanwhile: what was linked in its place is undone. */
  async #isOvertaken(revision: number): Promise<boolean> {
    const newest = (await this.#revisions()).at(-1)
    if (newest === revision) return false
    await unlink(this.#path(revision))
    return true
  }

  /** The revision before this one stays: another process may be about to read it. */
  async #removeBefore(revision: number): Promise<void> {
    const old = (await this.#revisions()).filter((known) => known < revision)
    await Promise.all(old.map((known) => unlink(this.#path(known))))
  }

  async #revisions(): Promise<number[]> {
    const names = await readdir(this.#folder)
    const found = names.flatMap((name) => REVISION.exec(name)?.[1] ?? [])
    return found.map(Number).sort((a, b) => a - b)
  }

  #path = (revision: number): string => join(this.#folder, `${revision}.json`)
}

/** The folders of the keys, which `openDataDir` makes. */
export const KEY_FOLDERS = ['tickets', 'data', 'spare'] as const

/** All keys of a local service. */
export const fileStores = (folder: string): RotationStores => ({
  keyRing: new FileRingStore(folder),
  ticketKeys: new FileRingStore(join(folder, 'tickets')),
  dataKeys: new FileRingStore(join(folder, 'data')),
  spareKeys: new FileRingStore(join(folder, 'spare')),
})

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The parser's message may quote a key.
    throw new LocalError(`${path} is damaged. Restore it, or remove it to begin with new keys.`)
  }
}
