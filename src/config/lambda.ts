import * as Type from 'typebox'
import { secureUrl } from '../lib/secure-url.js'
import { validate, withoutBlanks } from './environment.js'

/** What only the functions in AWS read; the CDK stack sets it. */
export const lambdaEnvironmentSchema = Type.Object({
  KEY_RING_SECRET: Type.String({
    minLength: 1,
    description: 'ARN of the secret of the signing and refresh keys',
  }),
  TICKET_KEYS_SECRET: Type.String({
    minLength: 1,
    description:
      'ARN of the secret of the keys that derive what mails carry and seal a social sign-in under way',
  }),
  DATA_KEYS_SECRET: Type.String({
    minLength: 1,
    description: 'ARN of the secret of the keys that seal and digest what is kept',
  }),
  SPARE_KEY_SECRET: Type.Optional(
    Type.String({
      description: 'ARN of the secret of the spare signing key; only the rotation of keys has it',
    }),
  ),
  OAUTH_PROVIDERS_SECRET: Type.Optional(
    Type.String({ description: 'ARN of a secret whose value stands for `OAUTH_PROVIDERS`' }),
  ),
  ORIGIN_SECRET: Type.Optional(
    Type.String({
      description:
        'ARN of a secret whose value CloudFront sends along; what comes without it is refused',
    }),
  ),
  CLOSED: Type.Optional(
    Type.Literal('true', {
      description: 'Answers 503 to all but requests for keys, discovery and `/healthz`',
    }),
  ),
})

/** @throws {ConfigError} as `loadConfig`. */
export function loadLambdaConfig(source: NodeJS.ProcessEnv) {
  const env = validate(lambdaEnvironmentSchema, withoutBlanks(source))
  return {
    keySecrets: {
      keyRing: env.KEY_RING_SECRET,
      ticketKeys: env.TICKET_KEYS_SECRET,
      dataKeys: env.DATA_KEYS_SECRET,
    },
    providersSecret: env.OAUTH_PROVIDERS_SECRET,
    originSecret: env.ORIGIN_SECRET,
    isClosed: env.CLOSED === 'true',
    issuer: secureUrl(source.ISSUER ?? '')?.origin,
    corsOrigins: listedOrigins(source.CORS_ORIGINS),
  }
}

/**
 * For answers before the app has started, and when it can't. `loadConfig` is what refuses a value; until then
 * the pages of these origins must be able to read why.
 */
const listedOrigins = (value = ''): readonly string[] =>
  value.split(',').flatMap((origin) => origin.trim() || [])
