import type { Traces } from '../trace.js'

export const AUTH_JS: Traces = {
  'CVE-2022-35924': [
    'security/http.test.ts: GHSA-7rqj-j65f-68wh, CVE-2022-31127, CVE-2022-35924: a user’s e-mail address is one, and ASCII',
    'aws/ses-mailer.test.ts: no address changes whom a mail by SES goes to',
  ],
  'CVE-2022-31127': [
    'security/http.test.ts: GHSA-7rqj-j65f-68wh, CVE-2022-31127, CVE-2022-35924: a user’s e-mail address is one, and ASCII',
    'email/templates.test.ts: in a mail, what users chose is text on one line, cut, and no link',
  ],
  'CVE-2022-31093': [
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'prove/every-answer.test.ts: every route, asked by each method and kind of client, answers itself: ${what}',
  ],
  'CVE-2022-39263': [
    'tickets/mail-tickets.test.ts: the ticket of a mail is of the account as it was',
    'tickets/mail-tickets.test.ts: the ticket of a mail is for its browser, where it signs in',
    'sign-in/mail-sign-in.test.ts: a code of a sign-in by mail is good only where the mail was asked for',
  ],
  'CVE-2023-48309': [
    'social/evil-provider.test.ts: CVE-2023-48309 a provider’s flow is no session, and a session is no flow',
    'security/sessions.test.ts: CVE-2023-48309, JWT-12: each place of sessions takes one kind of credential',
    'security/sealed-cookies.test.ts: what is sealed in a cookie is good under its own name alone',
  ],
  'CVE-2023-27490': [
    'social/evil-provider.test.ts: CVE-2023-27490 a provider’s callback without the cookie of its flow is refused',
    'social/evil-provider.test.ts: V10.5.1 the nonce of another flow at a provider, and our own tokens, are refused',
  ],
  'GHSA-7rqj-j65f-68wh': [
    'security/http.test.ts: GHSA-7rqj-j65f-68wh, CVE-2022-31127, CVE-2022-35924: a user’s e-mail address is one, and ASCII',
    'security/http.test.ts: GHSA-7rqj-j65f-68wh: no other letter of an e-mail address signs in as the one it looks like',
  ],
  'GHSA-xmf8-cvqr-rfgj': [
    'security/http.test.ts: GHSA-xmf8-cvqr-rfgj: whatever the Authorization header holds, it is 400 or 401',
  ],
  'GHSA-x445-f3h2-j279': [
    'social/evil-provider.test.ts: OA-4 V10.2.2 CVE-2025-68158 the state of one provider is none at another',
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
  ],
  'GHSA-8fpg-xm3f-6cx3': [
    'config.test.ts: the configuration refuses identity providers that are wrong, and quotes none of their secrets',
    'social/robustness.test.ts: F32 a provider that is slow or broken',
    'entry/fuzz.test.ts: a fuzzed setting stops the boot with a sentence that quotes no secret',
  ],
  'CVE-2025-48947': [
    'security/sessions.test.ts: CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
  ],
  'CVE-2025-64762': [
    'security/sessions.test.ts: CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    { decision: 'docs/security/decisions.md#no-store-and-vary' },
  ],
  'CVE-2026-40155': [
    'entry/lambda.test.ts: F16 10,000 calls of 20 people through one Lambda instance never meet',
    'security/sessions.test.ts: CVE-2026-40155: interleaved users of sessions never get each other’s answers',
    'social/robustness.test.ts: CVE-2026-40155 fifty people who come from a provider at once each get their own session',
  ],
}
