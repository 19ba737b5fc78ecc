import type { Part } from './part.js'
import { profileKey } from './user-items.js'

/*
 * What is left of an erased account, in the table of events, which no restore takes back: that it was erased, and when.
 * The item of the profile in the table of users says the same, so that no write makes the account again.
 */

const ERASED = 'ERASED'
const ERASING = 'ERASING'

/** An erase that is under way: what it takes to go on with it, which goes with its end. */
export interface OpenErase {
  readonly id: string
  /** What stands for the person in the trail. */
  readonly name: string
  readonly addresses: readonly string[]
  /** Of invitations that its addresses had, whose mails may be there still. */
  readonly invitationIds?: readonly string[]
  /** Whether other items may name the person: only those of an administrator do. */
  readonly wasAdmin: boolean
}

/** @param id of the account. */
export const erasedKey = (id: string) => ({ userId: ERASED, eventId: id })
export const erasingKey = (id: string) => ({ userId: ERASING, eventId: id })

export const isErasedKey = ({ userId }: { readonly userId: string }): boolean => userId === ERASED

const partitionOf = (userId: string) => ({
  KeyConditionExpression: 'userId = :partition',
  ExpressionAttributeValues: { ':partition': userId },
})

/** Queries of all of them. */
export const allErased = partitionOf(ERASED)
export const allErasing = partitionOf(ERASING)

/**
 * The condition that an account is not erased, for a transaction that puts an item of it: a request that has read the
 * account before the erase writes nothing after it. It holds for an id that no account has, too.
 * @param table of users.
 * @param onConflict what the caller is told; by default nothing, as if what was written had expired at once.
 */
export const unlessErased = (
  table: string,
  id: string,
  onConflict: () => Error | undefined = () => undefined,
): Part => ({
  item: {
    ConditionCheck: {
      TableName: table,
      Key: profileKey(id),
      ConditionExpression: 'attribute_not_exists(erasedAt)',
    },
  },
  onConflict,
  givesWay: true,
})
