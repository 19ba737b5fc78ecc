import type { Traces } from '../trace.js'

export const AUTHORIZATION: Traces = {
  'V8.1.1': [
    { decision: 'docs/security/decisions.md#who-may-call-what' },
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
    'plugins/openapi.test.ts: GET /openapi.json is the whole contract',
  ],
  'V8.1.2': [{ decision: 'docs/security/decisions.md#who-may-see-and-set-which-field' }],
  'V8.2.1': [
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
    'security/http.test.ts: CVE-2026-33808, CVE-2026-33807: each route asks for a credential or says it is public',
    'api-keys/verification.test.ts: 403 for a scope that the API key has not',
  ],
  'V8.2.2': [
    'api-keys/keys.test.ts: another person’s API key is not there (ASVS V8.2.2)',
    'sessions/sessions.test.ts: a person ends their own sessions alone (ASVS V8.2.2)',
    'social/identities.test.ts: DELETE /api/auth/identities/:id knows no identity of another, and none that is malformed',
    'events/trail.test.ts: no one else reads an audit trail, but administrators, whose look is logged',
    'factors/trusted-devices.test.ts: a trusted device is listed, and can be ended',
    'factors/passkeys.test.ts: passkeys are renamed and removed by their owner, and by no one else',
    'oauth/consents.test.ts: a person lists consents to apps, and takes one back',
    'pages/forms.test.ts: the page of another person’s key is not found',
  ],
  'V8.2.3': [
    'security/http.test.ts: CVE-2025-61928: no one sets fields by HTTP that they were not asked for',
    'security/schemas.test.ts: each route for programs says what it takes and what it answers (ASVS V2.1.1)',
    'api-keys/keys.test.ts: CVE-2025-61928: no one makes or moves an API key for another person',
    'api-keys/restrictions.test.ts: an owner can’t give back the API key scopes and limits that an administrator took',
    'events/trail.test.ts: an administrator’s address and id in the audit trail are not the person’s to see',
  ],
  'V8.3.1': [
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
    'resources/protected.test.ts: a change of role counts at once at protected resources where the store is asked: by cookie',
    'entry/origin.test.ts: a Lambda refuses unread who comes past CloudFront, in format ${format}',
  ],
  'V8.4.1': [
    {
      notApplicable:
        'There are no tenants: a deployment serves one team, in an AWS account of its own. Accounts are isolated from each other by V8.2.2.',
    },
  ],
}
