import type { DynamoDBRecord, SQSRecord } from 'aws-lambda'
import type { EventKey } from '../events/trail.js'

/** An item that an event is about, and the name that the event's source has for that part of it. */
export interface KeyRecord {
  /** The number of a record of the stream, or the id of a message of the queue. */
  readonly identifier: string
  /** Undefined for what is no new item that the function sends. */
  readonly key: EventKey | undefined
}

/** What invokes a function that sends items of the table of events. */
export interface KeyEvent {
  readonly source: 'stream' | 'queue'
  readonly records: readonly KeyRecord[]
}

/**
 * The parts of an event that have failed, and come again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export interface Failures {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

export const failuresOf = (records: readonly KeyRecord[]): Failures => ({
  batchItemFailures: records.map(({ identifier }) => ({ itemIdentifier: identifier })),
})

type Accepts = (key: EventKey) => boolean

/**
 * @param accepts whether the function sends the item of a key.
 * @returns undefined for an event of any other source.
 */
export function readKeyEvent(event: unknown, accepts: Accepts): KeyEvent | undefined {
  const { Records: records } = fieldsOf(event)
  if (!Array.isArray(records) || records.length === 0) return undefined
  if (records.every(isOf('aws:dynamodb'))) {
    const read = (record: DynamoDBRecord) => fromStream(record, accepts)
    return { source: 'stream', records: (records as DynamoDBRecord[]).map(read) }
  }
  if (records.every(isOf('aws:sqs'))) {
    const read = (record: SQSRecord) => fromQueue(record, accepts)
    return { source: 'queue', records: (records as SQSRecord[]).map(read) }
  }
  return undefined
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const isOf = (source: string) => (record: unknown) => fieldsOf(record).eventSource === source

/** The key alone: what the item says is read from the table when it is sent. */
function fromStream({ eventName, dynamodb }: DynamoDBRecord, accepts: Accepts): KeyRecord {
  const { userId, eventId } = dynamodb?.Keys ?? {}
  const isNew = eventName === 'INSERT'
  return {
    identifier: dynamodb?.SequenceNumber ?? '',
    key: isNew ? asKey({ userId: userId?.S, eventId: eventId?.S }, accepts) : undefined,
  }
}

const fromQueue = ({ messageId, body }: SQSRecord, accepts: Accepts): KeyRecord => ({
  identifier: messageId,
  key: asKey(parse(body), accepts),
})

function asKey(value: unknown, accepts: Accepts): EventKey | undefined {
  const { userId, eventId } = fieldsOf(value)
  if (typeof userId !== 'string' || typeof eventId !== 'string') return undefined
  const key = { userId, eventId }
  return accepts(key) ? key : undefined
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
