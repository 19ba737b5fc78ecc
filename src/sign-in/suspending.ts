import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { isOutage } from '../http/problem.js'
import type { KeySuspension } from '../lib/suspension.js'
import { recentPasskeys } from '../users/factors.js'
import type { User } from '../users/user.js'
import type { Suspended } from '../users/users.js'

/** Does to the keys of a user what their profile says of them already. @throws {Problem} STORE_UNAVAILABLE. */
export type SuspendKeys = (
  caller: Caller,
  userId: string,
  suspension: KeySuspension,
) => Promise<void>

/** Tells of the identities and passkeys that a new password has suspended. */
export function reportSuspended(
  { log }: Caller,
  userId: string,
  { identities, passkeys }: Suspended,
  reason: KeySuspension['reason'],
): void {
  for (const { id: identityId, provider } of identities)
    report(log, 'identity_suspended', { userId, identityId, provider, reason })
  if (passkeys.length > 0)
    report(log, 'authn_passkeys_suspended', { userId, count: passkeys.length, reason })
}

/** What the notice of a new password tells: which passkeys need more than themselves now. */
export function suspendedFacts(user: User, suspension: KeySuspension | undefined) {
  const passkeys = suspension ? recentPasskeys(user, suspension.since) : []
  return passkeys.length > 0 ? { suspendedPasskeys: passkeys.map(({ name }) => name) } : {}
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
