import * as Type from 'typebox'
import { validate, withoutBlanks } from '../environment.js'

/** What only the functions in AWS read; the CDK stack sets it. */
export const lambdaEnvironmentSchema = Type.Object({
  KEY_RING_SECRET: Type.String({
    minLength: 1,
    description: 'ARN of the secret that holds the key ring',
  }),
  OAUTH_PROVIDERS_SECRET: Type.Optional(
    Type.String({ description: 'ARN of a secret whose value stands for `OAUTH_PROVIDERS`' }),
  ),
  ORIGIN_SECRET: Type.Optional(
    Type.String({
      description:
        'ARN of a secret whose value CloudFront sends along; what comes without it is refused',
    }),
  ),
})

/** @throws {ConfigError} as `loadConfig`. */
export function loadLambdaConfig(source: NodeJS.ProcessEnv) {
  const env = validate(lambdaEnvironmentSchema, withoutBlanks(source))
  return {
    keyRingSecret: env.KEY_RING_SECRET,
    providersSecret: env.OAUTH_PROVIDERS_SECRET,
    originSecret: env.ORIGIN_SECRET,
    corsOrigins: listedOrigins(source.CORS_ORIGINS),
  }
}

/**
 * For answers before the app has started, and when it can't. `loadConfig` is what refuses a value; until then
 * the pages of these origins must be able to read why.
 */
const listedOrigins = (value = ''): readonly string[] =>
  value.split(',').flatMap((origin) => origin.trim() || [])
