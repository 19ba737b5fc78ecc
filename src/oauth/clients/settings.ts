import { knows, type Resource, type Resources } from '../../access-tokens/resources.js'
import type { FieldError } from '../../http/problem.js'
import type { AppClient } from './client.js'
import { redirectUriFault } from './redirect-uri.js'

/** What a team says of an app: by HTTP, on the page, on the command line, and in the settings of the deployment. */
export interface ClientSettings {
  readonly name: string
  readonly redirectUris: readonly string[]
  /** Where a sign-out may end. @default - nowhere */
  readonly postLogoutRedirectUris?: readonly string[] | undefined
  /** Whether it can keep no secret, as an app in a browser or on a phone. @default false */
  readonly public?: boolean | undefined
  /** Whether it is one of the team's own. @default false */
  readonly firstParty?: boolean | undefined
  /** APIs that it may ask for. @default - every one that is declared */
  readonly resources?: readonly string[] | undefined
  /** Scopes of them that it may ask for. @default - all */
  readonly scopes?: readonly string[] | undefined
}

/**
 * What is left out stays; null takes a restriction away. What an app can keep does not change. `status` enables one that
 * the service has suspended.
 */
export type ClientChanges = { readonly status?: 'active' | undefined } & {
  readonly [K in Exclude<keyof ClientSettings, 'public'>]?: K extends 'resources' | 'scopes'
    ? ClientSettings[K] | null
    : ClientSettings[K] | undefined
}

export interface ClientRules {
  /** Own base URL. */
  readonly issuer: string
  readonly resources: Resources
}

/**
 * What the form of a text does not say: why settings can't be those of an app.
 * @param held APIs that the app may ask for, where the settings do not say it.
 */
export function settingsFaults(
  { redirectUris, postLogoutRedirectUris, resources, scopes }: ClientChanges,
  { issuer, resources: declared }: ClientRules,
  held?: readonly string[],
): FieldError[] {
  const uriFault = (uri: string) => redirectUriFault(uri, issuer)
  const apis = (resources ?? held)?.map((identifier) => declared.find(identifier)) ?? declared.all
  return [
    ...faultsOf('redirectUris', redirectUris, uriFault),
    ...faultsOf('postLogoutRedirectUris', postLogoutRedirectUris, uriFault),
    ...faultsOf('resources', resources, (identifier) =>
      declared.find(identifier) ? undefined : 'must be an API that RESOURCES declares',
    ),
    ...faultsOf('scopes', scopes, (scope) =>
      apis.some((api) => isScopeOf(api, scope)) ? undefined : 'must be a scope of these APIs',
    ),
  ]
}

const isScopeOf = (api: Resource | undefined, scope: string): boolean =>
  api !== undefined && knows(api, scope)

function faultsOf(
  name: keyof ClientSettings,
  values: readonly string[] | null | undefined,
  faultOf: (value: string) => string | undefined,
): FieldError[] {
  return (values ?? []).flatMap((value, index) => {
    const message = faultOf(value)
    return message === undefined ? [] : [{ field: `/${name}/${index}`, message }]
  })
}

/** The app that settings describe. */
export function clientOf(
  settings: ClientSettings,
  made: Pick<AppClient, 'clientId' | 'secrets' | 'createdAt' | 'createdBy'>,
): AppClient {
  const { name, redirectUris, postLogoutRedirectUris = [], resources, scopes } = settings
  return {
    ...made,
    ...{ name, redirectUris, postLogoutRedirectUris },
    isPublic: settings.public ?? false,
    isFirstParty: settings.firstParty ?? false,
    ...(resources && { resources }),
    ...(scopes && { scopes }),
  }
}
