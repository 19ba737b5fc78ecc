import * as Type from 'typebox'
import { validate, withoutBlanks } from './environment.js'

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
  NODE_ENV: Type.Optional(
    Type.String({
      description:
        '`production`: the local server has no embedded database and no identity provider of its own',
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
    isProduction: env.NODE_ENV === 'production',
  }
}
