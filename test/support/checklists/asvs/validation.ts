import type { Traces } from '../trace.js'

export const VALIDATION: Traces = {
  'V2.1.1': [
    'security/schemas.test.ts: each route for programs says what it takes and what it answers (ASVS V2.1.1)',
    'plugins/openapi.test.ts: GET /openapi.json has every route that there can be',
    'plugins/openapi.test.ts: the OpenAPI document describes what a client can make, and all that it can hear',
  ],
  'V2.1.3': [
    { decision: 'SECURITY.md#brute-force' },
    { decision: 'docs/api.md#rate-limits' },
    'security/documented-limits.test.ts: the documented limits are those of the configuration (ASVS V2.1.3, V7.1.1)',
  ],
  'V2.2.1': [
    'entry/fuzz.test.ts: a fuzzed request over a socket: every answer is our own',
    'security/schemas.test.ts: each route for programs says what it takes and what it answers (ASVS V2.1.1)',
    'security/http.test.ts: CVE-2025-61928: no one sets fields by HTTP that they were not asked for',
    'sign-in/register.test.ts: register refuses a body that is not the schema, field by field',
  ],
  'V2.2.2': [
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
    'pages/pages.test.ts: the form of the sign-up page (/register) is judged as the API judges',
  ],
  'V2.3.1': [
    'social/evil-provider.test.ts: CVE-2023-27490 a provider’s callback without the cookie of its flow is refused',
    'social/sign-in.test.ts: OA-3 OA-13 a provider’s callback visited twice opens one session',
    'tickets/mail-tickets.test.ts: the ticket of a mail is nothing that a person makes up',
    'sign-in/second-step.test.ts: the ticket of a second step of one kind opens no door of another',
    'sign-in/verification.test.ts: an address is proved once, of 50 attempts at a time',
    'sessions/refresh.test.ts: refresh refuses a forged refresh token without a read',
  ],
  'V2.3.2': [
    'api-keys/keys.test.ts: an owner has so many API keys and no more',
    'sessions/live-sessions.test.ts: a person keeps at most 100 sessions, and 5 for each of ${count} instances',
    'sign-in/password-reset.test.ts: three password reset mails an hour are sent for strangers, and three for a known browser',
    'security/limiter.test.ts: CVE-2024-1722: a parallel burst on two instances passes no limit',
    { decision: 'SECURITY.md#brute-force' },
  ],
  'V2.3.3': [
    'sign-in/suspending.test.ts: a new password suspends API keys together or not at all while the store fails half-way',
    'social/robustness.test.ts: an outage during a provider’s flow costs another try, and leaves nothing half-written',
    'prove/faults-accounts.test.ts: a fault of the store leaves an account whole, and a change with its event',
    'prove/factors.test.ts: with a fault of the store at any call',
    'prove/faults-machines.test.ts: a fault of the store leaves keys, apps and accounts of others whole',
  ],
  'V2.3.4': [
    'sessions/refresh.test.ts: 50 parallel refreshes of one token over sockets: one next token, one live head',
    'oauth/exchange.test.ts: an app swaps a code once: of twenty at a time, one gets tokens',
    'sign-in/password-reset.test.ts: one of fifty password resets at once succeeds',
    'sign-in/register.test.ts: register gives 50 parallel tries with one e-mail one 201, 49 × 409 and one user',
    'social/sign-in.test.ts: OA-3 a provider’s callback sent twice at once opens one session',
  ],
  'V2.4.1': [
    'prove/limited-routes.test.ts: every auth route and every form is limited before an account is looked up',
    'limits/rate-limit.test.ts: an account that its limit blocks costs no argon2',
    'sessions/pace.test.ts: a session’s rotations are counted from each rotation, so that no edge of a window helps',
    'api-keys/holder.test.ts: what is asked of API keys, by keys and by owners, is limited by address, first',
  ],
}
