import * as Type from 'typebox'
import { RegisterBody } from '../users/schemas.js'

/** Hashes that are of one string each. */
const HashText = Type.String({
  minLength: 1,
  maxLength: 1024,
  description:
    'bcrypt (`$2a$`, `$2b$`, `$2y$`, cost 4 to 12), argon2 as a PHC string (at most 128 MiB, and 256 MiB times passes), or Django’s `pbkdf2_sha256$…` (at most 1,000,000 iterations)',
  examples: ['$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
})

const KeycloakCredential = Type.Object(
  {
    secretData: Type.String({ maxLength: 2048 }),
    credentialData: Type.String({ maxLength: 2048 }),
  },
  {
    additionalProperties: true,
    description:
      'The credential of type `password` in an export of Keycloak, whole: `pbkdf2-sha256` or `pbkdf2-sha512` (at most 1,000,000 iterations), or `argon2`',
  },
)
export type KeycloakCredential = Type.Static<typeof KeycloakCredential>

const FirebaseHash = Type.Object(
  { hash: Type.String({ maxLength: 512 }), salt: Type.String({ maxLength: 256 }) },
  {
    additionalProperties: false,
    description:
      '`passwordHash` and `salt` of `firebase auth:export`; the command gets the parameters of the project by `--firebase-config`',
  },
)
export type FirebaseHash = Type.Static<typeof FirebaseHash>

/** One line of an import: a person of another service. */
export const ImportRow = Type.Object(
  {
    email: RegisterBody.properties.email,
    emailVerified: Type.Boolean({
      description:
        'Whether the other service has proved that the address is this person’s. Where that is not known: false',
    }),
    name: RegisterBody.properties.name,
    role: Type.Optional(
      Type.Literal('user', {
        description: 'An import makes no administrators: `admin promote` does, one at a time',
      }),
    ),
    createdAt: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'When the account was made at the other service; the time of the import if left out',
        examples: ['2021-05-04T12:30:00Z'],
      }),
    ),
    disabled: Type.Optional(
      Type.Boolean({ description: 'Whether the account is refused everywhere' }),
    ),
    externalId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          'The id of the person at the other service. It is printed beside the new id, and not kept',
      }),
    ),
    passwordHash: Type.Optional(
      Type.Union([HashText, KeycloakCredential, FirebaseHash], {
        description:
          'Left out for a person without a password. It is replaced by argon2id at the first sign-in',
      }),
    ),
  },
  { additionalProperties: false, title: 'A line of `admin import`' },
)
export type ImportRow = Type.Static<typeof ImportRow>
