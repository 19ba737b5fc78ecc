import { Logger } from '@aws-lambda-powertools/logger'
import awsLambdaFastify from '@fastify/aws-lambda'
import type { Context } from 'aws-lambda'
import { buildApp } from '../app.js'
import { beforeDeadline, within } from '../aws/deadline.js'
import {
  type ApiEvent,
  type ApiResult,
  forbidden,
  unavailable,
  withRawQuery,
} from '../aws/events.js'
import { EventMetrics } from '../aws/event-metrics.js'
import { type Gate, throughEdge } from '../aws/origin.js'
import { SecretKeyRingStore } from '../aws/secret-key-ring.js'
import { Secrets } from '../aws/secrets.js'
import { systemClock } from '../clock.js'
import { loadLambdaConfig } from '../config/lambda.js'
import { loadConfig } from '../config/service.js'
import { createClient } from '../dynamodb/client.js'
import { fastifyLogger } from '../logger.js'
import { systemRandom } from '../random.js'

type Answer = (event: ApiEvent, context: Context) => Promise<ApiResult>

const { keyRingSecret, providersSecret, originSecret } = loadLambdaConfig(process.env)
const serviceName = 'latchkey'
const INIT_MS = 8000
const metrics = new EventMetrics()
const secrets = new Secrets()

/** Begun while Lambda initialises, when an instance has more of a processor than it ever has again. */
let starting: Promise<Answer> | undefined = start()
/** What fails here is tried again by the first event. */
const begun = starting.catch(() => undefined)
// An instance that is kept warm is frozen when this module has been read, so that it is done by then. Ten
// seconds are what Lambda gives. All others start while the runtime fetches their first event.
if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'provisioned-concurrency') {
  await within(INIT_MS, begun, undefined)
}

async function start(): Promise<Answer> {
  const [providers, admit] = await Promise.all([
    providersSecret === undefined ? undefined : secrets.read(providersSecret),
    openGate(),
  ])
  const config = loadConfig({
    ...process.env,
    ...(providers?.startsWith('{') === true && { OAUTH_PROVIDERS: providers }),
  })
  const logger = new Logger({ serviceName, logLevel: config.logLevel })
  const app = await buildApp({
    config,
    logger: fastifyLogger(logger, (event) => metrics.count(event)),
    client: createClient(),
    keyRingStore: new SecretKeyRingStore(secrets, keyRingSecret),
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
  return async (event, context) => {
    // By it the lines of a request are found from the API's access log.
    logger.appendKeys({ gatewayRequestId: event.requestContext.requestId })
    const admitted = admit(event)
    return admitted ? inject(withRawQuery(admitted), context) : forbidden(event)
  }
}

/** Everybody comes in where no CloudFront stands in front. */
async function openGate(): Promise<Gate> {
  if (originSecret === undefined) return (event) => event
  return throughEdge(await secrets.read(originSecret))
}

export async function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  const late = unavailable(event)
  const result = await beforeDeadline(answer(event, context, late), context, late)
  metrics.publish(context.functionName)
  return result
}

/** An instance that could not start answers 503 and tries again at its next event. */
async function answer(event: ApiEvent, context: Context, late: ApiResult): Promise<ApiResult> {
  const attempt = (starting ??= start())
  let started: Answer
  try {
    started = await attempt
  } catch (error) {
    if (starting === attempt) starting = undefined
    report('start_fail', error)
    return late
  }
  try {
    return await started(event, context)
  } catch (error) {
    report('unexpected_error', error)
    return late
  }
}

function report(event: string, error: unknown): void {
  metrics.count(event)
  new Logger({ serviceName }).error(event, { event, error: error as Error })
}
