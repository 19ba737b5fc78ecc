import type { ApiKeyRecord } from '../api-keys/verification/record.js'
import type { AccessTokenClaims } from '../access-tokens/claims.js'
import {
  type AuthenticationRequirement,
  isSatisfied,
} from '../access-tokens/required-authentication.js'
import { isLimitedByConsent } from '../access-tokens/scopes.js'
import { isOutage, Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
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
  /** All of them must be held. Without any, no token of an app of others is taken. */
  readonly requiredScopes: readonly string[]
  /** How strong and how fresh the sign-in behind a token must be. */
  readonly requiredAuthentication: AuthenticationRequirement | undefined
}

/** A caller, and the claims of the token where one was shown. */
interface Identified {
  readonly caller: Caller
  readonly claims?: AccessTokenClaims
}

/**
 * Judges the credential of a request by the same verifiers that the service itself has.
 * @throws when a verifier can't tell: API Gateway answers 500 then, and caches nothing.
 */
export async function judge(
  event: AuthorizerEvent,
  { accepts, requiredScopes, requiredAuthentication }: AuthorizerOptions,
  verifiers: Verifiers,
  clock: Clock,
): Promise<Verdict> {
  let identified: Identified | undefined
  let detail: string | undefined
  try {
    identified = accepts === 'jwt' ? await byToken(event, verifiers) : await byKey(event, verifiers)
  } catch (error) {
    if (!(error instanceof Problem) || isOutage(error)) throw error
    if (typeof error.extras.cause === 'string') detail = error.extras.cause
  }
  if (!identified) return { allowed: false, reason: 'unauthenticated', ...(detail && { detail }) }
  const { caller, claims } = identified
  const held = caller.scope.split(' ')
  const isUnasked =
    requiredScopes.length === 0 && claims !== undefined && isLimitedByConsent(claims)
  if (isUnasked || !requiredScopes.every((scope) => held.includes(scope))) {
    return { allowed: false, reason: 'insufficient_scope' }
  }
  return requiredAuthentication && !isSatisfied(requiredAuthentication, claims ?? {}, clock())
    ? { allowed: false, reason: 'insufficient_user_authentication' }
    : { allowed: true, caller }
}

async function byToken(
  event: AuthorizerEvent,
  { verifyAccessToken }: Verifiers,
): Promise<Identified | undefined> {
  const token = bearerOf(event)
  if (token === undefined) return undefined
  const claims = await verifyAccessToken(token)
  const { sub, scope, role, client_id, sid, amr, acr, auth_time } = claims
  const caller: Caller = {
    credential: 'jwt',
    sub,
    scope,
    clientId: client_id,
    ...(role !== undefined && { role }),
    ...(sid !== undefined && { sessionId: sid }),
    ...(amr && { amr: amr.join(' ') }),
    ...(acr !== undefined && { acr }),
    ...(auth_time !== undefined && { authTime: String(auth_time) }),
  }
  return { caller, claims }
}

async function byKey(
  event: AuthorizerEvent,
  { verifyApiKey }: Verifiers,
): Promise<Identified | undefined> {
  const text = headerOf(event, 'x-api-key')
  if (text === undefined) return undefined
  const { keyId, scopes, ownerId } = await verifyApiKey(text, addressOf(event))
  return { caller: { credential: 'api-key', sub: keyId, scope: scopes.join(' '), ownerId } }
}
