import * as Type from 'typebox'
import { UNPADDED } from '../lib/well-formed.js'
import { SessionsAnswer } from '../sessions/schemas.js'
import {
  EmailVerified,
  IdentityId,
  IdentitySchema,
  ProfileSchema,
  Email,
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

const Cursor = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,400}$',
  description: 'The `cursor` of the page before',
})
export const PeopleQuery = Type.Object(
  {
    cursor: Type.Optional(Cursor),
    status: Type.Optional(
      Type.Enum(['active', 'disabled'], { description: 'Of this status alone' }),
    ),
  },
  { additionalProperties: false },
)
export const SearchPeopleBody = Type.Object(
  {
    query: Type.String({
      minLength: 1,
      maxLength: 254,
      pattern: UNPADDED,
      description: 'The beginning of an address, or a whole id',
      examples: ['ada@'],
    }),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)
export const PeopleAnswer = Type.Object({
  users: Type.Array(
    Type.Object({
      ...ProfileSchema.properties,
      emailVerified: EmailVerified,
      status: StatusSchema,
      createdAt: Type.String({ format: 'date-time' }),
    }),
  ),
  cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Leads on to the next page; null where there is none',
  }),
})
export const SessionsOfUserAnswer = Type.Object({
  ...SessionsAnswer.properties,
  lastSignInAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'By the audit trail; null where its newest 500 events of the user have no sign-in',
  }),
})

export const InviteBody = Type.Object(
  {
    email: Email,
    role: Type.Optional({ ...RoleSchema, description: 'Of the account; `user` by default' }),
  },
  { additionalProperties: false },
)
export const InvitedBody = Type.Object(
  { email: FindUserBody.properties.email },
  { additionalProperties: false },
)
export const InvitationsQuery = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description: 'The `cursor` of the page before',
      }),
    ),
  },
  { additionalProperties: false },
)
const InvitationSchema = Type.Object({
  email: Type.String(),
  role: RoleSchema,
  invitedBy: Type.String({
    description:
      'Id of the administrator who sent the last mail; `command-line` for the command line',
  }),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({
    format: 'date-time',
    description: 'When the invitation ends; the link of its mail is good for 24 hours',
  }),
})
export const InvitationAnswer = Type.Object({ invitation: InvitationSchema })
export const InvitationsAnswer = Type.Object({
  invitations: Type.Array(InvitationSchema),
  cursor: PeopleAnswer.properties.cursor,
})

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
    isAdminAccount: Type.Boolean({
      description:
        'Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days',
    }),
    isTotpLocked: Type.Boolean({
      description: 'Whether one-time passwords are refused, since 100 in a row were wrong',
    }),
    factorsRemoval: Type.Union([FactorsRemovalSchema, Type.Null()], {
      description: 'A removal of all second factors that is under way',
    }),
  }),
})
