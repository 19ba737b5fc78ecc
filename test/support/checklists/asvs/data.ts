import type { Traces } from '../trace.js'

const TABLES = 'infra/stacks.test.ts: V14.2.2 V14.2.4 V14.1.2 the tables'

export const DATA: Traces = {
  'V14.1.1': [
    { decision: 'docs/security/decisions.md#classes-of-data' },
    { decision: 'docs/privacy.md#what-is-kept' },
  ],
  'V14.2.1': [
    'security/http.test.ts: BR-2, BR-5, CVE-2026-9689: a token in the URL is refused, alone or with others',
    'api-keys/verification.test.ts: 400 for an API key in the URL, even beside a good one',
    'email/templates.test.ts: in a mail, a ticket’s link is in the fragment, its code in two groups',
    'support/leaks.test.ts: the scan of the suite finds a secret',
  ],
  'V14.2.2': [
    TABLES,
    'infra/edge.test.ts: V12.2.1 V4.1.2 CloudFront stands in front of the API',
    'entry/authorizer.test.ts: F30 the authorizer allows a token for the whole stage, so that a cached answer fits each route',
  ],
  'V14.2.4': [TABLES, 'infra/stacks.test.ts: the API is limited, and logs what holds no secret'],
  'V14.3.1': [
    'sessions/cookies.test.ts: the access cookie authenticates, and its session dies at once',
    'sessions/cookies.test.ts: ending the own session empties the browser’s cookies, wherever it is ended',
  ],
  'V14.3.2': [
    'security/sessions.test.ts: CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    'oauth/machine-tokens.test.ts: TE-1: /oauth/token answers as RFC 6749 §5.1 wants, for no cache to keep',
  ],
}
