import * as Type from 'typebox'
import { validate, withoutBlanks } from '../environment.js'
import { lambdaEnvironmentSchema } from './lambda.js'
import { environmentSchema } from './service.js'

const { LOG_LEVEL, SESSION_ABSOLUTE_SECONDS } = environmentSchema.properties

/**
 * What the rotation of keys reads.
 * @throws {ConfigError} as `loadConfig`.
 */
export function loadRotationConfig(source: NodeJS.ProcessEnv) {
  const { KEY_RING_SECRET } = lambdaEnvironmentSchema.properties
  const schema = Type.Object({ KEY_RING_SECRET, LOG_LEVEL, SESSION_ABSOLUTE_SECONDS })
  const env = validate(schema, withoutBlanks(source))
  return {
    keyRingSecret: env.KEY_RING_SECRET,
    refreshMs: env.SESSION_ABSOLUTE_SECONDS * 1000,
    logLevel: env.LOG_LEVEL,
  }
}
