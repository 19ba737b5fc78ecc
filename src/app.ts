import type { FastifyInstance } from 'fastify'
import type { Config } from './config/service.js'
import { readClients } from './config/declared-clients.js'
import { ConfigError } from './config/environment.js'
import holderRoutes from './api-keys/holder-routes.js'
import healthRoutes from './health/routes.js'
import authorizationRoutes from './oauth/authorization/routes.js'
import discoveryRoutes from './oauth/discovery.js'
import machineTokenRoutes from './oauth/routes.js'
import resourceRoutes from './resources/routes.js'
import accountRoutes from './sign-in/account-routes.js'
import signInRoutes from './sign-in/routes.js'
import { openFrame } from './frame.js'
import type { ApiDocument } from './http/openapi/links.js'
import { RouteList } from './http/route-list.js'
import { onceMade } from './lib/once-made.js'
import { VERSION } from './lib/version.js'
import { latePages } from './pages/late-pages.js'
import { type AppDependencies, buildServices, type Services } from './services.js'
import tokenRoutes from './sessions/token-routes.js'
import { lateSocial } from './social/late-social.js'

/** An app, ready to listen, to inject into, or to be called by Lambda, and what it is made of. */
export interface BuiltApp {
  readonly app: FastifyInstance
  readonly services: Services
  /** Makes the OpenAPI document of all routes, late ones included. */
  readonly describe: () => Promise<ApiDocument>
}

/**
 * Builds the services with what they need, and hands them to the plugins and routes. Routes that programs call day
 * by day are registered at once; the others, by the first request for one of them (`late-routes.ts`).
 */
export async function buildApp(dependencies: AppDependencies): Promise<BuiltApp> {
  const { config, clock, random } = dependencies
  const { issuer, tables, rateLimits } = config
  assertProvedDomains(config)
  const services = buildServices(dependencies, await readClients(config))
  const { database, keyRing, ticketKeys, tickets, resources, tokenSigner } = services
  const { users, identities, profiles, sessions, current, signIn } = services
  // Read, or made, while the rest is built. Ticket and data keys are read when they are first needed.
  keyRing.loaded().catch(() => undefined)

  const social = await lateSocial(config.oauth, {
    ...{ issuer, tickets, ticketKeys, clock, random },
    ...{ identities, sessions, current, signIn },
    returnOrigins: config.corsOrigins,
  })
  const pages = latePages({
    services: async () => ({
      ...services,
      ...(await services.late.load()),
      freeing: (await social.open())?.freeing,
    }),
    current,
    issuer,
    ticketKeys,
    returnOrigins: config.corsOrigins,
    providers: social.providers.map(({ id, name }) => ({ id, name })),
    hasPasskeys: config.passkeys,
    brand: config.brand,
    clock,
  })
  const routes = new RouteList()
  const describe = onceMade(async () => {
    await app.lateRoutes()
    const { describeRoutes } = await import('./late.js')
    const choices = {
      resources: config.resources.map(({ identifier }) => identifier),
      resourceScopes: [...new Set(config.resources.flatMap(({ scopes }) => Object.keys(scopes)))],
      keyScopes: config.apiKeys.scopes.all,
    }
    return describeRoutes(routes.described, { issuer, version: VERSION, choices })
  })
  const frame = { dependencies, services, routes, failurePage: pages.fail }
  const app = await openFrame({
    ...frame,
    async buildLate() {
      // What can fail for a while comes first: routes are listed once.
      const { default: lateRoutes } = await import('./late-routes.js')
      const providers = await social.open()
      const late = await openFrame(frame)
      await late.register(lateRoutes, { config, services, describe, pages, social: providers })
      return late
    },
  })
  app.addHook('onClose', async () => dependencies.client.destroy())

  const { holderKeys, keyUsage: usage, keyVerifier: verifier } = services
  app.register(signInRoutes, {
    users,
    signIn,
    accounts: services.accounts,
    registrations: services.registrations,
    resources,
    limit: rateLimits.address,
  })
  app.register(tokenRoutes, { sessions, current, resources })
  app.register(accountRoutes, { accounts: services.accounts, profiles })
  app.register(holderRoutes, { holderKeys, usage, verifier })
  app.register(resourceRoutes)
  app.register(machineTokenRoutes, {
    services: {
      keyPrefix: config.apiKeys.keyPrefix,
      verifier,
      current,
      userinfoTokens: services.userinfoTokenVerifier,
      appTokens: services.late.get('appTokens'),
      presentedTokens: services.late.get('presentedTokens'),
    },
    resources,
    signer: tokenSigner,
    clock,
    random,
  })
  app.register(authorizationRoutes, {
    actions: async () => (await services.late.load()).authorizationActions,
  })
  app.register(discoveryRoutes, {
    issuer,
    keyRing,
    resources,
    scopes: config.apiKeys.scopes.all,
  })
  app.register(healthRoutes, { database, table: tables.users })
  await Promise.all([app.after(), keyRing.loaded()])
  return { app, services, describe }
}

/** @throws {ConfigError} where anyone could claim an address of a domain that may sign up. */
function assertProvedDomains({ signUp, oauth, emailVerification }: Config): void {
  const isProved = Object.keys(oauth.providers).length > 0 || emailVerification === 'required'
  if (typeof signUp !== 'object' || isProved) return
  throw new ConfigError(
    'SIGN_UP: domains needs EMAIL_VERIFICATION=required, or an identity provider (OAUTH_PROVIDERS): they prove the addresses.',
  )
}
