import { errorOf, type LatchkeyError, unreachable, UnavailableError } from './errors.js'
import { exclusively, lockName } from './exclusive.js'
import type { Platform } from './platform.js'
import { retried } from './retry.js'
import { tokenFor, type Tokens, type TokenStore, type TokenWithEnd } from './tokens.js'

/** Sends one request: `fetch`. */
export type Send = (request: Request) => Promise<Response>

/** Attaches credentials to requests and renews them. */
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
  /** Keeps what a step-up was answered with, and forgets the tokens that say less. */
  stepUp(answer: SignInAnswer): Promise<void>
  end(): Promise<void>
  /** @param resource the API that the token is for; Latchkey itself where none is named. */
  accessToken(resource?: string): Promise<string | undefined>
}

export interface SignInAnswer {
  readonly accessToken?: string
  readonly refreshToken?: string
  readonly expiresIn: number
  readonly idToken?: string
}

/** How the refresh token of one kind of session is spent. */
export interface Renewal {
  readonly path: string
  /** @param resource the API that the new token is for. */
  ask(refreshToken: string, resource?: string): RequestInit
  /** What a good answer says. @throws {LatchkeyError} when it can't be trusted. */
  read(answer: unknown): SignInAnswer
  /** Whether a failure ends the session for good. Any other says nothing about it. */
  isEnd(error: LatchkeyError): boolean
}

export interface SessionDependencies {
  readonly issuer: string
  readonly send: Send
  readonly platform: Platform
}

/** A token that ends this soon might end on its way. */
const MARGIN_MS = 10_000
/**
 * The service gives the same successor to who asks again within its grace window of 10 seconds, so that a
 * lost answer is asked for again at once, and two tries end before the window does.
 */
const REFRESH_TIMEOUT_MS = 4_000
/** OAuth has no 409: `/oauth/token` answers 429 to a conflict with another client. */
const RETRIED = [409, 429, 503]

/** Of a session at Latchkey itself. */
const OWN: Renewal = {
  path: '/api/auth/refresh',
  ask: (refreshToken, resource) => jsonOf({ refreshToken, resource }),
  read: (answer) => answer as SignInAnswer,
  isEnd: ({ code }) => code === 'REFRESH_TOKEN_INVALID' || code === 'REFRESH_TOKEN_REUSED',
}

/** Bearer tokens, kept in a store. */
export class TokenSession implements Session {
  readonly #dependencies: SessionDependencies
  readonly #store: TokenStore
  readonly #renewal: Renewal
  /** By the API that the new token is for. */
  readonly #renewing = new Map<string | undefined, Promise<Tokens | undefined>>()
  #lastRenewal: Promise<unknown> = Promise.resolve()
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(dependencies: SessionDependencies, store: TokenStore, renewal = OWN) {
    this.#dependencies = dependencies
    this.#store = store
    this.#renewal = renewal
  }

  async authorize(request: Request): Promise<Request> {
    const token = await this.accessToken()
    if (token === undefined) return request
    const headers = new Headers(request.headers)
    headers.set('authorization', `Bearer ${token}`)
    return new Request(request, { headers })
  }

  /**
   * An access token that has not expired; undefined without a session.
   * @param resource the API that it is for; Latchkey itself where none is named.
   */
  async accessToken(resource?: string): Promise<string | undefined> {
    const tokens = await this.#store.get()
    const known = tokens && tokenFor(tokens, resource)
    if (!tokens) return undefined
    const left = known ? known.expiresAt - this.#dependencies.platform.clock() : 0
    if (known && left > MARGIN_MS) return known.accessToken
    try {
      let next = await this.#successorOf(known?.accessToken, resource)
      // Another client of the store was quicker, and asked for another API.
      if (next && !tokenFor(next, resource)) next = await this.#successorOf(undefined, resource)
      return next && tokenFor(next, resource)?.accessToken
    } catch (error) {
      // Renewed early, so the old one may serve while the service is in trouble.
      if (error instanceof UnavailableError && known && left > 0) return known.accessToken
      throw error
    }
  }

  async renew({ headers }: Request): Promise<boolean> {
    const refused = headers.get('authorization')?.slice('Bearer '.length)
    if (refused === undefined) return false
    return (await this.#successorOf(refused)) !== undefined
  }

  /** @param resource the API that the access token is for; Latchkey itself where none is named. */
  async begin(answer: SignInAnswer, resource?: string): Promise<void> {
    const tokens = this.#tokensOf(answer)
    if (tokens) await this.#inTurn(() => this.#store.set(withTokens(undefined, tokens, resource)))
  }

  async stepUp({ accessToken, expiresIn }: SignInAnswer): Promise<void> {
    if (accessToken === undefined) return
    const expiresAt = this.#dependencies.platform.clock() + expiresIn * 1000
    // A renewal that was on its way has a token of before.
    await this.#lastRenewal
    await this.#inTurn(async () => {
      const current = await this.#store.get()
      if (!current) return
      const { refreshToken } = current
      await this.#store.set({ accessToken, refreshToken, expiresAt })
    })
  }

  async end(): Promise<void> {
    await this.#inTurn(() => this.#store.set(undefined))
  }

  #tokensOf(answer: SignInAnswer): Tokens | undefined {
    const { accessToken, refreshToken, expiresIn, idToken } = answer
    if (accessToken === undefined || refreshToken === undefined) return undefined
    const expiresAt = this.#dependencies.platform.clock() + expiresIn * 1000
    return { accessToken, refreshToken, expiresAt, ...(idToken !== undefined && { idToken }) }
  }

  /** One renewal for all who want the same token, and one after the other: each spends a refresh token. */
  #successorOf(stale: string | undefined, resource?: string): Promise<Tokens | undefined> {
    const there = this.#renewing.get(resource)
    if (there) return there
    const renew = () => this.#renew(stale, resource)
    const renewing = this.#lastRenewal.then(renew).finally(() => {
      this.#renewing.delete(resource)
    })
    this.#lastRenewal = renewing.catch(() => undefined)
    this.#renewing.set(resource, renewing)
    return renewing
  }

  async #renew(stale: string | undefined, resource?: string): Promise<Tokens | undefined> {
    const isStale = (tokens: Tokens) => tokenFor(tokens, resource)?.accessToken === stale
    const tokens = await this.#store.get()
    if (!tokens || !isStale(tokens)) return tokens
    return exclusively(await lockName(tokens.refreshToken), async () => {
      // Another tab may have been quicker.
      const current = await this.#store.get()
      return current && isStale(current) ? this.#refresh(current.refreshToken, resource) : current
    })
  }

  /** @returns what the store holds then: the successor, or what a sign-in has put there meanwhile. */
  async #refresh(refreshToken: string, resource?: string): Promise<Tokens | undefined> {
    const newerInStore = async () => {
      const current = await this.#store.get()
      return current?.refreshToken === refreshToken ? undefined : { current }
    }
    const response = await postOnce(
      this.#dependencies,
      this.#renewal.path,
      this.#renewal.ask(refreshToken, resource),
      async () => (await newerInStore()) !== undefined,
    )
    if (response.ok) {
      const made = this.#tokensOf(this.#renewal.read(await response.json()))
      if (!made) return this.#store.get()
      // A client that asked for another API a moment ago got the same successor.
      return this.#replace([refreshToken, made.refreshToken], (current) =>
        withTokens(current, made, resource),
      )
    }
    const error = await errorOf(response)
    if (this.#renewal.isEnd(error)) {
      const newer = await this.#replace([refreshToken], () => undefined)
      if (newer) return newer
    } else if (error instanceof UnavailableError) {
      // Another client of this store has the successor, or a sign-out has emptied it.
      const newer = await newerInStore()
      if (newer) return newer.current
    }
    throw error
  }

  /** Only while the token that was sent is still there: a sign-out or a newer sign-in has the last word. */
  #replace(
    sent: readonly string[],
    successorOf: (current: Tokens) => Tokens | undefined,
  ): Promise<Tokens | undefined> {
    return this.#inTurn(async () => {
      const current = await this.#store.get()
      if (!current || !sent.includes(current.refreshToken)) return current
      const successor = successorOf(current)
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

/** What is kept after an answer. @param resource the API that its access token is for. */
function withTokens(current: Tokens | undefined, made: Tokens, resource?: string): Tokens {
  if (resource === undefined) return { ...current, ...made }
  const { accessToken, expiresAt, ...session } = made
  return {
    // No token of Latchkey itself is there yet, so this one has ended.
    ...(current ?? { accessToken: '', expiresAt: 0 }),
    ...session,
    resources: { ...current?.resources, [resource]: { accessToken, expiresAt } },
  }
}

/** What belongs to one sign-in. The next starts with an empty one, which no answer that is still on its way reaches. */
interface Kept {
  /** By the API that they are for. */
  readonly tokens: Map<string, TokenWithEnd>
  readonly renewing: Map<string | undefined, Promise<boolean>>
}

const nothingKept = (): Kept => ({ tokens: new Map(), renewing: new Map() })

/** HttpOnly cookies, which no script can read: the browser keeps and sends them. */
export class CookieSession implements Session {
  readonly #dependencies: SessionDependencies
  /** Counts new cookies: a request that was sent with older ones need only be sent again. */
  #renewals = 0
  readonly #sentAt = new WeakMap<Request, number>()
  #kept = nothingKept()
  #lastRenewal: Promise<unknown> = Promise.resolve()

  constructor(dependencies: SessionDependencies) {
    this.#dependencies = dependencies
  }

  async authorize(request: Request): Promise<Request> {
    this.#sentAt.set(request, this.#renewals)
    return request
  }

  async renew(refused: Request): Promise<boolean> {
    const isStale = () => this.#sentAt.get(refused) === this.#renewals
    if (!isStale()) return true
    try {
      return await this.#renewed(isStale)
    } catch (error) {
      // A sign-in has brought new cookies meanwhile.
      if (!isStale()) return true
      throw error
    }
  }

  async begin(): Promise<void> {
    this.#renewals++
    this.#kept = nothingKept()
  }

  async stepUp(): Promise<void> {
    await this.begin()
  }

  async end(): Promise<void> {
    this.#kept = nothingKept()
  }

  /** A token for another API: in memory alone, since a cookie never holds one. */
  async accessToken(resource?: string): Promise<string | undefined> {
    if (resource === undefined) return undefined
    const kept = this.#kept
    const isCurrent = () => kept === this.#kept
    const known = kept.tokens.get(resource)
    const left = known ? known.expiresAt - this.#dependencies.platform.clock() : 0
    if (known && left > MARGIN_MS) return known.accessToken
    try {
      await this.#renewed(isCurrent, resource)
    } catch (error) {
      if (isCurrent()) {
        // Renewed early, so the old one may serve while the service is in trouble.
        if (error instanceof UnavailableError && known && left > 0) return known.accessToken
        throw error
      }
    }
    // After a sign-in or a sign-out the answer is about another person.
    return isCurrent() ? kept.tokens.get(resource)?.accessToken : this.accessToken(resource)
  }

  /**
   * One renewal for all who want the same, and one after the other: each spends a refresh token.
   * @param isNeeded asked when its turn has come.
   * @returns whether there is a session.
   */
  #renewed(isNeeded: () => boolean, resource?: string): Promise<boolean> {
    const { renewing } = this.#kept
    const there = renewing.get(resource)
    if (there) return there
    const lock = `latchkey:${this.#dependencies.issuer}`
    const renewal = this.#lastRenewal
      .then(() => !isNeeded() || exclusively(lock, () => this.#refresh(resource)))
      .finally(() => {
        renewing.delete(resource)
      })
    this.#lastRenewal = renewal.catch(() => undefined)
    renewing.set(resource, renewal)
    return renewal
  }

  async #refresh(resource?: string): Promise<boolean> {
    const { tokens } = this.#kept
    const response = await postOnce(this.#dependencies, OWN.path, {
      credentials: 'include',
      ...(resource !== undefined && jsonOf({ resource })),
    })
    if (response.ok) {
      this.#renewals++
      if (resource !== undefined) {
        const { accessToken = '', expiresIn } = (await response.json()) as SignInAnswer
        const expiresAt = this.#dependencies.platform.clock() + expiresIn * 1000
        tokens.set(resource, { accessToken, expiresAt })
      }
      return true
    }
    const error = await errorOf(response)
    // No person was signed in: the first answer says all there is to say.
    const isNobody = error.code === 'REFRESH_TOKEN_REQUIRED'
    if (isNobody || OWN.isEnd(error)) tokens.clear()
    if (isNobody) return false
    throw error
  }
}

const jsonOf = (body: object): RequestInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** Posts what works once, such as a refresh token: again where no answer came, and after a time that one names. */
export async function postOnce(
  { issuer, send, platform }: SessionDependencies,
  path: string,
  init: RequestInit,
  isOver?: () => Promise<boolean>,
): Promise<Response> {
  const post = () => {
    const signal = AbortSignal.timeout(REFRESH_TIMEOUT_MS)
    // A refresh token follows no redirect.
    const request = { method: 'POST', ...init, redirect: 'error', signal } as const
    return send(new Request(issuer + path, request))
  }
  const options = { statuses: RETRIED, ...(isOver && { isOver }) }
  return retried(() => post().catch(post), platform, options).catch((error: unknown) => {
    throw unreachable(error)
  })
}
