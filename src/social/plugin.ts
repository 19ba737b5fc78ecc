import type { FastifyPluginAsync } from 'fastify'
import type { Provider } from './provider.js'
import providerRoutes, { type ProviderRoutesOptions } from './routes.js'

export interface OAuthOptions extends Omit<ProviderRoutesOptions, 'provider'> {
  readonly providers: readonly Provider[]
}

/**
 * Social sign-in: for each provider a start, which redirects to it, and a callback, which ends with the
 * session's cookies (RFC 6749 §4.1 with RFC 7636, OpenID Connect Core §3.1, RFC 9207, RFC 9700).
 * Nothing is kept in memory between the two: another instance may answer the callback.
 */
const oauth: FastifyPluginAsync<OAuthOptions> = async (app, { providers, ...options }) => {
  for (const provider of providers) {
    await app.register(providerRoutes, { ...options, provider })
  }
}

export { Entrance } from './entrance.js'
export { Freeing } from './freeing.js'

export default oauth
