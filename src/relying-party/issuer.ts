import { secureUrl } from '../lib/secure-url.js'

/**
 * An issuer is compared with `iss` letter for letter (RFC 7519 §4.1.1), and its keys are fetched from it.
 * @throws {TypeError} for what no Latchkey service can be: `https://` except on loopback, an origin alone.
 */
export function checkIssuer(issuer: string): string {
  if (secureUrl(issuer)?.origin !== issuer) {
    throw new TypeError(
      'issuer: must be the base URL of a Latchkey service as its tokens have it in `iss`, such as https://auth.example.com (https:// except on loopback, no path, no trailing slash).',
    )
  }
  return issuer
}
