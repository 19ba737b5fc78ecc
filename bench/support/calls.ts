import type { Call } from './peer.js'
import { PASSWORD, USERS } from './users.js'

/** Of a protected route, with a token in the way that most take it. */
export const bearerCall = (path: string, token: string, holds: string): Call => ({
  line: `GET ${path}`,
  headers: { authorization: `Bearer ${token}` },
  credential: token,
  holds,
})

/** A sign-in of each user, of whom the answer has to name the one who signs in. */
export const signInCalls = (path: string): Call[] =>
  USERS.map(({ email }) => ({
    line: `POST ${path}`,
    body: JSON.stringify({ email, password: PASSWORD }),
    credential: PASSWORD,
    holds: email,
  }))

/** A refresh at a token endpoint (RFC 6749 §6). */
export const refreshCall = (
  path: string,
  token: string,
  client: Readonly<Record<string, string>>,
) => ({
  line: `POST ${path}`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({
    grant_type: 'refresh_token',
    ...client,
    refresh_token: token,
  }).toString(),
  // As it is in the body.
  credential: encodeURIComponent(token),
  holds: 'access_token',
})
