import * as Type from 'typebox'
import { type Choices, describedAs, oneOf } from '../../http/described-schema.js'
import { DISPLAY_NAME } from '../../lib/display-name.js'
import { SUSPENDED_REASONS } from '../../lib/suspension.js'
import { MAX_REDIRECT_URI_LENGTH, MAX_REDIRECT_URIS } from './bounds.js'

const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: DISPLAY_NAME,
  description: 'What people are told that it is called',
  examples: ['Orders'],
})
/** What `redirectUriFault` goes on to parse. */
const URI_PATTERN =
  "^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])[:/]|[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+:/(?!/))[A-Za-z0-9._~:/?[\\]@!$&'()+,;=%-]*$"
const Uri = describedAs(Type.String({ minLength: 1, maxLength: MAX_REDIRECT_URI_LENGTH }), {
  pattern: URI_PATTERN,
})
const RedirectUris = Type.Array(Uri, {
  minItems: 1,
  maxItems: MAX_REDIRECT_URIS,
  uniqueItems: true,
  description:
    'Where its answers may go: `https`, `http` on loopback, or a scheme of its own with a dot (RFC 8252). Compared letter for letter, but for the port of a loopback address',
  examples: [['https://orders.example.com/callback']],
})
const PostLogoutRedirectUris = Type.Array(Uri, {
  maxItems: MAX_REDIRECT_URIS,
  uniqueItems: true,
  description: 'Where a sign-out may end, written likewise',
})
const Public = Type.Boolean({
  description: 'An app that can keep no secret, in a browser or on a phone: it gets none',
})
const FirstParty = Type.Boolean({
  description: 'One of the team’s own apps: people are not asked where all its URIs are `https`',
})
const namesOf = (of: keyof Choices, options: { readonly description: string }) =>
  Type.Array(
    describedAs(Type.String({ minLength: 1, maxLength: 2048 }), (choices) =>
      oneOf(choices[of], 'RESOURCES'),
    ),
    { maxItems: 50, uniqueItems: true, ...options },
  )
const Resources = namesOf('resources', {
  description: 'APIs of `RESOURCES` that it may ask for; every one unless said otherwise',
})
const Scopes = namesOf('resourceScopes', {
  description: 'Scopes of those that it may ask for; all unless said otherwise',
})

export const RegisterClientBody = Type.Object(
  {
    name: Name,
    redirectUris: RedirectUris,
    postLogoutRedirectUris: Type.Optional(PostLogoutRedirectUris),
    public: Type.Optional(Public),
    firstParty: Type.Optional(FirstParty),
    resources: Type.Optional(Resources),
    scopes: Type.Optional(Scopes),
  },
  { additionalProperties: false },
)

/** What is left out stays; null takes a restriction away. */
export const ChangeClientBody = Type.Object(
  {
    name: Type.Optional(Name),
    redirectUris: Type.Optional(RedirectUris),
    postLogoutRedirectUris: Type.Optional(PostLogoutRedirectUris),
    firstParty: Type.Optional(FirstParty),
    resources: Type.Optional(Type.Union([Resources, Type.Null()])),
    scopes: Type.Optional(Type.Union([Scopes, Type.Null()])),
    status: Type.Optional(
      Type.Literal('active', { description: 'Enables an app that the service has suspended' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const ClientParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
)

const Instant = Type.String({ format: 'date-time' })
const nullable = (schema: Parameters<typeof Type.Union>[0][number]) =>
  Type.Union([schema, Type.Null()])

const Client = Type.Object({
  id: Type.String({ description: 'Its `client_id`', examples: ['app_3q2-7wAAAAAAAAAAAAAAAA'] }),
  name: Type.String(),
  public: Type.Boolean(),
  firstParty: Type.Boolean(),
  declared: Type.Boolean({
    description: 'Whether it is in the settings of the deployment, which alone change it',
  }),
  redirectUris: Type.Array(Type.String()),
  postLogoutRedirectUris: Type.Array(Type.String()),
  resources: nullable(Type.Array(Type.String())),
  scopes: nullable(Type.Array(Type.String())),
  secrets: Type.Array(Type.Object({ addedAt: nullable(Instant), until: nullable(Instant) }), {
    description: 'Those that work, the newest first; `until` is the end of an overlap',
  }),
  status: Type.Enum(['active', 'suspended'], {
    description: 'A suspended app is unknown to all others until an administrator enables it',
  }),
  suspendedReason: nullable(Type.Enum([...SUSPENDED_REASONS])),
  createdAt: nullable(Instant),
  createdBy: Type.String({ description: 'The id of an administrator, or what else made it' }),
})

export const ClientAnswer = Type.Object({ client: Client })
export const ClientsAnswer = Type.Object({ clients: Type.Array(Client) })

/** The only answers that ever have a secret. */
export const IssuedClientAnswer = Type.Object({
  client: Client,
  clientSecret: Type.Optional(Type.String({ description: 'Shown once; a public app has none' })),
  message: Type.Optional(Type.String()),
})
