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
const FactorsRemovalSchema = Type.Object({
  by: Type.String({ description: 'Id of the administrator who began it' }),
  confirmedBy: Type.Union([Type.String(), Type.Null()], {
    description: 'Id of another administrator who confirmed it for an administrator’s account',
  }),
  beganAt: Type.String({ format: 'date-time' }),
  effectiveAt: Type.String({
    format: 'date-time',
    description: 'From then on the next sign-in of the user does it without another administrator',
  }),
  isOwnerTold: Type.Boolean({
    description:
      'Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it',
  }),
})

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
    isTotpLocked: Type.Boolean({
      description: 'Whether one-time passwords are refused, since 100 in a row were wrong',
    }),
    factorsRemoval: Type.Union([FactorsRemovalSchema, Type.Null()], {
      description: 'A removal of all second factors that is under way',
    }),
  }),
})
