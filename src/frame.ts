import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import adminGuard from './administration/guard.js'
import apiKeys from './api-keys/plugin.js'
import { answerUnreadable, type RawAnswers } from './http/client-errors.js'
import { corsHeaders } from './http/cors-headers.js'
import { type FailurePage, renderFailure } from './http/errors.js'
import { lazyCompilers } from './http/lazy-compilers.js'
import { CLIENT } from './events/logger.js'
import clientErrors from './plugins/client-errors.js'
import cookies from './plugins/cookies.js'
import cors from './plugins/cors.js'
import errors from './plugins/errors.js'
import jwt from './plugins/jwt.js'
import notFound from './plugins/not-found.js'
import rateLimit from './plugins/rate-limit.js'
import securityHeaders, { securityHeaderValues } from './plugins/security-headers.js'
import text from './plugins/text.js'
import delivery from './sessions/delivery.js'
import sessionGuards from './sessions/guards.js'
import type { RouteList } from './http/route-list.js'
import lateRoutes from './plugins/late-routes.js'
import type { AppDependencies, Services } from './services.js'

/** How long a client may take to send a request, where it comes by a socket: API Gateway has a limit of its own. */
const REQUEST_MS = 30_000
const TIMEOUT_CHECK_MS = 1000

/** The largest honest body is a password change; 16 KiB leaves room. */
const BODY_LIMIT = 16 * 1024

export interface FrameOptions {
  readonly dependencies: AppDependencies
  readonly services: Services
  /** Of the whole service: each instance adds its own. */
  readonly routes: RouteList
  readonly failurePage: FailurePage
  /** Builds the instance that takes what this one has no route for. */
  readonly buildLate?: () => Promise<FastifyInstance>
}

/** A Fastify instance without routes: how it reads and answers, and what routes of the service rely on. */
export async function openFrame(options: FrameOptions): Promise<FastifyInstance> {
  const { dependencies, services, routes, failurePage, buildLate } = options
  const { config, logger, clock, random, front } = dependencies
  const { issuer, rateLimits } = config
  const { allowOnOutage } = rateLimits
  const headers = await securityHeaderValues()
  const headersFor = (origin: string | undefined) => ({
    ...headers,
    ...corsHeaders(config.corsOrigins, origin),
  })
  const answers: RawAnswers = { log: logger, issuer, headersFor }

  const app = Fastify({
    // No `loggerInstance`: with one, Fastify listens to the end of each answer, for a line that is never written.
    // Events are logged where they happen; a line for each request would repeat API Gateway's access log.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    childLoggerFactory: (_none, bindings, _options, { socket, headers }) =>
      logger.child({ ...bindings, [CLIENT]: { ip: socket.remoteAddress, headers } }),
    bodyLimit: BODY_LIMIT,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // An address comes from the connection or from API Gateway, never from a header.
    trustProxy: false,
    // Input is taken as it comes or refused: nothing is coerced, and nothing unknown is dropped.
    // All that is wrong is said at once; a body of BODY_LIMIT made of faults alone costs 5 ms, less than a hash.
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        validateSchema: false,
        allErrors: true,
      },
    },
    schemaController: { compilersFactory: lazyCompilers as object },
    // While it closes, the service finishes what has begun; a client is not cut off half-way.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable(answers),
    requestTimeout: REQUEST_MS,
    http: {
      // Node's own refusal of a request without Host is not ours; `clientErrors` has one.
      requireHostHeader: false,
      // Fastify sets the time of the whole request too late to bound that of its head, which Node leaves at a minute.
      headersTimeout: REQUEST_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    frameworkErrors(error, request, reply) {
      reply.headers(headersFor(request.headers.origin))
      void renderFailure(error, request, reply)
    },
  })

  app.log = logger
  routes.follow(app)
  app.register(errors, { issuer, failurePage })
  app.register(securityHeaders)
  app.register(cors, { origins: config.corsOrigins, routes })
  if (buildLate) app.register(lateRoutes, { build: buildLate })
  app.register(clientErrors, { answers })
  if (front) app.register(front)
  app.register(notFound, { routes })
  app.register(text)
  app.register(cookies, { issuer, trustedOrigins: config.corsOrigins })
  app.register(rateLimit, {
    permits: services.addressPermits,
    limit: rateLimits.address,
    allowOnOutage,
  })
  app.register(jwt, { verifier: services.tokenVerifier, clock })
  app.register(delivery, {
    signer: services.tokenSigner,
    limits: services.accountLimits,
    lifetimes: config.sessions,
    clock,
    random,
  })
  app.register(sessionGuards, {
    current: services.current,
    sessions: services.sessions,
  })
  app.register(adminGuard)
  app.register(apiKeys, {
    verifier: services.keyVerifier,
    limits: services.keyLimits,
    usage: services.keyUsage,
    desk: services.keyDesk,
    allowOnOutage,
  })
  return app
}
