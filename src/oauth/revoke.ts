import type { FastifyRequest } from 'fastify'
import { report } from '../events/report.js'
import { type KeyPrefix, parseKey } from '../api-keys/verification/format.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { Problem } from '../http/problem.js'
import { OAuthError } from './errors.js'

/**
 * RFC 7009 §2. A key is revoked by the client that it authenticates. Refresh tokens belong to public
 * clients, which have nothing but the token. What is not ours, or dead already, is no error (§2.2).
 * @param caller the client that has authenticated, if one did.
 * @throws {OAuthError} unsupported_token_type for an access token, which lives out its minutes;
 * invalid_client for a key that is not the caller's own.
 */
export async function revoke(
  request: FastifyRequest,
  caller: VerifiedKey | undefined,
  token: string,
  keyPrefix: KeyPrefix,
): Promise<void> {
  const { server: app, ip, log } = request
  if (token.split('.').length === 3) {
    throw new OAuthError('unsupported_token_type', 'Access tokens expire by themselves')
  }
  try {
    if (parseKey(keyPrefix, token)) {
      const { keyId } = await app.verifyApiKey(token, ip)
      if (caller?.keyId !== keyId) {
        throw new OAuthError('invalid_client', 'Authenticate as the client whose key it is')
      }
      await app.apiKeys.revoke(keyId)
      report(log, 'authn_token_revoked', { keyId })
    } else {
      const { userId, sessionId } = await app.sessions.identify(token)
      await app.sessions.end(userId, sessionId)
      report(log, 'authn_token_revoked', { userId, sessionId })
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.type.status >= 500) throw error
  }
}
