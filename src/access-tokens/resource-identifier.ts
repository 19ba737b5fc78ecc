import { secureUrl } from '../lib/secure-url.js'

/** RFC 3986 §4.3: what begins with a scheme is absolute. */
export const isAbsoluteUri = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text)

/**
 * Why a text can't identify an API (RFC 8707 §2): a token's `aud` is compared with it letter for letter, and
 * clients send the token to URLs below it.
 * @returns the rest of a sentence; undefined for a good identifier.
 */
export function identifierFault(text: string, issuer: string): string | undefined {
  const url = secureUrl(text)
  if (!url || url.hostname.includes('*')) {
    return 'must be an absolute https:// URI (http:// only on loopback), such as https://orders.example.com'
  }
  // By letters, since a parser drops a query or a fragment that is empty.
  if (/[?#@]/.test(text)) return 'must have no query, fragment or user'
  if (url.href !== text && url.href !== `${text}/`) return `must be written ${url.href}`
  if (url.origin === issuer) return 'must not be at the issuer, which is Latchkey itself'
  return undefined
}

/** Why a text can't be the audience of Latchkey's own tokens; undefined for a good one. */
export function ownAudienceFault(audience: string, issuer: string): string | undefined {
  if (!isAbsoluteUri(audience) || audience === issuer) return undefined
  return `${audience} names an API. Move it to RESOURCES, and use latchkey here`
}
