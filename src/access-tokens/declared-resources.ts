import { INTROSPECTION_SCOPE } from './scopes.js'
import { ACCESS_TOKEN_SECONDS } from './claims.js'
import { identifierFault } from './resource-identifier.js'
import type { Resource } from './resources.js'

/** What a team may say of one of its APIs. */
export interface ResourceSettings {
  /**
   * What people call it, 60 characters at most.
   * @default - its identifier
   */
  readonly name?: string
  /**
   * Its scopes, each with the roles (`user`, `admin`) whose people have it. A scope without roles is for API
   * keys alone.
   * @default - none
   */
  readonly scopes?: Readonly<Record<string, readonly string[]>>
  /**
   * How long its access tokens live, 60 to 900 seconds.
   * @default 900
   */
  readonly lifetimeSeconds?: number
}

const NAMES = new Set(['name', 'scopes', 'lifetimeSeconds'])
const ROLES = ['user', 'admin']
const SCOPE = /^[a-z][a-z0-9:._-]*$/
/** What tokens of people have for every API, and what a key needs at Latchkey itself. */
const RESERVED_SCOPES = new Set(['user', 'admin', INTROSPECTION_SCOPE])
const LEAST_SECONDS = 60
const MAX_NAME = 60

/** A resource that can't be declared: the rest of a sentence that begins with the setting's name. */
export class ResourceFault extends Error {
  override readonly name = 'ResourceFault'
}

/**
 * The APIs of a team, by their identifiers, as settings have them.
 * @param audience of Latchkey's own tokens.
 * @throws {ResourceFault} for the first that is wrong.
 */
export function declaredResources(given: unknown, issuer: string, audience: string): Resource[] {
  const resources = Object.entries(objectAt('', given)).map(([identifier, settings]) => {
    const fault = identifierFault(identifier, issuer)
    if (fault !== undefined) throw new ResourceFault(`: ${identifier} ${fault}`)
    if (identifier === audience) {
      throw new ResourceFault(`: ${identifier} must not be AUDIENCE, which is Latchkey itself`)
    }
    return declared(identifier, settings)
  })
  const names = new Set(resources.map(({ identifier }) => identifier))
  const twice = [...names].find((identifier) => names.has(`${identifier}/`))
  if (twice !== undefined) throw new ResourceFault(`: ${twice} is there with / and without`)
  return resources
}

function declared(identifier: string, given: unknown): Resource {
  const at = `.${identifier}`
  const settings = objectAt(at, given) as Record<string, unknown>
  const unknown = Object.keys(settings).find((name) => !NAMES.has(name))
  if (unknown !== undefined) throw new ResourceFault(`${at}.${unknown}: there is no such setting`)
  const { name = identifier, scopes = {}, lifetimeSeconds = ACCESS_TOKEN_SECONDS } = settings
  if (name !== identifier && !isName(name)) {
    throw new ResourceFault(`${at}.name: must be one line of at most ${MAX_NAME} characters`)
  }
  if (!isLifetime(lifetimeSeconds)) {
    throw new ResourceFault(
      `${at}.lifetimeSeconds: must be a whole number from ${LEAST_SECONDS} to ${ACCESS_TOKEN_SECONDS}`,
    )
  }
  return {
    identifier,
    name: name as string,
    lifetimeSeconds,
    scopes: scopesAt(`${at}.scopes`, scopes),
  }
}

const isName = (value: unknown): boolean =>
  typeof value === 'string' && /^[^\p{C}]+$/u.test(value) && value.length <= MAX_NAME

const isLifetime = (value: unknown): value is number =>
  Number.isInteger(value) &&
  (value as number) >= LEAST_SECONDS &&
  (value as number) <= ACCESS_TOKEN_SECONDS

function scopesAt(at: string, given: unknown): Resource['scopes'] {
  const scopes = Object.entries(objectAt(at, given))
  for (const [scope, roles] of scopes) {
    if (!SCOPE.test(scope)) throw new ResourceFault(`${at}: ${scope} must look like orders:read`)
    if (RESERVED_SCOPES.has(scope)) {
      throw new ResourceFault(`${at}: must not have ${scope}, which Latchkey gives itself`)
    }
    if (!Array.isArray(roles) || !roles.every((role) => ROLES.includes(role as string))) {
      throw new ResourceFault(`${at}.${scope}: must be a list of roles (${ROLES.join(', ')})`)
    }
  }
  return Object.fromEntries(scopes)
}

function objectAt(at: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new ResourceFault(`${at}: must be an object`)
}
