import * as Type from 'typebox'
import type { Static } from 'typebox'

/** Bytes of UTF-16 that could still normalize to a password of the longest allowed length. */
const PASSWORD_INPUT_LENGTH = 512

const Email = Type.String({ format: 'email', maxLength: 254, examples: ['ada@example.com'] })
const NewPassword = Type.String({
  minLength: 1,
  maxLength: PASSWORD_INPUT_LENGTH,
  description:
    '12 to 128 characters by default; no composition rules; common passwords are refused',
  examples: ['correct horse battery staple'],
})

const RoleSchema = Type.Enum(['user', 'admin'])

const ProfileSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: RoleSchema,
  name: Type.Optional(Type.String()),
})

export const RegisterBody = Type.Object(
  {
    email: Email,
    password: NewPassword,
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\p{C}]+$', examples: ['Ada'] }),
    ),
  },
  { additionalProperties: false },
)
export type RegisterBody = Static<typeof RegisterBody>

export const ChangePasswordBody = Type.Object(
  {
    currentPassword: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: PASSWORD_INPUT_LENGTH,
        description: 'Left out only by a user who has no password yet',
      }),
    ),
    newPassword: NewPassword,
  },
  { additionalProperties: false },
)
export type ChangePasswordBody = Static<typeof ChangePasswordBody>

export const UserAnswer = Type.Object({ user: ProfileSchema })

const IdentitySchema = Type.Object({
  id: Type.String(),
  provider: Type.String({ examples: ['google'] }),
  issuer: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  linkedAt: Type.String({ format: 'date-time' }),
})
export const IdentitiesAnswer = Type.Object({
  identities: Type.Array(IdentitySchema),
  hasPassword: Type.Boolean({ description: 'Whether the user can sign in with a password too' }),
})
export const IdentityParams = Type.Object(
  { id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) },
  { additionalProperties: false },
)
