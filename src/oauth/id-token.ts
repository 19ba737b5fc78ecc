import { createHash } from 'node:crypto'
import { acrOf } from '../access-tokens/authentication.js'
import { decode, isSigned, isText, parseHeader, parseObject, split } from '../access-tokens/jws.js'
import type { AccessTokenSigner } from '../access-tokens/signer.js'
import type { VerificationKeys } from '../access-tokens/verifier.js'
import type { Clock } from '../lib/clock.js'
import { isRefusal } from '../sessions/reports.js'
import type { AppGrant } from '../sessions/app-grant.js'
import type { Grant } from '../sessions/sessions.js'
import { claimsOfPerson } from './claims-of-person.js'

/** Apart from `at+jwt`: no verifier of access tokens takes it (RFC 9068 §2.1, RFC 8725 §3.11). */
const ID_TOKEN_TYPE = 'JWT'

const ID_TOKEN_SECONDS = 900

/** What an ID token is made for. */
export interface IdTokenContext {
  readonly app: AppGrant
  /** The token that is handed out with it. */
  readonly accessToken: string
  /** Of the authorization; none in an answer to a refresh (OpenID Connect Core 1.0 §12.2). */
  readonly nonce?: string | undefined
}

/** Signs an ID token (OpenID Connect Core 1.0 §2): it tells an app who has signed in, and opens nothing. */
export async function signIdToken(
  { user, sessionId, amr, authTime }: Grant,
  { app, accessToken, nonce }: IdTokenContext,
  { signer, clock }: { readonly signer: AccessTokenSigner; readonly clock: Clock },
): Promise<string> {
  const iat = Math.floor(clock() / 1000)
  return signer.signAs(ID_TOKEN_TYPE, {
    aud: app.clientId,
    sub: user.id,
    iat,
    exp: iat + ID_TOKEN_SECONDS,
    auth_time: Math.floor(authTime / 1000),
    nonce,
    acr: acrOf(amr),
    ...(amr.length > 0 && { amr }),
    sid: sessionId,
    at_hash: leftHalfOfHash(accessToken),
    ...claimsOfPerson(user, app.scopes),
  })
}

/**
 * An ID token that an app sends back, to say whom it means (RP-Initiated Logout 1.0 §2): an expired one counts.
 * @returns whose it is, and of which session of which app; undefined for what we have not signed, or not as an ID
 * token, or with a key that is gone.
 * @throws {Problem} STORE_UNAVAILABLE.
 */
export async function readIdTokenHint(
  token: string,
  { issuer, keys }: { readonly issuer: string; readonly keys: VerificationKeys },
) {
  try {
    const parts = split(token)
    const kid = parseHeader(parts.header, ID_TOKEN_TYPE)
    const key = keys.publicKey(kid) ?? (await keys.publicKeyAfterReread(kid))
    if (!key || !isSigned(token, parts, key)) return undefined
    const { iss, aud, sub, sid } = parseObject(decode(parts.payload).toString('utf8'))
    if (iss !== issuer || !isText(aud) || !isText(sub) || !isText(sid)) return undefined
    return { clientId: aud, userId: sub, sessionId: sid }
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** `at_hash` of RS256: the first 128 bits of SHA-256 (Core 1.0 §3.1.3.6). */
const leftHalfOfHash = (text: string): string =>
  createHash('sha256').update(text, 'ascii').digest().subarray(0, 16).toString('base64url')
