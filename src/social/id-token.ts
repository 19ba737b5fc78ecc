import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import type { Clock } from '../lib/clock.js'
import type { CachedDocument } from '../lib/cached-document.js'
import { Problem } from '../http/problem.js'
import { providerError } from './errors.js'
import type { Claims, OidcProvider } from './provider.js'

/** OpenID Connect Core §2: at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/

const CLOCK_TOLERANCE_SECONDS = 30
/** An ID token is made for the code that it comes with: an older one has been kept and replayed. */
const MAX_AGE_SECONDS = 600

export interface IdTokenContext {
  readonly provider: OidcProvider
  readonly jwks: CachedDocument<JSONWebKeySet>
  readonly nonce: string
  readonly clock: Clock
}

/**
 * Validates an ID token (OpenID Connect Core §3.1.3.7): signature by a key of the issuer, one algorithm,
 * `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `sub`.
 * @throws {Problem} PROVIDER_ERROR, its cause naming the check; PROVIDER_UNAVAILABLE when keys can't be had.
 */
export async function verifyIdToken(token: string, context: IdTokenContext): Promise<Claims> {
  const { provider, nonce } = context
  const { claims, keys } = await verifySignature(token, context)
  const issuer = provider.issuerOf(claims)
  if (issuer === undefined || claims.iss !== issuer) throw providerError('id_token_iss')
  if (!isKeyOf(issuer, token, keys)) throw providerError('id_token_key_issuer')
  const { azp, aud, sub } = claims
  if (azp === undefined ? Array.isArray(aud) && aud.length > 1 : azp !== provider.clientId) {
    throw providerError('id_token_azp')
  }
  if (claims.nonce !== nonce) throw providerError('id_token_nonce')
  if (typeof sub !== 'string' || !SUBJECT.test(sub)) throw providerError('id_token_sub')
  return claims
}

/** A key that is not known yet may be a new one: the JWKS is fetched again, once. */
async function verifySignature(token: string, { provider, jwks, clock }: IdTokenContext) {
  const verify = async (keys: JSONWebKeySet) => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: [provider.algorithm],
      audience: provider.clientId,
      requiredClaims: ['iss', 'sub', 'exp', 'iat'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock()),
    })
    return { claims: payload as Claims, keys }
  }
  const known = await jwks.get()
  try {
    return await verify(known).catch(async (error: unknown) => {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      return verify(await jwks.refresh())
    })
  } catch (error) {
    // A JWK that is none makes the platform throw, in words of its own.
    if (error instanceof Problem) throw error
    throw providerError(error instanceof errors.JOSEError ? reasonOf(error) : 'id_token_key')
  }
}

/** `ERR_JWT_CLAIM_VALIDATION_FAILED` of `aud` becomes `id_token_aud`; the token itself is never quoted. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `id_token_${error.claim}`
  if (error instanceof errors.JWTExpired) return 'id_token_exp'
  return `id_token_${error.code.replace(/^ERR_/, '').toLowerCase()}`
}

/**
 * A key set that serves many tenants may bind a key to one of them: Microsoft's does, by `issuer`. A token
 * that names no key may be of any.
 */
function isKeyOf(issuer: string, token: string, { keys }: JSONWebKeySet): boolean {
  const { kid } = decodeProtectedHeader(token)
  return keys
    .filter((key) => kid === undefined || key.kid === kid)
    .every((key: object) => {
      const bound = 'issuer' in key ? key.issuer : undefined
      return typeof bound !== 'string' || bound.includes('{tenantid}') || bound === issuer
    })
}
