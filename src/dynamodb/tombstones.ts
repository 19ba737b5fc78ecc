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
