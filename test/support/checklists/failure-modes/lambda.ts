import type { Traces } from '../trace.js'

export const LAMBDA: Traces = {
  F15: [
    'entry/lambda.test.ts: Lambda answers the contract in payload format ${format}, with no work left after an answer',
    'dynamodb/database.test.ts: an instance that was frozen for an hour goes on over new connections to DynamoDB',
  ],
  F16: [
    'entry/lambda.test.ts: F16 10,000 calls of 20 people through one Lambda instance never meet',
    'security/sessions.test.ts: CVE-2026-40155: interleaved users of sessions never get each other’s answers',
  ],
  F17: [
    'entry/lambda.test.ts: F17 a slow store is answered for before Lambda ends the call',
    'runtime/contract.test.ts: F17 an event without time left is answered before Lambda ends it',
  ],
  F18: [
    'keyring/cached-ring.test.ts: F18 of a thousand cold instances those that cannot read the key ring answer 503',
    'keyring/cached-ring.test.ts: twenty first starts at once make one key ring',
  ],
  F19: [
    'security/jwt.test.ts: AT-3: times of access tokens are exact, and expiry is checked again on every use',
    'security/used-up.test.ts: an access token is refused by an instance whose clock is an hour off, either way',
    'security/used-up.test.ts: what was used up at one instance is refused by one that starts later, and when a clock goes back',
    { decision: 'docs/security/decisions.md#clocks' },
  ],
  F20: [
    'support/contract.ts: F20 F23 F27 F28 what is odd is refused',
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
    'security/sealed-cookies.test.ts: F20: the cookies of a browser that is half-way through everything are no long request',
    'social/sign-in.test.ts: tabs at a provider are bounded: the cookies of a browser never outgrow a request',
  ],
  F21: [
    'infra/stacks.test.ts: F21 F25 V4.2.1 V13.2.1 the functions',
    'runtime/contract.test.ts: the functions run on Node 24, with the addon of their own architecture alone',
  ],
}
