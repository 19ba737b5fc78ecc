import { managedEntry } from '../audit/listed.js'
import type { EventName } from '../events/catalogue.js'
import type { TrailItem } from '../events/trail.js'
import { type CloudEvent, FACTS, LAST_NUMBER, typeOf } from './schema.js'

/** An item of the trail that has its number. */
export interface NumberedItem extends TrailItem {
  /** Which event of its subject it is, from 1 on. */
  readonly subjectNumber: number
}

/** What is the same for all events of a name. */
const envelope = (event: EventName, source: string) =>
  ({
    specversion: '1.0',
    source,
    type: typeOf(event),
    datacontenttype: 'application/json',
  }) as const

/**
 * The event of an item of the trail.
 * @param source the issuer.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export function cloudEventOf(item: NumberedItem, source: string): CloudEvent {
  const { id, actor, actorId, details, at } = managedEntry(item)
  const facts = Object.entries(details).filter(([name]) => Object.hasOwn(FACTS, name))
  return {
    ...envelope(item.event, source),
    id,
    subject: item.userId,
    time: at,
    subjectnumber: item.subjectNumber,
    data: { actor, ...(actorId !== null && { actorId }), ...Object.fromEntries(facts) },
  }
}

/** A tombstone in the table of events, which is all that is left of a person. */
export interface Tombstone {
  /** The id of the account. */
  readonly eventId: string
  /** ISO 8601. */
  readonly erasedAt: string
}

/** The event of an erase: the item of the trail has a random name in the place of the id, which no receiver knows. */
export const erasedEventOf = ({ eventId: subject, erasedAt }: Tombstone, source: string) =>
  ({
    ...envelope('account_erased', source),
    id: `${erasedAt}#${subject}`,
    subject,
    time: erasedAt,
    subjectnumber: LAST_NUMBER,
    data: {},
  }) satisfies CloudEvent
