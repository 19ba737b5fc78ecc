export interface TokenWithEnd {
  readonly accessToken: string
  /** When the access token ends, milliseconds since the epoch, by the client's own clock. */
  readonly expiresAt: number
}

/** The tokens of one session. Plain data, so that a store can write it down; never log it. */
export interface Tokens extends TokenWithEnd {
  readonly refreshToken: string
  /** Who has signed in, for an app of `createClient`. */
  readonly idToken?: string
  /** Access tokens for other APIs, by their identifiers. */
  readonly resources?: Readonly<Record<string, TokenWithEnd>>
}

/** The token for an API, or Latchkey's own where none is named. */
export const tokenFor = (tokens: Tokens, resource?: string): TokenWithEnd | undefined =>
  resource === undefined ? tokens : tokens.resources?.[resource]

/**
 * Where tokens are kept. Code that can read the store can act as the user: in a browser, memory is safer than
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
