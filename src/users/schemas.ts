import { type Static, Type } from 'typebox'

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

/** A password that is only compared: no rule but a bound. */
const Password = Type.String({ minLength: 1, maxLength: PASSWORD_INPUT_LENGTH })

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
  { currentPassword: Password, newPassword: NewPassword },
  { additionalProperties: false },
)
export type ChangePasswordBody = Static<typeof ChangePasswordBody>

export const UserAnswer = Type.Object({ user: ProfileSchema })
