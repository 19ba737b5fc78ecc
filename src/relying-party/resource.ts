import { identifierFault } from '../access-tokens/resource-identifier.js'

/** What an API accepts as `aud`. */
export interface AudienceOptions {
  /**
   * Identifier of your API, letter for letter as the service's `RESOURCES` has it: an absolute `https://` URI
   * that is not the issuer (`http://` on loopback).
   */
  readonly resource: string
  /**
   * `aud` of tokens from before your API had an identifier of its own. A party that is shown such a token can use it
   * elsewhere, so that each start warns. It ends with the next minor release.
   * @default - none
   */
  readonly legacyAudience?: string | undefined
}

/** What a start warns of. */
export const LEGACY_AUDIENCE_WARNING =
  'legacyAudience is set: tokens for other APIs are accepted, and tokens shown here open Latchkey itself. Remove it when all apps ask for tokens with `resource`.'

/** @throws {TypeError} for what can't be an identifier of an API. */
export function audiencesOf(
  issuer: string,
  { resource, legacyAudience }: AudienceOptions,
): string[] {
  // JavaScript leaves it out, as every version before resources did.
  if (typeof resource !== 'string') throw new TypeError('resource: is missing: name your own API.')
  const fault = identifierFault(resource, issuer)
  if (fault !== undefined) throw new TypeError(`resource: ${resource} ${fault}.`)
  return legacyAudience === undefined ? [resource] : [resource, legacyAudience]
}
