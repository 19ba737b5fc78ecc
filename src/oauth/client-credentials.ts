import { knows, type Resource, type Resources } from '../access-tokens/resources.js'
import { OAuthError } from './errors.js'

export interface MachineGrant {
  /** The API that the token is for; undefined while its scopes belong to none that is declared. */
  readonly resource: Resource | undefined
  readonly scopes: readonly string[]
}

/** What a client asks for, as the form has it. */
export interface GrantRequest {
  readonly scope?: string | undefined
  readonly resource?: string | readonly string[] | undefined
}

/**
 * What a key is swapped for: a token for one API and scopes of that API (RFC 8707 §2.2, RFC 9068 §3).
 * @param held the scopes of the key.
 * @throws {OAuthError} invalid_scope, invalid_target.
 */
export function grantTo(
  held: readonly string[],
  { scope = '', resource }: GrantRequest,
  resources: Resources,
): MachineGrant {
  const wanted = [...new Set(scope.split(' ').filter((name) => name !== ''))]
  if (!wanted.every((name) => held.includes(name))) {
    throw new OAuthError('invalid_scope', 'The key does not have that scope')
  }
  if (held.length === 0) throw new OAuthError('invalid_scope', 'The key has no scope')
  return resource === undefined
    ? impliedGrant(wanted.length > 0 ? wanted : held, resources)
    : grantFor(named(resource, resources), wanted, held)
}

function named(identifier: string | readonly string[], resources: Resources): Resource {
  const resource = typeof identifier === 'string' ? resources.find(identifier) : undefined
  if (!resource) throw new OAuthError('invalid_target', 'Name one resource that the service knows')
  return resource
}

function grantFor(
  resource: Resource,
  wanted: readonly string[],
  held: readonly string[],
): MachineGrant {
  const scopes = wanted.length > 0 ? wanted : held.filter((scope) => knows(resource, scope))
  if (scopes.length === 0 || !scopes.every((scope) => knows(resource, scope))) {
    throw new OAuthError('invalid_scope', 'The resource does not have that scope')
  }
  return { resource, scopes }
}

/** The scopes tell the API where no resource is named. */
function impliedGrant(scopes: readonly string[], resources: Resources): MachineGrant {
  const [resource, ...others] = resources.thatKnow('every', scopes)
  if (resource && others.length === 0) return { resource, scopes }
  if (resources.thatKnow('some', scopes).length === 0) return { resource: undefined, scopes }
  throw new OAuthError(
    'invalid_target',
    'Name a resource: the scopes do not belong to exactly one API',
  )
}
