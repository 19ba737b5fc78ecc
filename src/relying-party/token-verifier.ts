import { parseBearer } from '../access-tokens/bearer.js'
import type { AccessTokenClaims } from '../access-tokens/claims.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import type { AuthenticationRequirement } from '../access-tokens/required-authentication.js'
import { systemClock } from '../lib/clock.js'
import { type IssuedFor, openVerifier } from './issued-for.js'
import { LEGACY_AUDIENCE_WARNING } from './resource.js'
import { explained } from './verification-error.js'

export interface VerifierOptions extends IssuedFor {
  /**
   * Whose tokens are taken: those of people, which belong to a session; those of machines, which API keys were swapped
   * for; or both.
   * @default 'people'
   */
  readonly accept?: 'people' | 'machines' | 'both'
}

/** What a token must have beside being genuine. */
export interface TokenRequirement extends AuthenticationRequirement {
  /** All of them (RFC 6750 §3.1 `insufficient_scope`). */
  readonly scopes?: readonly string[]
  readonly role?: string
}

/** Verifies Latchkey's access tokens for one API. */
export interface Verifier {
  /**
   * @param token without the scheme.
   * @returns its claims.
   * @throws {VerificationError} 401 for a token that is no good, 403 for one that may do too little, 503 while the
   * issuer's keys can't be read.
   * @example
   * const { sub } = await verifier.verify(token, { scopes: ['orders:read'] })
   */
  verify(token: string, requirement?: TokenRequirement): Promise<AccessTokenClaims>
  /**
   * The same for the whole `Authorization` header of a request.
   * @throws {VerificationError} as `verify`; 401 `ACCESS_TOKEN_REQUIRED` without one.
   * @example
   * const { sub } = await verifier.verifyHeader(request.headers.authorization)
   */
  verifyHeader(
    authorization: string | undefined,
    requirement?: TokenRequirement,
  ): Promise<AccessTokenClaims>
  /**
   * Reads the issuer's keys before the first token comes. Lambda does what a module awaits at its top in the start of
   * an instance, so that no request waits for it.
   * @throws {VerificationError} 503 while they can't be read; a later token tries again.
   * @example
   * const verifier = createVerifier({ issuer, resource })
   * await verifier.hydrate()
   */
  hydrate(): Promise<void>
}

/** Throws for a genuine token that may do too little. */
export type Judge = (claims: AccessTokenClaims, requirement: TokenRequirement) => void

const ACCEPTED: ReadonlySet<string> = new Set(['people', 'machines', 'both'])

/**
 * Verifies tokens, and leaves to `judge` what they must have beside being genuine.
 * @throws {TypeError} for an issuer that tokens can't come from, or a resource that is none.
 */
export function openTokenVerifier(
  { accept = 'people', ...of }: VerifierOptions,
  judge: Judge,
): Verifier {
  const { issuer, legacyAudience } = of
  if (!ACCEPTED.has(accept)) {
    throw new TypeError(`accept: must be people, machines or both, not ${accept}.`)
  }
  const { keys, verifier } = openVerifier(of, systemClock)
  if (legacyAudience !== undefined) process.emitWarning(LEGACY_AUDIENCE_WARNING)

  async function check(token: string, requirement: TokenRequirement): Promise<AccessTokenClaims> {
    const claims = await verifier.verify(token)
    const isOfPerson = claims.sid !== undefined
    if (accept !== 'both' && isOfPerson !== (accept === 'people')) {
      throw bearerProblem(
        TOKEN_INVALID,
        undefined,
        `it is of a ${isOfPerson ? 'person' : 'machine'}`,
      )
    }
    judge(claims, requirement)
    return claims
  }
  return {
    verify: (token, requirement = {}) => explained(issuer, () => check(token, requirement)),
    verifyHeader: (authorization, requirement = {}) =>
      explained(issuer, () => {
        const token = parseBearer(authorization)
        if (token === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
        return check(token, requirement)
      }),
    hydrate: () => explained(issuer, () => keys.load()),
  }
}
