import type { Traces } from '../trace.js'

export const API_GATEWAY: Traces = {
  F22: [
    'support/contract.ts: F22 F29 cookies, two at once',
    'security/http.test.ts: CVE-2023-27495, CS-1: of a cookie sent twice, none is chosen',
  ],
  F23: [
    'support/contract.ts: F20 F23 F27 F28 what is odd is refused',
    'security/http.test.ts: BR-1: the scheme of a token in Authorization is Bearer in any case, once',
  ],
  F24: [
    'support/contract.ts: sign-up, sign-in, refresh, profile, logout',
    'entry/lambda.test.ts: a body of a Lambda event in base64 that is not UTF-8 is refused',
  ],
  F25: [
    'support/contract.ts: sign-up, sign-in, refresh, profile, logout',
    'security/limiter.test.ts: CVE-2026-45364: an address has one rate limit count, however it is spelled',
  ],
  F26: [
    'security/http.test.ts: CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing',
    'security/oauth.test.ts: OA-14 what a proxy may have said changes no redirect to a provider',
  ],
  F27: [
    'security/oauth.test.ts: F27 a parameter of a provider’s callback that is there twice is refused',
    'oauth/authorize.test.ts: /oauth/authorize redirects nothing before client and redirect URI are proved',
    'oauth/authorize.test.ts: /oauth/authorize returns no state that came twice or is too long',
    'support/contract.ts: F20 F23 F27 F28 what is odd is refused',
  ],
  F28: [
    'support/contract.ts: F20 F23 F27 F28 what is odd is refused',
    'security/http.test.ts: CVE-2026-2880, CVE-2026-14198: no other spelling of a route’s path leads past its guard',
  ],
  F29: [
    'support/contract.ts: F22 F29 cookies, two at once',
    'entry/lambda.test.ts: Lambda answers the contract in payload format ${format}, with no work left after an answer',
  ],
  F30: [
    'entry/authorizer.test.ts: F30 the authorizer allows a token for the whole stage, so that a cached answer fits each route',
    'infra/stacks.test.ts: another API is protected by both authorizers',
  ],
  F31: [
    'sessions/refresh.test.ts: a refresh token replayed inside the grace window yields the same successor',
    'dynamodb/database.test.ts: a DynamoDB write of a sign-up whose answer was lost still counts as made',
    'client/client.test.ts: the client never asks again what is not idempotent',
    { decision: 'docs/security/decisions.md#requests-that-are-sent-twice' },
  ],
}
