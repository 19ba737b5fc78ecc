import type { ApiKeyRecord } from '../api-keys/verification/record.js'
import type { AccessTokenClaims } from '../access-tokens/claims.js'
import { isOutage, Problem } from '../http/problem.js'
import type { Caller, Verdict } from './answer.js'
import { addressOf, type AuthorizerEvent, bearerOf, headerOf } from './credential.js'

/** The verifiers of the service, as much of them as an authorizer uses. They throw `Problem`s. */
export interface Verifiers {
  readonly verifyAccessToken: (token: string) => Promise<AccessTokenClaims>
  readonly verifyApiKey: (text: string, address: string) => Promise<ApiKeyRecord>
}

export interface AuthorizerOptions {
  /** The kind of credential that this authorizer takes. */
  readonly accepts: Caller['credential']
  /** All of them must be held. */
  readonly requiredScopes: readonly string[]
}

/**
 * Judges the credential of a request by the same verifiers that the service itself has.
 * @throws when a verifier can't tell: API Gateway answers 500 then, and caches nothing.
 */
export async function judge(
  event: AuthorizerEvent,
  { accepts, requiredScopes }: AuthorizerOptions,
  verifiers: Verifiers,
): Promise<Verdict> {
  let caller: Caller | undefined
  let detail: string | undefined
  try {
    caller = accepts === 'jwt' ? await byToken(event, verifiers) : await byKey(event, verifiers)
  } catch (error) {
    if (!(error instanceof Problem) || isOutage(error)) throw error
    if (typeof error.extras.cause === 'string') detail = error.extras.cause
  }
  if (!caller) return { allowed: false, reason: 'unauthenticated', ...(detail && { detail }) }
  const held = caller.scope.split(' ')
  return requiredScopes.every((scope) => held.includes(scope))
    ? { allowed: true, caller }
    : { allowed: false, reason: 'insufficient_scope' }
}

async function byToken(
  event: AuthorizerEvent,
  { verifyAccessToken }: Verifiers,
): Promise<Caller | undefined> {
  const token = bearerOf(event)
  if (token === undefined) return undefined
  const { sub, scope, role, client_id, sid } = await verifyAccessToken(token)
  return {
    credential: 'jwt',
    sub,
    scope,
    clientId: client_id,
    ...(role !== undefined && { role }),
    ...(sid !== undefined && { sessionId: sid }),
  }
}

async function byKey(
  event: AuthorizerEvent,
  { verifyApiKey }: Verifiers,
): Promise<Caller | undefined> {
  const text = headerOf(event, 'x-api-key')
  if (text === undefined) return undefined
  const { keyId, scopes, ownerId } = await verifyApiKey(text, addressOf(event))
  return { credential: 'api-key', sub: keyId, scope: scopes.join(' '), ownerId }
}
