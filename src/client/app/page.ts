/** What an app's client uses of the page that it runs in; tests bring their own. */
export interface Page {
  readonly location: Pick<Location, 'href' | 'assign'>
  readonly history: Pick<History, 'state' | 'replaceState'>
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener'>
  readonly sessionStorage: Storage
  readonly localStorage: Storage
  readonly BroadcastChannel: new (name: string) => Channel
  addEventListener(type: string, listener: (event: never) => void): void
}

interface Channel {
  onmessage: ((event: MessageEvent) => unknown) | null
  postMessage(message: unknown): void
}

/** The browser's own; undefined where an app is rendered on a server, where no person is signed in. */
export function ownPage(): Page | undefined {
  const { window } = globalThis as { window?: Page }
  return window?.document && window
}
