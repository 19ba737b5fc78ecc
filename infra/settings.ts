import { Token } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'

/** What a team may choose. Every default is safe; nothing is required. */
export interface LatchkeySettings {
  /**
   * `aud` of access tokens.
   * @default 'latchkey'
   */
  readonly audience?: string
  /**
   * Exact origins whose pages may call with credentials, and where a social sign-in may end.
   * @default - none
   */
  readonly corsOrigins?: readonly string[]
  /**
   * The address that people and tokens see. The default endpoint of the API is turned off then.
   * @default - the API's own `execute-api` address
   */
  readonly customDomain?: CustomDomainSettings
  /**
   * Whether identity providers are read from the secret `Providers`; fill it in before.
   * @default false
   */
  readonly socialSignIn?: boolean
  /**
   * Least severe level that is logged.
   * @default 'info'
   */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error'
  /**
   * Days that logs are kept.
   * @default 90
   */
  readonly logRetentionDays?: number
  /**
   * Traces by X-Ray.
   * @default false
   */
  readonly tracing?: boolean
  /**
   * Instances of the app that are always warm.
   * @default 0
   */
  readonly provisionedConcurrency?: number
  /**
   * Requests a second that the API takes, and the burst above them. What is more hears 429 from API Gateway.
   * @default 100 and 200
   */
  readonly throttle?: { readonly rate: number; readonly burst: number }
  /**
   * Who hears of alarms.
   * @default - nobody; the alarms are in the console alone
   */
  readonly alarmEmail?: string
  /**
   * Further variables of the service (see the README), such as `PASSWORD_MIN_LENGTH`.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>
}

export interface CustomDomainSettings {
  /** E.g. `auth.example.com`. */
  readonly name: string
  /** ARN of an ACM certificate for it, in the stack's region. */
  readonly certificateArn: string
  /**
   * A public hosted zone to make the record in.
   * @default - none is made; point the name at the output `DomainTarget`
   */
  readonly hostedZone?: { readonly id: string; readonly name: string }
}

/** A setting that can't be deployed. The message says what to write instead. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const NAMES = new Set<keyof LatchkeySettings>([
  'audience',
  'corsOrigins',
  'customDomain',
  'socialSignIn',
  'logLevel',
  'logRetentionDays',
  'tracing',
  'provisionedConcurrency',
  'throttle',
  'alarmEmail',
  'environment',
])

const DOMAIN = /^[a-z0-9][a-z0-9.-]{0,251}\.[a-z]{2,63}$/
const CERTIFICATE = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
/** The stack knows these better. */
const OWN_VARIABLES =
  /^(ISSUER|AUDIENCE|CORS_ORIGINS|LOG_LEVEL|KEY_RING_SECRET|OAUTH_PROVIDERS.*|.*_TABLE)$/

/**
 * @param region of the stack, where it is known.
 * @throws {SettingsError} one sentence for the first setting that is wrong.
 */
export function checkSettings(settings: LatchkeySettings, region?: string): void {
  const unknown = Object.keys(settings).find((name) => !NAMES.has(name as keyof LatchkeySettings))
  if (unknown !== undefined) refuse(unknown, `is no setting. There are ${[...NAMES].join(', ')}`)
  const { corsOrigins = [], customDomain, alarmEmail, throttle, environment = {} } = settings
  for (const origin of corsOrigins) checkOrigin(origin)
  if (customDomain) checkDomain(customDomain, region)
  checkNumber('provisionedConcurrency', settings.provisionedConcurrency ?? 0, 0, 1000)
  checkNumber('throttle.rate', throttle?.rate ?? 100, 1, 10_000)
  checkNumber('throttle.burst', throttle?.burst ?? 200, 1, 5000)
  retentionOf(settings)
  if (alarmEmail !== undefined && !EMAIL.test(alarmEmail)) {
    refuse('alarmEmail', 'must be an e-mail address, such as ops@example.com')
  }
  const own = Object.keys(environment).find((name) => OWN_VARIABLES.test(name))
  if (own !== undefined) refuse(`environment.${own}`, 'is set by the stack itself')
}

/** CloudWatch keeps logs for certain numbers of days only. */
export function retentionOf({ logRetentionDays = 90 }: LatchkeySettings): RetentionDays {
  const allowed: unknown[] = Object.values(RetentionDays)
  const found = allowed.find((days): days is RetentionDays => days === logRetentionDays)
  if (found !== undefined) return found
  const numbers = allowed.filter((days) => typeof days === 'number' && days < 9999)
  return refuse('logRetentionDays', `must be one of ${numbers.join(', ')}`)
}

function checkOrigin(origin: string): void {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  const local = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1'
  if (url?.origin !== origin || !(url.protocol === 'https:' || local) || origin.includes('*')) {
    refuse(
      'corsOrigins',
      `has ${origin}: it must be an exact origin, such as https://app.example.com`,
    )
  }
}

function checkDomain({ name, certificateArn, hostedZone }: CustomDomainSettings, region?: string) {
  if (!DOMAIN.test(name)) {
    refuse('customDomain.name', 'must be a domain name in lower case, such as auth.example.com')
  }
  const [, certificateRegion] = CERTIFICATE.exec(certificateArn) ?? []
  if (certificateRegion === undefined) {
    refuse('customDomain.certificateArn', 'must be the ARN of an ACM certificate')
  }
  if (region !== undefined && !Token.isUnresolved(region) && certificateRegion !== region) {
    refuse(
      'customDomain.certificateArn',
      `must be of a certificate in ${region}, the stack's region`,
    )
  }
  if (hostedZone && name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`)) {
    refuse('customDomain.hostedZone.name', `must be a zone that ${name} is in`)
  }
}

function checkNumber(name: string, value: number, least: number, greatest: number): void {
  if (!Number.isInteger(value) || value < least || value > greatest) {
    refuse(name, `must be a whole number from ${least} to ${greatest}`)
  }
}

function refuse(name: string, why: string): never {
  throw new SettingsError(`${name} ${why}.`)
}
