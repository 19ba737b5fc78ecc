/** Claims of an access token (RFC 9068 §2.2): no e-mail, no name. Times are epoch seconds. */
export interface AccessTokenClaims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly client_id: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  /** The session that the token belongs to; a machine's token has none. */
  readonly sid?: string
  readonly role?: string
  /** Space-separated (RFC 6749 §3.3). */
  readonly scope: string
  /** How its user has authenticated (RFC 9068 §2.2.1), in tokens of sessions. */
  readonly amr?: readonly string[]
  /** How strongly: one of `ACR_VALUES`. */
  readonly acr?: string
  readonly auth_time?: number
}

/** `client_id` of a sign-in at Latchkey itself (RFC 9068 §2.2 asks for one). */
export const FIRST_PARTY_CLIENT = 'latchkey'

/** RFC 9068 §2.1. */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

/** The contract's `expiresIn`: also how long a revoked user's token still works. */
export const ACCESS_TOKEN_SECONDS = 900

/** `aud` of an app's token that is for no API: it is good for userinfo alone. */
export const userinfoOf = (issuer: string): string => `${issuer}/oauth/userinfo`
