import * as Type from 'typebox'
import type { Static, TSchema } from 'typebox'
import { describedAs } from '../http/described-schema.js'

const Text = Type.String({ minLength: 1, maxLength: 4096 })
const credentials = {
  client_id: Type.Optional(
    Type.String({
      maxLength: 2048,
      description:
        'Id of an API key or of an app; beside Basic credentials it must be theirs, and client_secret be left out',
    }),
  ),
  client_secret: Type.Optional(
    Type.String({
      maxLength: 256,
      description: 'Its secret, or the whole key; public apps have none',
    }),
  ),
}

/** What a client pushes ahead: it may authenticate in the form, and pushes nothing twice (RFC 9126 §2.1). */
export function pushedBy(parameters: Type.TObject): Type.TObject {
  const properties = Object.entries(parameters.properties)
  return describedAs(parameters, {
    properties: {
      ...Object.fromEntries(properties.filter(([name]) => name !== 'request_uri')),
      client_secret: Type.String({ description: 'Of an app that has one' }),
    },
  })
}

export const TokenBody = Type.Object({
  ...credentials,
  grant_type: describedAs(Text, {
    enum: ['authorization_code', 'refresh_token', 'client_credentials'],
  }),
  code: Type.Optional(Type.String({ maxLength: 4096, description: 'Of the authorization' })),
  redirect_uri: Type.Optional(
    Type.String({ maxLength: 2048, description: 'That of the authorization, letter for letter' }),
  ),
  code_verifier: Type.Optional(
    Type.String({ maxLength: 4096, description: 'What the challenge was made from (RFC 7636)' }),
  ),
  refresh_token: Type.Optional(Type.String({ maxLength: 4096 })),
  scope: Type.Optional(Type.String({ maxLength: 4096 })),
  // RFC 8707 §2 lets a client name several, and a server refuse that.
  resource: Type.Optional(
    Type.Union([Type.String({ maxLength: 2048 }), Type.Array(Type.String({ maxLength: 2048 }))], {
      description: 'Identifier of the API that the token is for (RFC 8707); one of them',
    }),
  ),
})
export type TokenRequest = Static<typeof TokenBody>

/** `token_type_hint` may be given; a token tells by itself what it is. */
export const PresentedTokenBody = Type.Object({
  ...credentials,
  token: Text,
  token_type_hint: Type.Optional(Type.String({ maxLength: 4096 })),
})

export const TokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
  scope: Type.String(),
  refresh_token: Type.Optional(
    Type.String({ description: 'For apps: use the newest alone, each is good once' }),
  ),
  id_token: Type.Optional(
    Type.String({ description: 'For apps with the scope `openid`: who has signed in' }),
  ),
})

/** RFC 7662 §2.2. An inactive token has no other member, but for a key whose right secret was sent. */
export const IntrospectionAnswer = Type.Object({
  active: Type.Boolean(),
  inactive_reason: Type.Optional(
    Type.Enum(['expired', 'disabled'], {
      description: 'Of a key whose right secret was sent, why it is not live',
    }),
  ),
  token_type: Type.Optional(Type.String()),
  iss: Type.Optional(Type.String()),
  aud: Type.Optional(Type.String()),
  sub: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  role: Type.Optional(Type.String()),
  exp: Type.Optional(Type.Integer()),
  iat: Type.Optional(Type.Integer()),
  jti: Type.Optional(Type.String()),
  amr: Type.Optional(
    Type.Array(Type.String(), { description: 'How the person signed in (RFC 8176)' }),
  ),
  acr: Type.Optional(Type.String({ description: 'How strong that sign-in was (RFC 9470 §6.2)' })),
  auth_time: Type.Optional(Type.Integer({ description: 'When it was' })),
  allowed_cidrs: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Address ranges that a key may be used from; check the address of your caller',
    }),
  ),
})

const OAuthErrorAnswer = Type.Object(
  { error: Type.String(), error_description: Type.String() },
  { description: 'RFC 6749 §5.2' },
)

/** `response` entries for the failures that an endpoint of OAuth can answer with. */
export const oauthFailures = (...statuses: number[]): Record<number, TSchema> =>
  Object.fromEntries(statuses.map((status) => [status, OAuthErrorAnswer]))
