import { setTimeout as wait } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { rotationStores } from '../aws/key-secrets.js'
import { Secrets } from '../aws/secrets.js'
import { systemClock } from '../lib/clock.js'
import { loadRotationConfig } from '../config/rotation.js'
import { eventLine } from '../events/report.js'
import { KeyMaintenance } from '../keyring/maintenance.js'
import { ACCESS_TOKEN_SECONDS } from '../access-tokens/claims.js'
import { systemRandom } from '../lib/random.js'

const DAY_MS = 24 * 3_600_000

/** Makes the first keys when the service is deployed, and their successors on a schedule. */
const { keySecrets, refreshMs, logLevel } = loadRotationConfig(process.env)
const logger = new Logger({ serviceName: 'latchkey-rotate-keys', logLevel })

/** Events of the schedule and of the deployment have no `action`. */
export interface RotationEvent {
  readonly action?: unknown
}

/**
 * `{"action": "replace-now"}` takes a compromised key out at once; every other event without an action lets
 * the keys be maintained.
 */
export async function handler({ action }: RotationEvent = {}): Promise<void> {
  const keys = new KeyMaintenance({
    stores: rotationStores(new Secrets(), keySecrets),
    lifetimes: { accessMs: ACCESS_TOKEN_SECONDS * 1000, refreshMs },
    clock: systemClock,
    random: systemRandom,
  })
  if (action === 'replace-now') {
    const kid = await keys.replaceNow()
    logger.warn('keys_replaced', eventLine('keys_replaced', { kid }))
  } else if (action !== undefined) {
    throw new Error('the only action is "replace-now"')
  }
  await patiently(() => keys.maintain())
  const { signing, spare } = await keys.keyRing.ring()
  const newest = Math.max(...signing.map(({ publishedAt }) => publishedAt))
  const line = eventLine('key_ring_maintained', {
    function: process.env.AWS_LAMBDA_FUNCTION_NAME,
    kids: signing.map(({ kid }) => kid),
    spare: spare?.kid,
    newestKeyAgeDays: (systemClock() - newest) / DAY_MS,
  })
  logger.info(line.event, line)
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
