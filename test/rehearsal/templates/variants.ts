import type { FileSettings, Target } from '../assemblies.js'

/** Settings whose templates are looked at, and where they are deployed to. */
export interface Variant {
  readonly settings: FileSettings
  readonly target: Target
}

const ACCOUNT = '123456789012'
/** Of the web ACL for `cloudFront`, and of its certificate. */
const MAIN = 'us-east-1'

const encryptionKeyArn = `arn:aws:kms:${MAIN}:${ACCOUNT}:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f`
const customDomain = {
  name: 'auth.example.com',
  certificateArn: `arn:aws:acm:${MAIN}:${ACCOUNT}:certificate/0a1b`,
  hostedZone: { id: 'Z0123456789', name: 'example.com' },
}
const mail = { from: 'auth@example.com' }

const of = (settings: FileSettings, region = MAIN): Variant => ({
  settings,
  target: { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: region },
})

/** Every part of a template is in one of these. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  default: { settings: {}, target: {} },
  'United States': of({}, 'us-west-2'),
  'European Union': of({}, 'eu-central-1'),
  China: of({}, 'cn-north-1'),
  GovCloud: of({}, 'us-gov-west-1'),
  cloudFront: of({ cloudFront: {} }),
  customDomain: of({ customDomain }),
  encryptionKeyArn: of({ encryptionKeyArn }),
  mail: of({ mail }),
  events: of({ events: {} }),
  stage: of({ stage: 'staging' }),
  'all-at-once': of({ release: 'all-at-once' }),
  'all together': of({
    cloudFront: {},
    customDomain,
    encryptionKeyArn,
    mail,
    events: {},
    stage: 'staging',
    socialSignIn: true,
    corsOrigins: ['https://app.example.com'],
    resources: { 'https://orders.example.com': { name: 'Orders' } },
    alarmEmail: 'ops@example.com',
    alarmTopicArn: `arn:aws:sns:${MAIN}:${ACCOUNT}:pager`,
    provisionedConcurrency: 2,
    throttle: { rate: 50, burst: 60 },
    tracing: true,
    logRetentionDays: 365,
    tags: { team: 'identity' },
  }),
}
