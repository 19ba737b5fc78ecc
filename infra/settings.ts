import { Token } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import {
  declaredResources,
  ResourceFault,
  type ResourceSettings,
} from '../src/access-tokens/declared-resources.js'
import { ownAudienceFault } from '../src/access-tokens/resource-identifier.js'
import { domainOf, isPlainAddress } from '../src/email/plain-address.js'
import { secureUrl } from '../src/lib/secure-url.js'

/** What a team may choose. Every default is safe; nothing is required. */
export interface LatchkeySettings {
  /**
   * `aud` of Latchkey's own tokens, which open nothing but the service itself. The APIs of the team are
   * `resources`.
   * @default 'latchkey'
   */
  readonly audience?: string
  /**
   * APIs of the team that people and machines can ask tokens for, by their identifiers: absolute `https` URIs
   * such as `https://orders.example.com`.
   * @default - none
   */
  readonly resources?: Readonly<Record<string, ResourceSettings>>
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
   * CloudFront with AWS WAF in front of the API, which is then closed to who comes past them; `{}` for all
   * defaults. The custom domain becomes CloudFront's.
   * @default - callers come to the API itself, which AWS WAF can't be attached to
   */
  readonly cloudFront?: CloudFrontSettings
  /**
   * Whether identity providers are read from the secret `Providers`; fill it in before.
   * @default false
   */
  readonly socialSignIn?: boolean
  /**
   * Mail by Amazon SES, in the stack's region. An address must then be proved before its account can be used,
   * unless `environment` says `EMAIL_VERIFICATION=optional`.
   * @default - the service sends no mail
   */
  readonly mail?: MailSettings
  /**
   * Whether people can have passkeys. Each belongs to the domain of the service for good, so that they need
   * `customDomain`: AWS gives other addresses by chance, and the passkeys would be lost with them.
   * @default - true with `customDomain`, else false
   */
  readonly passkeys?: boolean
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
   * Instances of the app that are always warm; at most the concurrency quota of the account less 100.
   * @default 0
   */
  readonly provisionedConcurrency?: number
  /**
   * Requests a second that the API takes, and the burst above them. Requests above it get a 429 from API Gateway.
   * @default 100 and 200
   */
  readonly throttle?: { readonly rate: number; readonly burst: number }
  /**
   * The e-mail address that alarms are sent to.
   * @default - none; the alarms are in the console alone
   */
  readonly alarmEmail?: string
  /**
   * Further variables of the service (see `docs/configuration.md`), such as `PASSWORD_MIN_LENGTH`.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>
}

export interface CustomDomainSettings {
  /** E.g. `auth.example.com`. */
  readonly name: string
  /** ARN of an ACM certificate for it, in the stack's region; with `cloudFront` in us-east-1. */
  readonly certificateArn: string
  /**
   * A public hosted zone to make the record in.
   * @default - none is made; point the name at the output `DomainTarget`
   */
  readonly hostedZone?: { readonly id: string; readonly name: string }
}

export interface CloudFrontSettings {
  /**
   * ARN of a web ACL of yours to use, of scope `CLOUDFRONT`.
   * @default - one is made with rules of AWS and a limit by address; the stack must be in us-east-1 for it
   */
  readonly webAclArn?: string
}

export interface MailSettings {
  /** The address that mails come from, such as `auth@example.com`. */
  readonly from: string
  /**
   * ARN of the verified identity of SES that it belongs to: itself, or its domain.
   * @default - the domain of `from`, in the account and the region of the stack
   */
  readonly identityArn?: string
  /**
   * Name of a configuration set of yours.
   * @default - one is made: TLS required, no tracking, no further mail after a bounce or a complaint
   */
  readonly configurationSet?: string
}

/** A setting that can't be deployed. The message says what to write instead. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const NAMES = new Set<keyof LatchkeySettings>([
  'audience',
  'resources',
  'corsOrigins',
  'customDomain',
  'cloudFront',
  'socialSignIn',
  'mail',
  'passkeys',
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
const WEB_ACL = /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/
/** Where CloudFront's certificates and web ACLs live, wherever its origin is. */
const EDGE_REGION = 'us-east-1'
const IDENTITY = /^arn:aws[a-z-]*:ses:([a-z0-9-]+):\d{12}:identity\/(.+)$/
const CONFIGURATION_SET = /^[\w-]{1,64}$/
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
/** Of an account's 1000 instances, Lambda keeps 100 for functions that have none of their own. */
const MAX_PROVISIONED = 900
/** The stack knows these better. */
const OWN_VARIABLES =
  /^(ISSUER|AUDIENCE|RESOURCES|CORS_ORIGINS|LOG_LEVEL|KEY_RING_SECRET|TICKET_KEYS_SECRET|DATA_KEYS_SECRET|SPARE_KEY_SECRET|ORIGIN_SECRET|MAIL_FROM|MAIL_QUEUE_URL|PASSKEYS|SES_CONFIGURATION_SET|OAUTH_PROVIDERS.*|.*_TABLE)$/

/**
 * @param region of the stack, where it is known.
 * @throws {SettingsError} one sentence for the first setting that is wrong.
 */
export function checkSettings(settings: LatchkeySettings, region?: string): void {
  const unknown = Object.keys(settings).find((name) => !NAMES.has(name as keyof LatchkeySettings))
  if (unknown !== undefined) refuse(unknown, `is no setting. There are ${[...NAMES].join(', ')}`)
  const { corsOrigins = [], customDomain, cloudFront, throttle, environment = {} } = settings
  const { alarmEmail } = settings
  for (const origin of corsOrigins) checkOrigin(origin)
  checkAudiences(settings)
  if (cloudFront !== undefined) checkCloudFront(cloudFront, region)
  if (settings.mail !== undefined) checkMail(settings.mail, region)
  else if (environment.EMAIL_VERIFICATION === 'required') {
    refuse('environment.EMAIL_VERIFICATION', 'can only be required with `mail`')
  }
  checkPasskeys(settings)
  if (customDomain) {
    checkDomain(customDomain)
    if (cloudFront) checkCertificate(customDomain, EDGE_REGION, 'where CloudFront looks for it')
    else if (isKnown(region)) checkCertificate(customDomain, region, "the stack's region")
  }
  checkNumber('provisionedConcurrency', settings.provisionedConcurrency ?? 0, 0, MAX_PROVISIONED)
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
  if (secureUrl(origin)?.origin !== origin || origin.includes('*')) {
    refuse(
      'corsOrigins',
      `has ${origin}: it must be an exact origin, such as https://app.example.com`,
    )
  }
}

/** A value in JSON may be of any type. */
function checkPasskeys({ passkeys = false, customDomain }: LatchkeySettings): void {
  if (typeof passkeys !== 'boolean') refuse('passkeys', 'must be true or false')
  if (!passkeys || customDomain) return
  refuse(
    'passkeys',
    'can only be true with `customDomain`: a passkey belongs to its domain for good, and the address that AWS gives an API or a distribution ends with it',
  )
}

/** The address of the service may not be known before it is deployed; its start checks again. */
function checkAudiences({ audience = 'latchkey', resources = {}, customDomain }: LatchkeySettings) {
  const issuer = customDomain ? `https://${customDomain.name}` : ''
  const fault = ownAudienceFault(audience, issuer)
  if (fault !== undefined) refuse('audience', fault.replace('RESOURCES', '`resources`'))
  try {
    declaredResources(resources, issuer, audience)
  } catch (error) {
    if (error instanceof ResourceFault) throw new SettingsError(`resources${error.message}.`)
    throw error
  }
}

const isKnown = (region: string | undefined): region is string =>
  region !== undefined && !Token.isUnresolved(region)

/** A value in JSON may be of any type. */
function checkCloudFront(settings: unknown, region: string | undefined): void {
  if (typeof settings !== 'object' || settings === null) {
    refuse('cloudFront', 'must be an object: {} for all defaults, or leave it out')
  }
  const unknown = Object.keys(settings).find((name) => name !== 'webAclArn')
  if (unknown !== undefined) refuse(`cloudFront.${unknown}`, 'is no setting. There is webAclArn')
  const { webAclArn } = settings as CloudFrontSettings
  if (webAclArn !== undefined && !WEB_ACL.test(webAclArn)) {
    refuse(
      'cloudFront.webAclArn',
      'must be the ARN of a web ACL of scope CLOUDFRONT, such as arn:aws:wafv2:us-east-1:123456789012:global/webacl/name/id',
    )
  }
  if (webAclArn === undefined && isKnown(region) && region !== EDGE_REGION) {
    refuse(
      'cloudFront.webAclArn',
      `must be given: a web ACL for CloudFront can only be made in ${EDGE_REGION}, and the stack is in ${region}`,
    )
  }
}

/** A value in JSON may be of any type. */
function checkMail(settings: unknown, region: string | undefined): void {
  if (typeof settings !== 'object' || settings === null) {
    refuse('mail', 'must be an object, such as {"from": "auth@example.com"}')
  }
  const names = ['from', 'identityArn', 'configurationSet']
  const unknown = Object.keys(settings).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    refuse(`mail.${unknown}`, `is no setting. There are ${names.join(', ')}`)
  }
  const { from, identityArn, configurationSet } = settings as Partial<MailSettings>
  if (from === undefined || !isPlainAddress(from)) {
    refuse('mail.from', 'must be one plain address, such as auth@example.com')
  }
  if (identityArn !== undefined) checkIdentity(identityArn, from, region)
  if (configurationSet !== undefined && !CONFIGURATION_SET.test(configurationSet)) {
    refuse('mail.configurationSet', 'must be the name of a configuration set, such as latchkey')
  }
}

/** A verified domain speaks for those below it as well. */
function checkIdentity(identityArn: string, from: string, region: string | undefined): void {
  const [, identityRegion, identity] = IDENTITY.exec(identityArn) ?? []
  if (identity === undefined) {
    refuse(
      'mail.identityArn',
      'must be the ARN of an identity of SES, such as arn:aws:ses:eu-west-1:123456789012:identity/example.com',
    )
  }
  const [address, owner] = [from.toLowerCase(), identity.toLowerCase()]
  const domain = domainOf(address)
  if (owner !== address && owner !== domain && !domain.endsWith(`.${owner}`)) {
    refuse('mail.identityArn', `must be of ${from} or its domain, and is of ${identity}`)
  }
  if (isKnown(region) && identityRegion !== region) {
    refuse('mail.identityArn', `must be of an identity in ${region}, the stack's region`)
  }
}

function checkDomain({ name, certificateArn, hostedZone }: CustomDomainSettings): void {
  if (!DOMAIN.test(name)) {
    refuse(
      'customDomain.name',
      'must be a domain name in lower case, without a base path, such as auth.example.com: Latchkey must be at the root of its domain',
    )
  }
  if (!CERTIFICATE.test(certificateArn)) {
    refuse('customDomain.certificateArn', 'must be the ARN of an ACM certificate')
  }
  if (hostedZone && name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`)) {
    refuse('customDomain.hostedZone.name', `must be a zone that ${name} is in`)
  }
}

function checkCertificate({ certificateArn }: CustomDomainSettings, region: string, why: string) {
  const [, certificateRegion] = CERTIFICATE.exec(certificateArn) ?? []
  if (certificateRegion !== region) {
    refuse('customDomain.certificateArn', `must be of a certificate in ${region}, ${why}`)
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
