import { Logger } from '@aws-lambda-powertools/logger'
import { SecretKeyRingStore } from '../aws/secret-key-ring.js'
import { Secrets } from '../aws/secrets.js'
import { systemClock } from '../clock.js'
import { loadRotationConfig } from '../config.js'
import { KeyRingHolder } from '../keyring/key-ring.js'
import { ACCESS_TOKEN_SECONDS } from '../plugins/jwt-claims.js'
import { systemRandom } from '../random.js'

/** Makes the first key ring when the service is deployed, and its successors on a schedule. */
const { keyRingSecret, refreshMs, logLevel } = loadRotationConfig(process.env)
const logger = new Logger({ serviceName: 'latchkey-rotate-keys', logLevel })

export async function handler(): Promise<void> {
  const ring = new KeyRingHolder({
    store: new SecretKeyRingStore(new Secrets(), keyRingSecret),
    lifetimes: { accessMs: ACCESS_TOKEN_SECONDS * 1000, refreshMs },
    clock: systemClock,
    random: systemRandom,
  })
  await ring.maintain()
  const kids = (await ring.jwks()).keys.map(({ kid }) => kid)
  logger.info('key_ring_maintained', { event: 'key_ring_maintained', kids })
}
