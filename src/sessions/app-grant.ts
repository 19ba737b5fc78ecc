/**
 * What an app may do for the person whose session it has. Its tokens are told apart from Latchkey's own by all who see
 * them: other claims, and refresh tokens that no one but this client can use.
 */
export interface AppGrant {
  readonly clientId: string
  /** What the app was called when its person let it in. */
  readonly name: string
  readonly isFirstParty: boolean
  /** Of OpenID Connect and of APIs. */
  readonly scopes: readonly string[]
  /** Identifiers of the APIs that it may ask tokens for (RFC 8707 §2.2). */
  readonly resources: readonly string[]
}
