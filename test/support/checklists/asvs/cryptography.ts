import type { Traces } from '../trace.js'

const ALGORITHMS =
  'security/cryptography.test.ts: no broken algorithm of cryptography is in the sources (ASVS V11.3.1, V11.4.1)'
const SEALED =
  'security/sealed-cookies.test.ts: what is sealed in a cookie opens in no other letter (ASVS V11.3.3)'

export const CRYPTOGRAPHY: Traces = {
  'V11.1.1': [
    { decision: 'SECURITY.md#keys' },
    { decision: 'docs/runbook.md#a-signing-key-is-compromised' },
    'relying-party/jwt.test.ts: keys of the issuer rotate under latchkey/jwt without a refused token',
    'prove/four-processes.test.ts: a rotation under load refuses not one call',
    'keyring/ring.test.ts: a key stays in the ring until the last token that it made has expired',
  ],
  'V11.1.2': [
    { decision: 'SECURITY.md#keys' },
    'security/cryptography.test.ts: SECURITY.md lists the cryptography in use (ASVS V11.1.2)',
    ALGORITHMS,
  ],
  'V11.2.1': [
    'security/cryptography.test.ts: cryptography comes from these libraries alone (ASVS V11.2.1)',
  ],
  'V11.2.2': [
    'sign-in/sign-in.test.ts: at sign-in, passwords are hashed with argon2id, and again when the parameters rise',
    'imports/hashes.test.ts: an imported ${kind} lets its person in, and is replaced (${source})',
    'keyring/maintenance.test.ts: replace-now makes the spare key sign at once, and leaves nothing of the old ring',
    { decision: 'docs/security/decisions.md#another-algorithm-for-tokens' },
  ],
  'V11.2.3': [
    'security/jwt.test.ts: CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
    'keyring/ring.test.ts: the keys of a ring are RSA of 2048 bits, and 256 random bits',
    {
      gap: 'Signing keys are RSA of 2048 bits, which is 112 bits of strength. API Gateway’s own authorizer takes RSA alone; each token that a verifier has not seen yet would cost more with 3072 bits; and keys of 30 days with 2048 bits are sound until 2030 (NIST SP 800-57). All other keys and secrets have 256 bits.',
      closedBy:
        'RSA of 3072 bits for new keys: one constant, which the rotation brings in without a refused token.',
    },
  ],
  'V11.3.1': [ALGORITHMS],
  'V11.3.2': [ALGORITHMS, SEALED],
  'V11.3.3': [
    SEALED,
    'factors/sealed-secret.test.ts: an authenticator app’s sealed secret opens in its own place alone',
  ],
  'V11.4.1': [ALGORITHMS],
  'V11.4.2': [
    'sign-in/sign-in.test.ts: at sign-in, passwords are hashed with argon2id, and again when the parameters rise',
    'config.test.ts: the configuration bounds every number',
  ],
  'V11.4.3': [ALGORITHMS],
  'V11.5.1': [
    'security/cryptography.test.ts: secrets are of the system’s generator, and no UUID is one (ASVS V6.5.3, V11.5.1)',
    'api-keys/verification.test.ts: an API key’s secret is 256 random bits, and no two secrets read alike',
    'tickets/store.test.ts: a ticket is good once, and for what it was made for',
  ],
  'V11.6.1': [
    'security/jwt.test.ts: CVE-2022-23539, GHSA-8wpc-h4q6-8fxv, JWT-5: a signing key of a wrong kind stops the start',
    'keyring/ring.test.ts: the keys of a ring are RSA of 2048 bits, and 256 random bits',
    'keyring/cached-ring.test.ts: a key ring that breaks its rules is refused',
    'factors/passkeys.test.ts: a passkey is made with a key that can verify something',
  ],
}
