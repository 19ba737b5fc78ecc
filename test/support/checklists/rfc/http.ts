import type { Traces } from '../trace.js'

export const HTTP: Traces = {
  'PD-1': [
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    'prove/every-answer.test.ts: every route, asked by each method and kind of client, answers itself: ${what}',
  ],
  'RL-1': [{ decision: 'docs/security/decisions.md#fields-of-rate-limits' }],
  'RL-2': [
    'limits/rate-limit.test.ts: the rate limit by address says how much is left, and when to come back',
  ],
  'RS-1': [
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
    'security/http.test.ts: RS-1, PD-1: the answer to a request that Node itself refuses has the security headers',
    'prove/every-answer.test.ts: every route, asked by each method and kind of client, answers itself: ${what}',
  ],
  'CK-1': [
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    'security/sealed-cookies.test.ts: F20: the cookies of a browser that is half-way through everything are no long request',
    { decision: 'docs/security/decisions.md#sizes-of-cookies' },
  ],
  'CS-1': [
    'sessions/cookies.test.ts: state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
    'pages/pages.test.ts: forms of pages prove that they come from our own pages',
    'security/http.test.ts: CVE-2023-27495, CS-1: of a cookie sent twice, none is chosen',
  ],
  'LG-1': [
    'events/actions.test.ts: every action of the service leaves security events in the trail, or says why not',
    'security/who.test.ts: every security event says who it was (ASVS 16.2.1)',
    'events/catalogue.test.ts: docs/events.md lists every event',
    { decision: 'docs/security/decisions.md#names-of-events' },
  ],
}
