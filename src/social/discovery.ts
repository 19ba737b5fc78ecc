import { secureUrl } from '../lib/secure-url.js'
import { providerError } from './errors.js'
import type { Endpoints, GetJson, OidcProvider } from './provider.js'

/** OpenID Connect Discovery §3, as much of it as a sign-in needs. */
export interface Metadata extends Endpoints {
  readonly jwks: string
  readonly userinfo?: string
  /** How the token endpoint wants the client's secret (OpenID Connect Core §9). */
  readonly secretIn: 'header' | 'body'
  /** Whether every answer must carry `iss` (RFC 9207 §3). */
  readonly sendsIss: boolean
}

/**
 * Fetches and checks a provider's discovery document. `code_challenge_methods_supported` is not looked at:
 * S256 is always sent, so a forged document cannot turn it off (RFC 9700 §4.8).
 * @throws {Problem} PROVIDER_UNAVAILABLE, PROVIDER_ERROR.
 */
export async function discover(provider: OidcProvider, get: GetJson): Promise<Metadata> {
  const { issuer, discoveredIssuer = issuer } = provider
  const document = await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const metadata = asObject(document)
  // OpenID Connect Discovery §4.3: letter for letter.
  if (metadata.issuer !== discoveredIssuer) throw providerError('discovery_issuer_mismatch')
  const { userinfo_endpoint, token_endpoint_auth_methods_supported: methods } = metadata
  const endpoint = (name: string) => safeEndpoint(metadata[name], issuer)
  return {
    authorization: endpoint('authorization_endpoint'),
    token: endpoint('token_endpoint'),
    jwks: endpoint('jwks_uri'),
    ...(userinfo_endpoint !== undefined && { userinfo: endpoint('userinfo_endpoint') }),
    secretIn:
      Array.isArray(methods) &&
      !methods.includes('client_secret_basic') &&
      methods.includes('client_secret_post')
        ? 'body'
        : 'header',
    sendsIss: metadata.authorization_response_iss_parameter_supported === true,
  }
}

function asObject(document: unknown): Readonly<Record<string, unknown>> {
  if (typeof document !== 'object' || document === null) throw providerError('discovery_not_object')
  return document as Record<string, unknown>
}

/** Only an issuer on loopback, which the configuration has allowed, may have endpoints without TLS. */
function safeEndpoint(value: unknown, issuer: string): string {
  const url = typeof value === 'string' ? secureUrl(value) : undefined
  const isLocal = url?.hostname === new URL(issuer).hostname && issuer.startsWith('http:')
  if (!url || !(url.protocol === 'https:' || isLocal)) throw providerError('discovery_endpoint')
  return url.href
}
