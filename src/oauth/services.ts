import type { Late } from '../lib/late.js'
import type { AccessTokenVerifier } from '../access-tokens/verifier.js'
import type { CurrentSession } from '../sessions/current.js'
import type { AppTokens } from './app-tokens.js'
import type { PresentedTokens } from './presented-tokens.js'
import type { ClientKeys } from './token-sources.js'

/** What the routes below `/oauth` hand requests to. */
export interface OAuthServices extends ClientKeys {
  readonly current: Pick<CurrentSession, 'confirm'>
  /** Takes tokens for userinfo alone. */
  readonly userinfoTokens: AccessTokenVerifier
  readonly appTokens: Late<AppTokens>
  readonly presentedTokens: Late<PresentedTokens>
}
