import { decodeBase64 } from '../lib/base64.js'
import { decodeUtf8 } from '../lib/utf8.js'
import { OAuthError } from './errors.js'

/** Credentials in a body (RFC 6749 §2.3.1 `client_secret_post`); of a public client the id alone. */
export interface ClientBody {
  readonly client_id?: string
  readonly client_secret?: string
}

/** What a client names itself by, and proves it with. */
export interface Credentials {
  readonly id: string
  readonly secret: string | undefined
}

export const invalidClient = () => new OAuthError('invalid_client', 'Client authentication failed')

/**
 * By HTTP Basic or in the body, and by one of them only (RFC 6749 §2.3).
 * @param basic the `Authorization` header.
 * @throws {OAuthError} invalid_client where a client is not named, invalid_request.
 */
export function credentialsOf(basic: string | undefined, body: ClientBody): Credentials {
  const { client_id: id, client_secret: secret } = body
  if (basic === undefined) {
    if (id === undefined) throw invalidClient()
    return { id, secret }
  }
  if (secret !== undefined) {
    throw new OAuthError(
      'invalid_request',
      'Authenticate by the header or by the body, not by both',
    )
  }
  const credentials = parseBasic(basic)
  if (!credentials || (id !== undefined && id !== credentials.id)) throw invalidClient()
  return credentials
}

/** RFC 7617, its two halves form-encoded as RFC 6749 §2.3.1 wants. */
function parseBasic(header: string): Credentials | undefined {
  if (header.slice(0, 6).toLowerCase() !== 'basic ') return undefined
  const bytes = decodeBase64(header.slice(6).trim())
  const text = (bytes && decodeUtf8(bytes)) ?? ''
  const colon = text.indexOf(':')
  const id = decodeForm(text.slice(0, colon))
  const secret = decodeForm(text.slice(colon + 1))
  return colon < 1 || id === undefined || secret === undefined ? undefined : { id, secret }
}

function decodeForm(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
