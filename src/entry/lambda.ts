import { Logger } from '@aws-lambda-powertools/logger'
import awsLambdaFastify from '@fastify/aws-lambda'
import type { Context } from 'aws-lambda'
import { buildApp } from '../app.js'
import { beforeDeadline } from '../aws/deadline.js'
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
import { loadConfig, loadLambdaConfig } from '../config.js'
import { createClient } from '../dynamodb/client.js'
import { fastifyLogger } from '../logger.js'
import { systemRandom } from '../random.js'

type Answer = (event: ApiEvent, context: Context) => Promise<ApiResult>

const { keyRingSecret, providersSecret, originSecret } = loadLambdaConfig(process.env)
const serviceName = 'latchkey'
const metrics = new EventMetrics()
const secrets = new Secrets()

/** Begun while Lambda initialises, when an instance has more of a processor than it ever has again. */
let starting: Promise<Answer> | undefined = start()
starting.catch(() => undefined)

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
  const answer = awsLambdaFastify(app, {
    decorateRequest: false,
    parseCommaSeparatedQueryParams: false,
    // A team's logo; all else is text.
    binaryMimeTypes: ['image/png', 'image/webp'],
  })
  await app.ready()
  return async (event, context) => {
    const admitted = admit(event)
    return admitted ? answer(withRawQuery(admitted), context) : forbidden(event)
  }
}

/** Everybody comes in where no CloudFront stands in front. */
async function openGate(): Promise<Gate> {
  if (originSecret === undefined) return (event) => event
  return throughEdge(await secrets.read(originSecret))
}

/** An instance that could not start answers 503 and tries again at its next event. */
export async function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  const late = unavailable(event)
  const work = (starting ??= start())
    .then((answer) => answer(event, context))
    .catch((error: unknown) => {
      starting = undefined
      metrics.count('start_fail')
      new Logger({ serviceName }).error('start_fail', {
        event: 'start_fail',
        error: error as Error,
      })
      return late
    })
  const result = await beforeDeadline(work, context, late)
  metrics.publish()
  return result
}
