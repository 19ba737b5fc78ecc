import type { Traces } from '../trace.js'

export const TOKENS: Traces = {
  'V9.1.1': [
    'security/jwt.test.ts: JWT-3: the signature of an access token is right in every byte, or refused',
    'security/jwt.test.ts: JWS-2, JWT-6: only the canonical compact form of an access token is read',
    'relying-party/jwt.test.ts: latchkey/jwt refuses every token but its issuer’s',
    'sessions/refresh.test.ts: refresh refuses a forged refresh token without a read',
  ],
  'V9.1.2': [
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
  ],
  'V9.1.3': [
    'security/jwt.test.ts: JWT-10: keys that an access token brings along are neither used nor fetched',
    'security/jwt.test.ts: CVE-2026-44351, CVE-2025-65945, JWT-10: no kid of a token leads to a key outside the ring',
  ],
  'V9.2.1': [
    'security/jwt.test.ts: AT-2, GHSA-wxg7-w2v3-w38g: each claim of an access token is there and of its type',
    'security/jwt.test.ts: AT-3: times of access tokens are exact, and expiry is checked again on every use',
  ],
  'V9.2.2': [
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
    'security/jwt.test.ts: JWT-11, AT-1: another type of token that our key signed is refused',
    'security/sessions.test.ts: CVE-2023-48309, JWT-12: each place of sessions takes one kind of credential',
  ],
  'V9.2.3': [
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
    'prove/audiences.test.ts: each verifier takes the tokens that are for it, and no other',
  ],
  'V9.2.4': [
    'sessions/resources.test.ts: a session’s token of one API has the scopes of the role, and its own lifetime',
    'oauth/resources.test.ts: a key is swapped at /oauth/token for a token of one API',
    'resources/protected.test.ts: an access token is RFC 9068 and verifies with the published keys',
  ],
}
