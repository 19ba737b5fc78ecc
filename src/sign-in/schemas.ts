import * as Type from 'typebox'
import type { Static } from 'typebox'
import { ConfirmTotpBody, RecoveryCodesAnswer } from '../factors/schemas.js'
import { UNPADDED } from '../lib/well-formed.js'
import { ResourceIdentifier, tokens } from '../sessions/schemas.js'
import { HAS_MAIL_PROOF, MAIL_PROOF, MailCode } from '../tickets/schemas.js'
import { Assertion, CreatePasskeyBody, PasskeyAnswer } from '../factors/passkeys/schemas.js'
import { Email, ForgotPasswordBody, ProfileAnswer, RegisterBody } from '../users/schemas.js'

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
    keepSignedIn: Type.Optional(
      Type.Boolean({
        description:
          '`false` on a computer that others use: the session ends after 12 hours at most, and its cookies with the browser',
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

const { password, useCookies, keepSignedIn, resource } = LoginBody.properties

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

export const AcceptInvitationBody = Type.Object(
  {
    ticket: DisownBody.properties.ticket,
    password: RegisterBody.properties.password,
    name: RegisterBody.properties.name,
    useCookies,
    resource,
  },
  { additionalProperties: false },
)

export const AcceptInvitationAnswer = Type.Object({ ...tokens, ...ProfileAnswer.properties })

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
    keepSignedIn,
    resource,
  },
  { additionalProperties: false, ...HAS_MAIL_PROOF },
)

/** Of a step that goes on with a ticket. What is no ticket is answered like one that is used. */
const StepTicket = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Of the answer that asked for this step',
})

export const FactorBody = Type.Object(
  {
    ticket: StepTicket,
    totp: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'What the authenticator app shows',
        examples: ['492039'],
      }),
    ),
    recoveryCode: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, examples: ['7K3M-9QXZ-04TB-WE2R-HJ8N-5VCD'] }),
    ),
    assertion: Type.Optional({
      ...Assertion,
      description: 'Of a passkey, to the options of `POST /api/auth/login/passkey/options`',
    }),
    password: Type.Optional({
      ...password,
      description: 'With the ticket of a step-up, for an account without a second factor',
    }),
    useCookies,
    trustDevice: Type.Optional(
      Type.Boolean({
        description:
          'With `useCookies`: this is the person’s own device. Sign-ins in this browser need no second factor for 30 days; for 12 hours, and for administrators never, where `SECOND_FACTOR` is not `optional`',
      }),
    ),
    resource,
  },
  {
    additionalProperties: false,
    oneOf: ['totp', 'recoveryCode', 'assertion', 'password'].map((name) => ({ required: [name] })),
  },
)
export type FactorBody = Static<typeof FactorBody>

const NamedUser = Type.Object({
  id: Type.String(),
  email: Type.Optional(Type.String()),
  role: Type.String(),
})

const recoveryCodesLeft = Type.Optional(
  Type.Integer({ description: 'After a recovery code: how many are left' }),
)

/** After a step-up without a refresh token: the one that its client has is still good. */
export const FactorAnswer = Type.Object({ ...tokens, user: NamedUser, recoveryCodesLeft })

export const StepUpAnswer = Type.Object({
  ticket: Type.String({ description: 'For `POST /api/auth/login/factor`, for five minutes' }),
  factors: Type.Array(Type.String(), {
    description:
      'What the account can prove; `password` where it has no second factor. Empty where its user has to sign in again.',
    examples: [['passkey', 'totp', 'recovery-code']],
  }),
})

export const EnrolmentBody = Type.Object({ ticket: StepTicket }, { additionalProperties: false })

export const EnrolmentTotpBody = Type.Object(
  { ticket: StepTicket, ...ConfirmTotpBody.properties, useCookies, resource },
  { additionalProperties: false },
)

export const EnrolmentAnswer = Type.Object({
  ...tokens,
  user: NamedUser,
  recoveryCodes: RecoveryCodesAnswer.properties.recoveryCodes,
})

export const EnrolmentPasskeyBody = Type.Object(
  { ticket: StepTicket, ...CreatePasskeyBody.properties, useCookies, resource },
  { additionalProperties: false },
)

export const EnrolmentPasskeyAnswer = Type.Object({
  ...EnrolmentAnswer.properties,
  ...PasskeyAnswer.properties,
})

export const PasskeySignInBody = Type.Object(
  { assertion: Assertion, useCookies, keepSignedIn, resource },
  { additionalProperties: false },
)

export const PasskeySignInAnswer = Type.Object({ ...tokens, user: NamedUser })
