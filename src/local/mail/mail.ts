import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../../services.js'
import type { Config } from '../../config/service.js'
import { ConfigError } from '../../config/environment.js'
import type { SmtpServer } from '../../config/smtp-setting.js'
import { MailDelivery } from '../../email/delivery.js'
import { systemClock } from '../../lib/clock.js'
import { systemRandom } from '../../lib/random.js'
import type { LocalRuntime } from '../runtime.js'
import { Mailbox, mailboxFolder } from './mailbox.js'
import { MAILBOX_PATH } from './pages.js'
import mailboxRoutes from './routes.js'
import { MailWorker } from './worker.js'

export interface LocalMailOptions {
  readonly app: FastifyInstance
  readonly services: Services
  readonly config: Config
  readonly runtime: LocalRuntime
  readonly dataDir: string
  /** A mail server to send by, in the place of the mailbox. */
  readonly smtp: SmtpServer | undefined
  readonly isProduction: boolean
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

/**
 * Sends the mails of a local service by a mail server, or keeps them in its data folder and shows them.
 * @returns undefined for a service that sends no mail.
 * @throws {ConfigError} for settings that do not go together.
 */
export async function openMail(options: LocalMailOptions): Promise<LocalMail | undefined> {
  const { app, services, config, runtime, smtp, isProduction } = options
  const { issuer, brand, mail } = config
  if (!mail) {
    if (smtp) throw new ConfigError('SMTP_URL: needs MAIL_FROM, the address that mails come from.')
    return undefined
  }
  if (!smtp && isProduction) {
    throw new ConfigError(
      'MAIL_FROM: with NODE_ENV=production it needs SMTP_URL, the mail server that takes the mails.',
    )
  }
  const { mailer, place } = smtp ? await openSmtp(smtp) : await openMailbox(options)
  const table = config.tables.events
  const streams = new DynamoDBStreamsClient({ endpoint: runtime.endpoint, ...runtime.access })
  const delivery = new MailDelivery({
    database: services.database,
    table,
    ticketKeys: services.ticketKeys,
    mailer,
    issuer,
    brand,
    from: mail.from,
    clock: systemClock,
    random: systemRandom,
    log: app.log,
  })
  const worker = new MailWorker({ client: runtime.client, streams, table, delivery, log: app.log })
  return {
    mailbox: place,
    start: () => worker.start(),
    async stop() {
      await worker.stop()
      streams.destroy()
    },
  }
}

/** Few starts need nodemailer. */
async function openSmtp(server: SmtpServer) {
  const { SmtpMailer } = await import('./smtp-mailer.js')
  return { mailer: new SmtpMailer(server), place: undefined }
}

async function openMailbox(options: LocalMailOptions) {
  const { app, config, dataDir, port, isForThisMachine } = options
  const { brand, issuer } = config
  const folder = mailboxFolder(dataDir)
  const mailer = new Mailbox({ folder, clock: systemClock })
  if (!isForThisMachine) return { mailer, place: folder }
  await app.register(mailboxRoutes, { mailbox: mailer, brand, issuer, port })
  return { mailer, place: issuer + MAILBOX_PATH }
}
