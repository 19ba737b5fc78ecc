import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { ORIGIN_HEADER, VIEWER_HEADER } from '../../src/aws/origin-headers.js'
import type { LatchkeySettings } from '../../infra/settings/latchkey-settings.js'
import { ACCOUNT, REGION } from './emulator.js'
import { call } from './http.js'
import { LEAST, must, type Rehearsal, SETTINGS } from './rehearsal.js'

interface Variant {
  readonly settings: LatchkeySettings
  /** What must be done before, as docs/deploy.md says. */
  readonly before?: (rehearsal: Rehearsal) => Promise<void>
  /** @default - the service answers at its API's own address */
  readonly check?: (rehearsal: Rehearsal, api: string) => Promise<void>
}

const customDomain = {
  name: 'auth.example.com',
  certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/0a1b`,
}

/** Settings that differ from `SETTINGS` in one thing. Deployed one after the other, each is turned on and off again. */
const VARIANTS: Readonly<Record<string, Variant>> = {
  'no mail, no alarmEmail': { settings: LEAST },
  socialSignIn: { settings: { ...SETTINGS, socialSignIn: true }, before: writeProviders },
  corsOrigins: { settings: { ...SETTINGS, corsOrigins: ['https://app.example.com'] } },
  resources: {
    settings: { ...SETTINGS, resources: { 'https://orders.example.com': { name: 'Orders' } } },
  },
  'logLevel and logRetentionDays': {
    settings: { ...SETTINGS, logLevel: 'debug', logRetentionDays: 30 },
  },
  tracing: { settings: { ...SETTINGS, tracing: true } },
  provisionedConcurrency: { settings: { ...SETTINGS, provisionedConcurrency: 2 } },
  release: { settings: { ...SETTINGS, release: 'all-at-once' } },
  probe: { settings: { ...SETTINGS, probe: true } },
  throttle: { settings: { ...SETTINGS, throttle: { rate: 50, burst: 60 } } },
  'customDomain with passkeys': { settings: { ...SETTINGS, customDomain } },
  cloudFront: { settings: { ...SETTINGS, cloudFront: {} }, check: closedButForTheEdge },
  'cloudFront with customDomain': {
    settings: { ...SETTINGS, cloudFront: {}, customDomain },
    check: closedButForTheEdge,
  },
  'all back': { settings: SETTINGS },
}

/** The steps of `--settings`, by name. */
export function settingSteps(rehearsal: Rehearsal): [string, () => Promise<void>][] {
  const variants = Object.values(VARIANTS)
  const made = rehearsal.synthesize(...variants.map(({ settings }) => ({ settings })))
  made.catch(() => undefined)
  return Object.entries(VARIANTS).map(([name, { before, check = isHealthy }], index) => {
    const step = async () => {
      const assembly = (await made)[index] as string
      await before?.(rehearsal)
      await rehearsal.cdk.deploy(assembly, 'Latchkey')
      await check(rehearsal, await rehearsal.api('Latchkey', 'ServiceApi'))
    }
    return [`setting: ${name}`, step]
  })
}

async function isHealthy(_rehearsal: Rehearsal, api: string): Promise<void> {
  must(await call(`${api}/healthz`), 200)
}

/** The API answers who comes through CloudFront, and no one else. */
async function closedButForTheEdge(rehearsal: Rehearsal, api: string): Promise<void> {
  must(await call(`${api}/healthz`), 403)
  const { ORIGIN_SECRET } = await rehearsal.variables('ServiceApp')
  const { SecretString = '' } = await rehearsal.secrets.send(
    new GetSecretValueCommand({ SecretId: ORIGIN_SECRET }),
  )
  const headers = { [ORIGIN_HEADER]: SecretString, [VIEWER_HEADER]: '203.0.113.7' }
  must(await call(`${api}/healthz`, { headers }), 200)
}

async function writeProviders(rehearsal: Rehearsal): Promise<void> {
  await rehearsal.secrets.send(
    new PutSecretValueCommand({
      SecretId: await rehearsal.output('Latchkey', 'ProvidersSecret'),
      SecretString: JSON.stringify({ google: { clientId: 'the-id', clientSecret: 'the-secret' } }),
    }),
  )
}
