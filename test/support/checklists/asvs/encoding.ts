import type { Traces } from '../trace.js'

export const ENCODING: Traces = {
  'V1.1.1': [
    'security/http.test.ts: CVE-2026-0976, GHSA-x732-6j76-qmhm: only the path itself is the HTTP route',
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'security/text.test.ts: a URL of an HTTP request is ASCII, and what it escapes is UTF-8',
    'security/text.test.ts: a percent sign that escapes nothing in an HTTP form stands for itself',
  ],
  'V1.2.2': [
    'security/oauth.test.ts: a sign-in at a provider takes another returnTo only where a browser would stay with us',
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'oauth/clients/redirect-uri.test.ts: redirect URIs that are hostile may not be registered, with a reason, more than 100 of them',
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
    'config.test.ts: the configuration takes an https origin for an issuer, and any on loopback',
  ],
  'V1.2.4': [
    'security/queries.test.ts: what a caller sends is a value of a query, and never a part of its words',
    'security/http.test.ts: half a character in an HTTP body is refused, and never asked of the store',
    'entry/fuzz.test.ts: a fuzzed request over a socket: every answer is our own',
  ],
  'V1.2.9': [
    'security/cryptography.test.ts: no regular expression is made of what a caller sends (ASVS V1.2.9)',
  ],
  'V1.3.6': [
    'security/foreign.test.ts: no other foreign URL is fetched',
    'security/foreign.test.ts: no foreign name with a record that is not global, or with none, is fetched',
    'config.test.ts: the configuration refuses identity providers that are wrong, and quotes none of their secrets',
    'social/evil-provider.test.ts: F32 a provider’s token endpoint that answers nonsense is not believed',
  ],
  'V1.3.11': [
    'security/http.test.ts: GHSA-7rqj-j65f-68wh, CVE-2022-31127, CVE-2022-35924: a user’s e-mail address is one, and ASCII',
    'local/smtp-mailer.test.ts: a mail by SMTP goes to the address that was given, or to none',
    'local/smtp-mailer.test.ts: a mail by SMTP keeps subjects and names in their fields',
    'aws/ses-mailer.test.ts: no address changes whom a mail by SES goes to',
  ],
  'V1.5.2': [
    'security/http.test.ts: CVE-2025-61928: no one sets fields by HTTP that they were not asked for',
    'security/sealed-cookies.test.ts: what is sealed in a cookie is good under its own name alone',
    'security/jwt.test.ts: JWT-7: the payload of an access token is a JSON object in UTF-8',
  ],
}
