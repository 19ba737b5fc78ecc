import { githubProfile } from './github.js'
import { MANY_TENANTS, type PRESET_IDS, type ProviderSettings } from './provider-settings.js'
import type { Claims, OAuth2Provider, OidcProvider, Provider } from './provider.js'

const OIDC_SCOPES = ['openid', 'email', 'profile']

/** OpenID Connect's own default (Core §15.1, Registration §2). */
const DEFAULT_ALGORITHM = 'RS256'

/** The providers of the configuration: the known ones by their names, any other by its issuer. */
export function resolveProviders(
  settings: Readonly<Record<string, ProviderSettings>>,
): readonly Provider[] {
  return Object.entries(settings).map(([id, given]) => (PRESETS.get(id) ?? oidc)(id, given))
}

type Preset = (id: string, settings: ProviderSettings) => Provider

const PRESETS = new Map<string, Preset>(
  Object.entries({ google, microsoft, github } satisfies Record<
    (typeof PRESET_IDS)[number],
    Preset
  >),
)

function oidc(id: string, settings: ProviderSettings): OidcProvider {
  const { clientId, clientSecret, issuer = '', name = id } = settings
  return {
    protocol: 'oidc',
    id,
    name,
    issuer,
    clientId,
    clientSecret,
    scopes: OIDC_SCOPES,
    domainsOf: () => settings.domains ?? [],
    algorithm: settings.idTokenSignedResponseAlg ?? DEFAULT_ALGORITHM,
    issuerOf: () => issuer,
    isEmailVerified: ({ email_verified }) =>
      settings.emailsVerified === true || isTrue(email_verified),
  }
}

/**
 * Google speaks for its own mail, and for the domain of a Workspace (`hd`). An account at another address may
 * have been made by a person who has lost that address since.
 * https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
 */
function google(id: string, settings: ProviderSettings): OidcProvider {
  const defaults = { name: 'Google', issuer: 'https://accounts.google.com' }
  return {
    ...oidc(id, withDefaults(settings, defaults)),
    linkPrompt: 'select_account',
    domainsOf: ({ hd }) => [
      ...(settings.domains ?? []),
      'gmail.com',
      ...(typeof hd === 'string' ? [hd.toLowerCase()] : []),
    ],
  }
}

const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'
const TENANT = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/**
 * Each tenant is an issuer. Where any tenant may sign in, discovery names a template, and a token must come
 * from the tenant that its `tid` says.
 * https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#validate-the-issuer
 *
 * `email` is any text that the tenant's administrator has typed (nOAuth, CVE-2023-3128); only `xms_edov` says
 * that the tenant owns the address's domain.
 * https://learn.microsoft.com/en-us/entra/identity-platform/migrate-off-email-claim-authorization
 */
function microsoft(id: string, settings: ProviderSettings): OidcProvider {
  const { tenant = 'common', emailsVerified } = settings
  const issuer = `https://login.microsoftonline.com/${tenant === 'consumers' ? CONSUMERS : tenant}/v2.0`
  const provider = oidc(id, withDefaults(settings, { name: 'Microsoft', issuer }))
  const ofTenant = (tenantId: string) =>
    provider.issuer.replace(MANY_TENANTS, () => `/${tenantId}/v2.0`)
  const template = ofTenant('{tenantid}')
  return {
    ...provider,
    linkPrompt: 'select_account',
    ...(template !== provider.issuer && { discoveredIssuer: template }),
    issuerOf: ({ tid }) => {
      if (template === provider.issuer) return provider.issuer
      return typeof tid === 'string' && TENANT.test(tid) ? ofTenant(tid) : undefined
    },
    domainsOf: ({ xms_edov }) => (isTrue(xms_edov) ? ['*'] : (settings.domains ?? [])),
    isEmailVerified: ({ xms_edov }) =>
      (emailsVerified === true && template === provider.issuer) || isTrue(xms_edov),
  }
}

const GITHUB_OAUTH = '/login/oauth'

/**
 * Plain OAuth 2.0. The issuer is what GitHub says in `iss` (RFC 9207); that of a GitHub Enterprise Server
 * is its own address with the same path.
 * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
function github(id: string, settings: ProviderSettings): OAuth2Provider {
  const { clientId, clientSecret, name, issuer } = withDefaults(settings, {
    name: 'GitHub',
    issuer: `https://github.com${GITHUB_OAUTH}`,
  })
  const base = issuer.slice(0, -GITHUB_OAUTH.length)
  const api = base === 'https://github.com' ? 'https://api.github.com' : `${base}/api/v3`
  return {
    protocol: 'oauth2',
    id,
    name,
    issuer,
    clientId,
    clientSecret,
    scopes: ['read:user', 'user:email'],
    domainsOf: () => settings.domains ?? [],
    linkPrompt: 'select_account',
    endpoints: { authorization: `${issuer}/authorize`, token: `${issuer}/access_token` },
    readProfile: async (accessToken, get) => ({
      issuer,
      ...(await githubProfile(api, accessToken, get)),
    }),
  }
}

const withDefaults = <D extends Partial<ProviderSettings>>(
  settings: ProviderSettings,
  defaults: D,
) => ({
  ...defaults,
  ...settings,
})

/** Some issuers write booleans as text or as numbers. */
const isTrue = (claim: Claims[string]): boolean =>
  claim === true || claim === 'true' || claim === 1 || claim === '1'
