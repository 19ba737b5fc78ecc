import { isUtf8 } from 'node:buffer'
import type { KeyObject } from 'node:crypto'
import { BoundedMap } from '../lib/bounded-map.js'
import type { Clock } from '../lib/clock.js'
import type { Problem } from '../http/problem.js'
import { isAbsoluteUri } from './resource-identifier.js'
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims, FIRST_PARTY_CLIENT } from './claims.js'
import { bearerProblem, TOKEN_EXPIRED, TOKEN_INVALID } from './errors.js'
import {
  decode,
  isSigned,
  isText,
  parseHeader,
  parseObject,
  split,
  type TokenParts,
} from './jws.js'

/** Where verification keys come from: the service's own ring, or an issuer's JWKS. */
export interface VerificationKeys {
  /** The key where it is known without waiting. */
  publicKey(kid: string): KeyObject | undefined
  /** Looks again; bounds its own rate. */
  publicKeyAfterReread(kid: string): Promise<KeyObject | undefined>
}

export interface VerifierOptions {
  readonly issuer: string
  /** A token's `aud` must be one of these. */
  readonly audiences: readonly string[]
  readonly keys: VerificationKeys
  readonly clock: Clock
  /** Tokens remembered as genuine; 0 verifies each signature every time. Default 5000. */
  readonly cacheSize?: number
}

type Awaitable<T> = T | Promise<T>

const MAX_KNOWN_HEADERS = 64
/** Instances' clocks differ: how far in the future `iat`, `nbf` and `auth_time` may lie, seconds. */
const CLOCK_TOLERANCE = 5

/**
 * The one verifier of access tokens, pinned to RS256 and `at+jwt` (RFC 8725 §3.1, §3.11). A token must be
 * letter for letter what our signer writes (`jws.ts`).
 *
 * The cache holds what was verified; a hit is the same token to the letter, and its expiry is checked each
 * time, and that its key is still known.
 */
export class AccessTokenVerifier {
  readonly #options: VerifierOptions
  readonly #verified: BoundedMap<string, Verified>
  /** Header segments that came with a good signature, so that each is parsed once. */
  readonly #headers = new BoundedMap<string, string>(MAX_KNOWN_HEADERS)

  constructor(options: VerifierOptions) {
    this.#options = options
    this.#verified = new BoundedMap(options.cacheSize ?? 5000)
  }

  /**
   * @returns the claims, without a promise where the key is known: this is the hot path.
   * @throws {Problem} TOKEN_INVALID or TOKEN_EXPIRED.
   */
  verify(token: string): Awaitable<AccessTokenClaims> {
    const known = this.#verified.get(cacheKey(token))
    const { keys } = this.#options
    // A key that was taken out takes what it signed along: its forgeries may never expire.
    if (known?.token === token && keys.publicKey(known.kid)) return this.#unexpired(known.claims)

    const parts = split(token)
    const kid = this.#headers.get(parts.header) ?? parseHeader(parts.header, ACCESS_TOKEN_TYPE)
    const key = keys.publicKey(kid)
    if (key) return this.#verifyWith(key, kid, token, parts)
    return keys.publicKeyAfterReread(kid).then((found) => {
      if (!found) throw bearerProblem(TOKEN_INVALID)
      return this.#verifyWith(found, kid, token, parts)
    })
  }

  #verifyWith(key: KeyObject, kid: string, token: string, parts: TokenParts): AccessTokenClaims {
    if (!isSigned(token, parts, key)) throw bearerProblem(TOKEN_INVALID)

    const claims = parseClaims(decode(parts.payload))
    this.#checkClaims(claims)
    this.#headers.set(parts.header, kid)
    this.#verified.set(cacheKey(token), { token, kid, claims })
    return this.#unexpired(claims)
  }

  #checkClaims(claims: AccessTokenClaims): void {
    const { issuer, audiences, clock } = this.#options
    const latest = clock() / 1000 + CLOCK_TOLERANCE
    const { nbf = 0 } = claims as { nbf?: unknown }
    // Its key is the issuer's, but its name is not: a setting is wrong somewhere, and this says which.
    if (claims.iss !== issuer) throw foreign('iss', claims.iss, issuer)
    if (!audiences.includes(claims.aud)) throw foreignAudience(claims, audiences)
    const trusted =
      isText(claims.sub) &&
      isText(claims.client_id) &&
      isText(claims.jti) &&
      isOptionalText(claims.sid) &&
      isOptionalText(claims.role) &&
      (claims.amr === undefined || isListOfTexts(claims.amr)) &&
      isOptionalText(claims.acr) &&
      (claims.auth_time === undefined || isTimeBefore(latest, claims.auth_time)) &&
      typeof claims.scope === 'string' &&
      Number.isSafeInteger(claims.exp) &&
      isTimeBefore(latest, claims.iat) &&
      isTimeBefore(latest, nbf)
    if (!trusted) throw bearerProblem(TOKEN_INVALID)
  }

  #unexpired(claims: AccessTokenClaims): AccessTokenClaims {
    if (claims.exp * 1000 <= this.#options.clock()) throw bearerProblem(TOKEN_EXPIRED)
    return claims
  }
}

interface Verified {
  readonly token: string
  readonly kid: string
  readonly claims: AccessTokenClaims
}

/** The end of the signature, 256 bits: to hash all of a token takes four times as long as to compare it. */
const cacheKey = (token: string): string => token.slice(-43)

function parseClaims(payload: Buffer): AccessTokenClaims {
  // RFC 8725 §3.7: UTF-8 only.
  if (!isUtf8(payload)) throw bearerProblem(TOKEN_INVALID)
  const claims = parseObject(payload.toString('utf8'))
  // The cache gives the same object to every request.
  Object.freeze(claims.amr)
  return Object.freeze(claims) as unknown as AccessTokenClaims
}

const foreign = (claim: string, found: unknown, wanted: string): Problem =>
  bearerProblem(TOKEN_INVALID, undefined, `${claim} is ${JSON.stringify(found)}, not "${wanted}"`)

/** Why a token is refused, for the log: an app sends Latchkey's own token to an API. */
export const LATCHKEYS_OWN_TOKEN = "this app sends us Latchkey's own token"

function foreignAudience({ iss, aud, client_id }: AccessTokenClaims, wanted: readonly string[]) {
  const isOwn =
    client_id === FIRST_PARTY_CLIENT && isText(aud) && (aud === iss || !isAbsoluteUri(aud))
  return isOwn
    ? bearerProblem(TOKEN_INVALID, undefined, LATCHKEYS_OWN_TOKEN)
    : foreign('aud', aud, wanted.join('" or "'))
}

const isListOfTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isTimeBefore = (latest: number, value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) <= latest
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value)
