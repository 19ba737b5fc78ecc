import type { JSONWebKeySet } from 'jose'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { CachedDocument } from '../lib/cached-document.js'
import { onceMade } from '../lib/once-made.js'
import { CodeFlow, type FlowSecrets, type ProviderTokens } from './code-flow.js'
import { discover, type Metadata } from './discovery.js'
import { providerError } from './errors.js'
import { fetchJson } from './fetch-json.js'
import { verifyIdToken } from './id-token.js'
import type { ProvenProfile } from '../users/identities/identity.js'
import type { Claims, GetJson, OAuth2Provider, OidcProvider, Provider } from './provider.js'

/** Changes of endpoints are announced weeks before; keys change within a day. */
const METADATA_FRESHNESS = { maxAgeMs: 3_600_000, staleIfErrorMs: 86_400_000, cooldownMs: 10_000 }
const JWKS_FRESHNESS = { maxAgeMs: 600_000, staleIfErrorMs: 86_400_000, cooldownMs: 10_000 }

const NONCE_BYTES = 32

export interface ClientOptions<P = Provider> {
  readonly provider: P
  readonly redirectUri: string
  /** How long the provider may take for one answer. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: Random
}

/** The parameters of an authorization response (RFC 6749 §4.1.2, RFC 9207 §2). */
export interface AuthorizationResponse {
  readonly code?: string | undefined
  readonly state?: string | undefined
  readonly error?: string | undefined
  readonly iss?: string | undefined
}

export interface Beginning extends FlowSecrets {
  readonly url: URL
  /** OpenID Connect Core §3.1.2.1; plain OAuth providers ignore it. */
  readonly nonce: string
}

/** This service as the client of one provider. Failures are `Problem`s PROVIDER_UNAVAILABLE, PROVIDER_ERROR. */
export interface Client {
  begin(): Promise<Beginning>
  /** The response came from this provider, as far as it says (RFC 9207 §2.4); checked before all else of it. */
  assertIssuer(response: AuthorizationResponse): Promise<void>
  /** Redeems the code of a response and proves who came. */
  complete(code: string, secrets: FlowSecrets & { readonly nonce: string }): Promise<ProvenProfile>
}

export const createClient = (options: ClientOptions): Client => {
  const { provider } = options
  return provider.protocol === 'oidc'
    ? new OidcClient({ ...options, provider })
    : new OAuth2Client({ ...options, provider })
}

/** A provider with endpoints of the configuration. */
class OAuth2Client implements Client {
  readonly #options: ClientOptions<OAuth2Provider>
  readonly #get: GetJson
  readonly #open: () => Promise<CodeFlow>

  constructor(options: ClientOptions<OAuth2Provider>) {
    this.#options = options
    this.#get = (url, headers) => fetchJson(url, options.timeoutMs, headers)
    const { endpoints } = options.provider
    this.#open = onceMade(() => CodeFlow.open({ ...options, endpoints, secretIn: 'body' }))
  }

  async begin(): Promise<Beginning> {
    return { ...(await (await this.#open()).begin()), nonce: '' }
  }

  async assertIssuer({ iss }: AuthorizationResponse): Promise<void> {
    if (iss !== undefined && iss !== this.#options.provider.issuer) throw providerError('iss')
  }

  async complete(code: string, secrets: FlowSecrets): Promise<ProvenProfile> {
    const { provider } = this.#options
    const { accessToken } = await (await this.#open()).redeem(code, secrets)
    const profile = await provider.readProfile(accessToken, this.#get)
    return { ...profile, provider: provider.id, domains: provider.domainsOf({}) }
  }
}

interface Opened {
  readonly metadata: Metadata
  readonly flow: () => Promise<CodeFlow>
  readonly jwks: CachedDocument<JSONWebKeySet>
}

/** A provider that is discovered when its first flow begins, and again from time to time. */
class OidcClient implements Client {
  readonly #options: ClientOptions<OidcProvider>
  readonly #get: GetJson
  readonly #metadata: CachedDocument<Metadata>
  #opened: Opened | undefined

  constructor(options: ClientOptions<OidcProvider>) {
    const { provider, timeoutMs, clock } = options
    this.#options = options
    this.#get = (url, headers) => fetchJson(url, timeoutMs, headers)
    this.#metadata = new CachedDocument(
      () => discover(provider, this.#get),
      METADATA_FRESHNESS,
      clock,
    )
  }

  async begin(): Promise<Beginning> {
    const nonce = this.#options.random(NONCE_BYTES).toString('base64url')
    const { flow } = await this.#open()
    const begun = await (await flow()).begin()
    begun.url.searchParams.set('nonce', nonce)
    return { ...begun, nonce }
  }

  async assertIssuer({ iss }: AuthorizationResponse): Promise<void> {
    const { sendsIss } = await this.#metadata.get()
    if (iss === undefined ? sendsIss : iss !== this.#options.provider.issuer) {
      throw providerError('iss')
    }
  }

  async complete(
    code: string,
    { nonce, ...secrets }: FlowSecrets & { readonly nonce: string },
  ): Promise<ProvenProfile> {
    const { provider, clock } = this.#options
    const { flow, jwks, metadata } = await this.#open()
    const tokens = await (await flow()).redeem(code, secrets)
    if (tokens.idToken === undefined) throw providerError('id_token_missing')
    const proved = await verifyIdToken(tokens.idToken, { provider, jwks, nonce, clock })
    const claims = { ...(await this.#userinfo(proved, tokens, metadata)), ...proved }
    const { email, name } = claims
    return {
      provider: provider.id,
      issuer: proved.iss as string,
      subject: proved.sub as string,
      ...(typeof email === 'string' && { email }),
      emailVerified: provider.isEmailVerified(claims),
      domains: provider.domainsOf(claims),
      ...(typeof name === 'string' && { name }),
    }
  }

  /** Many issuers tell the address there only. It must speak of the same person (OpenID Connect Core §5.3.2). */
  async #userinfo(
    proved: Claims,
    { accessToken }: ProviderTokens,
    { userinfo }: Metadata,
  ): Promise<Claims> {
    if (typeof proved.email === 'string' || userinfo === undefined) return {}
    const answer = await this.#get(userinfo, { authorization: `Bearer ${accessToken}` })
    const claims = (answer ?? {}) as Claims
    if (claims.sub !== proved.sub) throw providerError('userinfo_sub')
    return claims
  }

  async #open(): Promise<Opened> {
    const metadata = await this.#metadata.get()
    if (this.#opened?.metadata !== metadata) this.#opened = this.#reopen(metadata)
    return this.#opened
  }

  #reopen(metadata: Metadata): Opened {
    const { secretIn, jwks } = metadata
    const fetchKeys = async () => checkKeySet(await this.#get(jwks))
    const known = this.#opened
    return {
      metadata,
      flow: onceMade(() => CodeFlow.open({ ...this.#options, endpoints: metadata, secretIn })),
      jwks:
        known?.metadata.jwks === jwks
          ? known.jwks
          : new CachedDocument(fetchKeys, JWKS_FRESHNESS, this.#options.clock),
    }
  }
}

function checkKeySet(document: unknown): JSONWebKeySet {
  const keys = (document as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys)) throw providerError('jwks')
  return document as JSONWebKeySet
}
