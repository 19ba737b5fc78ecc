import { ACCESS_COOKIE, cookieName } from '../cookies.js'

/** What a status says on every route; a response with a description of its own keeps that. */
const MEANINGS: Readonly<Record<number, string>> = {
  200: 'It succeeded',
  201: 'It was created',
  204: 'It succeeded, and there is nothing to say',
  302: 'The browser goes on at `Location`',
  303: 'The browser goes on at `Location`',
  400: 'The request is not valid: `errors` says what is wrong, field by field',
  401: 'No credential, or none that is good: `WWW-Authenticate` says which one is needed',
  403: 'The credential is good, and not enough for this',
  404: 'There is no such thing, or it is not the caller’s',
  409: 'It contradicts what is there',
  413: 'The body is larger than the service reads',
  415: 'The body has another content type than those described',
  429: 'Too many requests: `Retry-After` says for how many seconds to wait',
  431: 'The address and the headers are longer than the service reads',
  503: 'The service can’t answer now, and credentials stay good: `Retry-After` says for how long to wait',
}

/** What a response says that has no description of its own. */
export const meaningOf = (status: number): string =>
  MEANINGS[status] ?? 'Problem details (RFC 9457)'

/** How callers prove who they are, and where they get that. */
export const securitySchemes = (issuer: string) =>
  ({
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The `accessToken` of `POST /api/auth/login`. It works for 15 minutes.',
    },
    apiKey: {
      type: 'apiKey',
      in: 'header',
      name: 'x-api-key',
      description:
        'The `apiKey` of `POST /api/apikeys/generate`, shown once. Beside an access token it gets a 400.',
    },
    client: {
      type: 'http',
      scheme: 'basic',
      description: 'An API key’s `id` as the user name, and the whole key as the password.',
    },
    cookie: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName(ACCESS_COOKIE, issuer),
      description:
        'Set by a sign-in with `useCookies` or on the page `/login`. Browsers send it on their own; it can’t be entered here.',
    },
    signature: {
      type: 'apiKey',
      in: 'header',
      name: 'github-public-key-signature',
      description:
        'The reporter’s ECDSA P-256 signature of the body, in base64. `API_KEY_LEAK_PUBLIC_KEY` verifies it.',
    },
  }) as const

/** In Markdown, on top of the page. */
export const INTRODUCTION = `Sign-in, sessions and API keys for people, apps and partners.

1. \`POST /api/auth/register\` makes an account, and \`POST /api/auth/login\` gives an access token for \`Authorization: Bearer\`.
2. \`POST /api/auth/refresh\` replaces the refresh token, and gives the next access token.
3. \`POST /api/apikeys/generate\` makes a key for a partner, who sends it in \`x-api-key\`.

Every failure is \`application/problem+json\` (RFC 9457): switch on \`code\`, show \`title\`, and quote \`requestId\` when you ask for help.

A JSON body with a member \`__proto__\`, or with a \`constructor\` that has a \`prototype\`, at any depth, gets 400 \`MALFORMED_JSON\`.`

/** In the order of the page. */
export const TAGS = [
  { name: 'Sign-in', description: 'Accounts and passwords, and tokens for them.' },
  { name: 'Sessions', description: 'Where an account is signed in, and how that ends.' },
  { name: 'Social sign-in', description: 'Sign-in with an identity provider, in a browser.' },
  {
    name: 'Apps',
    description: 'Sign-in for apps of their own origin, by OAuth 2.1 and OpenID Connect.',
  },
  { name: 'Account', description: 'What happened in an account.' },
  { name: 'Second factors', description: 'What a sign-in asks for beside the password.' },
  { name: 'Apps', description: 'What apps may do for a person who has let them in.' },
  {
    name: 'Protected resources',
    description: 'What each kind of credential opens, as an example.',
  },
  { name: 'API keys', description: 'Keys that a person makes for partners.' },
  { name: 'Administration', description: 'Other people’s accounts. For administrators.' },
  { name: 'For machines', description: 'OAuth 2.0 and OpenID Connect endpoints, and health.' },
]
