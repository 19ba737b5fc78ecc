import { isErasedKey } from '../dynamodb/tombstones.js'
import type { EventKey, TrailItem } from '../events/trail.js'
import type { NumberedItem, Tombstone } from './cloud-event.js'

/** The id of a user. What stands for an erased person, a mail and a count have partitions of other names. */
const USER_ID = /^[0-9a-f-]{36}$/

/** Whether an item of this key may leave the service: an event in the trail of a user, or the tombstone of one. */
export const isSentKey = (key: EventKey): boolean => isErasedKey(key) || USER_ID.test(key.userId)

export const isTombstone = (item: object): item is Tombstone => isErasedKey(item as EventKey)

/** An event that may have its number already. */
type SentItem = TrailItem & Partial<NumberedItem>

/** Refusals that are counted change within their hour, and stay in the trail. */
export const isSentItem = (item: object): item is SentItem => 'event' in item && !('times' in item)
