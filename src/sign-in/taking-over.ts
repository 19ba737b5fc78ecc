import type { Part } from '../dynamodb/part.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import type { KeySuspension } from '../lib/suspension.js'
import type { AddressedUser, User } from '../users/user.js'
import type { Users } from '../users/users.js'
import { finishSuspension, type SuspendKeys } from './suspending.js'

export interface TakingOverDependencies {
  readonly users: Users
  readonly suspendKeys: SuspendKeys
  readonly trail: Trail
  readonly clock: Clock
}

interface TakingOver {
  /** Of a password that the new owner has chosen. */
  readonly passwordHash?: string
  /** What is written in the same transaction: the ticket that is used up. */
  readonly alongside: readonly Part[]
}

/**
 * Whether the mailbox alone may take an account over: its address is unproved, and it is no administrator's. A
 * mistyped address of an administrator must not make a stranger one.
 */
export const isTakeable = ({ emailVerified, role }: User): boolean =>
  !emailVerified && role !== 'admin'

/**
 * The owner of the mailbox becomes the owner of an account that has not proved its address.
 * @returns what is left to be done once it is written.
 * @throws {AccountChanged}
 */
export async function takeOver(
  caller: Caller,
  user: AddressedUser,
  { passwordHash, alongside }: TakingOver,
  { users, suspendKeys, trail, clock }: TakingOverDependencies,
): Promise<() => Promise<void>> {
  const at = new Date(clock()).toISOString()
  const how = { at, ...(passwordHash !== undefined && { passwordHash }) }
  const event = trail.part(caller, 'account_taken_over', { userId: user.id })
  const keys = await users.store.takeOver(user, how, [...alongside, event])
  return () => finish(caller, user, keys, suspendKeys)
}

/**
 * The same as parts of the transaction that opens a session.
 * @returns the account as it is then, and what is left to be done once it is written.
 */
export function takingOver(
  caller: Caller,
  holder: AddressedUser,
  { users, suspendKeys, trail, clock }: TakingOverDependencies,
) {
  const at = new Date(clock()).toISOString()
  const { parts, keys } = users.store.takingOver(holder, { at })
  const { id, email, role, status, createdAt, epoch } = holder
  const user: AddressedUser = {
    ...{ id, email, role, status, createdAt },
    emailVerified: true,
    epoch: epoch + 1,
    ownedSince: at,
    suspendingKeys: keys,
  }
  const event = trail.part(caller, 'account_taken_over', { userId: id })
  return { user, parts: [...parts, event], finish: () => finish(caller, user, keys, suspendKeys) }
}

async function finish(
  caller: Caller,
  { id: userId }: AddressedUser,
  keys: KeySuspension,
  suspendKeys: SuspendKeys,
): Promise<void> {
  report(caller.log, 'account_taken_over', { userId })
  await finishSuspension(caller, suspendKeys, userId, keys)
}
