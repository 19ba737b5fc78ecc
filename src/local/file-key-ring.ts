import { link, open, readdir, readFile, unlink } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { KeyRing } from '../keyring/ring.js'
import type { KeyRingStore, StoredRing } from '../keyring/store.js'

const REVISION = /^(\d+)\.json$/

/**
 * The key ring in a folder, one file (mode 0600) a revision. A complete file is linked to its final name,
 * which succeeds for one writer only, so that no process ever reads half a ring and two never make one each.
 */
export class FileKeyRingStore implements KeyRingStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async read(): Promise<StoredRing | undefined> {
    const revision = (await this.#revisions()).at(-1)
    if (revision === undefined) return undefined
    const text = await readFile(this.#path(revision), 'utf8')
    return { ring: JSON.parse(text) as KeyRing, revision }
  }

  async write({ ring, revision }: StoredRing): Promise<boolean> {
    const draft = join(this.#folder, `${randomUUID()}.draft`)
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(ring))
      await file.sync()
      await link(draft, this.#path(revision))
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
