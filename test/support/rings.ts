import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { KeyMaintenance } from '../../src/keyring/maintenance.js'
import { systemRandom } from '../../src/lib/random.js'
import { DAY, HOUR, MINUTE } from './clock.js'
import type { Service } from './service.js'

/** When the first ring is made. */
export const BIRTH = Date.parse('2030-01-01T00:00:00Z')

export const LIFETIMES = { accessMs: 15 * MINUTE, refreshMs: 30 * DAY }

/** How long a verifier may hold its copy of the JWKS. */
export const JWKS_CACHE = 2 * HOUR

/** How long an instance may hold its copy of the ring. */
export const REREAD = 5 * MINUTE
/** How long CloudFront may answer with a JWKS. */
export const EDGE = MINUTE

/**
 * Lets RSA key pairs be made at once for the length of a test: Node makes the first, and every other is the
 * same, under an id of its own. A ring's rules look at ids and times, never at the numbers.
 */
export function quickKeys(t: Test): void {
  const generate = promisify(crypto.generateKeyPair)
  let first: ReturnType<typeof generate> | undefined
  const once = (...args: Parameters<typeof generate>) => (first ??= generate(...args))
  const value = Object.assign(() => undefined, { [promisify.custom]: once })
  t.intercept(crypto, 'generateKeyPair', { value })
  syncBuiltinESMExports()
  t.teardown(syncBuiltinESMExports)
}

/** What rotates and replaces the keys of a service. */
export const maintenanceOf = ({ keyRing, clock }: Service): KeyMaintenance =>
  new KeyMaintenance({
    stores: keyRing.stores,
    lifetimes: LIFETIMES,
    clock,
    random: systemRandom,
  })
