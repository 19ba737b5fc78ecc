import type { Traces } from '../trace.js'

export const TOKENS: Traces = {
  'JWT-1': [
    'security/jwt.test.ts: CVE-2023-48223, CVE-2026-34950, JWT-1: a public key is no HMAC secret of an access token (GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2022-23541)',
    'security/jwt.test.ts: CVE-2026-22817, JWT-1: each key of the JWKS names its one algorithm',
  ],
  'JWT-2': [
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
  ],
  'JWT-3': [
    'security/jwt.test.ts: JWT-3: the signature of an access token is right in every byte, or refused',
    { decision: 'docs/security/decisions.md#test-vectors-of-signatures' },
  ],
  'JWT-4': [
    'factors/passkeys.test.ts: a passkey is made with a key that can verify something',
    'social/presets.test.ts: a provider with ES256 is held to it',
    { decision: 'docs/security/decisions.md#test-vectors-of-signatures' },
  ],
  'JWT-5': [
    'security/jwt.test.ts: CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
    'keyring/ring.test.ts: the keys of a ring are RSA of 2048 bits, and 256 random bits',
  ],
  'JWT-6': [
    'security/jwt.test.ts: JWS-2, JWT-6: only the canonical compact form of an access token is read',
  ],
  'JWT-7': [
    'security/jwt.test.ts: JWT-7: the payload of an access token is a JSON object in UTF-8',
  ],
  'JWT-8': [
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
    'social/evil-provider.test.ts: V10.5.1 V10.5.4 V10.1.2 a provider’s ID token for another is refused',
  ],
  'JWT-9': [
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
    'security/jwt.test.ts: AT-2, GHSA-wxg7-w2v3-w38g: each claim of an access token is there and of its type',
  ],
  'JWT-10': [
    'security/jwt.test.ts: CVE-2026-44351, CVE-2025-65945, JWT-10: no kid of a token leads to a key outside the ring',
    'security/jwt.test.ts: JWT-10: keys that an access token brings along are neither used nor fetched',
  ],
  'JWT-11': [
    'security/jwt.test.ts: JWT-11, AT-1: another type of token that our key signed is refused',
    'oauth/app-sessions.test.ts: an ID token opens nothing',
  ],
  'JWT-12': [
    'security/sessions.test.ts: CVE-2023-48309, JWT-12: each place of sessions takes one kind of credential',
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
    'prove/audiences.test.ts: each verifier takes the tokens that are for it, and no other',
    'prove/mail-doors.test.ts: the ticket of each mail opens its own doors, and no other',
  ],
  'JWS-1': [
    'security/jwt.test.ts: CVE-2026-35042, CVE-2025-59420, JWS-1: crit of an access token is refused, whatever it lists',
    'social/evil-provider.test.ts: V6.8.2 a provider’s ID token whose signature proves nothing is refused',
  ],
  'JWS-2': [
    'security/jwt.test.ts: JWS-2, JWT-6: only the canonical compact form of an access token is read',
  ],
  'JWS-3': [
    'security/jwt.test.ts: JWS-3: a token’s header with a member twice, or in another spelling, is refused',
  ],
  'AT-1': [
    'security/jwt.test.ts: AT-1, AT-2: an access token carries what RFC 9068 asks for, and no personal data',
    'security/jwt.test.ts: JWT-11, AT-1: another type of token that our key signed is refused',
    { decision: 'docs/security/decisions.md#one-spelling-of-the-token-type' },
  ],
  'AT-2': [
    'security/jwt.test.ts: AT-1, AT-2: an access token carries what RFC 9068 asks for, and no personal data',
    'security/jwt.test.ts: AT-2, GHSA-wxg7-w2v3-w38g: each claim of an access token is there and of its type',
  ],
  'AT-3': [
    'security/jwt.test.ts: AT-3: times of access tokens are exact, and expiry is checked again on every use',
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
    'security/jwt.test.ts: JWT-3: the signature of an access token is right in every byte, or refused',
  ],
  'BR-1': [
    'security/http.test.ts: BR-1: the scheme of a token in Authorization is Bearer in any case, once',
  ],
  'BR-2': [
    'security/http.test.ts: BR-2, BR-5, CVE-2026-9689: a token in the URL is refused, alone or with others',
    'oauth/app-sessions.test.ts: userinfo refuses every other token (RFC 6750 §3)',
  ],
  'BR-3': [
    'security/http.test.ts: BR-3, BR-4: the Bearer challenge names the fault, and none where there was no token',
  ],
  'BR-4': [
    'security/http.test.ts: BR-3, BR-4: the Bearer challenge names the fault, and none where there was no token',
  ],
  'BR-5': [
    'security/http.test.ts: BR-2, BR-5, CVE-2026-9689: a token in the URL is refused, alone or with others',
    'security/sessions.test.ts: CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
  ],
}
