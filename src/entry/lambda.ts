import { Logger } from '@aws-lambda-powertools/logger'
import awsLambdaFastify from '@fastify/aws-lambda'
import type { Context } from 'aws-lambda'
import { buildApp } from '../app.js'
import { beforeDeadline, within } from '../aws/deadline.js'
import { type ApiResult, EdgeAnswers } from '../aws/edge-answers.js'
import {
  type ApiEvent,
  isForVerifiers,
  isKnownMethod,
  prefixOf,
  readInvocation,
  withExactUrl,
} from '../aws/events.js'
import { EventMetrics } from '../events/metrics.js'
import { type Gate, throughEdge } from '../aws/origin.js'
import { type Ask, callOf, checkSelf } from '../aws/self-check.js'
import { keyStores } from '../aws/key-secrets.js'
import { Secrets } from '../aws/secrets.js'
import { systemClock } from '../lib/clock.js'
import { loadLambdaConfig } from '../config/lambda.js'
import { loadConfig } from '../config/service.js'
import { createClient } from '../dynamodb/client.js'
import { fastifyLogger } from '../events/logger.js'
import { eventLine, report } from '../events/report.js'
import { securityHeaderValues } from '../plugins/security-headers.js'
import { systemRandom } from '../lib/random.js'

type Answer = (event: ApiEvent, context: Context) => Promise<ApiResult>

interface Started {
  readonly answer: Answer
  /** Past the gate: what checks a version is not CloudFront. */
  readonly ask: (context: Context) => Ask
  /** Registers the routes that no start registers. */
  readonly openLate: () => Promise<unknown>
}

const lambdaConfig = loadLambdaConfig(process.env)
const { keySecrets, providersSecret, originSecret, isClosed } = lambdaConfig
const serviceName = 'latchkey'
const INIT_MS = 8000
/** Of a path that the log is told; it is the caller's text. */
const MAX_PREFIX = 64
const metrics = new EventMetrics()
const secrets = new Secrets()

/** Begun while Lambda initialises, when an instance has more of a processor than it ever has again. */
let starting: Promise<Started> | undefined = start()
/** What fails here is tried again by the first event that needs it. */
const begun = starting.catch(() => undefined)
const answers = new EdgeAnswers(
  await securityHeaderValues(),
  lambdaConfig.corsOrigins,
  lambdaConfig.issuer,
)
// An instance that is kept warm is frozen when this module has been read, so that it is done by then. Ten
// seconds are what Lambda gives. All others start while the runtime fetches their first event.
if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'provisioned-concurrency') {
  const warm = begun.then((started) => started?.openLate()).catch(() => undefined)
  await within(INIT_MS, warm, undefined)
}

async function start(): Promise<Started> {
  const [providers, admit] = await Promise.all([
    providersSecret === undefined ? undefined : secrets.read(providersSecret),
    openGate(),
  ])
  const config = loadConfig({
    ...process.env,
    ...(providers?.startsWith('{') === true && { OAUTH_PROVIDERS: providers }),
  })
  const logger = new Logger({ serviceName, logLevel: config.logLevel })
  const { app } = await buildApp({
    config,
    logger: fastifyLogger(logger, (event) => metrics.count(event)),
    client: createClient(),
    keyStores: keyStores(secrets, keySecrets),
    clock: systemClock,
    random: systemRandom,
  })
  const inject = awsLambdaFastify(app, {
    decorateRequest: false,
    parseCommaSeparatedQueryParams: false,
    // A team's logo; all else is text.
    binaryMimeTypes: ['image/png', 'image/webp'],
  })
  await app.ready()
  const answer: Answer = async (event, context) => {
    // Correlates our log lines with the API's access log.
    logger.appendKeys({ gatewayRequestId: event.requestContext.requestId })
    const admitted = admit(event)
    if (!admitted) return answers.forbidden(event)
    const prefix = prefixOf(admitted)
    if (prefix !== undefined) {
      logger.warn('not_at_root', eventLine('not_at_root', { prefix: prefix.slice(0, MAX_PREFIX) }))
      return answers.notAtRoot(event)
    }
    const result = await inject(withExactUrl(admitted), context)
    // Without headers it is the adapter's own, for an answer that broke off.
    if (Object.keys(result.headers).length === 0) throw new Error('The app gave no answer.')
    return result
  }
  return {
    answer,
    ask: (context) => (path) => inject(callOf(path), context),
    openLate: () => app.lateRoutes(),
  }
}

/** Without CloudFront in front every call is let through. */
async function openGate(): Promise<Gate> {
  if (originSecret === undefined) return (event) => event
  return throughEdge(await secrets.read(originSecret))
}

/** @param event a call of API Gateway; any other event warms the instance. */
export async function handler(event: unknown, context: Context): Promise<ApiResult> {
  const result = await invoke(event, context)
  metrics.publish(context.functionName)
  return result
}

async function invoke(given: unknown, context: Context): Promise<ApiResult> {
  const invocation = readInvocation(given)
  if (invocation.kind === 'unknown') {
    report(openLog(), 'event_unknown', { shape: invocation.shape })
    return answers.unreadable()
  }
  if (invocation.kind === 'other') {
    report(openLog(), 'instance_warmed', { source: invocation.source })
    if (invocation.isEmpty) await check(context)
    else await beforeDeadline(startedOrNot(), context, undefined)
    return answers.done()
  }
  const { event } = invocation
  if (!isKnownMethod(event)) return answers.unknownMethod(event)
  if (isClosed && !isForVerifiers(event)) return answers.closed(event)
  const late = await answers.unavailable(event)
  return beforeDeadline(answer(event, context, late), context, late)
}

/** An instance that could not start tries again at its next event. */
async function begin(): Promise<Started> {
  const attempt = (starting ??= start())
  try {
    return await attempt
  } catch (error) {
    if (starting === attempt) starting = undefined
    throw error
  }
}

/** @returns undefined until it has started. */
async function startedOrNot(): Promise<Started | undefined> {
  try {
    return await begin()
  } catch (error) {
    report(openLog(), 'start_fail', { err: error })
    return undefined
  }
}

/**
 * A deployment invokes a new version without an event before callers get it.
 * @throws {Error} by which the deployment fails. No alarm fires: no caller was turned away.
 */
async function check(context: Context): Promise<void> {
  const open = async () => {
    const started = await begin()
    await started.openLate()
    return started.ask(context)
  }
  const checked = checkSelf(open).then(() => true)
  if (await beforeDeadline(checked, context, false)) return
  throw new Error('This version gets no calls: it did not start in time.')
}

async function answer(event: ApiEvent, context: Context, late: ApiResult): Promise<ApiResult> {
  try {
    const started = await startedOrNot()
    return started ? await started.answer(event, context) : late
  } catch (error) {
    report(openLog(), 'unexpected_error', { err: error })
    return late
  }
}

/** The log of what has no app yet, or no request. */
const openLog = () => fastifyLogger(new Logger({ serviceName }), (event) => metrics.count(event))
