import type { Resource, Resources } from '../access-tokens/resources.js'
import { refuseUnless } from './errors.js'

/**
 * The API that scopes tell where none is named.
 * @returns undefined where no API has any of them.
 * @throws {OAuthError} invalid_target where they do not tell which.
 */
export function impliedResource(
  resources: Resources,
  scopes: readonly string[],
  isAllowed: (resource: Resource) => boolean = () => true,
): Resource | undefined {
  const all = resources.thatKnow('every', scopes).filter(isAllowed)
  if (all.length !== 1 && resources.thatKnow('some', scopes).length === 0) return undefined
  const fault = 'Name a resource: the scopes do not belong to exactly one API'
  refuseUnless(all.length === 1, 'invalid_target', fault)
  return all[0]
}
