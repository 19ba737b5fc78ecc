import type { Page } from '../../src/client/client.js'

/** `sessionStorage` and `localStorage`. */
class TestStorage implements Storage {
  readonly #items = new Map<string, string>()
  onChange: (key: string) => void = () => undefined

  get length(): number {
    return this.#items.size
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value)
    this.onChange(key)
  }
  removeItem(key: string): void {
    if (this.#items.delete(key)) this.onChange(key)
  }
  clear(): void {
    this.#items.clear()
  }
  /** What a duplicated tab begins with. */
  copy(): TestStorage {
    const copy = new TestStorage()
    for (const [key, value] of this.#items) copy.setItem(key, value)
    return copy
  }
  /** All that it holds. */
  get text(): string {
    return JSON.stringify([...this.#items])
  }
}

/** The tabs of one origin in one browser. */
export class AppBrowser {
  readonly localStorage = new TestStorage()
  readonly pages = new Set<AppPage>()
  #writer: AppPage | undefined

  open(href: string): AppPage {
    return new AppPage(this, href, new TestStorage())
  }

  /** What a page writes, the others hear of. */
  storageOf(page: AppPage): Storage {
    this.localStorage.onChange = (key) => {
      for (const other of this.pages) if (other !== this.#writer) other.fire('storage', { key })
    }
    const write = <T>(task: () => T): T => {
      this.#writer = page
      return task()
    }
    const storage = this.localStorage
    return Object.assign(Object.create(storage) as Storage, {
      getItem: (key: string) => storage.getItem(key),
      setItem: (key: string, value: string) => write(() => storage.setItem(key, value)),
      removeItem: (key: string) => write(() => storage.removeItem(key)),
    })
  }
}

interface TestChannel {
  readonly name: string
  onmessage: ((event: MessageEvent) => unknown) | null
}

/** A page of an app: what a browser would do to it, a test does. */
export class AppPage implements Page {
  readonly #browser: AppBrowser
  readonly #listeners: { type: string; listener: (event: never) => void }[] = []
  readonly #channels: TestChannel[] = []
  readonly sessionStorage: TestStorage
  readonly localStorage: Storage
  readonly BroadcastChannel: Page['BroadcastChannel']
  readonly location: { href: string; assign: (url: string | URL) => void }
  readonly history: Page['history']
  readonly document: { visibilityState: 'visible' | 'hidden'; addEventListener: () => void }
  /** Where it was sent to. */
  left: string | undefined
  #whenLeft: (url: string) => void = () => undefined

  constructor(browser: AppBrowser, href: string, sessionStorage: TestStorage) {
    this.#browser = browser
    browser.pages.add(this)
    this.sessionStorage = sessionStorage
    this.localStorage = browser.storageOf(this)
    this.location = {
      href,
      assign: (url) => {
        this.left = String(url)
        this.#whenLeft(this.left)
      },
    }
    this.history = {
      state: null,
      replaceState: (_state, _title, url) => {
        this.location.href = new URL(String(url), this.location.href).href
      },
    }
    const addEventListener = (type: string, listener: (event: never) => void) =>
      this.addEventListener(type, listener)
    this.document = { visibilityState: 'visible', addEventListener: addEventListener as () => void }
    const [channels, post] = [this.#channels, this.#post.bind(this)]
    this.BroadcastChannel = class {
      onmessage: ((event: MessageEvent) => unknown) | null = null
      readonly name: string
      constructor(name: string) {
        this.name = name
        channels.push(this)
      }
      postMessage(message: unknown) {
        post(this.name, message)
      }
    }
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.push({ type, listener })
  }

  fire(type: string, event: object = {}): void {
    for (const one of this.#listeners) if (one.type === type) one.listener(event as never)
  }

  #post(name: string, data: unknown): void {
    for (const page of this.#browser.pages) {
      if (page === this) continue
      for (const channel of page.#channels) {
        if (channel.name === name) channel.onmessage?.({ data } as MessageEvent)
      }
    }
  }

  /** Resolves with where the task sends it to. */
  async leaving(task: () => Promise<never>): Promise<string> {
    return Promise.race([
      new Promise<string>((resolve) => {
        this.#whenLeft = resolve
      }),
      task(),
    ])
  }

  /** Another page in the same tab, which this one makes room for; without a URL the same again. */
  load(href: string | URL = this.location.href): AppPage {
    this.hide()
    this.fire('pagehide')
    this.#browser.pages.delete(this)
    return new AppPage(this.#browser, String(href), this.sessionStorage)
  }

  /** Comes back out of the browser's cache, in place of another. */
  restore(instead: AppPage): void {
    instead.load()
    this.#browser.pages.add(this)
    this.fire('pageshow', { persisted: true })
    this.show()
  }

  duplicate(): AppPage {
    return new AppPage(this.#browser, this.location.href, this.sessionStorage.copy())
  }

  hide(): void {
    this.document.visibilityState = 'hidden'
    this.fire('visibilitychange')
  }

  show(): void {
    this.document.visibilityState = 'visible'
    this.fire('visibilitychange')
  }
}
