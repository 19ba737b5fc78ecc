import * as Type from 'typebox'
import type { Static } from 'typebox'
import { DISPLAY_NAME } from '../../lib/display-name.js'

/** Longer than any browser's; a body has 16 KiB in all. */
const Bytes = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })

const credential = {
  id: Bytes(1400),
  rawId: Bytes(1400),
  type: Type.Literal('public-key'),
}

/** As `PublicKeyCredential.toJSON()` makes it; browsers may add to it. */
export const Attestation = Type.Object(
  {
    ...credential,
    response: Type.Object({
      clientDataJSON: Bytes(8192),
      attestationObject: Bytes(12_288),
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 })),
    }),
  },
  { description: 'The new credential, by `PublicKeyCredential.toJSON()`' },
)

/** Likewise. */
export const Assertion = Type.Object(
  {
    ...credential,
    response: Type.Object({
      clientDataJSON: Bytes(8192),
      authenticatorData: Bytes(4096),
      signature: Bytes(2048),
      userHandle: Type.Optional(Type.Union([Bytes(128), Type.Null()])),
    }),
  },
  { description: 'The answer of `navigator.credentials.get()`, by `toJSON()`' },
)
export type Assertion = Static<typeof Assertion>
export type Attestation = Static<typeof Attestation>

const PasskeyName = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: DISPLAY_NAME,
  examples: ['Ada’s phone'],
})

export const CreatePasskeyBody = Type.Object(
  {
    attestation: Attestation,
    name: Type.Optional({
      ...PasskeyName,
      description: 'For its owner to recognise; by default of the browser that made it',
    }),
  },
  { additionalProperties: false },
)

export const RenamePasskeyBody = Type.Object({ name: PasskeyName }, { additionalProperties: false })

export const PasskeyParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)

const Descriptor = Type.Object({
  type: Type.Literal('public-key'),
  id: Type.String(),
  transports: Type.Optional(Type.Array(Type.String())),
})

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export const CreationOptionsAnswer = Type.Object({
  rp: Type.Object({ id: Type.String(), name: Type.String() }),
  user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
  challenge: Type.String(),
  pubKeyCredParams: Type.Array(
    Type.Object({ type: Type.Literal('public-key'), alg: Type.Integer() }),
  ),
  timeout: Type.Integer({ description: 'Milliseconds' }),
  excludeCredentials: Type.Array(Descriptor),
  authenticatorSelection: Type.Object({
    residentKey: Type.Literal('required'),
    requireResidentKey: Type.Literal(true),
    userVerification: Type.Literal('required'),
  }),
  attestation: Type.Literal('none'),
})
export type CreationOptions = Static<typeof CreationOptionsAnswer>

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. It names no credential. */
export const RequestOptionsAnswer = Type.Object({
  challenge: Type.String(),
  rpId: Type.String(),
  timeout: Type.Integer({ description: 'Milliseconds' }),
  userVerification: Type.Literal('required'),
})
export type RequestOptions = Static<typeof RequestOptionsAnswer>

export const PasskeyStatus = Type.Enum(['active', 'suspended'], {
  description:
    'A passkey that a new password suspended does not sign in alone until it is used as a second factor',
})

const PasskeySchema = Type.Object({
  id: Type.String(),
  credentialId: Type.String({ description: 'Of the credential, base64url' }),
  name: Type.String(),
  addedAt: Type.String({ format: 'date-time' }),
  lastUsedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  isSynced: Type.Boolean({ description: 'Whether it can be on more than one device' }),
  transports: Type.Array(Type.String()),
  status: PasskeyStatus,
})

export const PasskeyAnswer = Type.Object({ passkey: PasskeySchema })
export const PasskeysAnswer = Type.Object({ passkeys: Type.Array(PasskeySchema) })

export const CreatedPasskeyAnswer = Type.Object({
  ...PasskeyAnswer.properties,
  recoveryCodes: Type.Optional(
    Type.Array(Type.String(), { description: 'Each opens the account once; shown once' }),
  ),
})

/** https://w3c.github.io/webappsec-passkey-endpoints/passkey-endpoints.html */
export const PasskeyEndpoints = Type.Object({ enroll: Type.String(), manage: Type.String() })
