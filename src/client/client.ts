import { checkIssuer } from '../relying-party/issuer.js'
import type { Call, Method } from './calls.js'
import { type CallInit, contentOf, contractRequest } from './contract-request.js'
import { errorOf, SignInRequiredError, unreachable } from './errors.js'
import { type Platform, platform as ownPlatform, unlessAborted } from './platform.js'
import { checkResources, sendWithToken } from './resources.js'
import { retried } from './retry.js'
import { CookieSession, type Send, type Session, TokenSession } from './session.js'
import { MemoryTokenStore, type TokenStore } from './tokens.js'

export {
  EmailTakenError,
  errorOf,
  type FieldError,
  ForbiddenError,
  InvalidCredentialsError,
  LatchkeyError,
  NotFoundError,
  RateLimitedError,
  RecentSignInRequiredError,
  SignInError,
  SignInRequiredError,
  StepUpRequiredError,
  UnavailableError,
  ValidationError,
} from './errors.js'
export {
  AppClient,
  type AppClientOptions,
  type Arrival,
  createClient,
  type SignInOptions,
  type SignOutOptions,
} from './app/app.js'
export type { Person } from './app/id-token.js'
export type { Page } from './app/page.js'
export type { TokenStorage } from './app/stores.js'
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
  /**
   * Identifiers of the APIs that `client.fetch` sends tokens to, such as `https://orders.example.com`.
   * @default - none
   */
  readonly resources?: readonly string[]
  /** @default - the platform's own */
  readonly fetch?: Send
}

export interface AccessTokenOptions {
  readonly resource?: string
  readonly signal?: AbortSignal
}

export interface User {
  readonly id: string
  readonly email: string
  readonly role: string
}

/** What makes a session prove more. */
export type StepUpProof =
  { readonly totp: string } | { readonly recoveryCode: string } | { readonly password: string }

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
  readonly #session: Session
  readonly #resources: readonly string[]

  /** @throws {TypeError} for an issuer that passwords must not be sent to. */
  constructor(options: LatchkeyClientOptions, platform: Platform = ownPlatform) {
    const { issuer, useCookies = false, store = new MemoryTokenStore() } = options
    const { resources = [], fetch: send } = options
    this.issuer = checkIssuer(issuer.replace(/\/+$/, ''))
    this.#send = send ?? ((request) => fetch(request))
    this.#platform = platform
    this.#useCookies = useCookies
    const dependencies = { issuer: this.issuer, send: this.#send, platform }
    this.#session = useCookies
      ? new CookieSession(dependencies)
      : new TokenSession(dependencies, store)
    this.#resources = checkResources(resources, this.issuer)

    const call = <M extends Method>(method: M) => {
      const ask = async (path: string, init?: CallInit) =>
        contentOf(await this.#answer(contractRequest(this.issuer, method, path, init)))
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
   * Lets the person prove more in this session, as a `StepUpRequiredError` asks: tokens say so from then on, those of
   * other APIs too. A wrong proof is a `LatchkeyError` with the code FACTOR_INVALID; the session goes on as it was.
   * @param prove asks the person for one of these, such as `totp`; `password` where the account has no second factor.
   * Without any the person signs in again.
   * @example
   * await latchkey.stepUp(async (factors) => ({ totp: await askForCode(factors) }))
   */
  async stepUp(
    prove: (factors: readonly string[]) => StepUpProof | Promise<StepUpProof>,
  ): Promise<void> {
    const { ticket, factors } = await this.post('/api/auth/step-up')
    const body = { ...(await prove(factors)), ticket }
    await this.#session.stepUp(await this.post('/api/auth/login/factor', { body }))
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
   * An access token that has not expired, renewed if need be. Undefined without a session.
   * @param options.resource identifier of the API that it is for. Without one the token is Latchkey's own: it
   * opens the person's account, so give it to no other API. With cookies no script can read that one.
   * @throws {SignInRequiredError | UnavailableError | LatchkeyError} RESOURCE_UNKNOWN
   * @example
   * const token = await latchkey.accessToken({ resource: 'https://orders.example.com' })
   */
  async accessToken({ resource, signal }: AccessTokenOptions = {}): Promise<string | undefined> {
    return unlessAborted(this.#session.accessToken(resource), signal)
  }

  /**
   * As `fetch`, with the token of the API whose identifier the URL is below, of those in `resources`. Any other
   * URL gets no token. A request with a token follows no redirect: its promise is rejected.
   * @example
   * const latchkey = new LatchkeyClient({ issuer, resources: ['https://orders.example.com'] })
   * const response = await latchkey.fetch('https://orders.example.com/orders')
   */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const tokenOf = (resource: string, signal: AbortSignal) =>
      this.accessToken({ resource, signal })
    return sendWithToken(new Request(input, init), this.#resources, tokenOf, this.#send)
  }

  /** The answer of a request, which is a good one. @throws {LatchkeyError} */
  async #answer(request: Request): Promise<Response> {
    const { signal } = request
    if (new URL(request.url).origin !== this.issuer) {
      throw new TypeError('path: must be a path of the issuer, such as /api/profile.')
    }
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
      // Tokens and passwords follow no redirect.
      return await this.#send(new Request(request, { credentials, redirect: 'error' }))
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
}

/** A 401 that a new access token may fix. */
const EXPIRED = new Set(['TOKEN_EXPIRED', 'TOKEN_INVALID', 'ACCESS_TOKEN_REQUIRED'])
