import { ConfigError, parseOrigin, validate } from './environment.js'
import { MANY_TENANTS, PRESET_IDS, ProviderSettings } from '../social/provider-settings.js'
import { asObject, parseObject } from './json.js'

const PROVIDER_ID = /^[a-z][a-z0-9-]{0,31}$/
/** Other paths of `/api/auth/`. */
const RESERVED = new Set([
  ...['register', 'login', 'refresh', 'logout', 'sessions', 'password', 'identities'],
  ...['email', 'factors', 'passkeys', 'step-up', 'consents', 'devices', 'invitation'],
])
/** These know their issuer. */
const PRESETS = new Set<string>(PRESET_IDS)

/**
 * The identity providers of `OAUTH_PROVIDERS`, by their ids.
 * @throws {ConfigError} which never quotes a value: there are secrets among them.
 */
export function parseProviders(json: string): Readonly<Record<string, ProviderSettings>> {
  const providers = Object.entries(parseObject('OAUTH_PROVIDERS', json))
  return Object.fromEntries(providers.map(([id, given]) => [id, parseProvider(id, given)]))
}

function parseProvider(id: string, given: unknown): ProviderSettings {
  const name = `OAUTH_PROVIDERS.${id}`
  if (!PROVIDER_ID.test(id) || RESERVED.has(id)) {
    throw new ConfigError(`${name}: must be named with a-z, 0-9 and -, and not like another path.`)
  }
  const settings = asObject(name, given)
  const unknown = Object.keys(settings).find(
    (key) => !Object.hasOwn(ProviderSettings.properties, key),
  )
  if (unknown !== undefined) throw new ConfigError(`${name}.${unknown}: there is no such setting.`)
  const provider = validate(ProviderSettings, settings, `${name}.`)
  if (provider.issuer !== undefined) checkProviderIssuer(`${name}.issuer`, provider.issuer)
  else if (!PRESETS.has(id)) throw new ConfigError(`${name}.issuer: is missing.`)
  if (id === 'github' && provider.issuer?.endsWith('/login/oauth') === false) {
    throw new ConfigError(`${name}.issuer: must end with /login/oauth.`)
  }
  if (id === 'microsoft' && provider.emailsVerified === true && hasManyTenants(provider)) {
    throw new ConfigError(`${name}.emailsVerified: needs the id of a single tenant.`)
  }
  return provider
}

/** Anyone may own a tenant, and type any address into it (nOAuth, CVE-2023-3128). */
function hasManyTenants({ tenant = 'common', issuer = `/${tenant}/v2.0` }: ProviderSettings) {
  return MANY_TENANTS.test(issuer)
}

/** Without TLS any host on the network path could pose as the provider. */
function checkProviderIssuer(name: string, value: string): void {
  parseOrigin(name, value)
  // By letters, since a parser drops a query or a user that is empty.
  if (/[?#@]/.test(value)) {
    throw new ConfigError(`${name}: must have no query, fragment or user.`)
  }
}
