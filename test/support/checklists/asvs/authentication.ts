import type { Traces } from '../trace.js'

const COMMON =
  'users/password-policy.test.ts: a common password is refused at sign-up and at a change'
const SERVICE_NAME =
  'users/password-policy.test.ts: the name of the service is no password (ASVS V6.1.2, V6.2.11)'
const REFUSES = 'sign-in/register.test.ts: register refuses a password that'
const ANY_UNICODE =
  'sign-in/register.test.ts: register takes any Unicode in a password, and letters of one kind (ASVS V6.2.5, V6.2.8)'
const PASSWORD_FIELDS =
  'pages/pages.test.ts: the pages with a password mask it, and name it to password managers'
const GATE = 'security/gate.test.ts: every route that can end in a session passes the gate'
const GENERATOR =
  'security/cryptography.test.ts: secrets are of the system’s generator, and no UUID is one (ASVS V6.5.3, V11.5.1)'

export const AUTHENTICATION: Traces = {
  'V6.1.1': [
    { decision: 'SECURITY.md#brute-force' },
    'limits/rate-limit.test.ts: who hammers an account’s limit locks no owner out of a known address (ASVS V6.1.1)',
    'limits/rate-limit.test.ts: a browser that was signed in is known to the account’s limit wherever it goes',
  ],
  'V6.1.2': [{ decision: 'docs/api.md#passwords' }, SERVICE_NAME, REFUSES],
  'V6.1.3': [
    { decision: 'docs/security/decisions.md#ways-in-and-their-strength' },
    GATE,
    'security/sessions.test.ts: GHSA-2vg6-77g8-24mp: nothing that a ${how} user holds, no session and no token, still works',
    'api-keys/at-once.test.ts: an API key stops with its owner, by whichever way they are disabled',
    'social/sign-in.test.ts: a disabled user is refused after a provider’s sign-in and gets no session',
  ],
  'V6.2.1': [
    REFUSES,
    'sign-in/register.test.ts: the minimum length of passwords at register is configurable',
    'config.test.ts: the configuration bounds every number',
  ],
  'V6.2.2': [
    'sign-in/sign-in.test.ts: POST /api/auth/password changes the password and ends every other session',
    'pages/pages.test.ts: the account page changes the password',
  ],
  'V6.2.3': [
    'sign-in/sign-in.test.ts: a change of password refuses a wrong current one, and counts it (ASVS V6.2.3)',
    'sign-in/sign-in.test.ts: a change of password takes a current one that is left out for a wrong one, and counts it',
  ],
  'V6.2.4': [
    { decision: 'docs/security/decisions.md#common-passwords' },
    'users/password-policy.test.ts: each common password that is long enough is refused',
    'users/password-policy.test.ts: each common password that is made long enough by a few digits is refused',
    COMMON,
  ],
  'V6.2.5': [ANY_UNICODE],
  'V6.2.6': [PASSWORD_FIELDS],
  'V6.2.7': [PASSWORD_FIELDS],
  'V6.2.8': [
    ANY_UNICODE,
    'sign-in/register.test.ts: register normalizes a password to NFC and nothing else',
    'imports/hashes.test.ts: an imported bcrypt looks at the first 72 bytes of a password',
  ],
  'V6.2.9': [ANY_UNICODE, REFUSES],
  'V6.2.10': [
    'users/password-policy.test.ts: a password is good for years without a change (ASVS V6.2.10)',
  ],
  'V6.2.11': [SERVICE_NAME, REFUSES],
  'V6.2.12': [
    {
      gap: 'New passwords are compared with 49,000 common ones, and with no corpus of breached passwords: a service that asks another one at each sign-up would depend on it, and the corpus does not fit into a function.',
      closedBy:
        'a check by k-anonymity (the first five letters of a SHA-1 digest) against a service that the team chooses, off by default, that fails open with an event.',
    },
  ],
  'V6.3.1': [
    'limits/rate-limit.test.ts: the rate limit by account: of parallel guesses from rotating addresses N are looked at',
    'security/limiter.test.ts: CVE-2024-1722: a parallel burst on two instances passes no limit',
    'security/limiter.test.ts: CVE-2026-45364: an address has one rate limit count, however it is spelled',
    'prove/instances.test.ts: ${n} instances compare at most limit + ${n} passwords of a known address',
    'prove/guessers.test.ts: a stranger’s wrong passwords at two instances, 10,000 of them with --full, leave one item of the trail an hour',
  ],
  'V6.3.2': [
    'security/defaults.test.ts: a new service has no account, no key and no app (ASVS V6.3.2)',
  ],
  'V6.3.3': [
    { decision: 'docs/second-factors.md#when-the-policy-asks-for-a-factor' },
    'prove/second-factor-doors.test.ts: no door opens a session without the factors that the policy wants',
    'sign-in/second-step.test.ts: a password opens no account that has a second factor',
    'sign-in/forced-enrolment.test.ts: a forced enrolment makes second factor and session together',
    {
      gap: 'A second factor is asked for only where `SECOND_FACTOR` is `required`; the default is `optional`, so that an installation starts without an authenticator app.',
      closedBy: '`SECOND_FACTOR=required`, which each team can set.',
    },
  ],
  'V6.3.4': [
    'security/gate.test.ts: every route that opens a session or a stranger may use is known to the test of the gate',
    'security/http.test.ts: CVE-2026-33808, CVE-2026-33807: each route asks for a credential or says it is public',
    'prove/second-factor-doors.test.ts: each route that anyone can call is a door of these, or opens nothing',
  ],
  'V6.4.1': [
    'tickets/mail-tickets.test.ts: the ticket of a mail has a link and a code, until they expire',
    'tickets/mail-tickets.test.ts: the ticket of a mail is used up with the change that it is for',
    'sign-in/password-reset.test.ts: one of fifty password resets at once succeeds',
    'administration/invitations.test.ts: an invitation is accepted once, by however many at once',
    'administration/invitations.test.ts: the link of an invitation ends after a day, and the invitation after seven',
    'sign-in/initial-password.test.ts: an initial password is replaced at the first sign-in, once',
  ],
  'V6.4.2': [{ decision: 'docs/security/decisions.md#no-hints-and-no-secret-questions' }],
  'V6.4.3': [
    'sign-in/password-reset.test.ts: a stranger gives a password reset mail no address of their own',
    'sign-in/password-reset.test.ts: a password reset takes the ${by} of a mail, once',
    'prove/second-factor-doors.test.ts: no door opens a session without the factors that the policy wants',
    'factors/trusted-devices.test.ts: the trust in a device ends with what it rests on',
    'security/sessions.test.ts: CVE-2026-22706: a new password ends the refresh tokens of other sessions',
  ],
  'V6.4.4': [
    { decision: 'docs/second-factors.md#when-they-are-lost' },
    'factors/removal.test.ts: an administrator begins the removal of factors; the first sign-in after 24 hours does it',
    'factors/removal.test.ts: the owner takes back the removal of factors by the mail, without a session',
  ],
  'V6.5.1': [
    'factors/second-factors.test.ts: a one-time password is good once',
    'factors/second-factors.test.ts: of sign-ins at once with a one-time password one gets in',
    'factors/second-factors.test.ts: a recovery code is good once, however it is typed',
    'sign-in/mail-sign-in.test.ts: one of fifty sign-ins by one mail at once succeeds',
  ],
  'V6.5.2': [
    'sessions/refresh.test.ts: a refresh token is stored as the SHA-256 of its secret, which opens nothing',
    'api-keys/keys.test.ts: an API key’s secret is shown once, and only its hash is stored',
    'tickets/store.test.ts: a ticket’s secret is not in the table',
    { decision: 'docs/second-factors.md#how-secrets-are-kept' },
  ],
  'V6.5.3': [GENERATOR],
  'V6.5.4': [
    'prove/mail-codes.test.ts: codes of a million tickets are spread evenly',
    'factors/totp.test.ts: a one-time password (TOTP) is six digits, with spaces as apps show it',
    { decision: 'docs/second-factors.md#recovery-codes' },
  ],
  'V6.5.5': [
    'sign-in/mail-sign-in.test.ts: a sign-in by mail takes the code for ten minutes, and the link for half an hour',
    'factors/totp.test.ts: the clock of a phone that makes one-time passwords (TOTP) may be a step early or late',
    {
      gap: 'The code of a mail is good for 10 minutes, the link for 30, because mail is often late; it has 256 bits and signs in only in the browser that asked. A one-time password is accepted a step early or late (90 seconds in all, RFC 6238 §5.2), because the clocks of phones differ.',
      closedBy:
        'links of 10 minutes, and one step of one-time passwords, at the cost of people whose mail or clock is late.',
    },
  ],
  'V6.6.1': [
    {
      notApplicable:
        'No code goes by telephone or SMS: codes are of an app, of paper or of a mail.',
    },
  ],
  'V6.6.2': [
    'sign-in/mail-sign-in.test.ts: a code of a sign-in by mail is good only where the mail was asked for',
    'tickets/mail-tickets.test.ts: the ticket of a mail is for its browser, where it signs in',
    'prove/mail-doors.test.ts: the ticket of each mail opens its own doors, and no other',
  ],
  'V6.6.3': [
    'prove/mail-guesses.test.ts: five are compared for a flow, and its link stays good',
    'prove/mail-guesses.test.ts: ten are compared for an account in a day, over a flow for each address',
    'sign-in/password-reset.test.ts: three password reset mails an hour are sent for strangers, and three for a known browser',
  ],
  'V6.8.1': [
    'social/sign-in.test.ts: V6.8.1 V10.3.3 one subject at two providers is two users',
    'social/identities.test.ts: V6.8.1 V10.3.3 V10.5.2 a subject of one provider opens no account at another',
    'social/presets.test.ts: CVE-2023-3128 an address that the Microsoft tenant does not own is ignored',
  ],
  'V6.8.2': [
    'social/evil-provider.test.ts: V6.8.2 a provider’s ID token whose signature proves nothing is refused',
    'social/presets.test.ts: a provider with ES256 is held to it',
  ],
  'V6.8.4': [
    'factors/second-factors.test.ts: what a provider says of factors proves no second factor here',
    'relying-party/step-up.test.ts: to a relying party a level satisfies itself and the weaker ones of Latchkey',
  ],
}
