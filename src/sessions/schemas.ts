import * as Type from 'typebox'
import { describedAs, oneOf } from '../http/described-schema.js'

const RefreshToken = Type.String({ maxLength: 512, description: 'Opaque; single use, rotates' })

export const ResourceIdentifier = describedAs(
  Type.String({
    minLength: 1,
    maxLength: 2048,
    description:
      'Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own',
  }),
  ({ resources }) => oneOf(resources, 'RESOURCES'),
)

/** Without a refresh token the cookie is used. */
export const RefreshBody = Type.Union([
  Type.Object(
    {
      refreshToken: Type.Optional(RefreshToken),
      resource: Type.Optional(ResourceIdentifier),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
])

export const tokens = {
  accessToken: Type.Optional(Type.String({ description: 'JWT (RFC 9068)' })),
  refreshToken: Type.Optional(RefreshToken),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Seconds', examples: [900] }),
}

export const RefreshAnswer = Type.Object(tokens)
export const LogoutAnswer = Type.Object({ message: Type.Literal('Logged out successfully') })

const UserAgent = Type.Union([Type.String(), Type.Null()])

const SessionSchema = Type.Object({
  id: Type.String(),
  current: Type.Boolean(),
  createdAt: Type.String({ format: 'date-time' }),
  lastUsedAt: Type.String({ format: 'date-time', description: 'To the day, in UTC' }),
  expiresAt: Type.String({ format: 'date-time', description: 'To the day, in UTC' }),
  app: Type.Union([Type.Object({ clientId: Type.String(), name: Type.String() }), Type.Null()], {
    description: 'The app that has the session; null for a session at Latchkey itself',
  }),
  userAgent: UserAgent,
  ip: Type.String(),
  replay: Type.Union([
    Type.Object(
      {
        at: Type.String({ format: 'date-time', description: 'To the day, in UTC' }),
        userAgent: UserAgent,
        ip: Type.String(),
      },
      {
        description:
          'Another client has presented a refresh token of this session just after its own client did: who it was. End the session if you do not know it.',
      },
    ),
    Type.Null(),
  ]),
})
export const SessionsAnswer = Type.Object({ sessions: Type.Array(SessionSchema) })

export const SessionParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)
