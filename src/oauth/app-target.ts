import { knows, powersOfApp, type Resource } from '../access-tokens/resources.js'
import { isOpenIdScope } from '../access-tokens/scopes.js'
import { wordsOf } from '../lib/words.js'
import type { AppGrant } from '../sessions/app-grant.js'
import type { Served } from './authorization/scopes.js'
import type { AppClient } from './clients/client.js'
import { refuseUnless } from './errors.js'
import type { TokenRequest } from './schemas.js'

/** What a request at the token endpoint asks for. */
type TargetRequest = Pick<TokenRequest, 'resource' | 'scope'>

/** What a token of an app is for, and what it may do there. */
export interface AppTarget {
  /** The API; undefined for userinfo. */
  readonly resource: Resource | undefined
  readonly scope: string
}

interface Asking {
  readonly client: Pick<AppClient, 'scopes'>
  readonly grant: AppGrant
  readonly user: { readonly role: string }
  readonly request: TargetRequest
}

/** A grant without what the registration of its app has lost since. */
export const asRegistered = (
  grant: AppGrant,
  { isFirstParty, resources }: Pick<AppClient, 'isFirstParty' | 'resources'>,
): AppGrant => ({
  ...grant,
  isFirstParty: grant.isFirstParty && isFirstParty,
  resources: grant.resources.filter((name) => resources?.includes(name) ?? true),
})

/**
 * One of the APIs that a person has let an app use, or userinfo (RFC 8707 §2.2); of what the app may do there, what it
 * asks for now (RFC 6749 §6).
 * @throws {OAuthError} invalid_target, invalid_scope.
 */
export function appTarget({ client, grant, user, request }: Asking, served: Served): AppTarget {
  const resource = chosen(request, grant, served)
  const isLost = (scope: string) =>
    resource !== undefined && knows(resource, scope) && client.scopes?.includes(scope) === false
  const held = wordsOf(powersOfApp(grant, user, resource).scope).filter((scope) => !isLost(scope))
  const wanted = wordsOf(request.scope ?? '')
  const areGranted = wanted.every((scope) => held.includes(scope) || grant.scopes.includes(scope))
  refuseUnless(areGranted, 'invalid_scope', 'The app has not been granted that scope')
  // A token for userinfo has scopes of OpenID Connect alone.
  const isOfTarget = (scope: string) => (resource ? knows(resource, scope) : isOpenIdScope(scope))
  const ofTarget = wanted.filter(isOfTarget)
  const isKept = (scope: string) =>
    ofTarget.length === 0 || !isOfTarget(scope) || ofTarget.includes(scope)
  return { resource, scope: held.filter(isKept).join(' ') }
}

/** @returns an API; undefined for userinfo. */
function chosen(
  { resource: asked }: TargetRequest,
  { resources, scopes }: AppGrant,
  served: Served,
): Resource | undefined {
  if (asked === undefined && resources.length === 0) return undefined
  if (asked === served.userinfo && scopes.includes('openid')) return undefined
  const name = asked === undefined && resources.length === 1 ? resources[0] : asked
  const isGranted = typeof name === 'string' && resources.includes(name)
  const resource = isGranted ? served.resources.find(name) : undefined
  const fault = 'Name one resource that the app has been granted'
  refuseUnless(resource !== undefined, 'invalid_target', fault)
  return resource
}
