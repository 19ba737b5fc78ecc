import type { Traces } from '../trace.js'

export const FACTORS: Traces = {
  '16': [
    'factors/second-factors.test.ts: of sign-ins at once with a one-time password one gets in',
    'factors/second-factors.test.ts: a used one-time password stays refused for as long as it would be right',
    'factors/second-factors.test.ts: one-time passwords before a used one are refused',
  ],
  '17': [
    'prove/second-factor-doors.test.ts: no door opens a session without the factors that the policy wants',
    'prove/second-factor-doors.test.ts: each route that anyone can call is a door of these, or opens nothing',
    'security/gate.test.ts: every route that can end in a session passes the gate',
  ],
  '18': [
    'factors/passkey-forgeries.test.ts: a passkey’s challenge is used up by the first answer, right or wrong',
    'factors/passkey-forgeries.test.ts: a passkey’s challenge of one door opens no other',
    'factors/passkeys.test.ts: a passkey signs in once for each challenge, for ten minutes',
  ],
  '19': [
    'factors/passkey-forgeries.test.ts: a passkey’s assertion opens nothing that has',
    'factors/passkey-forgeries.test.ts: a passkey is not made by an attestation that has',
  ],
  '20': [
    'factors/passkey-forgeries.test.ts: a passkey’s assertion opens nothing that has',
    'factors/passkey-forgeries.test.ts: a passkey is not made by an attestation that has',
    'factors/passkeys.test.ts: a passkey is made by the options of the service, which ask for all that it needs',
    'prove/passkeys.test.ts: a person who can not show who they are makes and uses none',
  ],
  '21': [
    'factors/passkeys.test.ts: a passkey’s counter may not go back, unless devices share the passkey',
  ],
  '22': [
    'config.test.ts: the configuration has passkeys where the issuer has a name of its own',
    'infra/stacks.test.ts: people can have passkeys where the service has a domain of its own',
  ],
  '23': [
    'factors/second-factors.test.ts: a recovery code lets in one of sign-ins at once',
    'factors/second-factors.test.ts: a recovery code opens no other account',
    'factors/second-factors.test.ts: a recovery code is good once, however it is typed',
    'factors/enrolment.test.ts: new recovery codes take the place of the old ones at once',
  ],
  '41': [
    'factors/second-factors.test.ts: wrong second factors are ten in a quarter of an hour, of all kinds, tickets and doors',
    'prove/factors.test.ts: of 1,000 wrong codes over 200 tickets and 4 processes ten are compared',
  ],
}
