import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { parseKey } from '../api-keys/verification/format.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { Problem } from '../http/problem.js'
import { OAuthError } from './errors.js'
import type { OAuthServices } from './services.js'

/**
 * RFC 7009 §2. A key is revoked by the client that it authenticates. Refresh tokens belong to public
 * clients, which have nothing but the token. What is not ours, or dead already, is no error (§2.2).
 * @param client the client that has authenticated, if one did.
 * @throws {OAuthError} unsupported_token_type for an access token, which lives out its minutes;
 * invalid_client for a key that is not the client's own.
 */
export async function revoke(
  { ip, log }: Pick<Caller, 'ip' | 'log'>,
  { keyPrefix, verifier, apiKeys, sessions }: OAuthServices,
  client: VerifiedKey | undefined,
  token: string,
): Promise<void> {
  if (token.split('.').length === 3) {
    throw new OAuthError('unsupported_token_type', 'Access tokens expire by themselves')
  }
  try {
    if (parseKey(keyPrefix, token)) {
      const { keyId } = await verifier.verify(token, ip)
      if (client?.keyId !== keyId) {
        throw new OAuthError('invalid_client', 'Authenticate as the client whose key it is')
      }
      await apiKeys.revoke(keyId)
      report(log, 'authn_token_revoked', { keyId })
    } else {
      const { userId, sessionId } = await sessions.identify(token)
      await sessions.end(userId, sessionId)
      report(log, 'authn_token_revoked', { userId, sessionId })
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.type.status >= 500) throw error
  }
}
