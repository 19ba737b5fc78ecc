import { Token } from 'aws-cdk-lib'
import { domainOf, isPlainAddress } from '../../src/email/plain-address.js'
import { secureUrl } from '../../src/lib/secure-url.js'
import type { CustomDomainSettings, LatchkeySettings, MailSettings } from './latchkey-settings.js'
import {
  AUTHORIZER_NAME,
  CERTIFICATE,
  EVENT_BUS,
  IDENTITY,
  KEY,
  TABLE_STREAM,
  TOPIC,
} from './patterns.js'
import { checkQuotas } from './quotas.js'
import { refuse } from './settings-error.js'

/** Where CloudFront's certificates and web ACLs live, wherever its origin is. */
const EDGE_REGION = 'us-east-1'

/**
 * What one setting says of another, or of the region of the stack.
 * @param region of the stack, where it is known.
 * @throws {SettingsError} for the first that is wrong.
 */
export function checkRules(settings: LatchkeySettings, region: string | undefined): void {
  const { corsOrigins = [], customDomain, cloudFront, mail } = settings
  for (const [index, origin] of corsOrigins.entries()) checkOrigin(`corsOrigins.${index}`, origin)
  if (cloudFront) checkWebAcl(cloudFront.webAclArn, region)
  if (mail) checkMail(mail, region)
  else if (settings.environment?.EMAIL_VERIFICATION === 'required') {
    refuse('environment.EMAIL_VERIFICATION', 'can only be required with `mail`')
  }
  if (settings.passkeys && !customDomain) {
    refuse(
      'passkeys',
      'can only be true with `customDomain`: a passkey belongs to its domain for good, and the address that AWS gives an API or a distribution ends with it',
    )
  }
  if (customDomain) {
    checkZone(customDomain)
    if (cloudFront) checkCertificate(customDomain, EDGE_REGION, 'where CloudFront looks for it')
    else if (isKnown(region)) checkCertificate(customDomain, region, 'the stack’s region')
  }
  checkTopic(settings.alarmTopicArn, region)
  checkBus(settings.events?.busArn, region)
  checkTables(settings)
  checkStream(settings, region)
  checkQuotas(settings, region)
}

/** @throws {SettingsError} for a key that tables in this region can't be encrypted with. */
export function checkKey(arn: string, region: string | undefined): void {
  if (!isKnown(region)) {
    refuse(
      'encryptionKeyArn',
      'can only be deployed to a known region: give the CLI credentials, or a profile',
    )
  }
  const [, keyRegion] = KEY.exec(arn) ?? []
  if (keyRegion !== region) {
    refuse('encryptionKeyArn', `must be of a key in ${region}, the stack’s region`)
  }
}

/** What is AWS's own is that in capitals too. */
const TAG_NAME = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu

/** @throws {SettingsError} for a name that AWS takes for no tag: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const names = Object.keys(tags)
  const wrong = names.find((name) => !TAG_NAME.test(name))
  if (wrong !== undefined) {
    refuse(
      `tags.${wrong}`,
      'is no name of a tag: it must be at most 128 letters, digits, spaces and _.:/=+-@, and not begin with aws:',
    )
  }
  const again = secondOf(names.map((name) => name.toLowerCase()))
  if (again === undefined) return
  refuse(`tags.${names[again]}`, 'is there twice: roles of IAM take capitals for small letters')
}

/** @returns the place of the first text that an earlier one equals. */
function secondOf(texts: readonly string[]): number | undefined {
  const at = texts.findIndex((text, index) => texts.indexOf(text) < index)
  return at < 0 ? undefined : at
}

/** @throws {SettingsError} for a name that no output can have. */
export function checkAuthorizers(authorizers: object): void {
  const wrong = Object.keys(authorizers).find((name) => !AUTHORIZER_NAME.test(name))
  if (wrong === undefined) return
  refuse(
    `apiKeyAuthorizers.${wrong}`,
    'is no name of an authorizer: it must be at most 30 letters and digits, and begin with a small letter, such as partners',
  )
}

const isKnown = (value: string | undefined): value is string =>
  value !== undefined && !Token.isUnresolved(value)

/** Items of two kinds would take each other's places. */
function checkTables({ tables = {} }: LatchkeySettings): void {
  const known = Object.entries<string | undefined>({ ...tables }).flatMap(([kind, name]) =>
    isKnown(name) ? [{ kind, name }] : [],
  )
  const again = secondOf(known.map(({ name }) => name))
  if (again === undefined) return
  refuse(`tables.${known[again]?.kind}`, 'must be a table of its own, and is another one’s')
}

/** A stack can't find a stream by the name of its table. */
function checkStream(
  { tables: { events, eventsStreamArn } = {}, mail, events: sent }: LatchkeySettings,
  region: string | undefined,
): void {
  if (events !== undefined && eventsStreamArn === undefined && (mail ?? sent)) {
    refuse(
      'tables.eventsStreamArn',
      'must be given with `tables.events` and `mail` or `events`: `npm run admin -- tables adopt` prints it',
    )
  }
  if (!isKnown(eventsStreamArn) || !isKnown(events ?? '')) return
  const [, streamRegion, table] = TABLE_STREAM.exec(eventsStreamArn) ?? []
  if (table !== events) refuse('tables.eventsStreamArn', 'must be of the table `tables.events`')
  if (isKnown(region) && streamRegion !== region) {
    refuse('tables.eventsStreamArn', `must be of a stream in ${region}, the stack’s region`)
  }
}

/** CloudWatch calls no topic of another region. */
function checkTopic(arn: string | undefined, region: string | undefined): void {
  if (!isKnown(arn) || !isKnown(region)) return
  const [, topicRegion] = TOPIC.exec(arn) ?? []
  if (topicRegion !== region) {
    refuse('alarmTopicArn', `must be of a topic in ${region}, the stack’s region`)
  }
}

/** PutEvents goes to the region of the function. */
function checkBus(arn: string | undefined, region: string | undefined): void {
  if (!isKnown(arn) || !isKnown(region)) return
  const [, busRegion] = EVENT_BUS.exec(arn) ?? []
  if (busRegion !== region) {
    refuse('events.busArn', `must be of an event bus in ${region}, the stack’s region`)
  }
}

function checkOrigin(name: string, origin: string): void {
  if (!isKnown(origin) || (secureUrl(origin)?.origin === origin && !origin.includes('*'))) return
  refuse(name, 'must be an exact origin, such as https://app.example.com')
}

function checkWebAcl(webAclArn: string | undefined, region: string | undefined): void {
  if (webAclArn !== undefined || !isKnown(region) || region === EDGE_REGION) return
  refuse(
    'cloudFront.webAclArn',
    `must be given: a web ACL for CloudFront can only be made in ${EDGE_REGION}, and the stack is in ${region}`,
  )
}

/** A verified domain speaks for those below it as well. */
function checkMail({ from, identityArn }: MailSettings, region: string | undefined): void {
  if (!isKnown(from)) return
  if (!isPlainAddress(from)) {
    refuse('mail.from', 'must be one plain address, such as auth@example.com')
  }
  if (!isKnown(identityArn)) return
  const [, identityRegion, identity = ''] = IDENTITY.exec(identityArn) ?? []
  const [address, owner] = [from.toLowerCase(), identity.toLowerCase()]
  const domain = domainOf(address)
  if (owner !== address && owner !== domain && !domain.endsWith(`.${owner}`)) {
    refuse('mail.identityArn', `must be of ${from} or its domain, and is of ${identity}`)
  }
  if (isKnown(region) && identityRegion !== region) {
    refuse('mail.identityArn', `must be of an identity in ${region}, the stack’s region`)
  }
}

function checkZone({ name, hostedZone }: CustomDomainSettings): void {
  if (!hostedZone || !isKnown(name) || !isKnown(hostedZone.name)) return
  if (name === hostedZone.name || name.endsWith(`.${hostedZone.name}`)) return
  refuse('customDomain.hostedZone.name', `must be a zone that ${name} is in`)
}

function checkCertificate({ certificateArn }: CustomDomainSettings, region: string, why: string) {
  if (!isKnown(certificateArn)) return
  const [, certificateRegion] = CERTIFICATE.exec(certificateArn) ?? []
  if (certificateRegion !== region) {
    refuse('customDomain.certificateArn', `must be of a certificate in ${region}, ${why}`)
  }
}
