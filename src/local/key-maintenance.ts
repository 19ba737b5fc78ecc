import type { FastifyInstance } from 'fastify'
import { report } from '../events/report.js'
import type { KeyMaintenance } from '../keyring/maintenance.js'

/** How often a long-running service looks whether its keys are due, milliseconds. */
const INTERVAL = 3_600_000

/** Makes successors for the keys as long as the process runs. */
export function keepMaintaining(keys: KeyMaintenance, { log }: FastifyInstance): void {
  setInterval(() => {
    keys.maintain().catch((error: unknown) => {
      report(log, 'key_rotation_fail', { err: error })
    })
  }, INTERVAL).unref()
}
