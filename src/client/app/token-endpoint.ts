import type { Renewal, SignInAnswer } from '../session.js'

export const TOKEN_PATH = '/oauth/token'

/** An answer of the token endpoint (RFC 6749 §5.1, Core §3.1.3.3). */
interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly id_token?: string
}

/** A form, which a public client fills in with its id alone. */
export const form = (fields: Readonly<Record<string, string | undefined>>): RequestInit => {
  const given = Object.entries(fields).filter((field): field is [string, string] => !!field[1])
  // No preflight is needed for this type, and no cookie goes along.
  return { method: 'POST', body: new URLSearchParams(given), credentials: 'omit' }
}

/** In the words of the contract. */
export function readTokens(answer: unknown): SignInAnswer {
  const { access_token, refresh_token, expires_in, id_token } = answer as TokenAnswer
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    expiresIn: expires_in,
    ...(id_token !== undefined && { idToken: id_token }),
  }
}

/** How an app's session is renewed, by its own client alone. @param check is given each new ID token. */
export const renewalOf = (clientId: string, check: (idToken: string) => void): Renewal => ({
  path: TOKEN_PATH,
  ask: (refreshToken, resource) =>
    form({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      resource,
    }),
  read(answer) {
    const tokens = readTokens(answer)
    if (tokens.idToken !== undefined) check(tokens.idToken)
    return tokens
  },
  isEnd: ({ code }) => code === 'INVALID_GRANT',
})
