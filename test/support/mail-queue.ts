import { createHash, randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import type { MessageKey } from '../../src/email/message.js'
import { type AwsApi, startAwsApi } from './aws-api.js'

/** SQS as far as the function that sends mail uses it, on loopback. */
export interface MailQueueApi {
  readonly api: AwsApi
  readonly url: string
  /** Bodies of the messages that it holds. */
  readonly bodies: string[]
  /** What it does not take, by its place in a call. */
  readonly refused: Set<number>
}

interface Entry {
  readonly Id: string
  readonly MessageBody: string
}

export async function startMailQueue(t: Test): Promise<MailQueueApi> {
  const bodies: string[] = []
  const refused = new Set<number>()
  const api = await startAwsApi(t, ({ body }) => {
    const entries = (body as { Entries: Entry[] }).Entries
    const taken = entries.filter((_, index) => !refused.has(index))
    const left = entries.filter((_, index) => refused.has(index))
    bodies.push(...taken.map(({ MessageBody }) => MessageBody))
    return {
      body: {
        Successful: taken.map(({ Id, MessageBody }) => ({
          Id,
          MessageId: randomUUID(),
          MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
        })),
        Failed: left.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
      },
    }
  })
  return { api, url: `${api.endpoint}/123456789012/mail`, bodies, refused }
}

let sequence = 100_000_000_000_000

/** A record of the stream of events, as Lambda hands it to a function. */
export function streamRecord({ userId, eventId }: MessageKey, eventName = 'INSERT') {
  const keys = { userId: { S: userId }, eventId: { S: eventId } }
  return {
    eventID: randomUUID(),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_893_456_000,
      Keys: keys,
      NewImage: keys,
      SequenceNumber: String(sequence++),
      SizeBytes: 100,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/events/stream/2026',
  }
}

/** A message of the queue, likewise. */
export const queueRecord = (body: string) => ({
  messageId: randomUUID(),
  receiptHandle: 'handle',
  body,
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
  md5OfBody: createHash('md5').update(body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:mail',
  awsRegion: 'eu-west-1',
})
