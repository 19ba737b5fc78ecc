import type { ProvenProfile } from '../users/identities/identity.js'

interface ProviderBase {
  /** Last part of `/api/auth/:provider`. */
  readonly id: string
  readonly name: string
  /** Issuer identifier as in discovery, and as `iss` of RFC 9207. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  /**
   * Domains whose addresses it speaks for, for a person with these claims; `*` is all. It may make an account with
   * a verified address of them, link an account by one, and free one from an account that has not proved it.
   */
  domainsOf(claims: Claims): readonly string[]
  /** OpenID Connect `prompt` when an identity is linked, so that its owner sees which one. */
  readonly linkPrompt?: string
}

/** A provider that is found by OpenID Connect Discovery and proves who a person is by an ID token. */
export interface OidcProvider extends ProviderBase {
  readonly protocol: 'oidc'
  /** The one algorithm that its ID tokens are accepted with. */
  readonly algorithm: string
  /** What its discovery document calls itself, where that is not `issuer`. */
  readonly discoveredIssuer?: string
  /** The `iss` that an ID token with these claims must have; undefined where none would do. */
  issuerOf(claims: Claims): string | undefined
  isEmailVerified(claims: Claims): boolean
}

/** A plain OAuth 2.0 provider, whose API says who a person is. */
export interface OAuth2Provider extends ProviderBase {
  readonly protocol: 'oauth2'
  readonly endpoints: Endpoints
  readProfile(
    accessToken: string,
    get: GetJson,
  ): Promise<Omit<ProvenProfile, 'provider' | 'domains'>>
}

export type Provider = OidcProvider | OAuth2Provider

export interface Endpoints {
  readonly authorization: string
  readonly token: string
}

export type Claims = Readonly<Record<string, unknown>>

/** Asks a provider for JSON. */
export type GetJson = (url: string, headers?: Readonly<Record<string, string>>) => Promise<unknown>
