import * as Type from 'typebox'
import { describedAs } from '../http/described-schema.js'

/** Links that people follow carry parameters of others, such as `utm_source`. */
/** What `isReturnTo` goes on to parse. */
const RETURN_TO = { maxLength: 512, pattern: '^(/(?!/)[!-;=?-~]*|https?://[!-~]+)$' }

export const StartQuery = Type.Object({
  returnTo: Type.Optional(
    describedAs(
      Type.String({
        description:
          'Where to end: a path of this service, or a URL of one of its CORS_ORIGINS. `/dashboard` by default',
        examples: ['/dashboard'],
      }),
      RETURN_TO,
    ),
  ),
  keepSignedIn: Type.Optional(
    Type.Literal('no', {
      description:
        'On a computer that others use: the session ends after 12 hours at most, and its cookies with the browser',
    }),
  ),
  link: Type.Optional(
    Type.Literal('true', {
      description: 'Link the identity to the user who is signed in, by cookies, from our own pages',
    }),
  ),
})

/** RFC 6749 §4.1.2; providers add parameters of their own. Each at most once (§3.1). */
export const CallbackQuery = Type.Object({
  code: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
  iss: Type.Optional(Type.String({ description: 'RFC 9207' })),
})
