import type { FastifyInstance } from 'fastify'

/** How often a long-running service looks whether its keys are due, milliseconds. */
const INTERVAL = 3_600_000

/** Makes the first key ring, and successors for its keys as long as the process runs. */
export async function maintainKeys({ keyRing, log }: FastifyInstance): Promise<void> {
  await keyRing.maintain()
  setInterval(() => {
    keyRing.maintain().catch((error: unknown) => {
      log.error({ event: 'key_rotation_fail', err: error })
    })
  }, INTERVAL).unref()
}
