import { Problem, type ProblemType } from '../http/problem.js'
import { ACCESS_TOKEN_SECONDS } from './claims.js'
import { isOpenIdScope } from './scopes.js'

const RESOURCE_UNKNOWN: ProblemType = {
  status: 400,
  code: 'RESOURCE_UNKNOWN',
  title: 'No such resource',
}

/** One of the team's APIs, as `RESOURCES` declares it. */
export interface Resource {
  /** Absolute URI: `aud` of its tokens. */
  readonly identifier: string
  readonly name: string
  /** Each scope with the roles whose people have it. */
  readonly scopes: Readonly<Record<string, readonly string[]>>
  /** How long its tokens live. */
  readonly lifetimeSeconds: number
}

/** What tokens can be asked for (RFC 8707): the declared APIs, beside Latchkey itself. */
export class Resources {
  readonly all: readonly Resource[]
  readonly #byIdentifier: ReadonlyMap<string, Resource>

  constructor(all: readonly Resource[]) {
    this.all = all
    this.#byIdentifier = new Map(all.map((resource) => [resource.identifier, resource]))
  }

  /** Compared letter for letter (RFC 3986 §6.2.1). */
  find(identifier: string): Resource | undefined {
    return this.#byIdentifier.get(identifier)
  }

  /** Those that know all of the scopes, or any of them. */
  thatKnow(quantifier: 'every' | 'some', scopes: readonly string[]): Resource[] {
    return this.all.filter((resource) => scopes[quantifier]((scope) => knows(resource, scope)))
  }
}

/**
 * What a request asks a token for, before anything is checked or spent; undefined for Latchkey itself.
 * @throws {Problem} RESOURCE_UNKNOWN.
 */
export function requestedResource(
  resources: Resources,
  body: { readonly resource?: string } | null | undefined,
): Resource | undefined {
  if (body?.resource === undefined) return undefined
  const resource = resources.find(body.resource)
  if (!resource) throw new Problem(RESOURCE_UNKNOWN)
  return resource
}

export const knows = ({ scopes }: Resource, scope: string): boolean => Object.hasOwn(scopes, scope)

/** Roles as scopes, for authorizers that look at nothing else, such as API Gateway's. */
const SCOPES_OF_ROLES: Readonly<Record<string, string>> = { user: 'user', admin: 'user admin' }

/**
 * What a person's token says of what they may do.
 * @param resource the API that it is for; undefined for Latchkey itself.
 */
export function powersOf({ role }: { readonly role: string }, resource?: Resource) {
  const own = SCOPES_OF_ROLES[role]
  const granted = Object.entries(resource?.scopes ?? {})
    .filter(([, roles]) => roles.includes(role))
    .map(([scope]) => scope)
  return { role, scope: [...(own === undefined ? [] : [own]), ...granted].join(' ') }
}

/**
 * What the token of an app says of what it may do for a person: never more than the person may do. The team's own apps
 * get what the person has at the API, or of it what they have asked for; others what the person has allowed, without
 * role.
 * @param resource the API that it is for; undefined for userinfo.
 */
export function powersOfApp(
  { isFirstParty, scopes }: { readonly isFirstParty: boolean; readonly scopes: readonly string[] },
  user: { readonly role: string },
  resource?: Resource,
): { readonly scope: string; readonly role?: string } {
  if (!resource) return { scope: scopes.filter(isOpenIdScope).join(' ') }
  const { role, scope } = powersOf(user, resource)
  const held = scope.split(' ')
  const asked = scopes.filter((name) => knows(resource, name))
  if (!isFirstParty) return { scope: asked.filter((name) => held.includes(name)).join(' ') }
  const isGiven = (name: string) =>
    asked.length === 0 || asked.includes(name) || !knows(resource, name)
  return { role, scope: held.filter(isGiven).join(' ') }
}

/** `aud` and lifetime of a token; Latchkey's own has the signer's audience. */
export const targetOf = (resource: Resource | undefined) => ({
  ...(resource && { aud: resource.identifier }),
  seconds: resource?.lifetimeSeconds ?? ACCESS_TOKEN_SECONDS,
})
