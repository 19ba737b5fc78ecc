import type { FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { decodeBase64 } from '../lib/base64.js'
import { assembleKey } from '../api-keys/verification/format.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { Problem } from '../http/problem.js'
import { decodeUtf8 } from '../lib/utf8.js'
import { OAuthError } from './errors.js'
import type { ClientKeys } from './services.js'

/** Credentials in a body (RFC 6749 §2.3.1 `client_secret_post`). */
export interface ClientBody {
  readonly client_id?: string
  readonly client_secret?: string
}

interface Credentials {
  readonly id: string
  readonly secret: string
}

const invalidClient = () => new OAuthError('invalid_client', 'Client authentication failed')

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
  const credentials = credentialsOf(request, body)
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
  const key = await verifier.verify(assembleKey(keyPrefix, id, secret), ip)
  if (key.keyId !== id) throw invalidClient()
  return key
}

function credentialsOf({ headers }: FastifyRequest, body: ClientBody): Credentials {
  const basic = headers.authorization
  const { client_id: id, client_secret: secret } = body
  if (basic === undefined) {
    if (id === undefined || secret === undefined) throw invalidClient()
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
