import type { Traces } from '../trace.js'

const NEW_PASSWORD =
  'sign-in/sign-in.test.ts: POST /api/auth/password changes the password and ends every other session'

export const SESSIONS: Traces = {
  'V7.1.1': [
    { decision: 'docs/security/decisions.md#lifetimes-of-sessions' },
    'documents.test.ts: docs/configuration.md lists every variable as the schema has it',
    'security/documented-limits.test.ts: the documented limits are those of the configuration (ASVS V2.1.3, V7.1.1)',
  ],
  'V7.1.2': [
    { decision: 'SECURITY.md#brute-force' },
    'sessions/live-sessions.test.ts: of more than 100 sessions of a person, the one unused for longest ends',
  ],
  'V7.1.3': [{ decision: 'docs/security/decisions.md#sessions-at-providers-and-at-apps' }],
  'V7.2.1': [
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
    'relying-party/jwt.test.ts: latchkey/jwt refuses every token but its issuer’s',
  ],
  'V7.2.2': [
    'prove/credentials.test.ts: ASVS V7.2.2: a key neither opens nor refreshes a session',
    'sessions/refresh.test.ts: refresh answers with new tokens, of which both work',
  ],
  'V7.2.3': [
    'api-keys/verification.test.ts: an API key’s secret is 256 random bits, and no two secrets read alike',
    'tickets/store.test.ts: a ticket is good once, and for what it was made for',
    'security/sessions.test.ts: CVE-2026-27840: no piece of a refresh token, and no change of case, works',
    'security/cryptography.test.ts: secrets are of the system’s generator, and no UUID is one (ASVS V6.5.3, V11.5.1)',
  ],
  'V7.2.4': [
    'security/sessions.test.ts: CVE-2023-29019, CVE-2022-25896: a sign-in adopts no session that was there',
    'sessions/replaced.test.ts: signing in again ends the session whose cookie came along (ASVS V7.2.4)',
    'sign-in/second-step.test.ts: a step-up with cookies makes a new access cookie, and the refresh cookie stays',
  ],
  'V7.3.1': [
    'security/sessions.test.ts: a session ends by the clock when it was idle',
    'sessions/sessions.test.ts: a session ends when it is idle too long, though DynamoDB has not deleted it (ASVS V7.3.1)',
  ],
  'V7.3.2': [
    'sessions/sessions.test.ts: a session ends at its absolute age, however often refreshed (ASVS V7.3.2, V10.4.8)',
  ],
  'V7.4.1': [
    'security/sessions.test.ts: CVE-2024-31999: a copy of the cookies dies with the session',
    'sessions/sessions.test.ts: logout ends this session only',
    { decision: 'SECURITY.md#how-long-a-revocation-takes' },
  ],
  'V7.4.2': [
    'security/sessions.test.ts: GHSA-2vg6-77g8-24mp: nothing that a ${how} user holds, no session and no token, still works',
    'api-keys/keys.test.ts: a disabled owner takes all API keys along, by one write',
    'personal-data/erasure.test.ts: a deleted account opens nothing any more',
  ],
  'V7.4.3': [NEW_PASSWORD, 'sessions/sessions.test.ts: a session ends with all the others'],
  'V7.4.4': ['pages/pages.test.ts: the pages of an account have the button that signs out'],
  'V7.4.5': [
    'administration/managed-users.test.ts: an administrator changes a user’s role, and ends all sessions',
    'prove/admin.test.ts: end-sessions',
  ],
  'V7.5.1': [
    'social/identities.test.ts: V7.5.1 linking an identity wants a session of less than 15 minutes, however often refreshed',
    'sign-in/address-change.test.ts: a change of address needs a sign-in of the last 15 minutes',
    'factors/enrolment.test.ts: second factors are changed by a recent sign-in that has proved one',
    'sign-in/sign-in.test.ts: a change of password refuses a wrong current one, and counts it (ASVS V6.2.3)',
  ],
  'V7.5.2': [
    'sessions/sessions.test.ts: a session is ended by its id',
    'pages/pages.test.ts: the page of sessions ends the person’s own sessions alone',
    'sessions/apps.test.ts: the session of an app is listed with the name of the app, and ended by its owner',
    { decision: 'docs/security/decisions.md#ending-sessions' },
    {
      gap: 'A person ends sessions without signing in again, so that a session that is not theirs ends at once.',
      closedBy:
        'a recent sign-in for the routes and the page of sessions, as a change of address has it.',
    },
  ],
  'V7.6.1': [
    { decision: 'docs/security/decisions.md#sessions-at-providers-and-at-apps' },
    'sessions/apps.test.ts: an app’s session without offline access ends with the session of the browser',
    'sessions/apps.test.ts: an app’s session with offline access outlives the session of the browser',
    'social/sign-in.test.ts: V10.4.9 a provider’s session is listed, refreshed by cookie and ended like any other',
  ],
  'V7.6.2': [
    'social/evil-provider.test.ts: CVE-2023-27490 a provider’s callback without the cookie of its flow is refused',
    'social/endings.test.ts: a request ahead of its person, by prefetch or HEAD, begins or ends no provider’s flow',
    'sessions/cookies.test.ts: a page of another origin cannot sign a browser in by cookie (login CSRF)',
    'oauth/authorize.test.ts: /oauth/authorize does nothing for a request that a browser makes ahead of its person',
  ],
}
