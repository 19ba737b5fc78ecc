import type { Place } from '../events/trail.js'
import type { Clock } from '../lib/clock.js'
import type { AccessTokenVerifier } from '../access-tokens/verifier.js'
import type { KeyPrefix } from '../api-keys/verification/format.js'
import type { ApiKeyRecord, Identified } from '../api-keys/verification/record.js'
import type { ApiKeyVerifier } from '../api-keys/verification/verifier.js'
import type { CurrentSession } from '../sessions/current.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Clients } from './clients/clients.js'

/** How clients, which are API keys, authenticate. */
export interface ClientKeys {
  readonly keyPrefix: KeyPrefix
  readonly verifier: ApiKeyVerifier
}

/** What tokens and keys that are presented to `/oauth/*` are looked up in. */
export interface TokenSources extends ClientKeys {
  readonly apiKeys: {
    identify(text: string): Promise<Identified>
    findLive(keyId: string): Promise<ApiKeyRecord | undefined>
    revoke(place: Place, keyId: string): Promise<void>
  }
  readonly sessions: Pick<Sessions, 'identify' | 'isNamedBy' | 'end'>
  readonly current: Pick<CurrentSession, 'confirm'>
  /** Takes tokens for any API, and for userinfo: the answer says what a token is for. */
  readonly tokens: AccessTokenVerifier
  readonly clients: Pick<Clients, 'find'>
  readonly clock: Clock
}
