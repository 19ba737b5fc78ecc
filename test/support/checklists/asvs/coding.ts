import type { Traces } from '../trace.js'

const FIELDS =
  'security/http.test.ts: CVE-2025-61928: no one sets fields by HTTP that they were not asked for'

export const CODING: Traces = {
  'V15.1.1': [{ decision: 'SECURITY.md#reporting-a-vulnerability' }],
  'V15.1.2': [
    { decision: 'docs/security/decisions.md#the-list-of-components' },
    'security/dependencies.test.ts: each dependency has one exact version and a checksum (ASVS V15.1.2)',
  ],
  'V15.1.3': [
    { decision: 'SECURITY.md#brute-force' },
    { decision: 'docs/api.md#passwords' },
    'sign-in/sign-in.test.ts: sign-ins queue for the password hasher, and past the queue hear 503',
  ],
  'V15.2.1': [
    { decision: 'docs/security/decisions.md#components-with-known-faults' },
    'security/dependencies.test.ts: no dependency is older than the release that fixed a published fault (ASVS V15.2.1)',
  ],
  'V15.2.2': [
    'sign-in/sign-in.test.ts: tokens are verified while sign-ins wait for the password hasher (ASVS V15.2.2)',
    'sign-in/sign-in.test.ts: sign-ins of one address fill a quarter of the hasher’s queue, and others go past it',
    'imports/hashes.test.ts: an imported bcrypt is verified off the event loop',
  ],
  'V15.2.3': [
    'infra/stacks.test.ts: V13.4.1 V15.2.3 nothing is deployed but code of the functions',
  ],
  'V15.3.1': [
    'sign-in/register.test.ts: register answers 201 with the user and never the password',
    'security/schemas.test.ts: each route for programs says what it takes and what it answers (ASVS V2.1.1)',
    'support/leaks.test.ts: the scan of the suite finds a secret',
    'api-keys/holder.test.ts: GET /api/key shows no hash of the key and no owner’s notes',
  ],
  'V15.3.2': [
    'social/evil-provider.test.ts: F32 a provider’s token endpoint that answers nonsense is not believed',
    'security/foreign.test.ts: no other answer of a foreign URL is taken',
  ],
  'V15.3.3': [
    FIELDS,
    'security/schemas.test.ts: each route for programs says what it takes and what it answers (ASVS V2.1.1)',
  ],
  'V15.3.4': [
    'security/http.test.ts: CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing',
    'entry/origin.test.ts: the address of a Lambda call is the one that CloudFront saw, in format ${format}',
  ],
  'V15.3.5': [
    'sign-in/register.test.ts: register refuses a body that is not the schema, field by field',
    'security/jwt.test.ts: AT-2, GHSA-wxg7-w2v3-w38g: each claim of an access token is there and of its type',
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
  ],
  'V15.3.6': [
    FIELDS,
    'security/jwt.test.ts: CVE-2026-44351, CVE-2025-65945, JWT-10: no kid of a token leads to a key outside the ring',
    'entry/fuzz.test.ts: a fuzzed request over a socket: every answer is our own',
  ],
  'V15.3.7': [
    'security/http.test.ts: CVE-2023-27495, CS-1: of a cookie sent twice, none is chosen',
    'security/http.test.ts: BR-1: the scheme of a token in Authorization is Bearer in any case, once',
    'api-keys/verification.test.ts: 400 for two API keys, in two headers or one',
    'security/oauth.test.ts: F27 a parameter of a provider’s callback that is there twice is refused',
    'security/http.test.ts: CVE-2026-9689: a member of a body sent twice is one value to every reader',
  ],
}
