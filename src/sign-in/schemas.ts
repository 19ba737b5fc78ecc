import * as Type from 'typebox'
import type { Static } from 'typebox'
import { UNPADDED } from '../lib/well-formed.js'
import { ResourceIdentifier, tokens } from '../sessions/schemas.js'
import { HAS_MAIL_PROOF, MAIL_PROOF, MailCode } from '../tickets/schemas.js'
import { Email, ForgotPasswordBody, ProfileAnswer } from '../users/schemas.js'

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

const { password, useCookies, resource } = LoginBody.properties

export const VerifyBody = Type.Object(
  {
    ...MAIL_PROOF,
    password: Type.Optional({
      ...password,
      description:
        'Of the account: for a link that is opened elsewhere than where the mail was asked for',
    }),
    useCookies,
    resource,
  },
  { additionalProperties: false, ...HAS_MAIL_PROOF },
)

/** With tokens where the ticket has made an account. */
export const VerifyAnswer = Type.Object({
  ...ProfileAnswer.properties,
  accessToken: tokens.accessToken,
  refreshToken: tokens.refreshToken,
  tokenType: Type.Optional(tokens.tokenType),
  expiresIn: Type.Optional(tokens.expiresIn),
})

export const DisownBody = Type.Object(
  { ticket: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
)

export const UndoAddressBody = Type.Object(
  {
    ticket: DisownBody.properties.ticket,
    password: Type.Optional({
      ...password,
      description: 'That the account had before the change; left out in a session from a provider',
    }),
  },
  { additionalProperties: false },
)

export const ChangeAddressBody = Type.Object({ newEmail: Email }, { additionalProperties: false })

export const ConfirmAddressBody = Type.Object({ code: MailCode }, { additionalProperties: false })

export const MailSignInBody = Type.Object(
  {
    ...ForgotPasswordBody.properties,
    useCookies: Type.Optional(
      Type.Boolean({
        description:
          'Keeps the `flow` in an HttpOnly cookie too, so that the link of the mail works in this browser',
      }),
    ),
  },
  { additionalProperties: false },
)

export const MailSignInConfirmBody = Type.Object(
  {
    ...MAIL_PROOF,
    startOver: Type.Optional(
      Type.Boolean({
        description:
          'After `ACCOUNT_UNPROVED`: the account becomes yours, and all that is in it is removed',
      }),
    ),
    useCookies,
    resource,
  },
  { additionalProperties: false, ...HAS_MAIL_PROOF },
)
