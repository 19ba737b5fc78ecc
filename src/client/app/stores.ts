import { MemoryTokenStore, type Tokens, type TokenStore } from '../tokens.js'
import type { Page } from './page.js'

/**
 * Where an app keeps its tokens. Any script that runs in the app can act as the person while the page is open, whichever
 * it is; they differ in what outlives the page.
 * - `tab` (default): in memory, out of the reach of anything that reads storage. Only when the page is hidden or left are
 *   they in `sessionStorage`, so that they survive a reload and end with the tab. Each tab has a session of its own, and
 *   a duplicated tab signs in again rather than using a refresh token twice.
 * - `browser`: in `localStorage`. All tabs share one session, which survives the browser's end, and so does the copy on
 *   the disk: not for computers that people share.
 * - `memory`: gone with a reload, which then takes a redirect.
 */
export type TokenStorage = 'tab' | 'browser' | 'memory'

/** A store that says when something has changed what it holds. */
export interface AppTokenStore extends TokenStore {
  get(): Tokens | undefined
  set(tokens: Tokens | undefined): void
  /** @param listener also called for changes by other tabs, where they share the store. */
  watch(listener: () => void): void
}

/** Tells all clients of one page. */
abstract class Watched {
  readonly #listeners = new Set<() => void>()

  watch(listener: () => void): void {
    this.#listeners.add(listener)
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

class MemoryStore extends Watched implements AppTokenStore {
  readonly #memory = new MemoryTokenStore()

  get(): Tokens | undefined {
    return this.#memory.get()
  }

  set(tokens: Tokens | undefined): void {
    this.#memory.set(tokens)
    this.changed()
  }
}

const read = (storage: Storage, key: string): Tokens | undefined =>
  (JSON.parse(storage.getItem(key) ?? 'null') as Tokens | null) ?? undefined

function write(storage: Storage, key: string, tokens: Tokens | undefined): void {
  if (tokens) storage.setItem(key, JSON.stringify(tokens))
  else storage.removeItem(key)
}

class TabStore extends Watched implements AppTokenStore {
  readonly #storage: Storage
  readonly #key: string
  #tokens: Tokens | undefined
  /** Whether the page is hidden or left, so that `sessionStorage` has the tokens. */
  #isStored = true

  constructor(page: Page, key: string) {
    super()
    this.#storage = page.sessionStorage
    this.#key = key
    this.#take()
    page.addEventListener('pagehide', () => this.#put())
    // A page that comes back out of the browser's cache: another may have been in this tab meanwhile.
    page.addEventListener('pageshow', () => this.#take())
    page.document.addEventListener('visibilitychange', () => {
      if (page.document.visibilityState === 'hidden') this.#put()
      else this.#take()
    })
  }

  get(): Tokens | undefined {
    return this.#tokens
  }

  set(tokens: Tokens | undefined): void {
    this.#tokens = tokens
    if (this.#isStored) write(this.#storage, this.#key, tokens)
    this.changed()
  }

  #put(): void {
    this.#isStored = true
    write(this.#storage, this.#key, this.#tokens)
  }

  #take(): void {
    if (!this.#isStored) return
    this.#isStored = false
    this.#tokens = read(this.#storage, this.#key)
    this.#storage.removeItem(this.#key)
    this.changed()
  }
}

class BrowserStore extends Watched implements AppTokenStore {
  readonly #storage: Storage
  readonly #key: string

  constructor(page: Page, key: string) {
    super()
    this.#storage = page.localStorage
    this.#key = key
    page.addEventListener('storage', (event: StorageEvent) => {
      // Clearing all of the storage names no key.
      if (event.key === key || event.key === null) this.changed()
    })
  }

  get(): Tokens | undefined {
    return read(this.#storage, this.#key)
  }

  set(tokens: Tokens | undefined): void {
    write(this.#storage, this.#key, tokens)
    this.changed()
  }
}

/** By page and key: a module that is loaded again (hot reload) finds what it had in memory. */
const stores = new WeakMap<Page, Map<string, AppTokenStore>>()

/** @param key of the issuer and the client. */
export function storeOf(page: Page | undefined, kind: TokenStorage, key: string): AppTokenStore {
  if (!page) return new MemoryStore()
  const known = stores.get(page) ?? new Map<string, AppTokenStore>()
  stores.set(page, known)
  const store = known.get(kind + key) ?? newStore(page, kind, key)
  known.set(kind + key, store)
  return store
}

function newStore(page: Page, kind: TokenStorage, key: string): AppTokenStore {
  try {
    if (kind === 'tab') return new TabStore(page, key)
    if (kind === 'browser') return new BrowserStore(page, key)
  } catch {
    // The person has forbidden this site to keep data.
  }
  return new MemoryStore()
}
