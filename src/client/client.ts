import createApi from 'openapi-fetch'
import { checkIssuer } from '../relying-party/issuer.js'
import type { Call, Method } from './calls.js'
import { errorOf, SignInRequiredError, unreachable } from './errors.js'
import { type Platform, platform as ownPlatform, unlessAborted } from './platform.js'
import { retried } from './retry.js'
import { CookieSession, type Send, type Session, TokenSession } from './session.js'
import { MemoryTokenStore, type TokenStore } from './tokens.js'
import type { paths } from './api.js'

export {
  EmailTakenError,
  type FieldError,
  ForbiddenError,
  InvalidCredentialsError,
  LatchkeyError,
  NotFoundError,
  RateLimitedError,
  RecentSignInRequiredError,
  SignInRequiredError,
  UnavailableError,
  ValidationError,
} from './errors.js'
export { MemoryTokenStore, type Tokens, type TokenStore } from './tokens.js'
export type { Platform } from './platform.js'

export interface LatchkeyClientOptions {
  /** Base URL of the service, such as `https://auth.example.com`; `https://` except on loopback. */
  readonly issuer: string
  /**
   * HttpOnly cookies in place of tokens: for pages of the service's own origin, or of one of its
   * `CORS_ORIGINS` on the same site.
   * @default false
   */
  readonly useCookies?: boolean
  /**
   * Where tokens are kept.
   * @default - in memory
   */
  readonly store?: TokenStore
  /** @default - the platform's own */
  readonly fetch?: Send
}

export interface User {
  readonly id: string
  readonly email: string
  readonly role: string
}

/** Requests that carry credentials of their own, or none. */
const PUBLIC = new Set(['/api/auth/login', '/api/auth/register', '/api/auth/refresh'])
/** RFC 9110 §9.2.2, of the methods that the contract has. */
const IDEMPOTENT = new Set(['GET', 'DELETE'])

/**
 * A client of a Latchkey service, for browsers and Node. It renews tokens before they expire, once for all
 * calls that wait; sends idempotent calls again after a 503, when the service said it would be back; and
 * throws failures as classes. Only a definite refusal of the refresh token ends the session: no outage does.
 */
export class LatchkeyClient {
  readonly issuer: string
  readonly get: Call<'get'>
  readonly post: Call<'post'>
  readonly patch: Call<'patch'>
  readonly delete: Call<'delete'>
  readonly #send: Send
  readonly #platform: Platform
  readonly #useCookies: boolean
  readonly #tokens: TokenSession
  readonly #session: Session

  /** @throws {TypeError} for an issuer that passwords must not be sent to. */
  constructor(options: LatchkeyClientOptions, platform: Platform = ownPlatform) {
    const { issuer, useCookies = false, store = new MemoryTokenStore(), fetch: send } = options
    this.issuer = checkIssuer(issuer.replace(/\/+$/, ''))
    this.#send = send ?? ((request) => fetch(request))
    this.#platform = platform
    this.#useCookies = useCookies
    const dependencies = { issuer: this.issuer, send: this.#send, platform }
    this.#tokens = new TokenSession(dependencies, store)
    this.#session = useCookies ? new CookieSession(dependencies) : this.#tokens

    const api = createApi<paths>({
      baseUrl: this.issuer,
      fetch: (request) => this.#answer(request),
    })
    const call = <M extends Method>(method: M) => {
      const ask = async (path: never, init: never) => (await api.request(method, path, init)).data
      return ask as unknown as Call<M>
    }
    this.get = call('get')
    this.post = call('post')
    this.patch = call('patch')
    this.delete = call('delete')
  }

  /** @throws {InvalidCredentialsError | RateLimitedError | UnavailableError} */
  async signIn(credentials: { readonly email: string; readonly password: string }): Promise<User> {
    const { email, password } = credentials
    const body = { email, password, ...(this.#useCookies && { useCookies: true }) }
    const answer = await this.post('/api/auth/login', { body })
    await this.#session.begin(answer)
    return answer.user
  }

  /**
   * Ends the session. What is kept here is forgotten in any case.
   * @throws {UnavailableError} when the service could not be told: the session may be ended from another
   * device, or ends by itself.
   */
  async signOut(): Promise<void> {
    try {
      await this.post('/api/auth/logout')
    } catch (error) {
      if (!(error instanceof SignInRequiredError)) throw error
    } finally {
      await this.#session.end()
    }
  }

  /**
   * For APIs that trust the service's tokens: one that has not expired, renewed if need be. Undefined when
   * nobody is signed in, and with cookies, which no script can read.
   * @throws {SignInRequiredError | UnavailableError}
   */
  async accessToken({ signal }: { signal?: AbortSignal } = {}): Promise<string | undefined> {
    return this.#useCookies ? undefined : unlessAborted(this.#tokens.accessToken(), signal)
  }

  /** The answer of a request, which is a good one. @throws {LatchkeyError} */
  async #answer(request: Request): Promise<Response> {
    const { signal } = request
    if (PUBLIC.has(new URL(request.url).pathname)) return this.#judged(await this.#once(request))
    const authorize = () => unlessAborted(this.#session.authorize(request.clone()), signal)
    const sent = await authorize()
    const response = await this.#patiently(sent)
    if (response.status !== 401) return this.#judged(response)
    const error = await errorOf(response)
    if (!EXPIRED.has(error.code)) throw error
    if (!(await unlessAborted(this.#session.renew(sent), signal))) throw error
    return this.#judged(await this.#patiently(await authorize()))
  }

  #patiently(request: Request): Promise<Response> {
    if (!IDEMPOTENT.has(request.method)) return this.#once(request)
    return retried(() => this.#once(request.clone()), this.#platform, { signal: request.signal })
  }

  async #once(request: Request): Promise<Response> {
    try {
      const credentials = this.#useCookies ? 'include' : 'omit'
      return await this.#send(new Request(request, { credentials }))
    } catch (error) {
      request.signal.throwIfAborted()
      throw unreachable(error)
    }
  }

  async #judged(response: Response): Promise<Response> {
    if (response.ok) return response
    throw await errorOf(response)
  }

  toJSON(): object {
    return { issuer: this.issuer }
  }

  /** `console.log` in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `LatchkeyClient { issuer: '${this.issuer}' }`
  }
}

/** A 401 that a new access token may mend. */
const EXPIRED = new Set(['TOKEN_EXPIRED', 'TOKEN_INVALID', 'ACCESS_TOKEN_REQUIRED'])
