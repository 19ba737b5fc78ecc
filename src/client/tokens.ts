/** The tokens of one session. Plain data, so that a store can write it down; never log it. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  /** When the access token ends, milliseconds since the epoch, by the client's own clock. */
  readonly expiresAt: number
}

/**
 * Where tokens are kept. Whoever can read the store can act as the user: in a browser, memory is safer than
 * `localStorage`, and cookies (`useCookies`) are safer than both.
 */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>
  /** `undefined` forgets them. */
  set(tokens: Tokens | undefined): void | Promise<void>
}

/** Forgets with the page or the process; prints nothing of what it holds. */
export class MemoryTokenStore implements TokenStore {
  #tokens: Tokens | undefined

  get(): Tokens | undefined {
    return this.#tokens
  }

  set(tokens: Tokens | undefined): void {
    this.#tokens = tokens
  }
}
