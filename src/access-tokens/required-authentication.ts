import { ACR_VALUES } from './authentication.js'
import type { AccessTokenClaims } from './claims.js'

/** How strong and how fresh the sign-in behind a token must be (RFC 9470). */
export interface AuthenticationRequirement {
  /**
   * Levels of which the token's `acr` must be one: `urn:latchkey:1` is any sign-in, `urn:latchkey:2` one with two
   * factors or a passkey. A stronger level of Latchkey's satisfies a weaker one.
   * @default - any
   */
  readonly acrValues?: readonly string[]
  /**
   * Seconds that may have passed since the person signed in: `auth_time`.
   * @default - any number
   */
  readonly maxAge?: number
}

const NAMES = new Set(['acrValues', 'maxAge'])

/** What a quoted string holds without escapes, and no space, which separates values (RFC 6749 appendix A.4). */
const ACR_VALUE = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * What is wrong with a requirement, which would otherwise let everyone in, or no one.
 * @returns a sentence; undefined for a good one.
 */
export function requirementFault(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return 'must be an object'
  const unknown = Object.keys(given).find((name) => !NAMES.has(name))
  if (unknown !== undefined) return `${unknown}: there is no such option`
  const { acrValues, maxAge } = given as Readonly<Record<string, unknown>>
  if (acrValues === undefined && maxAge === undefined) return 'needs acrValues, maxAge or both'
  if (acrValues !== undefined && !isAcrList(acrValues)) {
    return 'acrValues: must be a list of values such as urn:latchkey:2, without spaces and quotes'
  }
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && (maxAge as number) >= 0)) {
    return 'maxAge: must be a whole number of seconds, 0 or more'
  }
  return undefined
}

const isAcrList = (given: unknown): boolean =>
  Array.isArray(given) &&
  given.length > 0 &&
  given.every((value) => typeof value === 'string' && ACR_VALUE.test(value))

/**
 * Whether the sign-in behind a token is what is asked for. A token that does not say so does not satisfy it, and
 * neither does a machine's, which has no sign-in behind it.
 * @param now milliseconds since the epoch.
 */
export function isSatisfied(
  { acrValues, maxAge }: AuthenticationRequirement,
  { sid, acr, auth_time }: Pick<AccessTokenClaims, 'sid' | 'acr' | 'auth_time'>,
  now: number,
): boolean {
  if (sid === undefined) return false
  if (acrValues && !acrValues.some((wanted) => acr !== undefined && isAtLeast(acr, wanted))) {
    return false
  }
  if (maxAge === undefined) return true
  // `auth_time` has whole seconds, so time is counted in them.
  return auth_time !== undefined && Math.floor(now / 1000) - auth_time <= maxAge
}

function isAtLeast(acr: string, wanted: string): boolean {
  if (acr === wanted) return true
  const levels: readonly string[] = ACR_VALUES
  const least = levels.indexOf(wanted)
  return least >= 0 && levels.indexOf(acr) > least
}
