import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { parseKey } from '../api-keys/verification/format.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { Problem } from '../http/problem.js'
import { isRefusal } from '../sessions/reports.js'
import type { AppClient } from './clients/client.js'
import { invalidGrant, OAuthError } from './errors.js'
import type { TokenSources } from './token-sources.js'

/** Whose log and trail tell of it. */
type Teller = Pick<Caller, 'ip' | 'userAgent' | 'log'>

/**
 * RFC 7009 §2. A key is revoked by the client that it authenticates. Refresh tokens belong to public
 * clients, which have nothing but the token. What is not ours, or dead already, is no error (§2.2).
 * @param client the client that has authenticated, if one did.
 * @throws {OAuthError} unsupported_token_type for an access token, which lives out its minutes;
 * invalid_client for a key that is not the client's own.
 */
export async function revoke(
  caller: Teller,
  { keyPrefix, verifier, apiKeys, sessions }: TokenSources,
  client: VerifiedKey | undefined,
  token: string,
): Promise<void> {
  const { ip, log } = caller
  assertRevocable(token)
  try {
    if (parseKey(keyPrefix, token)) {
      const { keyId } = await verifier.verify(token, ip)
      if (client?.keyId !== keyId) {
        throw new OAuthError('invalid_client', 'Authenticate as the client whose key it is')
      }
      await apiKeys.revoke(caller, keyId)
      report(log, 'authn_token_revoked', { keyId })
    } else {
      const { userId, sessionId } = await sessions.identify(token)
      await sessions.end(caller, 'authn_token_revoked', { userId, sessionId })
      report(log, 'authn_token_revoked', { userId, sessionId })
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.type.status >= 500) throw error
  }
}

/**
 * The same for an app, which has authenticated, or has named itself where it is public: its refresh token ends the
 * session. One that another app has, or that Latchkey itself gave out, is refused (§2.1).
 * @throws {OAuthError} unsupported_token_type, invalid_grant.
 */
export async function revokeByApp(
  caller: Teller,
  { sessions }: Pick<TokenSources, 'sessions'>,
  { clientId }: AppClient,
  token: string,
): Promise<void> {
  assertRevocable(token)
  try {
    const { userId, sessionId } = await sessions.identify(token, clientId)
    await sessions.end(caller, 'authn_token_revoked', { userId, sessionId })
    report(caller.log, 'authn_token_revoked', { userId, sessionId })
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (await sessions.isNamedBy(token)) throw invalidGrant()
  }
}

function assertRevocable(token: string): void {
  if (token.split('.').length !== 3) return
  throw new OAuthError('unsupported_token_type', 'Access tokens expire by themselves')
}
