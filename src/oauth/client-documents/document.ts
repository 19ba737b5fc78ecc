import { foreignUrl } from '../../http/foreign/url.js'
import { cleanName } from '../../lib/display-name.js'
import { MAX_REDIRECT_URIS } from '../clients/bounds.js'
import { redirectTarget, redirectUriFault } from '../clients/redirect-uri.js'

/** What an app says of itself at the URL that is its `client_id`. */
export interface ClientDocument {
  readonly name: string
  readonly redirectUris: readonly string[]
}

const MAX_ID = 256
const MAX_NAME = 80

/**
 * Whether a `client_id` can be the URL of a client document (draft-ietf-oauth-client-id-metadata-document §3): it has
 * a path, and no query, by which an open proxy could say anything in the name of its host.
 */
export function isDocumentUrl(clientId: string): boolean {
  if (clientId.length > MAX_ID || clientId.includes('?')) return false
  const url = foreignUrl(clientId)
  return url !== undefined && url.pathname !== '/'
}

/**
 * Checks a client document (§4): what it says of the client is believed only as far as its own URL goes. Nothing else
 * that it may hold is read, so no logo is shown.
 * @param clientId the URL that it was fetched from.
 * @param issuer own base URL.
 * @returns the document, or the name of the member that is wrong with it.
 */
export function readClientDocument(
  value: unknown,
  clientId: string,
  issuer: string,
): ClientDocument | { readonly wrong: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { wrong: 'document' }
  }
  const members = value as Readonly<Record<string, unknown>>
  const { origin } = new URL(clientId)
  const wrong = Object.entries(RULES).find(
    ([name, isGood]) => !isGood(members[name], { clientId, origin, issuer }),
  )
  if (wrong) return { wrong: wrong[0] }
  return {
    name: nameOf(members.client_name) ?? '',
    redirectUris: members.redirect_uris as readonly string[],
  }
}

interface Place {
  readonly clientId: string
  readonly origin: string
  readonly issuer: string
}

const isAbsent = (value: unknown): boolean => value === undefined

const isListWith =
  (wanted: string) =>
  (value: unknown): boolean =>
    value === undefined || (Array.isArray(value) && value.includes(wanted))

/** What each member must be. Such a client has no secret, since all of its document is public. */
const RULES: Readonly<Record<string, (value: unknown, place: Place) => boolean>> = {
  client_id: (value, { clientId }) => value === clientId,
  client_name: (value) => nameOf(value) !== undefined,
  client_secret: isAbsent,
  client_secret_expires_at: isAbsent,
  token_endpoint_auth_method: (value) => value === undefined || value === 'none',
  grant_types: isListWith('authorization_code'),
  response_types: isListWith('code'),
  redirect_uris: (value, place) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_REDIRECT_URIS &&
    value.every((uri) => isRedirectUri(uri, place)),
}

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? cleanName(value, MAX_NAME) : undefined

/** Of the document's own origin, or on the machine that the app runs on (RFC 8252 §7.3). */
const isRedirectUri = (uri: unknown, { origin, issuer }: Place): boolean =>
  typeof uri === 'string' &&
  redirectUriFault(uri, issuer) === undefined &&
  (new URL(uri).origin === origin || redirectTarget(uri).kind === 'loopback')
