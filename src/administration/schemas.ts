import * as Type from 'typebox'
import { UNPADDED } from '../lib/well-formed.js'
import {
  EmailVerified,
  IdentityId,
  IdentitySchema,
  ProfileSchema,
  RoleSchema,
  StatusSchema,
} from '../users/schemas.js'

export const UserParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)
export const UserIdentityParams = Type.Object(
  { ...UserParams.properties, identityId: IdentityId },
  { additionalProperties: false },
)
export const FindUserBody = Type.Object(
  {
    email: Type.String({
      minLength: 1,
      maxLength: 254,
      pattern: UNPADDED,
      examples: ['ada@example.com'],
    }),
  },
  { additionalProperties: false },
)
export const ChangeUserBody = Type.Object(
  { role: Type.Optional(RoleSchema), status: Type.Optional(StatusSchema) },
  { additionalProperties: false, minProperties: 1 },
)
export const ManagedUserAnswer = Type.Object({
  user: Type.Object({
    ...ProfileSchema.properties,
    status: StatusSchema,
    createdAt: Type.String({ format: 'date-time' }),
    emailVerified: EmailVerified,
    hasPassword: Type.Boolean(),
    providers: Type.Array(Type.String(), {
      description: 'Ids of the providers that the user can sign in at',
      examples: [['google']],
    }),
    identities: Type.Array(IdentitySchema, { description: 'Suspended ones too' }),
    secondFactors: Type.Array(Type.String(), {
      description: 'What the user can prove a second factor with',
      examples: [['totp', 'recovery-code']],
    }),
  }),
})
