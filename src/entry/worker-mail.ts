import { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { KeyQueue } from '../aws/key-queue.js'
import type { Failures } from '../aws/key-events.js'
import { MailWorker } from '../aws/mail-worker.js'
import { ticketKeyStore } from '../aws/key-secrets.js'
import { Secrets } from '../aws/secrets.js'
import { SesMailer } from '../aws/ses-mailer.js'
import { loadWorkerConfig } from '../config/worker.js'
import { createClient } from '../dynamodb/client.js'
import { Database } from '../dynamodb/database.js'
import { MailDelivery } from '../email/delivery.js'
import { fastifyLogger } from '../events/logger.js'
import { EventMetrics } from '../events/metrics.js'
import { SecretKeyRing } from '../keyring/secret-ring.js'
import { TICKET_MS } from '../keyring/secret-keys.js'
import { systemClock as clock } from '../lib/clock.js'
import { systemRandom as random } from '../lib/random.js'

/** Sends the mails of the service. Made once for each instance. */
const config = loadWorkerConfig(process.env)
const { table, issuer, brand, from, configurationSet } = config
const metrics = new EventMetrics()
const log = fastifyLogger(
  new Logger({ serviceName: 'latchkey-worker', logLevel: config.logLevel }),
  (event) => metrics.count(event),
)
const ticketKeys = new SecretKeyRing({
  store: ticketKeyStore(new Secrets(), config.ticketKeysSecret),
  lifetimeMs: TICKET_MS,
  clock,
  random,
})
const delivery = new MailDelivery({
  database: new Database(createClient()),
  table,
  ticketKeys,
  mailer: new SesMailer({ configurationSet }),
  issuer,
  brand,
  from,
  clock,
  random,
  log,
})
const worker = new MailWorker({ queue: new KeyQueue(config.queueUrl), delivery, log })

/**
 * @param event new messages of the stream of events, or keys of messages from the queue.
 * @returns those of them that come again.
 */
export async function handler(event: unknown, context: Context): Promise<Failures> {
  const failures = await worker.handle(event, context)
  metrics.publish(context.functionName)
  return failures
}
