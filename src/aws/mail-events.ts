import type { DynamoDBRecord, SQSRecord } from 'aws-lambda'
import { MESSAGE_PREFIX, type MessageKey } from '../email/message.js'

/** A message that an event is about, and the name that the event's source has for that part of it. */
export interface MailRecord {
  /** The number of a record of the stream, or the id of a message of the queue. */
  readonly identifier: string
  /** Undefined for what is no message of ours. */
  readonly key: MessageKey | undefined
}

/** What invokes the function that sends mail. */
export interface MailEvent {
  readonly source: 'stream' | 'queue'
  readonly records: readonly MailRecord[]
}

/** @returns undefined for an event of any other source. */
export function readMailEvent(event: unknown): MailEvent | undefined {
  const { Records: records } = fieldsOf(event)
  if (!Array.isArray(records) || records.length === 0) return undefined
  if (records.every(isOf('aws:dynamodb'))) {
    return { source: 'stream', records: (records as DynamoDBRecord[]).map(fromStream) }
  }
  if (records.every(isOf('aws:sqs'))) {
    return { source: 'queue', records: (records as SQSRecord[]).map(fromQueue) }
  }
  return undefined
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const isOf = (source: string) => (record: unknown) => fieldsOf(record).eventSource === source

/** The key alone: what the message says is read from the table when it is sent. */
function fromStream({ eventName, dynamodb }: DynamoDBRecord): MailRecord {
  const { userId, eventId } = dynamodb?.Keys ?? {}
  const isNew = eventName === 'INSERT'
  return {
    identifier: dynamodb?.SequenceNumber ?? '',
    key: isNew ? asKey({ userId: userId?.S, eventId: eventId?.S }) : undefined,
  }
}

const fromQueue = ({ messageId, body }: SQSRecord): MailRecord => ({
  identifier: messageId,
  key: asKey(parse(body)),
})

function asKey(value: unknown): MessageKey | undefined {
  const { userId, eventId } = fieldsOf(value)
  const isMail = typeof userId === 'string' && userId.startsWith(MESSAGE_PREFIX)
  return isMail && typeof eventId === 'string' ? { userId, eventId } : undefined
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
