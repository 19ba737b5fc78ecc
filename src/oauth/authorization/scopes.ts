import { knows, type Resource, type Resources } from '../../access-tokens/resources.js'
import { isOpenIdScope } from '../../access-tokens/scopes.js'
import type { AppClient } from '../clients/client.js'
import { refuseUnless } from '../errors.js'
import { impliedResource } from '../implied-resource.js'

/** Scopes of the standard that nothing here has: they are left out, as RFC 6749 §3.3 allows. */
const WITHOUT_CLAIMS: ReadonlySet<string> = new Set(['address', 'phone'])

/** RFC 6749 §3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** What tokens can be for. */
export interface Served {
  readonly resources: Resources
  /** An app without an API gets a token for this alone, and may name it. */
  readonly userinfo: string
}

/**
 * The APIs and scopes that an app may be granted of those it asks for, before its person has their say.
 * @throws {OAuthError} invalid_scope, invalid_target.
 */
export function grantable(
  client: AppClient,
  asked: { readonly scopes: readonly string[]; readonly resources: readonly string[] },
  served: Served,
) {
  const isScope = asked.scopes.every((scope) => SCOPE_TOKEN.test(scope))
  refuseUnless(isScope, 'invalid_scope', 'A scope has a character that no scope can have')
  const openId = asked.scopes.filter(isOpenIdScope)
  const others = asked.scopes.filter((scope) => !isOpenIdScope(scope) && !WITHOUT_CLAIMS.has(scope))
  const isAllowed = (api: Resource) => client.resources?.includes(api.identifier) ?? true
  const apis = [...new Set(asked.resources)]
    .filter((identifier) => identifier !== served.userinfo || !openId.includes('openid'))
    .map((identifier) => served.resources.find(identifier))
  const areKnown = apis.every((api) => api !== undefined)
  refuseUnless(areKnown, 'invalid_target', 'Name resources that the service knows')
  if (apis.length === 0 && others.length > 0) {
    const implied = impliedResource(served.resources, others, isAllowed)
    refuseUnless(implied !== undefined, 'invalid_scope', 'No API has that scope')
    apis.push(implied)
  }
  const mayAsk = apis.every(isAllowed)
  refuseUnless(mayAsk, 'invalid_target', 'The app may not ask for that resource')
  const areTheirs = others.every((scope) => apis.some((api) => knows(api, scope)))
  refuseUnless(areTheirs, 'invalid_scope', 'No API that is asked for has that scope')
  const mayHave = others.every((scope) => client.scopes?.includes(scope) ?? true)
  refuseUnless(mayHave, 'invalid_scope', 'The app may not ask for that scope')
  return {
    scopes: [...openId, ...withDefaults(client, apis, others)],
    resources: apis.map(({ identifier }) => identifier),
  }
}

/**
 * An app that names an API and none of its scopes asks for all that people have there (RFC 6749 §3.3). Those of the
 * team's own are left to what the token is made of; all others are spelt out, for their person to read.
 */
function withDefaults(
  { isFirstParty, scopes: allowed }: AppClient,
  apis: readonly Resource[],
  asked: readonly string[],
): readonly string[] {
  if (isFirstParty) return asked
  const silent = apis.filter((api) => !asked.some((scope) => knows(api, scope)))
  const all = silent.flatMap(({ scopes }) =>
    Object.keys(scopes).filter((scope) => scopes[scope]?.length !== 0),
  )
  return [...new Set([...asked, ...all.filter((scope) => allowed?.includes(scope) ?? true)])]
}
