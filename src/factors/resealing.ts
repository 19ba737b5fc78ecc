import type { ScannedPage } from '../dynamodb/scan.js'
import { userOfKey } from '../dynamodb/user-items.js'
import type { Totp } from '../users/factors.js'
import { type SealedSecrets, totpPlace } from './sealed-secret.js'
import type { FactorsStore } from './store.js'

export interface ResealingDependencies {
  readonly store: Pick<FactorsStore, 'reseal'>
  readonly secrets: SealedSecrets
}

/** What has been done so far. */
export interface Resealed {
  /** Items that were looked at. */
  readonly looked: number
  readonly resealed: number
  /** Ids of users whose secret no key opens. */
  readonly damaged: readonly string[]
}

/** What a scan of the table of users needs for it. */
export const HAS_SEALED = {
  FilterExpression: 'attribute_exists(totp)',
  ProjectionExpression: 'pk, totp',
} as const

/**
 * Seals again under the newest data key what another has sealed. It may be stopped at any moment and run again: each
 * record is changed by one conditional write, and one that is used meanwhile has been sealed again by that.
 * @param pages of the table of users.
 * @param tell is called after each page.
 */
export async function resealAll(
  { store, secrets }: ResealingDependencies,
  pages: AsyncIterable<ScannedPage>,
  tell: (done: Resealed) => void,
): Promise<Resealed> {
  let done: Resealed = { looked: 0, resealed: 0, damaged: [] }
  for await (const { items, scanned } of pages) {
    let { resealed, damaged } = done
    for (const item of items) {
      const userId = userOfKey(item)
      if (userId === undefined) continue
      const { secret: sealed } = item.totp as Totp
      const opened = await secrets.open(sealed, totpPlace(userId)).catch(passOverDamage)
      if (!opened) damaged = [...damaged, userId]
      else if (opened.resealed && (await store.reseal(userId, sealed, opened.resealed))) resealed++
    }
    done = { looked: done.looked + scanned, resealed, damaged }
    tell(done)
  }
  return done
}

/** An outage is no damage. */
function passOverDamage(error: unknown): undefined {
  if (!(error instanceof Error) || error.name === 'Problem') throw error
}
