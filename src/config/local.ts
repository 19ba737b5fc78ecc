import * as Type from 'typebox'
import { validate, withoutBlanks } from './environment.js'
import { parseSmtp } from './smtp-setting.js'

/** What only the local server and the command line read. */
export const localEnvironmentSchema = Type.Object({
  HOST: Type.String({
    default: 'localhost',
    description: 'Address to listen on; `localhost` is 127.0.0.1 and ::1',
  }),
  PORT: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 65_535,
    description: 'Port to listen on; 0 picks a free one',
  }),
  DATA_DIR: Type.String({
    default: '.data',
    minLength: 1,
    description: 'Folder of the embedded database and the generated keys',
  }),
  AWS_ENDPOINT_URL_DYNAMODB: Type.Optional(
    Type.String({ description: 'A DynamoDB endpoint to use instead of the embedded engine' }),
  ),
  SMTP_URL: Type.Optional(
    Type.String({
      description:
        'Mail server that takes the mails of the local server, as `smtps://user:password@host:465`, or `smtp://…:587`, which must offer STARTTLS unless it is on this machine; needs `MAIL_FROM`. Without one, mails stay in the mailbox of the data folder',
      examples: ['smtps://user:password@mail.example.com:465'],
    }),
  ),
  NODE_ENV: Type.Optional(
    Type.String({
      description:
        '`production`: the local server has no embedded database, no identity provider and no mailbox of its own',
    }),
  ),
})

/** @throws {ConfigError} as `loadConfig`. */
export function loadLocalConfig(source: NodeJS.ProcessEnv) {
  const env = validate(localEnvironmentSchema, withoutBlanks(source))
  return {
    host: env.HOST,
    port: env.PORT,
    dataDir: env.DATA_DIR,
    endpoint: env.AWS_ENDPOINT_URL_DYNAMODB,
    smtp: parseSmtp(env.SMTP_URL),
    isProduction: env.NODE_ENV === 'production',
  }
}
