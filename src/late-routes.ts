import fp from 'fastify-plugin'
import adminFactorRoutes from './administration/factor-routes.js'
import adminInvitationRoutes from './administration/invitation-routes.js'
import peopleRoutes from './administration/people-routes.js'
import adminRoutes from './administration/routes.js'
import auditRoutes from './audit/routes.js'
import type { Config } from './config/service.js'
import apiKeyRoutes from './api-keys/routes.js'
import deviceRoutes from './factors/device-routes.js'
import passkeyRoutes from './factors/passkeys/routes.js'
import factorsRemovalRoutes from './factors/removal-routes.js'
import factorRoutes from './factors/routes.js'
import clientRoutes from './oauth/clients/routes.js'
import consentRoutes from './oauth/consent-routes.js'
import home from './pages/home/routes.js'
import openapi, { type OpenApiOptions } from './plugins/openapi.js'
import sessionRoutes from './sessions/routes.js'
import addressRoutes from './sign-in/address-routes.js'
import secondStepRoutes from './sign-in/factor-routes.js'
import identityRoutes from './sign-in/identity-routes.js'
import mailSignInRoutes from './sign-in/mail-routes.js'
import invitationRoutes from './sign-in/invitation-routes.js'
import passkeySignInRoutes from './sign-in/passkey-routes.js'
import resetRoutes from './sign-in/reset-routes.js'
import verificationRoutes from './sign-in/verification-routes.js'
import personalDataRoutes from './personal-data/routes.js'
import type { LatePages } from './pages/late-pages.js'
import pageRoutes from './pages/routes.js'
import type { Services } from './services.js'
import type { SocialSignIn } from './social/late-social.js'

export interface LateRoutesOptions {
  readonly config: Config
  readonly services: Services
  /** Makes the OpenAPI document. */
  readonly describe: OpenApiOptions['describe']
  readonly pages: LatePages
  /** None where no provider is configured. */
  readonly social: SocialSignIn | undefined
}

/** All that no start registers: a file of the bundle that the first request for one of them loads. */
export default fp<LateRoutesOptions>(async function lateRoutes(
  app,
  { config, services, describe, pages, social },
) {
  const { current, resources, sessions, managedUsers, passkeys } = services
  const { keyDesk, holderKeys, keyUsage: usage, keyVerifier: verifier } = services
  // The first instance answers preflights, and knows the paths that are its own.
  app.addHook('onRoute', (route) => {
    if (!route.config?.isForAnyOrigin) return
    throw new TypeError(`${route.url}: what is for the pages of any origin can't be late.`)
  })

  app.register(openapi, { describe })
  app.register(resetRoutes, { passwordReset: services.passwordReset })
  app.register(mailSignInRoutes, {
    mailSignIn: services.mailSignIn,
    flow: services.late.get('mailSignInFlow'),
    resources,
  })
  app.register(verificationRoutes, {
    verification: services.verification,
    current,
    resources,
  })
  app.register(invitationRoutes, {
    invitationAcceptance: services.invitationAcceptance,
    resources,
  })
  app.register(addressRoutes, {
    addressChange: services.addressChange,
    addressUndo: services.addressUndo,
    current,
  })
  app.register(personalDataRoutes, { personalData: services.personalData })
  app.register(adminRoutes, { managedUsers })
  app.register(adminFactorRoutes, { managedUsers })
  app.register(adminInvitationRoutes, { invitationDesk: services.invitationDesk })
  app.register(peopleRoutes, { people: services.people })
  app.register(auditRoutes, { trailDesk: services.trailDesk })
  app.register(clientRoutes, { clientDesk: services.clientDesk })
  app.register(sessionRoutes, { sessions })
  app.register(factorRoutes, { factorDesk: services.factorDesk })
  app.register(deviceRoutes, { trustedDevices: services.trustedDevices })
  app.register(secondStepRoutes, {
    secondStep: services.secondStep,
    stepUp: services.stepUp,
    forcedEnrolment: services.forcedEnrolment,
    current,
    resources,
  })
  app.register(passkeyRoutes, { passkeys })
  app.register(passkeySignInRoutes, {
    passkeys,
    passkeySignIn: services.passkeySignIn,
    resources,
  })
  app.register(factorsRemovalRoutes, { factorsRemovals: services.factorsRemovals })
  app.register(identityRoutes, { accounts: services.accounts })
  if (social) app.register(social.routes, social.options)
  app.register(apiKeyRoutes, { desk: keyDesk, holderKeys, usage, verifier })
  app.register(consentRoutes, { consents: services.consents })
  if (config.apiKeys.leaks) {
    // A service that takes no reports loads none of it.
    const { default: leakRoutes } = await import('./api-keys/leaks.js')
    app.register(leakRoutes, { ...config.apiKeys.leaks, apiKeys: services.apiKeys })
  }
  app.register(pageRoutes, { ...pages, current, returnOrigins: config.corsOrigins })
  app.register(home)
})
