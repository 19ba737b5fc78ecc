import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { isOutage } from '../http/problem.js'
import type { KeySuspension } from '../lib/suspension.js'
import type { Identity } from '../users/identities/identity.js'

/** Does to the keys of a user what their profile says of them already. @throws {Problem} STORE_UNAVAILABLE. */
export type SuspendKeys = (
  caller: Caller,
  userId: string,
  suspension: KeySuspension,
) => Promise<void>

/** Tells of the identities that a new password has suspended. */
export function reportSuspended(
  { log }: Caller,
  userId: string,
  identities: readonly Identity[],
  reason: KeySuspension['reason'],
): void {
  for (const { id: identityId, provider } of identities)
    report(log, 'identity_suspended', { userId, identityId, provider, reason })
}

/** The password is changed, and its suspension counts: what fails here is done with the owner's next request. */
export async function finishSuspension(
  caller: Caller,
  suspendKeys: SuspendKeys,
  userId: string,
  suspension: KeySuspension,
): Promise<void> {
  try {
    await suspendKeys(caller, userId, suspension)
  } catch (error) {
    if (!isOutage(error)) throw error
    report(caller.log, 'api_key_suspension_delayed', { userId })
  }
}
