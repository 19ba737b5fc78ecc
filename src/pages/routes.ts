import type { FastifyError, FastifyPluginAsync } from 'fastify'
import { NOT_FOUND } from '../http/errors.js'
import { acceptForms } from '../http/body.js'
import { Problem } from '../http/problem.js'
import { isSpeculative, sendNothing } from '../http/speculation.js'
import { accountRoutes } from './account/routes.js'
import { activityRoutes } from './activity/routes.js'
import { addressRoutes } from './addresses/routes.js'
import { appLogoutRoutes } from './app-logout/routes.js'
import { appRoutes } from './apps/routes.js'
import { assetRoutes } from './assets/routes.js'
import { clientRoutes } from './clients/routes.js'
import { consentRoutes } from './consent/routes.js'
import { emailRoutes } from './email/routes.js'
import { enrolmentRoutes } from './enrolment/routes.js'
import { errorsRoutes } from './errors/routes.js'
import { factorRoutes } from './factors/routes.js'
import { invitationRoutes } from './invitation/routes.js'
import { invitationsRoutes } from './invitations/routes.js'
import { keepFactorsRoutes } from './keep-factors/routes.js'
import { keyRoutes } from './keys/routes.js'
import type { LatePages } from './late-pages.js'
import type { PagesOptions } from './kit/options.js'
import { requirePageSession } from './kit/page-session.js'
import { pagePolicy, withVary } from './kit/policy.js'
import { type PageRoutes, routesKit } from './kit/routes.js'
import { mailSignInRoutes } from './mail-sign-in/routes.js'
import { resetRoutes } from './reset/routes.js'
import { secondStepRoutes } from './second-step/routes.js'
import { sessionRoutes } from './sessions/routes.js'
import { signInRoutes } from './sign-in/routes.js'
import { stepUpRoutes } from './step-up/routes.js'
import { userRoutes } from './users/routes.js'
import { verifyRoutes } from './verify/routes.js'

export interface PageRoutesOptions
  extends LatePages, Pick<PagesOptions, 'returnOrigins' | 'current'> {}

const PAGES: readonly PageRoutes[] = [
  assetRoutes,
  errorsRoutes,
  signInRoutes,
  mailSignInRoutes,
  secondStepRoutes,
  enrolmentRoutes,
  stepUpRoutes,
  consentRoutes,
  appLogoutRoutes,
  resetRoutes,
  addressRoutes,
  accountRoutes,
  factorRoutes,
  appRoutes,
  sessionRoutes,
  activityRoutes,
  keyRoutes,
  clientRoutes,
  userRoutes,
  verifyRoutes,
  emailRoutes,
  keepFactorsRoutes,
  invitationRoutes,
  invitationsRoutes,
]

/**
 * The pages for people: sign-in, sign-up, and a person's own account. Plain forms, which work without
 * scripts and do what the JSON routes do, with the same services. Cookies alone authenticate; each post
 * proves that it comes from a page of our own.
 */
const pageRoutes: FastifyPluginAsync<PageRoutesOptions> = async (app, options) => {
  const { context, fail, returnOrigins, current } = options
  app.removeAllContentTypeParsers()
  acceptForms(app)

  const policy = pagePolicy(returnOrigins)
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'HEAD' && isSpeculative(request)) return sendNothing(reply)
    reply.headers(withVary(policy, reply.getHeader('vary')))
    if (request.routeOptions.config.isForAnyPage !== true) request.assertOwnPage()
  })
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    // An id that can't be one is an address without a page.
    const isLost = error.validationContext === 'params'
    return fail(isLost ? new Problem(NOT_FOUND) : error, request, reply)
  })

  const kit = routesKit(context, requirePageSession(current))
  for (const register of PAGES) register(app, kit)
}

export default pageRoutes

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a form of any site may be sent there: it has no effect, or proves itself where it comes from. */
    readonly isForAnyPage?: boolean
  }
}
