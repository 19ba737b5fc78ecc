import { createVerify, type KeyObject } from 'node:crypto'
import { bearerProblem, TOKEN_INVALID } from './errors.js'

/*
 * What our signer writes, letter for letter: three canonical base64url parts and a header of exactly `alg`, `typ` and
 * `kid`, so that `crit`, `jwk`, `jku`, `x5u`, duplicates and padding have nowhere to be.
 */

const MAX_TOKEN_LENGTH = 4096

export interface TokenParts {
  readonly header: string
  readonly payload: string
  readonly signature: string
  readonly signedLength: number
}

/** RFC 7515 §7.1: exactly three parts. */
export function split(token: string): TokenParts {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (token.length > MAX_TOKEN_LENGTH || first < 1 || second < first + 2) {
    throw bearerProblem(TOKEN_INVALID)
  }
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
    signedLength: second,
  }
}

/** Only the canonical spelling: no padding, white space, foreign letters or loose final bits. */
export function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw bearerProblem(TOKEN_INVALID)
  return bytes
}

/** @returns the `kid`, for a header that is exactly what our signer writes. */
export function parseHeader(segment: string, type: string): string {
  const text = decode(segment).toString('utf8')
  const header = parseObject(text)
  const { alg, typ, kid } = header
  const ours =
    alg === 'RS256' &&
    typ === type &&
    isText(kid) &&
    Object.keys(header).length === 3 &&
    JSON.stringify(header) === text
  if (!ours) throw bearerProblem(TOKEN_INVALID)
  return kid
}

export const isSigned = (token: string, parts: TokenParts, key: KeyObject): boolean =>
  createVerify('RSA-SHA256')
    .update(token.slice(0, parts.signedLength), 'latin1')
    .verify(key, decode(parts.signature))

export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch {
    // Not JSON: refused below like any other foreign text.
  }
  throw bearerProblem(TOKEN_INVALID)
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
