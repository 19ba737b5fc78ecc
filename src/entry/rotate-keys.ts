import { setTimeout as wait } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { SecretKeyRingStore } from '../aws/secret-key-ring.js'
import { Secrets } from '../aws/secrets.js'
import { systemClock } from '../clock.js'
import { loadRotationConfig } from '../config/rotation.js'
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
  await patiently(() => ring.maintain())
  const kids = (await ring.jwks()).keys.map(({ kid }) => kid)
  logger.info('key_ring_maintained', { event: 'key_ring_maintained', kids })
}

const PATIENCE = { tries: 40, pauseMs: 1000 }

/** A role that has just been made is not known everywhere for some seconds, and a deployment must not fail by it. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let left = PATIENCE.tries; ; left--) {
    try {
      await work()
      return
    } catch (error) {
      const { cause } = error as { cause?: { name?: string } }
      if (cause?.name !== 'AccessDeniedException' || left === 0) throw error
      await wait(PATIENCE.pauseMs)
    }
  }
}
