import type { Caller } from '../http/caller.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import { type AppRequest, authenticateApp } from './app-authentication.js'
import type { ClientBody } from './credentials.js'
import { introspect } from './introspect.js'
import { revoke, revokeByApp } from './revoke.js'
import type { TokenSources } from './token-sources.js'

type PresentedBody = ClientBody & { readonly token: string }

/** Tokens and keys that callers ask about, or take back. */
export class PresentedTokens {
  readonly #sources: TokenSources

  constructor(sources: TokenSources) {
    this.#sources = sources
  }

  async introspect(token: string) {
    return introspect(this.#sources, token)
  }

  /** @throws {OAuthError} unsupported_token_type, invalid_client. */
  async revoke(
    caller: Pick<Caller, 'ip' | 'userAgent' | 'log'>,
    client: VerifiedKey | undefined,
    token: string,
  ): Promise<void> {
    await revoke(caller, this.#sources, client, token)
  }

  /** @throws {OAuthError} unsupported_token_type, invalid_grant, and what the app is refused with. */
  async revokeByApp(caller: Caller, request: AppRequest, body: PresentedBody): Promise<void> {
    const client = await authenticateApp(request, body, this.#sources)
    await revokeByApp(caller, this.#sources, client, body.token)
  }
}
