import * as Type from 'typebox'
import type { Static } from 'typebox'
import { DISPLAY_NAME } from '../lib/display-name.js'
import { describedAs } from '../http/described-schema.js'
import { SUSPENDED_REASONS } from '../lib/suspension.js'
import { UNPADDED } from '../lib/well-formed.js'
import { HAS_MAIL_PROOF, MAIL_PROOF } from '../tickets/schemas.js'

/** Longest password, in code points. Well above 64 (NIST SP 800-63B §3.1.1.2), and bounds argon2's input. */
export const MAX_PASSWORD_LENGTH = 128

/** Code points, as JSON Schema counts: each of a normalized password may have been typed as up to four. */
const PASSWORD_INPUT_LENGTH = 512

/** The pattern refuses nothing that the format takes: it says what is wrong in the words of the sign-in. */
export const Email = Type.String({
  format: 'email',
  maxLength: 254,
  pattern: UNPADDED,
  examples: ['ada@example.com'],
})
const CandidatePassword = Type.String({
  minLength: 1,
  maxLength: PASSWORD_INPUT_LENGTH,
  description:
    '12 to 128 characters by default; no composition rules; common passwords are refused',
  examples: ['correct horse battery staple'],
})
const NewPassword = describedAs(CandidatePassword, { maxLength: MAX_PASSWORD_LENGTH })

export const RoleSchema = Type.Enum(['user', 'admin'])
export const StatusSchema = Type.Enum(['active', 'disabled'])

const NewUserSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: RoleSchema,
  name: Type.Optional(Type.String()),
})
export const ProfileSchema = Type.Object({
  ...NewUserSchema.properties,
  email: Type.Optional(
    Type.String({ description: 'Missing where the address was freed from the account' }),
  ),
})

const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: DISPLAY_NAME,
  examples: ['Ada'],
})

export const RegisterBody = Type.Object(
  {
    email: Email,
    password: NewPassword,
    name: Type.Optional(Name),
  },
  { additionalProperties: false },
)
export type RegisterBody = Static<typeof RegisterBody>

export const RenameBody = Type.Object(
  { name: Type.Union([Name, Type.Null()], { description: 'Null takes the name away' }) },
  { additionalProperties: false },
)

export const CurrentPassword = Type.String({
  minLength: 1,
  maxLength: PASSWORD_INPUT_LENGTH,
  description: 'Left out only by a user who has no password yet',
})
export const ChangePasswordBody = Type.Object(
  {
    currentPassword: Type.Optional(CurrentPassword),
    newPassword: NewPassword,
    suspendRecentCredentials: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          'Whether API keys, identities and passkeys that were made lately are suspended',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ChangePasswordBody = Static<typeof ChangePasswordBody>

export const ForgotPasswordBody = Type.Object({ email: Email }, { additionalProperties: false })

export const ResetPasswordBody = Type.Object(
  { ...MAIL_PROOF, newPassword: NewPassword },
  { additionalProperties: false, ...HAS_MAIL_PROOF },
)

export const CheckPasswordBody = Type.Object(
  {
    password: CandidatePassword,
    email: Type.Optional(
      Type.String({
        maxLength: 254,
        description: 'Address of the account; the password must not contain it',
      }),
    ),
  },
  { additionalProperties: false },
)

/** Why a password is refused. */
export const PasswordRefusal = Type.Enum([
  'NOT_UNICODE',
  'TOO_SHORT',
  'TOO_LONG',
  'COMMON',
  'REPETITIVE',
  'CONTAINS_EMAIL',
])
export type PasswordRefusal = Static<typeof PasswordRefusal>

export const CheckPasswordAnswer = Type.Object({
  accepted: Type.Boolean(),
  refusal: Type.Optional(PasswordRefusal),
  message: Type.Optional(
    Type.String({ examples: ['is one of the most common passwords, or little more'] }),
  ),
  strength: Type.Integer({
    minimum: 0,
    maximum: 4,
    description: 'How hard it is to guess, by zxcvbn: 0 is the first to be tried, 4 is strong',
  }),
})
export type CheckPasswordAnswer = Static<typeof CheckPasswordAnswer>

export const RegisterAnswer = Type.Object({
  user: NewUserSchema,
  flow: Type.Optional(
    Type.String({
      description:
        'Works with the code of the mail that proves the address; missing where the service sends no mail',
    }),
  ),
})

export const EmailVerified = Type.Boolean({
  description: 'Whether a mail or an identity provider has proved that the address is this user’s',
})

export const ProfileAnswer = Type.Object({
  user: Type.Object({ ...ProfileSchema.properties, emailVerified: EmailVerified }),
})

export const IdentitySchema = Type.Object({
  id: Type.String(),
  provider: Type.String({ examples: ['google'] }),
  issuer: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  linkedAt: Type.String({ format: 'date-time' }),
  status: Type.Enum(['active', 'suspended'], {
    description:
      'A suspended identity does not sign in until its owner or an administrator enables it',
  }),
  suspendedReason: Type.Union([Type.Enum([...SUSPENDED_REASONS]), Type.Null()]),
})
export const IdentityAnswer = Type.Object({ identity: IdentitySchema })
export const EnableIdentityBody = Type.Object(
  { status: Type.Literal('active') },
  { additionalProperties: false },
)
export const IdentitiesAnswer = Type.Object({
  identities: Type.Array(IdentitySchema),
  hasPassword: Type.Boolean({ description: 'Whether the user can sign in with a password too' }),
})
export const IdentityId = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })
export const IdentityParams = Type.Object({ id: IdentityId }, { additionalProperties: false })
