import type { Traces } from '../trace.js'

export const VERIFIERS: Traces = {
  'CVE-2023-48223': [
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
  ],
  'CVE-2026-34950 / GHSA-mvf2-f6gm-w987': [
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
    'security/jwt.test.ts: CVE-2026-34950, GHSA-ww5h-9m49-7xx4: a signing key is parsed; text before it changes nothing',
  ],
  'GHSA-ww5h-9m49-7xx4': [
    'security/jwt.test.ts: CVE-2026-34950, GHSA-ww5h-9m49-7xx4: a signing key is parsed; text before it changes nothing',
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
  ],
  'GHSA-g3jj-5cmm-3hxx': [
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
  ],
  'GHSA-8wpc-h4q6-8fxv': [
    'security/jwt.test.ts: CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
    'keyring/cached-ring.test.ts: a key ring that breaks its rules is refused',
  ],
  'CVE-2026-44351 / GHSA-gmvf-9v4p-v8jc': [
    'security/jwt.test.ts: CVE-2026-44351, CVE-2025-65945, JWT-10: no kid of a token leads to a key outside the ring',
  ],
  'CVE-2026-35039 / GHSA-rp9m-7r4c-75qg': [
    'security/jwt.test.ts: CVE-2026-35039, CVE-2026-40155: 500 interleaved users of access tokens stay themselves',
    'security/jwt.test.ts: CVE-2026-35039: parts of two access tokens that were verified make no third',
  ],
  'CVE-2026-35042 / GHSA-hm7r-c7qw-ghp6': [
    'security/jwt.test.ts: CVE-2026-35042, CVE-2025-59420, JWS-1: crit of an access token is refused, whatever it lists',
  ],
  'CVE-2026-35041 / GHSA-cjw9-ghj4-fwxf': [
    'security/jwt.test.ts: CVE-2026-35041, jsonwebtoken#1031: a huge audience of an access token is refused unread',
  ],
  'GHSA-3j8v-cgw4-2g6q': [
    'security/jwt.test.ts: GHSA-3j8v-cgw4-2g6q: a valid access token is accepted each of 1,000 times',
  ],
  'CVE-2025-30144': [
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
  ],
  'CVE-2022-23540': [
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
    'security/jwt.test.ts: CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
  ],
  'CVE-2022-23541': [
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
  ],
  'CVE-2022-23539 / GHSA-8cf7-32gw-wr33': [
    'security/jwt.test.ts: CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
  ],
  'CVE-2025-65945 / GHSA-869p-cjfg-cm3x': [
    'security/jwt.test.ts: CVE-2026-44351, CVE-2025-65945, JWT-10: no kid of a token leads to a key outside the ring',
  ],
  'jsonwebtoken#1031': [
    'security/jwt.test.ts: CVE-2026-35041, jsonwebtoken#1031: a huge audience of an access token is refused unread',
  ],
  'CVE-2026-22817': [
    'security/jwt.test.ts: CVE-2026-22817, JWT-1: each key of the JWKS names its one algorithm',
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
  ],
  'CVE-2025-59420': [
    'security/jwt.test.ts: CVE-2026-35042, CVE-2025-59420, JWS-1: crit of an access token is refused, whatever it lists',
  ],
  'CVE-2023-22893': [
    'social/evil-provider.test.ts: V6.8.2 a provider’s ID token whose signature proves nothing is refused',
  ],
}
