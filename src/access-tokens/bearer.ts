import { bearerProblem, INVALID_REQUEST } from './errors.js'

/**
 * The token of an `Authorization` header, its scheme in any case (RFC 6750 §2.1).
 * @returns undefined without a bearer credential.
 * @throws {Problem} INVALID_REQUEST for a list of credentials, and for a scheme without a token.
 */
export function parseBearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !isBearer(authorization)) return undefined
  const token = authorization.slice(7).replace(/^ +/, '')
  if (token === '' || /[\s,]/.test(token)) throw bearerProblem(INVALID_REQUEST)
  return token
}

const isBearer = (header: string): boolean => header.slice(0, 7).toLowerCase() === 'bearer '
