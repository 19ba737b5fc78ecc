import * as Type from 'typebox'
import { describedAs } from '../../http/described-schema.js'

export const FORM = 'application/x-www-form-urlencoded'

export const REDIRECT: Type.TSchema = Type.Null({
  description: 'On to the app, or to the page where its person signs in, proves more, or says yes',
})
export const NOTHING = Type.Null({ description: 'A prefetch or HEAD, which has no effect' })

/** What is read, how long each may be, and what it says; anything else is ignored (RFC 6749 §3.1). */
export const PARAMETERS = {
  client_id: [512, 'Id of the app'],
  redirect_uri: [
    2048,
    'One that is registered, letter for letter; the port of a loopback address is free (RFC 8252 §7.3)',
  ],
  response_type: [64, '`code`'],
  response_mode: [64, '`query`, or left out'],
  scope: [
    4096,
    '`openid`, `profile`, `email`, `offline_access`, and scopes of APIs. Scopes that belong to exactly one API stand for its `resource`.',
  ],
  state: [4096, 'Comes back in the answer'],
  nonce: [1024, 'Comes back in the ID token'],
  code_challenge: [128, 'SHA-256 of the verifier, base64url (RFC 7636)'],
  code_challenge_method: [16, '`S256`'],
  resource: [2048, 'Identifiers of the APIs that tokens are wanted for (RFC 8707)'],
  prompt: [128, '`none`, or any of `login`, `consent`, `select_account`, `create`'],
  max_age: [16, 'Seconds that may lie between sign-in and request'],
  acr_values: [512, 'Levels of a sign-in, of which one is enough (RFC 9470)'],
  login_hint: [320, 'E-mail address that the sign-in begins with'],
  provider: [
    64,
    'Id of an identity provider, such as `google`, that a sign-in goes straight on to',
  ],
  request_uri: [Infinity, 'One of `POST /oauth/par`; all but `client_id` is left out beside it'],
} as const

/** RFC 8707 §2 lets a request name several. */
export const REPEATABLE = 'resource'

export const AuthorizationParameters = Type.Object(
  Object.fromEntries(
    Object.entries(PARAMETERS).map(([name, [, description]]) => {
      const one = Type.String()
      const several = Type.Union([one, Type.Array(one)], { description })
      return [name, Type.Optional(name === REPEATABLE ? several : Type.String({ description }))]
    }),
  ),
  { description: 'Authorization request; what is not listed is ignored' },
)

/** Of a browser, which has no other way to name its app. Without it a person reads why. */
export const BrowserRequest = describedAs(AuthorizationParameters, { required: ['client_id'] })

export const PushedAnswer = Type.Object({
  request_uri: Type.String(),
  expires_in: Type.Integer({ description: 'Seconds' }),
})
