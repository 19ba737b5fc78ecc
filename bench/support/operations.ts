import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { ACCESS_COOKIE, cookieName } from '../../src/http/cookies.js'
import type { AppClient } from '../../src/oauth/clients/client.js'
import {
  type CreationOptions,
  type RequestOptions,
  SoftPasskey,
} from '../../test/support/authenticator.js'
import type { Service } from './service.js'

/** Something that a client does, by one call or by several. */
export interface Operation {
  /** Undefined for what only makes the next ones possible. */
  readonly name?: string
  readonly operate: () => Promise<unknown>
}

/** As much of an answer as the next operation needs. */
interface Answer extends CreationOptions, RequestOptions {
  readonly accessToken: string
  readonly refreshToken: string
  readonly apiKey: string
  readonly key: { readonly id: string }
  readonly secret: string
  readonly ticket: string
  readonly access_token: string
  readonly refresh_token: string
}

type Headers = Readonly<Record<string, string>>
type Form = Readonly<Record<string, string>>

const PASSWORD = 'long enough for a bench'
const STEP_MS = 30_000
const REDIRECT_URI = 'https://orders.example.com/callback'

/** A person, the key of a machine, and an app; each operation leaves behind what the next one needs. */
export class Operations {
  /** Calls of the API so far. */
  calls = 0
  readonly #service: Service
  #email = ''
  #tokens = { accessToken: '', refreshToken: '' }
  #key = { apiKey: '', id: '' }
  #app = { clientId: '', code: '', verifier: '', accessToken: '', refreshToken: '' }
  #totpSecret = ''
  #passkey: SoftPasskey

  constructor(service: Service) {
    this.#service = service
    this.#passkey = this.#newPasskey()
  }

  /** In the order in which they are possible. */
  all(): readonly Operation[] {
    return [...this.#withoutApp(), ...this.#ofApp(), ...this.#endings(), ...this.#ofFactors()]
  }

  #withoutApp(): readonly Operation[] {
    const basic = () => Buffer.from(`${this.#key.id}:${this.#key.apiKey}`).toString('base64')
    return [
      { name: 'sign-up', operate: () => this.#signUp() },
      { name: 'sign-in from a new device', operate: () => this.#signIn() },
      { name: 'sign-in', operate: () => this.#signIn() },
      {
        name: 'refresh',
        operate: async () => {
          const { refreshToken } = this.#tokens
          this.#tokens = await this.#post('/api/auth/refresh', { refreshToken })
        },
      },
      { name: 'profile', operate: () => this.#get('/api/profile', this.#bearer()) },
      { name: 'access token alone', operate: () => this.#get('/api/protected', this.#bearer()) },
      {
        name: 'new API key',
        operate: async () => {
          const made = await this.#post('/api/apikeys/generate', { name: 'k' }, this.#bearer())
          this.#key = { apiKey: made.apiKey, id: made.key.id }
        },
      },
      {
        name: 'first call with an API key',
        operate: () => this.#get('/api/data', { 'x-api-key': this.#key.apiKey }),
      },
      {
        name: 'key for a token',
        operate: () =>
          this.#token({ grant_type: 'client_credentials' }, { authorization: `Basic ${basic()}` }),
      },
      { name: 'list of sessions', operate: () => this.#get('/api/auth/sessions', this.#bearer()) },
    ]
  }

  /** An app without a secret, with offline access. */
  #ofApp(): readonly Operation[] {
    return [
      { operate: () => this.#registerApp() },
      { name: 'authorization', operate: () => this.#authorize() },
      {
        name: 'code for tokens',
        operate: async () => {
          const { clientId, code, verifier } = this.#app
          await this.#tokensOfApp({
            grant_type: 'authorization_code',
            ...{ client_id: clientId, redirect_uri: REDIRECT_URI, code, code_verifier: verifier },
          })
        },
      },
      {
        name: 'refresh of an app',
        operate: async () => {
          const { clientId, refreshToken } = this.#app
          await this.#tokensOfApp({
            grant_type: 'refresh_token',
            ...{ client_id: clientId, refresh_token: refreshToken },
          })
        },
      },
      {
        name: 'userinfo',
        operate: () => this.#get('/oauth/userinfo', bearerOf(this.#app.accessToken)),
      },
    ]
  }

  #endings(): readonly Operation[] {
    return [
      {
        name: 'logout',
        operate: () => this.#post('/api/auth/logout', undefined, this.#bearer()),
      },
      { name: 'public keys (for verifiers)', operate: () => this.#get('/.well-known/jwks.json') },
    ]
  }

  /** Of another person: the sixth session of one costs a look at all of theirs. */
  #ofFactors(): readonly Operation[] {
    return [
      {
        operate: async () => {
          await this.#signUp()
          await this.#signIn()
          await this.#addTotp()
        },
      },
      {
        name: 'sign-in with an authenticator app',
        operate: async () => this.#prove({ totp: this.#totp(0) }),
      },
      { operate: () => this.#addPasskey() },
      {
        name: 'sign-in with a password and a passkey',
        operate: async () => this.#prove({ assertion: await this.#assertion() }),
      },
      {
        name: 'sign-in with a passkey alone',
        operate: async () =>
          this.#post('/api/auth/login/passkey', { assertion: await this.#assertion() }),
      },
    ]
  }

  async #signUp(): Promise<void> {
    this.#email = `${randomUUID()}@example.com`
    await this.#post('/api/auth/register', { email: this.#email, password: PASSWORD })
  }

  async #signIn(): Promise<void> {
    this.#tokens = await this.#post('/api/auth/login', { email: this.#email, password: PASSWORD })
  }

  async #registerApp(): Promise<void> {
    const { services, config } = this.#service
    const app: AppClient = {
      clientId: `app_${randomBytes(16).toString('base64url')}`,
      name: 'Orders',
      redirectUris: [REDIRECT_URI],
      postLogoutRedirectUris: [],
      isFirstParty: true,
      isPublic: true,
      secrets: [],
      createdAt: 0,
      createdBy: 'command-line',
    }
    const Put = { TableName: config.tables.clients, Item: app }
    await services.database.writeTogether([{ item: { Put } }])
    this.#app = { ...this.#app, clientId: app.clientId }
  }

  async #authorize(): Promise<void> {
    const verifier = randomBytes(32).toString('base64url')
    const { issuer } = this.#service.config
    const query = new URLSearchParams({
      ...{ response_type: 'code', client_id: this.#app.clientId, redirect_uri: REDIRECT_URI },
      ...{ scope: 'openid email offline_access', state: 'a state' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const cookie = `${cookieName(ACCESS_COOKIE, issuer)}=${this.#tokens.accessToken}`
    const headers = { cookie, accept: 'text/html', 'sec-fetch-mode': 'navigate' }
    const { statusCode, headers: said } = await this.#ask({
      url: `/oauth/authorize?${query}`,
      headers,
    })
    const code = new URL(String(said.location), issuer).searchParams.get('code')
    if (code === null) throw new Error(`no code: ${statusCode} ${said.location}`)
    this.#app = { ...this.#app, code, verifier }
  }

  async #tokensOfApp(form: Form): Promise<void> {
    const answer = await this.#token(form)
    const { access_token: accessToken, refresh_token: refreshToken } = answer
    this.#app = { ...this.#app, accessToken, refreshToken }
  }

  async #addTotp(): Promise<void> {
    const { secret } = await this.#post('/api/auth/factors/totp', undefined, this.#bearer())
    this.#totpSecret = secret
    // A code is good once: that of the step before leaves the one of now.
    const code = this.#totp(-1)
    await this.#post('/api/auth/factors/totp/confirm', { code }, this.#bearer())
  }

  async #addPasskey(): Promise<void> {
    this.#passkey = this.#newPasskey()
    const options = await this.#post('/api/auth/passkeys/options', undefined, this.#bearer())
    const attestation = this.#passkey.create(options)
    await this.#post('/api/auth/passkeys', { attestation }, this.#bearer())
  }

  /** Both steps of a sign-in. */
  async #prove(proof: object): Promise<void> {
    const credentials = { email: this.#email, password: PASSWORD }
    const first = await this.#ask({ method: 'POST', url: '/api/auth/login', payload: credentials })
    const { ticket } = first.json<Answer>()
    this.#tokens = await this.#post('/api/auth/login/factor', { ticket, ...proof })
  }

  async #assertion() {
    return this.#passkey.get(await this.#post('/api/auth/login/passkey/options'))
  }

  #totp(steps: number): string {
    const secret = Secret.fromBase32(this.#totpSecret)
    return TOTP.generate({ secret, timestamp: Date.now() + steps * STEP_MS })
  }

  #newPasskey(): SoftPasskey {
    return new SoftPasskey({ origin: this.#service.config.issuer })
  }

  #bearer(): Headers {
    return bearerOf(this.#tokens.accessToken)
  }

  #token(form: Form, headers: Headers = {}): Promise<Answer> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#post('/oauth/token', new URLSearchParams(form).toString(), { ...type, ...headers })
  }

  #get(url: string, headers: Headers = {}): Promise<Answer> {
    return this.#done({ method: 'GET', url, headers })
  }

  #post(url: string, payload?: object | string, headers: Headers = {}): Promise<Answer> {
    return this.#done({ method: 'POST', url, headers, ...(payload && { payload }) })
  }

  /** @throws {Error} for an answer that is not what was asked for. */
  async #done(options: InjectOptions & { readonly url: string }): Promise<Answer> {
    const answer = await this.#ask(options)
    if (answer.statusCode >= 300) {
      throw new Error(`${options.url}: ${answer.statusCode} ${answer.body}`)
    }
    return answer.body === '' ? ({} as Answer) : answer.json<Answer>()
  }

  #ask(options: InjectOptions) {
    this.calls++
    return this.#service.app.inject(options)
  }
}

const bearerOf = (token: string): Headers => ({ authorization: `Bearer ${token}` })
