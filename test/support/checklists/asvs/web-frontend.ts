import type { Traces } from '../trace.js'

const HEADERS =
  'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem'
const EVERY_ANSWER = 'entry/fuzz.test.ts: a fuzzed request over a socket: every answer is our own'
const COOKIES = 'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule'
const PAGES =
  'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB'

export const WEB_FRONTEND: Traces = {
  'V3.2.1': [
    HEADERS,
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    'prove/every-answer.test.ts: every route, asked by each method and kind of client, answers itself: ${what}',
  ],
  'V3.3.1': [
    COOKIES,
    'sessions/cookies.test.ts: a sign-in by cookie puts the tokens in HttpOnly cookies and not in the answer',
  ],
  'V3.3.2': [
    COOKIES,
    'sessions/cookies.test.ts: a sign-in by cookie puts the tokens in HttpOnly cookies and not in the answer',
    'security/oauth.test.ts: OA-3 V10.1.2 the request to a provider is bound to the browser by a short-lived cookie',
  ],
  'V3.3.3': [COOKIES],
  'V3.3.4': [COOKIES, 'support/leaks.test.ts: the scan of the suite finds a secret'],
  'V3.4.1': [
    HEADERS,
    'security/http.test.ts: RS-1, PD-1: a bad URL as the first request of an instance gets the security headers',
    'security/http.test.ts: RS-1, PD-1: the answer to a request that Node itself refuses has the security headers',
    EVERY_ANSWER,
  ],
  'V3.4.2': [
    'plugins/cors.test.ts: CORS lets listed origins call with credentials, and no other (ASVS V3.4.2)',
    'plugins/cors.test.ts: CORS is off by default',
    'config.test.ts: the configuration refuses CORS_ORIGINS that are no exact origin',
    'oauth/discovery.test.ts: pages of any origin call OAuth endpoints that read no cookie, without credentials',
  ],
  'V3.4.3': [HEADERS, PAGES],
  'V3.4.4': [HEADERS, EVERY_ANSWER],
  'V3.4.5': [HEADERS, EVERY_ANSWER],
  'V3.4.6': [HEADERS, EVERY_ANSWER, PAGES],
  'V3.5.1': [
    'sessions/cookies.test.ts: state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
    'sessions/cookies.test.ts: a page of another origin cannot sign a browser in by cookie (login CSRF)',
    'pages/pages.test.ts: forms of pages prove that they come from our own pages',
  ],
  'V3.5.2': [
    'security/http.test.ts: CVE-2022-41919: a content type that a form may send without asking is refused (CSRF)',
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
  ],
  'V3.5.3': [
    'social/endings.test.ts: GET of pages and providers’ flows does nothing ahead of its person (prefetch), HEAD never',
    'events/trail.test.ts: reads and refreshes write no event to the trail',
    'events/actions.test.ts: every action of the service leaves security events in the trail, or says why not',
    'prove/authorization-requests.test.ts: a picture of another site signs no one out',
  ],
  'V3.7.2': [
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'pages/pages.test.ts: the sign-in page leads on to where it may, and nowhere else',
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
  ],
}
