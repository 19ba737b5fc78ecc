import type { Part } from '../dynamodb/part.js'
import type { EventFields } from '../events/catalogue.js'
import type { Facts } from '../email/message.js'
import { report } from '../events/report.js'
import type { Place, Trail, TrailFacts } from '../events/trail.js'
import { listedId } from '../factors/passkeys/listed.js'
import type { Caller } from '../http/caller.js'
import { isOutage } from '../http/problem.js'
import type { KeySuspension } from '../lib/suspension.js'
import { recentPasskeys } from '../users/factors.js'
import { suspendRecent } from '../users/identities/identity.js'
import type { User } from '../users/user.js'
import type { Suspended } from '../users/users.js'

interface Named {
  readonly name: string
}

type List = (userId: string, suspension: KeySuspension) => Promise<readonly Named[]>

/** What was made lately, and the names that people know providers by. */
export interface Suspendable {
  /** Without mail there is no notice, and nothing is read for one. */
  readonly hasMail: boolean
  readonly listKeys: List
  readonly listApps: List
  readonly providerNames: ReadonlyMap<string, string>
}

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
    report(log, 'authn_passkeys_suspended', passkeysOf(userId, passkeys, reason))
}

/** What the trail keeps of a suspension with its cause: keys are suspended after it, one by one. */
export const sinceOf = (suspension: KeySuspension | undefined): TrailFacts =>
  suspension ? { facts: { since: suspension.since } } : {}

/** The same for the trail, in the transaction of the new password. @param user as they were read. */
export function suspendedParts(
  trail: Trail,
  place: Place,
  user: User,
  suspension: KeySuspension | undefined,
): Part[] {
  if (!suspension) return []
  const { since, reason } = suspension
  const { id: userId } = user
  return [
    ...identityParts(trail, place, user, { since, reason }),
    ...passkeyParts(trail, place, passkeysOf(userId, recentPasskeys(user, since), reason)),
  ]
}

/** Those of it that are about identities. */
export function identityParts(
  trail: Trail,
  place: Place,
  user: User,
  suspension: Pick<KeySuspension, 'since' | 'reason'>,
): Part[] {
  const { id: userId } = user
  return suspendRecent(user, suspension).suspended.map(({ id: identityId, provider }) => {
    const fields = { userId, identityId, provider, reason: suspension.reason }
    return trail.part(place, 'identity_suspended', fields, { by: 'service' })
  })
}

const passkeysOf = (
  userId: string,
  passkeys: Suspended['passkeys'],
  reason: KeySuspension['reason'],
) => ({ userId, count: passkeys.length, reason, passkeyIds: passkeys.map(listedId) })

function passkeyParts(
  trail: Trail,
  place: Place,
  fields: EventFields['authn_passkeys_suspended'],
): Part[] {
  if (fields.count === 0) return []
  return [trail.part(place, 'authn_passkeys_suspended', fields, { by: 'service' })]
}

/** Names what a new password suspends, for the notice of it. */
export type NameSuspended = (user: User, suspension: KeySuspension) => Promise<Facts>

/** Makes the function that names it. */
export const namerOf =
  ({ hasMail, listKeys, listApps, providerNames }: Suspendable): NameSuspended =>
  async (user, suspension) => {
    if (!hasMail) return {}
    const [keys, apps] = await Promise.all([
      // Keys that are removed, because they were of another owner, need no name.
      suspension.isRemoval ? [] : orNone(listKeys(user.id, suspension)),
      orNone(listApps(user.id, suspension)),
    ])
    const { suspended } = suspendRecent(user, suspension)
    const facts: Readonly<Record<string, readonly string[]>> = {
      suspendedPasskeys: recentPasskeys(user, suspension.since).map(({ name }) => name),
      suspendedKeys: keys.map(({ name }) => name),
      suspendedIdentities: suspended.map(({ provider }) => providerNames.get(provider) ?? provider),
      suspendedApps: apps.map(({ name }) => name),
    }
    return Object.fromEntries(Object.entries(facts).filter(([, names]) => names.length > 0))
  }

/** A new password does not wait for the names of what it suspends: the notice goes without those that can't be read. */
async function orNone(list: Promise<readonly Named[]>): Promise<readonly Named[]> {
  try {
    return await list
  } catch (error) {
    if (!isOutage(error)) throw error
    return []
  }
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
