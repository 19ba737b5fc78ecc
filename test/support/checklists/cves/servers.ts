import type { Traces } from '../trace.js'

export const SERVERS: Traces = {
  'CVE-2026-1035': [
    'security/sessions.test.ts: CVE-2026-1035: the check and the use of a refresh token are one write',
    'security/sessions.test.ts: GHSA-392p-2q2v-4372, CVE-2026-1035, hydra#3604, hydra#3004: ${count} parallel refreshes fork no family, and the replay of a rotated token kills it',
  ],
  'CVE-2026-9802 (keycloak#49426)': [
    'security/sessions.test.ts: CVE-2026-9802: a restart makes no rotated refresh token good again',
    'prove/after-restore.test.ts: nothing that was refused before a restore is accepted after it',
  ],
  'keycloak#49213': [
    'security/sessions.test.ts: keycloak#49213: our own outage consumes no refresh token and ends no session',
  ],
  'CVE-2024-1722': [
    'security/limiter.test.ts: a parallel burst on two instances passes no limit by address',
    'security/limiter.test.ts: a parallel burst on two instances passes no limit by account, from 50 addresses',
  ],
  'CVE-2026-9798': [
    'security/limiter.test.ts: CVE-2026-9798: an account that the limit locks is locked wherever its password is taken',
    'factors/second-factors.test.ts: wrong second factors are ten in a quarter of an hour, of all kinds, tickets and doors',
    'security/gate.test.ts: every route that can end in a session passes the gate',
  ],
  'CVE-2026-0976': [
    'security/http.test.ts: CVE-2026-0976, GHSA-x732-6j76-qmhm: only the path itself is the HTTP route',
    'support/contract.ts: F20 F23 F27 F28 what is odd is refused',
  ],
  'CVE-2026-9689': [
    'security/http.test.ts: BR-2, BR-5, CVE-2026-9689: a token in the URL is refused, alone or with others',
    'security/http.test.ts: CVE-2026-9689: a member of a body sent twice is one value to every reader',
    'oauth/authorize.test.ts: /oauth/authorize redirects nothing before client and redirect URI are proved',
    'security/oauth.test.ts: F27 a parameter of a provider’s callback that is there twice is refused',
  ],
  'GHSA-3p3g-vpw6-4w66 (CVE-2020-5300)': [
    {
      notApplicable:
        'Latchkey takes no `private_key_jwt`: a client authenticates by its secret or is public, and no assertion is read. `oauth/discovery.test.ts` holds the list of methods.',
    },
  ],
  'hydra#3604, #3004': [
    'security/sessions.test.ts: GHSA-392p-2q2v-4372, CVE-2026-1035, hydra#3604, hydra#3004: ${count} parallel refreshes fork no family, and the replay of a rotated token kills it',
    'sessions/refresh.test.ts: 50 parallel refreshes of one token over sockets: one next token, one live head',
  ],
  'CVE-2025-46815': [
    'social/sign-in.test.ts: OA-3 OA-13 a copy of a provider’s flow cookie is good for nothing',
    'social/freeing.test.ts: fifty copies of the question to free an address have one winner',
    'security/used-up.test.ts: what was used up at one instance is refused by one that starts later, and when a clock goes back',
  ],
  'CVE-2026-27840 / GHSA-6mq3-xmgp-pjm5': [
    'security/jwt.test.ts: CVE-2026-27840: no piece of an access token and no change of case is accepted',
    'security/sessions.test.ts: CVE-2026-27840: no piece of a refresh token, and no change of case, works',
    'api-keys/verification.test.ts: an API key with any one letter changed is refused',
  ],
  'GHSA-wxg7-w2v3-w38g': [
    'security/jwt.test.ts: AT-2, GHSA-wxg7-w2v3-w38g: each claim of an access token is there and of its type',
    'social/evil-provider.test.ts: V10.5.1 V10.5.4 V10.1.2 a provider’s ID token for another is refused',
  ],
  'CVE-2026-55670': [
    'personal-data/erasure.test.ts: an account that is deleted is not made again',
    'personal-data/erasure.test.ts: a write that comes again does not make a deleted account again',
    'personal-data/erasure.test.ts: the address and the identity of a deleted account are free at once',
  ],
}
