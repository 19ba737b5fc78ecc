import type { FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { assembleKey } from '../api-keys/verification/format.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { Problem } from '../http/problem.js'
import { type ClientBody, type Credentials, credentialsOf, invalidClient } from './credentials.js'
import type { ClientKeys } from './token-sources.js'

/**
 * The API key that a client authenticates with: its id and secret, or its id and the whole key as secret,
 * by HTTP Basic or in the body, and by one of them only (RFC 6749 §2.3).
 * @throws {OAuthError} invalid_client, invalid_request.
 */
export async function authenticateClient(
  request: FastifyRequest,
  body: ClientBody,
  keys: ClientKeys,
) {
  const credentials = credentialsOf(request.headers.authorization, body)
  try {
    return await verifyClient(request.ip, credentials, keys)
  } catch (error) {
    if (!(error instanceof Problem) || error.type.status >= 500) throw error
    const { cause } = error.extras
    report(request.log, 'authn_login_fail', {
      reason: typeof cause === 'string' ? cause : error.type.code,
    })
    throw invalidClient()
  }
}

/** The same where a client need not authenticate; what is sent must be right all the same. */
export async function optionalClient(request: FastifyRequest, body: ClientBody, keys: ClientKeys) {
  const silent = request.headers.authorization === undefined && body.client_secret === undefined
  return silent ? undefined : authenticateClient(request, body, keys)
}

async function verifyClient(
  ip: string,
  { id, secret }: Credentials,
  { verifier, keyPrefix }: ClientKeys,
): Promise<VerifiedKey> {
  if (secret === undefined) throw invalidClient()
  const key = await verifier.verify(assembleKey(keyPrefix, id, secret), ip)
  if (key.keyId !== id) throw invalidClient()
  return key
}
