import { RetentionDays } from 'aws-cdk-lib/aws-logs'

/** RFC 1123 §2.1: labels of 63 characters, which no hyphen begins or ends, and 253 in all. */
export const DOMAIN =
  // eslint-disable-next-line security/detect-unsafe-regex -- each repetition ends with a dot
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/
export const CERTIFICATE = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/
export const WEB_ACL = /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/
export const IDENTITY = /^arn:aws[a-z-]*:ses:([a-z0-9-]+):\d{12}:identity\/(.+)$/
export const CONFIGURATION_SET = /^[\w-]{1,64}$/
export const EMAIL = /^[^@\s\p{Cc}]+@[^@\s\p{Cc}]+\.[^@\s\p{Cc}]+$/u
/** No control character. */
export const TEXT = /^\P{Cc}+$/u
/** CloudWatch calls no FIFO topic. */
export const TOPIC = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/
export const EVENT_BUS = /^arn:aws[a-z-]*:events:([a-z0-9-]+):\d{12}:event-bus\/[\w./-]{1,256}$/
export const KEY = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/

/** CloudWatch keeps logs for certain numbers of days only. */
export const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
)
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export const TABLE = /^[A-Za-z0-9_.-]{3,255}$/
export const TABLE_STREAM =
  /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):\d{12}:table\/([A-Za-z0-9_.-]+)\/stream\/[\w:.-]+$/
/** RFC 6749 §3.3. */
export const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/
/** The output of a stack has it in its name. */
export const AUTHORIZER_NAME = /^[a-z][A-Za-z0-9]{0,29}$/
