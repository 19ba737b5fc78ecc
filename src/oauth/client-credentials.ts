import { knows, type Resource, type Resources } from '../access-tokens/resources.js'
import { wordsOf } from '../lib/words.js'
import { refuseUnless } from './errors.js'
import { impliedResource } from './implied-resource.js'
import type { TokenRequest } from './schemas.js'

export interface MachineGrant {
  /** The API that the token is for; undefined while its scopes belong to none that is declared. */
  readonly resource: Resource | undefined
  readonly scopes: readonly string[]
}

/**
 * What a key is swapped for: a token for one API and scopes of that API (RFC 8707 §2.2, RFC 9068 §3).
 * @param held the scopes of the key.
 * @throws {OAuthError} invalid_scope, invalid_target.
 */
export function grantTo(
  held: readonly string[],
  { scope = '', resource: identifier }: Pick<TokenRequest, 'scope' | 'resource'>,
  resources: Resources,
): MachineGrant {
  const wanted = wordsOf(scope)
  const areHeld = wanted.every((name) => held.includes(name))
  refuseUnless(areHeld, 'invalid_scope', 'The key does not have that scope')
  refuseUnless(held.length > 0, 'invalid_scope', 'The key has no scope')
  if (identifier === undefined) {
    const scopes = wanted.length > 0 ? wanted : held
    return { resource: impliedResource(resources, scopes), scopes }
  }
  const resource = typeof identifier === 'string' ? resources.find(identifier) : undefined
  const isKnown = resource !== undefined
  refuseUnless(isKnown, 'invalid_target', 'Name one resource that the service knows')
  const scopes = wanted.length > 0 ? wanted : held.filter((name) => knows(resource, name))
  const areOfIt = scopes.length > 0 && scopes.every((name) => knows(resource, name))
  refuseUnless(areOfIt, 'invalid_scope', 'The resource does not have that scope')
  return { resource, scopes }
}
