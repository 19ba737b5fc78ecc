import { SignInError } from '../errors.js'

/** The person who is signed in, as the ID token has them. */
export interface Person {
  /** The same at every app of the service, and never another's. */
  readonly id: string
  /** With the scope `email`. */
  readonly email?: string
  /** Whether the person has proved that the address is theirs; with the scope `email`. */
  readonly emailVerified?: boolean
  /** With the scope `profile`, where the account has one. */
  readonly name?: string
}

export interface IdTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: number
  readonly nonce?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

export interface IdTokenExpectation {
  readonly issuer: string
  readonly clientId: string
  /** Of the attempt; a refresh has none (Core §12.2). */
  readonly nonce?: string
  /** Of the session that is refreshed. */
  readonly subject?: string
  readonly now: number
}

/** Clocks of people's devices are wrong by minutes. */
const LEEWAY_MS = 5 * 60_000

/** The claims of an ID token, unchecked. @throws for what is no JWT. */
function claimsOf(idToken: string): IdTokenClaims {
  const payload = (idToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
  return JSON.parse(new TextDecoder().decode(bytes)) as IdTokenClaims
}

/**
 * Checks an ID token as OpenID Connect Core §3.1.3.7 says. Its signature is not checked: the token came straight from
 * the issuer's token endpoint over TLS, which proves who made it (item 6 of that section), and it is used nowhere else.
 * @throws {SignInError} ID_TOKEN_INVALID
 */
export function checkIdToken(idToken: string | undefined, expected: IdTokenExpectation): void {
  const { issuer, clientId, nonce, subject, now } = expected
  const claims = idToken === undefined ? undefined : claimsOf(idToken)
  const faults = {
    missing: !claims,
    iss: claims?.iss !== issuer,
    aud: String(claims?.aud) !== clientId,
    nonce: nonce !== undefined && claims?.nonce !== nonce,
    sub: !claims?.sub || (subject !== undefined && claims.sub !== subject),
    'exp (is the clock of this device right?)': !(Number(claims?.exp) * 1000 > now - LEEWAY_MS),
  }
  const fault = Object.entries(faults).find(([, isThere]) => isThere)
  if (!fault) return
  throw new SignInError({
    status: 0,
    code: 'ID_TOKEN_INVALID',
    error: `The ID token can't be trusted: ${fault[0]}`,
  })
}

/** Who an ID token is about; undefined without one. */
export function personOf(idToken: string | undefined): Person | undefined {
  if (idToken === undefined) return undefined
  const { sub, email, email_verified: emailVerified, name } = claimsOf(idToken)
  return {
    id: sub,
    ...(email !== undefined && { email }),
    ...(emailVerified !== undefined && { emailVerified }),
    ...(name !== undefined && { name }),
  }
}
