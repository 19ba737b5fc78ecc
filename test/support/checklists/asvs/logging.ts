import type { Traces } from '../trace.js'

const CATALOGUE = 'events/catalogue.test.ts: docs/events.md lists every event'
const LEAKS = 'support/leaks.test.ts: the scan of the suite finds a secret'
const LINES =
  'security/log-lines.test.ts: each log line says when, in UTC, and which service (ASVS V16.2.2, V16.2.4)'

export const LOGGING: Traces = {
  'V16.1.1': [{ decision: 'docs/operations.md#logs' }, CATALOGUE],
  'V16.2.1': [
    'security/who.test.ts: every security event says who it was (ASVS 16.2.1)',
    'security/who.test.ts: in a security event, whom an attempt was for is a digest under a data key, known or not',
  ],
  'V16.2.2': [LINES],
  'V16.2.3': [
    { decision: 'docs/operations.md#logs' },
    'infra/stacks.test.ts: the API is limited, and logs what holds no secret',
    'local/server.test.ts: the local server prints its address first, and its log after that as JSON',
  ],
  'V16.2.4': [LINES, CATALOGUE],
  'V16.2.5': [
    LEAKS,
    'entry/lambda.test.ts: the Lambda prints no secret',
    'entry/fuzz.test.ts: a fuzzed request over a socket: every answer is our own',
    'infra/edge.test.ts: the log of the firewall shows no credential',
  ],
  'V16.3.1': [
    'events/actions.test.ts: every action of the service leaves security events in the trail, or says why not',
    'security/who.test.ts: every security event says who it was (ASVS 16.2.1)',
    'sign-in/sign-in.test.ts: a sign-in answers unknown user, wrong password and disabled user alike',
    'security/gate.test.ts: every route that can end in a session passes the gate',
    'sign-in/mail-sign-in.test.ts: a sign-in by mail takes the ${by}, once',
    'factors/passkeys.test.ts: a passkey signs in alone, and counts for two factors',
    'factors/second-factors.test.ts: wrong second factors are told to the owner at the fifth',
  ],
  'V16.3.2': ['security/log-lines.test.ts: refused authorization is logged (ASVS V16.3.2)'],
  'V16.3.3': [
    { decision: 'docs/security/decisions.md#what-is-not-logged-one-by-one' },
    'security/who.test.ts: every security event says who it was (ASVS 16.2.1)',
    'sessions/replay.test.ts: a refresh token rotated a moment ago is a conflict for a client of another network and agent',
    'sessions/cookies.test.ts: state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
  ],
  'V16.3.4': [
    'plugins/errors.test.ts: the problem of an unexpected error says nothing but a request id',
    'plugins/errors.test.ts: the problem of a store that is away is 503 with Retry-After, never a 401',
  ],
  'V16.4.1': [
    'security/log-lines.test.ts: what a caller sends stays in its field of one log line (ASVS V16.4.1)',
  ],
  'V16.4.2': [
    'infra/stacks.test.ts: the API is limited, and logs what holds no secret',
    'infra/settings.test.ts: stages stand beside each other, with tags and one key for all that is kept',
    { decision: 'docs/security/decisions.md#logs-and-who-can-change-them' },
  ],
  'V16.4.3': [
    { decision: 'docs/security/decisions.md#logs-and-who-can-change-them' },
    'infra/events.test.ts: events go to a bus of their own, or to one of the team',
  ],
  'V16.5.1': [
    'plugins/errors.test.ts: the problem of an unexpected error says nothing but a request id',
    'plugins/errors.test.ts: an HTTP error about what no header can hold never shows a library’s words',
    'entry/fuzz.test.ts: a fuzzed request over a socket: every answer is our own',
  ],
  'V16.5.2': [
    'api-keys/verification.test.ts: CVE-2022-31142: a check of an API key that fails is no pass, and our outage no 401',
    'plugins/errors.test.ts: the problem of a store that is away is 503 with Retry-After, never a 401',
    'social/robustness.test.ts: F32 a provider that is slow or broken',
    'entry/lambda.test.ts: F33 a key ring that a Lambda cannot read is 503, and no reason to start anew',
  ],
  'V16.5.3': [
    'limits/rate-limit.test.ts: when the rate limits’ store is away, sign-in is refused with 503 by default',
    'relying-party/guards.test.ts: a relying party’s guard that is not called is refused when its route is registered',
    'relying-party/api-key.test.ts: latchkey/api-key fails closed because the issuer is away',
    'entry/authorizer.test.ts: a cold authorizer that cannot learn the keys lets no call in',
  ],
}
