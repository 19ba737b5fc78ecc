import { environmentSchema } from '../../src/config/service.js'
import { hintFor } from './nearest.js'
import { refuse } from './settings-error.js'

/** What the stack knows better, and where a team says it. */
const OWN_VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/^AUDIENCE$/, 'is the setting audience'],
  [/^RESOURCES$/, 'is the setting resources'],
  [/^CLIENTS$/, 'is the setting clients'],
  [/^CORS_ORIGINS$/, 'is the setting corsOrigins'],
  [/^LOG_LEVEL$/, 'is the setting logLevel'],
  [/^PASSKEYS$/, 'is the setting passkeys'],
  [/^MAIL_FROM$/, 'is the setting mail.from'],
  [/^SES_CONFIGURATION_SET$/, 'is the setting mail.configurationSet'],
  [/^EVENT_BUS_ARN$/, 'is the setting events.busArn'],
  [
    /^OAUTH_PROVIDERS(_SECRET)?$/,
    'is set by the stack itself: write the providers into the secret of the output ProvidersSecret, and say socialSignIn',
  ],
  [/^ISSUER$|_SECRET$|_TABLE$|^(MAIL|EVENT)_QUEUE_URL$/, 'is set by the stack itself'],
]

/** What a team may set of the service's variables. */
const VARIABLES = Object.keys(environmentSchema.properties).filter(
  (name) => !OWN_VARIABLES.some(([pattern]) => pattern.test(name)),
)

/** @throws {SettingsError} for a variable that the service does not read, or that the stack sets. */
export function checkVariables(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(environment)) {
    const own = OWN_VARIABLES.find(([pattern]) => pattern.test(name))
    if (own) refuse(`environment.${name}`, own[1])
    if (!VARIABLES.includes(name)) {
      refuse(`environment.${name}`, `is no variable of the service. ${hintFor(name, VARIABLES)}`)
    }
  }
}
