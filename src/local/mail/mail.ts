import { join, resolve } from 'node:path'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { FastifyInstance } from 'fastify'
import type { BuiltApp } from '../../app.js'
import type { Config } from '../../config/service.js'
import { MailDelivery } from '../../email/delivery.js'
import { systemClock } from '../../lib/clock.js'
import { LOCAL_ACCESS, type LocalRuntime } from '../runtime.js'
import { Mailbox } from './mailbox.js'
import { MAILBOX_PATH } from './pages.js'
import mailboxRoutes from './routes.js'
import { MailWorker } from './worker.js'

/** Where mails come from that go to the mailbox: an address that no mail reaches. */
export const LOCAL_SENDER = 'latchkey@localhost.localdomain'

export interface LocalMailOptions {
  readonly app: FastifyInstance
  readonly services: BuiltApp['services']
  readonly config: Config
  readonly runtime: LocalRuntime
  readonly dataDir: string
  /** Where the server listens. */
  readonly port: number
  /** Whether it listens for this machine alone, so that mails can be shown. */
  readonly isForThisMachine: boolean
}

/** The mail of a local service. */
export interface LocalMail {
  /** Where a person finds the mails that were sent to no mail server. */
  readonly mailbox: string | undefined
  start(): void
  stop(): Promise<void>
}

/** Keeps the mails of a local service in its data folder, and shows them. */
export async function openMail(options: LocalMailOptions): Promise<LocalMail | undefined> {
  const { app, services, config, runtime, dataDir, port, isForThisMachine } = options
  const { issuer, brand, mail } = config
  if (!mail) return undefined
  const folder = join(resolve(dataDir), 'mail')
  const mailbox = new Mailbox({ folder, clock: systemClock })
  if (isForThisMachine) await app.register(mailboxRoutes, { mailbox, brand, issuer, port })
  const table = config.tables.events
  const streams = new DynamoDBStreamsClient({ endpoint: runtime.endpoint, ...LOCAL_ACCESS })
  const delivery = new MailDelivery({
    database: services.database,
    table,
    ticketKeys: services.ticketKeys,
    mailer: mailbox,
    issuer,
    brand,
    from: mail.from,
    clock: systemClock,
    log: app.log,
  })
  const worker = new MailWorker({ client: runtime.client, streams, table, delivery, log: app.log })
  return {
    mailbox: isForThisMachine ? issuer + MAILBOX_PATH : folder,
    start: () => worker.start(),
    async stop() {
      await worker.stop()
      streams.destroy()
    },
  }
}
