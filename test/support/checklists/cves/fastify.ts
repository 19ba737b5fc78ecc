import type { Traces } from '../trace.js'

export const FASTIFY: Traces = {
  'CVE-2023-31999': [
    'security/oauth.test.ts: OA-5 V10.4.6 CVE-2023-31999 V10.2.1 the request to a provider is unlike any other',
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
  ],
  'CVE-2023-29019': [
    'security/sessions.test.ts: CVE-2023-29019, CVE-2022-25896: a sign-in adopts no session that was there',
  ],
  'CVE-2023-29020': [
    'sessions/cookies.test.ts: state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
    'pages/pages.test.ts: forms of pages prove that they come from our own pages',
    { decision: 'docs/security/decisions.md#no-csrf-tokens' },
  ],
  'CVE-2023-27495': [
    'security/http.test.ts: CVE-2023-27495, CS-1: of a cookie sent twice, none is chosen',
    'sessions/cookies.test.ts: state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
  ],
  'CVE-2024-31999': [
    'security/sessions.test.ts: CVE-2024-31999: a copy of the cookies dies with the session',
  ],
  'CVE-2024-35220': [
    'security/sessions.test.ts: a session ends by the clock when it was idle',
    'security/sessions.test.ts: a session ends by the clock at its absolute age, however busy',
  ],
  'CVE-2022-31142': [
    'api-keys/verification.test.ts: CVE-2022-31142: a check of an API key that fails is no pass, and our outage no 401',
    'api-keys/verification.test.ts: an API key with a wrong secret and right checksum, and an unknown id, are refused alike',
    { decision: 'docs/security/decisions.md#comparing-secrets' },
  ],
  'CVE-2022-41919': [
    'security/http.test.ts: CVE-2022-41919: a content type that a form may send without asking is refused (CSRF)',
  ],
  'CVE-2025-32442': [
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
  ],
  'CVE-2026-25223 / GHSA-jx2c-rxcm-jvmq': [
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
  ],
  'CVE-2026-33806 / GHSA-247c-9743-5963': [
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
  ],
  'CVE-2026-3635': [
    'security/http.test.ts: CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing',
  ],
  'CVE-2026-2880, CVE-2026-14198': [
    'security/http.test.ts: CVE-2026-2880, CVE-2026-14198: no other spelling of a route’s path leads past its guard',
    'security/http.test.ts: CVE-2026-0976, GHSA-x732-6j76-qmhm: only the path itself is the HTTP route',
  ],
  'CVE-2026-33808, CVE-2026-33807': [
    'security/http.test.ts: CVE-2026-33808, CVE-2026-33807: each route asks for a credential or says it is public',
    'security/http.test.ts: CVE-2026-2880, CVE-2026-14198: no other spelling of a route’s path leads past its guard',
  ],
  'fastify-jwt@25a48a7 (10.1.0)': [
    'security/http.test.ts: fastify-jwt@25a48a7: a tampered access cookie is 401, whatever is in it',
  ],
  'aws-lambda-fastify#109, #50, #97': [
    'entry/lambda.test.ts: Lambda answers the contract in payload format ${format}, with no work left after an answer',
    'support/contract.ts: F22 F29 cookies, two at once',
  ],
}
