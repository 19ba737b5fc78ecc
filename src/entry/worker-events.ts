import { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { AwsEventBus } from '../aws/event-bus.js'
import { EventWorker } from '../aws/event-worker.js'
import type { Failures } from '../aws/key-events.js'
import { KeyQueue } from '../aws/key-queue.js'
import { EventDelivery } from '../cloud-events/delivery.js'
import { SubjectNumbers } from '../cloud-events/subject-numbers.js'
import { loadEventWorkerConfig } from '../config/event-worker.js'
import { createClient } from '../dynamodb/client.js'
import { Database } from '../dynamodb/database.js'
import { fastifyLogger } from '../events/logger.js'
import { EventMetrics } from '../events/metrics.js'

/** Sends events of the audit trail to EventBridge. Made once for each instance. */
const { issuer, logLevel, table, busArn, queueUrl, endpoint } = loadEventWorkerConfig(process.env)
const metrics = new EventMetrics()
const log = fastifyLogger(new Logger({ serviceName: 'latchkey-worker', logLevel }), (event) =>
  metrics.count(event),
)
const client = createClient()
const database = new Database(client)
const numbers = new SubjectNumbers({ database, table })
const bus = new AwsEventBus({ arn: busArn, access: client.config, endpoint })
const delivery = new EventDelivery({ database, table, numbers, bus, issuer, log })
const worker = new EventWorker({ queue: new KeyQueue(queueUrl), numbers, delivery, log })

/**
 * @param event new items of the stream of events, or keys of items from the queue.
 * @returns those of them that come again.
 */
export async function handler(event: unknown, context: Context): Promise<Failures> {
  const failures = await worker.handle(event, context)
  metrics.publish(context.functionName)
  return failures
}
