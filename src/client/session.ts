import { errorOf, type LatchkeyError, unreachable, UnavailableError } from './errors.js'
import { exclusively, lockName } from './exclusive.js'
import type { Platform } from './platform.js'
import { retried } from './retry.js'
import type { Tokens, TokenStore } from './tokens.js'

/** Sends one request: `fetch`. */
export type Send = (request: Request) => Promise<Response>

/** How a request is told whose it is, and how that is renewed. */
export interface Session {
  /** The request as it is to be sent. @throws {LatchkeyError} when a renewal that it needed failed. */
  authorize(request: Request): Promise<Request>
  /**
   * Renews what the service refused, once for all who ask at the same time.
   * @param refused the request that was answered 401.
   * @returns whether it is worth sending again.
   */
  renew(refused: Request): Promise<boolean>
  /** Keeps what a sign-in was answered with. */
  begin(answer: SignInAnswer): Promise<void>
  end(): Promise<void>
}

export interface SignInAnswer {
  readonly accessToken?: string
  readonly refreshToken?: string
  readonly expiresIn: number
}

export interface SessionDependencies {
  readonly issuer: string
  readonly send: Send
  readonly platform: Platform
}

const REFRESH = '/api/auth/refresh'
/** A token that ends this soon might end on its way. */
const MARGIN_MS = 10_000
/**
 * The service gives the same successor to who asks again within its grace window of 10 seconds, so that a
 * lost answer is asked for again at once, and two tries end before the window does.
 */
const REFRESH_TIMEOUT_MS = 4_000

/** The answers that end a session for good. Any other failure says nothing about it. */
const isEnd = ({ code }: LatchkeyError): boolean =>
  code === 'REFRESH_TOKEN_INVALID' || code === 'REFRESH_TOKEN_REUSED'

/** Bearer tokens, kept in a store. */
export class TokenSession implements Session {
  readonly #dependencies: SessionDependencies
  readonly #store: TokenStore
  #renewing: Promise<Tokens | undefined> | undefined
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(dependencies: SessionDependencies, store: TokenStore) {
    this.#dependencies = dependencies
    this.#store = store
  }

  async authorize(request: Request): Promise<Request> {
    const token = await this.accessToken()
    if (token === undefined) return request
    const headers = new Headers(request.headers)
    headers.set('authorization', `Bearer ${token}`)
    return new Request(request, { headers })
  }

  /** An access token that has not expired; undefined when nobody is signed in. */
  async accessToken(): Promise<string | undefined> {
    const tokens = await this.#store.get()
    if (!tokens) return undefined
    const left = tokens.expiresAt - this.#dependencies.platform.clock()
    if (left > MARGIN_MS) return tokens.accessToken
    try {
      return (await this.#successorOf(tokens.accessToken))?.accessToken
    } catch (error) {
      // Renewed early, so the old one may serve while the service is in trouble.
      if (error instanceof UnavailableError && left > 0) return tokens.accessToken
      throw error
    }
  }

  async renew({ headers }: Request): Promise<boolean> {
    const refused = headers.get('authorization')?.slice('Bearer '.length)
    if (refused === undefined) return false
    return (await this.#successorOf(refused)) !== undefined
  }

  async begin(answer: SignInAnswer): Promise<void> {
    const tokens = this.#tokensOf(answer)
    if (tokens) await this.#inTurn(() => this.#store.set(tokens))
  }

  async end(): Promise<void> {
    await this.#inTurn(() => this.#store.set(undefined))
  }

  #tokensOf({ accessToken, refreshToken, expiresIn }: SignInAnswer): Tokens | undefined {
    if (accessToken === undefined || refreshToken === undefined) return undefined
    const expiresAt = this.#dependencies.platform.clock() + expiresIn * 1000
    return { accessToken, refreshToken, expiresAt }
  }

  #successorOf(stale: string): Promise<Tokens | undefined> {
    this.#renewing ??= this.#renew(stale).finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  async #renew(stale: string): Promise<Tokens | undefined> {
    const tokens = await this.#store.get()
    if (tokens?.accessToken !== stale) return tokens
    return exclusively(await lockName(tokens.refreshToken), async () => {
      // Another tab may have been quicker.
      const current = await this.#store.get()
      if (current?.accessToken !== stale) return current
      return this.#refresh(current.refreshToken)
    })
  }

  /** @returns what the store holds then: the successor, or what a sign-in has put there meanwhile. */
  async #refresh(refreshToken: string): Promise<Tokens | undefined> {
    const newerInStore = async () => {
      const current = await this.#store.get()
      return current?.refreshToken === refreshToken ? undefined : { current }
    }
    const response = await postRefresh(
      this.#dependencies,
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken }),
      },
      async () => (await newerInStore()) !== undefined,
    )
    if (response.ok) {
      const successor = this.#tokensOf((await response.json()) as SignInAnswer)
      return successor ? this.#replace(refreshToken, successor) : this.#store.get()
    }
    const error = await errorOf(response)
    if (isEnd(error)) {
      const newer = await this.#replace(refreshToken, undefined)
      if (newer) return newer
    } else if (error instanceof UnavailableError) {
      // Another client of this store has the successor, or a sign-out has emptied it.
      const newer = await newerInStore()
      if (newer) return newer.current
    }
    throw error
  }

  /** Only while the token that was sent is still there: a sign-out or a newer sign-in has the last word. */
  #replace(sent: string, successor: Tokens | undefined): Promise<Tokens | undefined> {
    return this.#inTurn(async () => {
      const current = await this.#store.get()
      if (current?.refreshToken !== sent) return current
      await this.#store.set(successor)
      return successor
    })
  }

  /** One change of the store after another, so that nothing comes between a look at it and what is set. */
  #inTurn<T>(change: () => T | Promise<T>): Promise<T> {
    const turn = this.#lastChange.then(change)
    this.#lastChange = turn.catch(() => undefined)
    return turn
  }
}

/** HttpOnly cookies, which no script can read: the browser keeps and sends them. */
export class CookieSession implements Session {
  readonly #dependencies: SessionDependencies
  #renewing: Promise<boolean> | undefined
  /** Counts renewals: a request that was sent before the last one need only be sent again. */
  #renewals = 0
  readonly #sentAt = new WeakMap<Request, number>()

  constructor(dependencies: SessionDependencies) {
    this.#dependencies = dependencies
  }

  async authorize(request: Request): Promise<Request> {
    this.#sentAt.set(request, this.#renewals)
    return request
  }

  async renew(refused: Request): Promise<boolean> {
    if (this.#sentAt.get(refused) !== this.#renewals) return true
    const { issuer } = this.#dependencies
    this.#renewing ??= exclusively(`latchkey:${issuer}`, () => this.#refresh()).finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  async #refresh(): Promise<boolean> {
    const response = await postRefresh(this.#dependencies, { credentials: 'include' })
    if (response.ok) {
      this.#renewals++
      return true
    }
    const error = await errorOf(response)
    // Nobody was signed in: the first answer says all there is to say.
    if (error.code === 'REFRESH_TOKEN_REQUIRED') return false
    throw error
  }

  begin = async (): Promise<void> => undefined
  end = async (): Promise<void> => undefined
}

async function postRefresh(
  { issuer, send, platform }: SessionDependencies,
  init: RequestInit,
  isOver?: () => Promise<boolean>,
): Promise<Response> {
  const post = () => {
    const signal = AbortSignal.timeout(REFRESH_TIMEOUT_MS)
    return send(new Request(issuer + REFRESH, { method: 'POST', ...init, signal }))
  }
  return retried(() => post().catch(post), platform, isOver && { isOver }).catch(
    (error: unknown) => {
      throw unreachable(error)
    },
  )
}
