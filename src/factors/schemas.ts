import * as Type from 'typebox'
import { PasskeyStatus } from './passkeys/schemas.js'

/** What is no link is answered like a wrong one, so that only its length is bounded here. */
export const KeepFactorsBody = Type.Object(
  {
    ticket: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'What follows `#ticket=` in the link of the mail',
    }),
  },
  { additionalProperties: false },
)

export const ConfirmTotpBody = Type.Object(
  {
    code: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'What the authenticator app shows for the new secret',
      examples: ['492039'],
    }),
  },
  { additionalProperties: false },
)

export const TotpSecretAnswer = Type.Object({
  secret: Type.String({
    description: 'Base32, for people who type it',
    examples: ['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'],
  }),
  uri: Type.String({
    description: 'What the QR code has',
    examples: [
      'otpauth://totp/Acme:ada%40example.com?issuer=Acme&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
    ],
  }),
  qr: Type.String({ description: 'The QR code, an SVG image', examples: ['<svg …>…</svg>'] }),
})

const RecoveryCodes = Type.Array(Type.String({ examples: ['7K3M-9QXZ-04TB-WE2R-HJ8N-5VCD'] }), {
  description: 'Each works once in place of another second factor. They are shown this once',
})

export const TotpConfirmedAnswer = Type.Object({
  recoveryCodes: Type.Optional(RecoveryCodes),
})

export const RecoveryCodesAnswer = Type.Object({ recoveryCodes: RecoveryCodes })

const Time = Type.String({ format: 'date-time' })

export const FactorsAnswer = Type.Object({
  totp: Type.Union([Type.Object({ addedAt: Time }), Type.Null()]),
  passkeys: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String({ examples: ['Ada’s phone'] }),
      addedAt: Time,
      lastUsedAt: Type.Union([Time, Type.Null()]),
      isSynced: Type.Boolean({ description: 'Whether it can be on more than one device' }),
      status: PasskeyStatus,
    }),
  ),
  recoveryCodesLeft: Type.Integer(),
})

export const DevicesAnswer = Type.Object({
  devices: Type.Array(
    Type.Object({
      id: Type.String(),
      current: Type.Boolean(),
      addedAt: Time,
      expiresAt: Time,
      userAgent: Type.Union([Type.String(), Type.Null()]),
      ip: Type.String(),
    }),
  ),
})

export const DeviceParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)
