import * as Type from 'typebox'
import { ConfigError, validate, withoutBlanks } from './environment.js'
import { lambdaEnvironmentSchema } from './lambda.js'
import { loadConfig } from './service.js'

/** What only the function that sends mail reads. */
export const workerEnvironmentSchema = Type.Object({
  TICKET_KEYS_SECRET: lambdaEnvironmentSchema.properties.TICKET_KEYS_SECRET,
  MAIL_QUEUE_URL: Type.String({
    minLength: 1,
    description: 'URL of the queue of the mails that are to be sent',
  }),
  SES_CONFIGURATION_SET: Type.Optional(
    Type.String({ description: 'Name of the configuration set of SES that mails are sent with' }),
  ),
})

/**
 * What the function that sends mail reads.
 * @throws {ConfigError} as `loadConfig`.
 */
export function loadWorkerConfig(source: NodeJS.ProcessEnv) {
  const env = validate(workerEnvironmentSchema, withoutBlanks(source))
  const { issuer, logLevel, tables, brand, mail } = loadConfig(source)
  if (!mail) throw new ConfigError('MAIL_FROM: is missing. It is the address that mails come from.')
  return {
    issuer,
    logLevel,
    table: tables.events,
    brand,
    from: mail.from,
    ticketKeysSecret: env.TICKET_KEYS_SECRET,
    queueUrl: env.MAIL_QUEUE_URL,
    configurationSet: env.SES_CONFIGURATION_SET,
  }
}
