import * as Type from 'typebox'
import { validate, withoutBlanks } from './environment.js'
import { lambdaEnvironmentSchema } from './lambda.js'
import { environmentSchema } from './service.js'

const { LOG_LEVEL, SESSION_ABSOLUTE_SECONDS } = environmentSchema.properties
const { KEY_RING_SECRET, TICKET_KEYS_SECRET, DATA_KEYS_SECRET } = lambdaEnvironmentSchema.properties

const schema = Type.Object({
  KEY_RING_SECRET,
  TICKET_KEYS_SECRET,
  DATA_KEYS_SECRET,
  SPARE_KEY_SECRET: Type.String({ minLength: 1 }),
  LOG_LEVEL,
  SESSION_ABSOLUTE_SECONDS,
})

/**
 * What the rotation of keys reads.
 * @throws {ConfigError} as `loadConfig`.
 */
export function loadRotationConfig(source: NodeJS.ProcessEnv) {
  const env = validate(schema, withoutBlanks(source))
  return {
    keySecrets: {
      keyRing: env.KEY_RING_SECRET,
      ticketKeys: env.TICKET_KEYS_SECRET,
      dataKeys: env.DATA_KEYS_SECRET,
      spareKey: env.SPARE_KEY_SECRET,
    },
    refreshMs: env.SESSION_ABSOLUTE_SECONDS * 1000,
    logLevel: env.LOG_LEVEL,
  }
}

/**
 * The secret that the command line reads to seal secrets again.
 * @throws {ConfigError} as `loadConfig`.
 */
export const loadDataKeysSecret = (source: NodeJS.ProcessEnv): string =>
  validate(Type.Object({ DATA_KEYS_SECRET }), withoutBlanks(source)).DATA_KEYS_SECRET
