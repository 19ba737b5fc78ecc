import { checkIssuer } from '../../relying-party/issuer.js'
import { errorOf, type LatchkeyError, redirectErrorOf, SignInError } from '../errors.js'
import { SignInRequiredError } from '../errors.js'
import { type Platform, platform as ownPlatform, unlessAborted } from '../platform.js'
import { checkResources, sendWithToken } from '../resources.js'
import { postOnce, type Send, type SessionDependencies, TokenSession } from '../session.js'
import { type Attempt, Attempts } from './attempts.js'
import { checkIdToken, type Person, personOf } from './id-token.js'
import { ownPage, type Page } from './page.js'
import { challengeOf, randomText } from './random.js'
import { type AppTokenStore, storeOf, type TokenStorage } from './stores.js'
import { form, readTokens, renewalOf, TOKEN_PATH } from './token-endpoint.js'

export interface AppClientOptions {
  /** Base URL of the service, such as `https://auth.example.com`. */
  readonly issuer: string
  /** Of the app, which an administrator of the service has registered as a public client. */
  readonly clientId: string
  /**
   * The URL of the app that people come back to, letter for letter as it is registered.
   * @default - `/` of the page's origin
   */
  readonly redirectUri?: string
  /**
   * What the app wants to know and do: of OpenID Connect, and of its `resources`. `openid` is always among them. With
   * `offline_access` the session goes on after the person's session at Latchkey has ended.
   * @default ['openid', 'profile', 'email']
   */
  readonly scopes?: readonly string[]
  /** Identifiers of the APIs that the app calls, such as `https://orders.example.com`. @default - none */
  readonly resources?: readonly string[]
  /** Where tokens are kept; see `TokenStorage` for what each costs. @default 'tab' */
  readonly storage?: TokenStorage
  /** @default - the platform's own */
  readonly fetch?: Send
}

export interface SignInOptions {
  /**
   * Where the person is to be afterwards: a path or URL of the app.
   * @default - where they are
   */
  readonly returnTo?: string
  /** JSON that `handleRedirect` gives back, such as what the person was about to do. */
  readonly appState?: unknown
  /**
   * `none` shows no page: the answer is a `SignInRequiredError` where one would be needed. `login` wants a new sign-in,
   * `consent` a new consent, `create` begins with the page to register.
   */
  readonly prompt?: 'none' | 'login' | 'consent' | 'create'
  /** An address to fill in. */
  readonly loginHint?: string
  /** One of these levels is wanted, as in `StepUpRequiredError`. */
  readonly acrValues?: readonly string[] | undefined
  /** Seconds that may have passed since the person last proved who they are. */
  readonly maxAge?: number | undefined
}

export interface SignOutOptions {
  /** Ends the person's session at Latchkey in this browser, too, on a page there that asks them. */
  readonly everywhere?: boolean
  /** Where that page leads to: a URL that is registered for this, letter for letter. */
  readonly postLogoutRedirectUri?: string
}

/** A person who has come back from the issuer. */
export interface Arrival {
  readonly user: Person
  /** Where they were; the address bar has it already. */
  readonly returnTo: string
  readonly appState?: unknown
}

const DEFAULT_SCOPES = ['openid', 'profile', 'email']

/**
 * A client for an app in the browser at another origin than the issuer's: authorization code with PKCE, as a public
 * client (RFC 9700 §2.1.1). The app never sees a password, and never gets Latchkey's own token: each token is for one
 * of `resources`, and `fetch` sends it nowhere else.
 *
 * Make one for each page load, outside of components.
 * @example
 * export const latchkey = createClient({
 *   issuer: 'https://auth.example.com',
 *   clientId: 'app_…',
 *   resources: ['https://orders.example.com'],
 * })
 * await latchkey.handleRedirect()
 * if (!latchkey.user) await latchkey.signInWithRedirect()
 * const response = await latchkey.fetch('https://orders.example.com/orders')
 */
export const createClient = (options: AppClientOptions): AppClient => new AppClient(options)

export class AppClient {
  readonly issuer: string
  readonly clientId: string
  readonly #options: AppClientOptions
  readonly #resources: readonly string[]
  readonly #page: Page | undefined
  readonly #dependencies: SessionDependencies
  readonly #store: AppTokenStore
  readonly #session: TokenSession
  readonly #key: string
  readonly #listeners = new Set<(user: Person | undefined) => void>()
  /** Tells the other tabs of a sign-out. */
  readonly #tabs: { postMessage(message: unknown): void } | undefined
  #idToken: string | undefined
  #user: Person | undefined
  #arrival: Promise<Arrival | undefined> = Promise.resolve(undefined)

  /** @throws {TypeError} for an issuer or an API that secrets must not be sent to. */
  constructor(options: AppClientOptions, platform: Platform = ownPlatform, page = ownPage()) {
    const { clientId, resources = [], storage = 'tab', fetch: send } = options
    this.issuer = checkIssuer(options.issuer.replace(/\/+$/, ''))
    this.clientId = clientId
    this.#options = options
    this.#resources = checkResources(resources, this.issuer)
    this.#page = page
    this.#key = `latchkey:${this.issuer}:${clientId}`
    this.#dependencies = {
      issuer: this.issuer,
      send: send ?? ((request) => fetch(request)),
      platform,
    }
    this.#store = storeOf(page, storage, this.#key)
    const renewal = renewalOf(clientId, (idToken) => this.#check(idToken))
    this.#session = new TokenSession(this.#dependencies, this.#store, renewal)
    this.#readUser()
    this.#store.watch(() => this.#readUser())
    this.#tabs = page && storage !== 'browser' ? this.#listenForSignOut(page) : undefined
  }

  /** The person who is signed in, as of the last sign-in or refresh; undefined if there is none. */
  get user(): Person | undefined {
    return this.#user
  }

  /**
   * Calls a listener when a person signs in or out, here or (as far as `storage` goes) in another tab, when the session
   * has ended, and when the person's name or address has changed. It may be passed on without its object.
   * @returns what ends that.
   * @example
   * const stop = latchkey.onChange((user) => render(user))
   */
  readonly onChange = (listener: (user: Person | undefined) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /**
   * Sends the person to the issuer to sign in. The page is left, so the promise never resolves. A person who is
   * signed in there already comes back at once.
   * @example
   * await latchkey.signInWithRedirect({ returnTo: '/orders/17' })
   * @example
   * // An API wants more (RFC 9470):
   * if (error instanceof StepUpRequiredError) await latchkey.signInWithRedirect(error)
   */
  signInWithRedirect(options: SignInOptions = {}): Promise<never> {
    return this.#leave(options)
  }

  /** As `signInWithRedirect`, beginning with the page to register. */
  signUp(options: Omit<SignInOptions, 'prompt'> = {}): Promise<never> {
    return this.#leave({ ...options, prompt: 'create' })
  }

  /**
   * As `signInWithRedirect`, and straight on to a provider that the service has.
   * @example
   * await latchkey.signInWith('google')
   */
  signInWith(provider: string, options: SignInOptions = {}): Promise<never> {
    return this.#leave(options, { provider })
  }

  /**
   * Completes a sign-in if the person has just come back from the issuer: takes the answer out of the address bar, puts
   * back there where they were, and redeems the code. Call it whenever the page loads, before a router starts; calls
   * after the first get the same answer, and the code is redeemed once.
   * @returns undefined if the person has not come from there.
   * @throws {SignInError | SignInRequiredError | UnavailableError} Show a button to sign in again: that takes no form
   * from a person who is signed in at the issuer.
   */
  handleRedirect(): Promise<Arrival | undefined> {
    const page = this.#page
    if (!page) return this.#arrival
    const url = new URL(page.location.href)
    const { origin, pathname, searchParams: answer } = url
    const redirectUri = this.#redirectUri(page)
    const isHere = origin + pathname === redirectUri.replace(/[?#].*$/, '')
    const state = answer.get('state')
    if (isHere && state !== null && (answer.has('code') || answer.has('error'))) {
      const attempt = this.#attempts(page).take(state)
      const params = new URLSearchParams(answer)
      // Before anything else reads the address: the code goes into no history and no Referer.
      for (const name of ANSWER) answer.delete(name)
      page.history.replaceState(page.history.state, '', attempt?.returnTo ?? url.href)
      this.#arrival = this.#arrive(params, attempt, redirectUri)
    }
    return this.#arrival
  }

  /**
   * An access token for one of `resources`, renewed if need be. Send it to no other API.
   * @param resource may be left out where there is only one. Without any it is a token for `/oauth/userinfo`.
   * @throws {SignInRequiredError | UnavailableError | LatchkeyError}
   * @example
   * const token = await latchkey.token('https://orders.example.com')
   */
  async token(resource?: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    const token = await unlessAborted(this.#session.accessToken(this.#resourceOf(resource)), signal)
    if (token !== undefined) return token
    throw new SignInRequiredError({
      status: 0,
      code: 'LOGIN_REQUIRED',
      error: 'No person is signed in: call signInWithRedirect()',
    })
  }

  /**
   * As `fetch`, with the token of the API whose identifier the URL is below, of those in `resources`. Any other URL gets
   * no token, nor does any while no person is signed in. A request with a token follows no redirect: its promise is
   * rejected.
   * @example
   * const response = await latchkey.fetch('https://orders.example.com/orders')
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const tokenOf = (resource: string, signal: AbortSignal) =>
      unlessAborted(this.#session.accessToken(resource), signal)
    const { send } = this.#dependencies
    return sendWithToken(new Request(input, init), this.#resources, tokenOf, send)
  }

  /**
   * Ends the app's session, in all tabs. What is kept here is forgotten in any case. The person stays signed in at the
   * issuer, so that the next sign-in takes no form, unless `everywhere` ends that, too; the page is left for it.
   * @throws {UnavailableError} when the service could not be told: the person may end the session on their account's
   * page, or it ends by itself.
   * @example
   * await latchkey.signOut({ everywhere: true, postLogoutRedirectUri: 'https://app.example.com/' })
   */
  async signOut({ everywhere, postLogoutRedirectUri }: SignOutOptions = {}): Promise<void> {
    const idToken = this.#idToken
    this.#tabs?.postMessage('sign-out')
    try {
      await this.#end()
    } finally {
      if (everywhere) {
        const query = queryOf({
          client_id: this.clientId,
          id_token_hint: idToken,
          post_logout_redirect_uri: postLogoutRedirectUri,
        })
        this.#requirePage().location.assign(`${this.issuer}/oauth/logout?${query}`)
      }
    }
  }

  /** Prints nothing secret. */
  toJSON(): object {
    return { issuer: this.issuer, clientId: this.clientId }
  }

  async #leave(options: SignInOptions, more: Readonly<Record<string, string>> = {}) {
    const page = this.#requirePage()
    const { returnTo, appState, prompt, loginHint, acrValues, maxAge } = options
    const { href } = page.location
    const place = new URL(returnTo ?? href, href)
    if (place.origin !== new URL(href).origin) {
      throw new TypeError(`returnTo: ${place.origin} is not the origin of this page.`)
    }
    const [state, nonce, verifier] = [randomText(), randomText(), randomText()]
    const challenge = await challengeOf(verifier)
    const at = this.#dependencies.platform.clock()
    const attempt = { state, nonce, verifier, returnTo: place.href, at }
    this.#attempts(page).add(appState === undefined ? attempt : { ...attempt, appState })
    const query = queryOf({
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.#redirectUri(page),
      scope: [...new Set(['openid', ...(this.#options.scopes ?? DEFAULT_SCOPES)])].join(' '),
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      prompt,
      login_hint: loginHint,
      acr_values: acrValues?.join(' '),
      max_age: maxAge?.toString(),
      ...more,
    })
    for (const resource of this.#resources) query.append('resource', resource)
    page.location.assign(`${this.issuer}/oauth/authorize?${query}`)
    return new Promise<never>(() => undefined)
  }

  async #arrive(
    answer: URLSearchParams,
    attempt: Attempt | undefined,
    redirectUri: string,
  ): Promise<Arrival> {
    if (!attempt) {
      throw signInError('STATE_UNKNOWN', 'This tab has not begun this sign-in: begin it here')
    }
    // RFC 9207 §2.4: the answer is the issuer's that was asked, and no other's.
    if (answer.get('iss') !== this.issuer) {
      throw signInError(
        'ISSUER_MISMATCH',
        `This answer is not from ${this.issuer}: compare the client's issuer with iss`,
      )
    }
    const error = answer.get('error')
    if (error !== null) throw redirectErrorOf(error, answer.get('error_description'))
    const former = this.#store.get()?.refreshToken
    const [resource] = this.#resources
    const tokens = readTokens(
      await this.#post(TOKEN_PATH, {
        grant_type: 'authorization_code',
        code: answer.get('code') ?? '',
        redirect_uri: redirectUri,
        client_id: this.clientId,
        code_verifier: attempt.verifier,
        resource,
      }),
    )
    this.#check(tokens.idToken, attempt.nonce)
    await this.#session.begin(tokens, resource)
    // The session before this one is over; if the service can't be told, it ends by itself.
    if (former !== undefined) this.#revoke(former).catch(() => undefined)
    const { returnTo, appState } = attempt
    const user = personOf(tokens.idToken) as Person
    return { user, returnTo, ...(appState !== undefined && { appState }) }
  }

  async #end(): Promise<void> {
    const refreshToken = this.#store.get()?.refreshToken
    await this.#session.end()
    if (refreshToken !== undefined) await this.#revoke(refreshToken)
  }

  async #revoke(token: string): Promise<void> {
    await this.#post('/oauth/revoke', { token, client_id: this.clientId })
  }

  /** The body of a good answer; undefined without JSON. @throws {LatchkeyError} */
  async #post(path: string, fields: Record<string, string | undefined>): Promise<unknown> {
    const response = await postOnce(this.#dependencies, path, form(fields))
    if (!response.ok) throw await errorOf(response)
    return response.json().catch(() => undefined)
  }

  /** @param nonce of the attempt; without one the person must be the one of the session. */
  #check(idToken: string | undefined, nonce?: string): void {
    const { issuer, clientId } = this
    const now = this.#dependencies.platform.clock()
    const subject = this.#user?.id
    const bound = nonce === undefined ? subject && { subject } : { nonce }
    checkIdToken(idToken, { issuer, clientId, now, ...bound })
  }

  #readUser(): void {
    const idToken = this.#store.get()?.idToken
    if (idToken === this.#idToken) return
    this.#idToken = idToken
    const user = personOf(idToken)
    if (JSON.stringify(user) === JSON.stringify(this.#user)) return
    this.#user = user
    for (const listener of this.#listeners) listener(user)
  }

  /** Of tabs that have sessions of their own. */
  #listenForSignOut({ BroadcastChannel }: Page) {
    const tabs = new BroadcastChannel(this.#key)
    tabs.onmessage = () => {
      this.#end().catch(() => undefined)
    }
    return tabs
  }

  /** The key of a token in the session; undefined for the one of userinfo. */
  #resourceOf(resource: string | undefined): string | undefined {
    const [first, second] = this.#resources
    if (resource === undefined ? second === undefined : this.#resources.includes(resource)) {
      return resource ?? first
    }
    throw new TypeError(
      `token: ${resource ?? 'several resources'}; name one of ${this.#resources.join(', ') || 'resources'}.`,
    )
  }

  #redirectUri({ location }: Page): string {
    return this.#options.redirectUri ?? new URL('/', location.href).href
  }

  #attempts({ sessionStorage }: Page): Attempts {
    return new Attempts(sessionStorage, this.#key, this.#dependencies.platform.clock)
  }

  #requirePage(): Page {
    if (this.#page) return this.#page
    throw new TypeError('Signing in and out needs a page in a browser.')
  }
}

/** What an authorization answer has (RFC 6749 §4.1.2, RFC 9207 §2). */
const ANSWER = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']

const signInError = (code: string, error: string): LatchkeyError =>
  new SignInError({ status: 0, code, error })

function queryOf(fields: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) query.set(name, value)
  }
  return query
}
