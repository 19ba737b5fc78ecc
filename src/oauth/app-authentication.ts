import { type EventLog, report } from '../events/report.js'
import type { Clock } from '../lib/clock.js'
import type { AppClient } from './clients/client.js'
import type { Clients } from './clients/clients.js'
import { isSecretOf } from './clients/secret.js'
import { type ClientBody, credentialsOf, invalidClient } from './credentials.js'

export interface RegisteredApps {
  readonly clients: Pick<Clients, 'find'>
  readonly clock: Clock
}

/** Of a request to `/oauth/*`, what says which app it comes from. */
export interface AppRequest {
  readonly headers: { readonly authorization?: string | undefined }
  readonly log: EventLog
}

/**
 * The app that a request comes from: a confidential one proves it by its secret, in the header or in the body; a
 * public one names itself in the body, and what it presents beside that, such as a code's verifier, has to prove the
 * rest (RFC 6749 §2.3, OAuth 2.1 §2.4).
 * @throws {OAuthError} invalid_client, invalid_request; {Problem} STORE_UNAVAILABLE.
 */
export async function authenticateApp(
  { headers, log }: AppRequest,
  body: ClientBody,
  { clients, clock }: RegisteredApps,
): Promise<AppClient> {
  const { id, secret } = credentialsOf(headers.authorization, body)
  const client = await clients.find(id)
  const reason = client ? refusalOf(client, secret, clock()) : 'unknown_client'
  if (client && reason === undefined) return client
  report(log, 'authn_login_fail', { reason, ...(client && { clientId: client.clientId }) })
  throw invalidClient()
}

function refusalOf(client: AppClient, secret: string | undefined, now: number) {
  // It has none, so that what it sends is another client's, or was meant for another service.
  if (client.isPublic) return secret === undefined ? undefined : 'secret_of_public_client'
  if (secret === undefined) return 'secret_missing'
  return isSecretOf(client, secret, now) ? undefined : 'wrong_secret'
}
