import * as Type from 'typebox'
import type { Static } from 'typebox'
import { UNPADDED } from '../lib/well-formed.js'
import { ResourceIdentifier, tokens } from '../sessions/schemas.js'

export const LoginBody = Type.Object(
  {
    email: Type.String({
      minLength: 1,
      maxLength: 254,
      pattern: UNPADDED,
      examples: ['ada@example.com'],
    }),
    password: Type.String({
      minLength: 1,
      maxLength: 512,
      examples: ['correct horse battery staple'],
    }),
    newPassword: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description:
          'After `PASSWORD_CHANGE_REQUIRED`: a password of your own, in place of the one that an administrator chose',
      }),
    ),
    useCookies: Type.Optional(
      Type.Boolean({
        description:
          'Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case',
      }),
    ),
    resource: Type.Optional(ResourceIdentifier),
  },
  { additionalProperties: false },
)
export type LoginBody = Static<typeof LoginBody>

export const LoginAnswer = Type.Object({
  ...tokens,
  user: Type.Object({ id: Type.String(), email: Type.String(), role: Type.String() }),
})
