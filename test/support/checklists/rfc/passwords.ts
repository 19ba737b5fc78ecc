import type { Traces } from '../trace.js'

export const PASSWORDS: Traces = {
  'NI-1': [
    'sign-in/register.test.ts: the minimum length of passwords at register is configurable',
    'sign-in/register.test.ts: register refuses a password that',
    { decision: 'docs/security/decisions.md#shortest-password' },
  ],
  'NI-2': [
    'sign-in/register.test.ts: register takes any Unicode in a password, and letters of one kind (ASVS V6.2.5, V6.2.8)',
    'sign-in/register.test.ts: register refuses a password that',
    'sign-in/register.test.ts: register normalizes a password to NFC and nothing else',
  ],
  'NI-3': [
    'sign-in/register.test.ts: register takes any Unicode in a password, and letters of one kind (ASVS V6.2.5, V6.2.8)',
    'administration/password-offers.test.ts: an administrator lets a user choose a new password, and sees no secret',
    { decision: 'docs/security/decisions.md#evidence-of-a-compromised-password' },
  ],
  'NI-4': [
    'sign-in/register.test.ts: POST /api/auth/password/check says what sign-up would',
    'sign-in/register.test.ts: register refuses a password that',
  ],
  'NI-5': [{ decision: 'SECURITY.md#brute-force' }],
  'PW-1': [
    'sign-in/sign-in.test.ts: at sign-in, passwords are hashed with argon2id, and again when the parameters rise',
    'imports/hashes.test.ts: an imported bcrypt looks at the first 72 bytes of a password',
  ],
}
