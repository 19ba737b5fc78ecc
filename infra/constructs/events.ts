import { Duration } from 'aws-cdk-lib'
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events'
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { erasedKey } from '../../src/dynamodb/tombstones.js'
import { acknowledge } from './acknowledge.js'
import type { LatchkeyData } from './data.js'
import { DeadLetterQueue } from './dead-letter-queue.js'
import { LatchkeyFunction, type LatchkeyFunctionProps } from './function.js'
import { allowEventWorker, allowPutEvents, allowReceive, allowSend } from '../permissions/grants.js'
import type { EventSettings } from '../settings/latchkey-settings.js'

export interface EventsProps extends Pick<
  LatchkeyFunctionProps,
  'logLevel' | 'logs' | 'tracing' | 'architecture'
> {
  readonly data: LatchkeyData
  readonly settings: EventSettings
  /** Base URL of the service: the source of its events. */
  readonly issuer: string
}

/** Of the stream a hundred numbers, of the queue one call of EventBridge, each with its retries. */
const TIMEOUT = Duration.seconds(20)
/** What AWS advises for a queue that feeds a function: six times its timeout. */
const VISIBILITY = Duration.seconds(120)
/** An hour of tries. */
const MAX_RECEIVES = 30
/** Far below what EventBridge takes in every region. */
const MAX_CONCURRENCY = 5
const STREAM_BATCH = 100
/** What one call of EventBridge takes. */
const QUEUE_BATCH = 10
/** A stream keeps records for a day. */
const MAX_RECORD_AGE = Duration.hours(23)

/**
 * Sends the events of the audit trail to EventBridge. The stream of the table of events tells one function of new items;
 * it gives them numbers and puts their keys into a queue, which brings each back until it is sent. So one event that fails
 * holds up no other, and a key that ends in the dead-letter queue is all that it takes to send the event later.
 */
export class Events extends Construct {
  readonly function: LatchkeyFunction
  readonly queue: Queue
  /** Where the events go. */
  readonly bus: IEventBus
  /** Keys of events that could not be sent. */
  readonly undelivered: DeadLetterQueue
  /** Positions of the stream that the function could not read. */
  readonly unread: DeadLetterQueue

  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id)
    const { data, settings, issuer, ...common } = props
    const { tables } = data
    this.undelivered = new DeadLetterQueue(this, 'Undelivered')
    this.unread = new DeadLetterQueue(this, 'Unread')
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: MAX_RECEIVES },
    })
    this.bus = this.#bus(settings)
    this.function = new LatchkeyFunction(this, 'Worker', {
      ...common,
      bundle: 'worker',
      description: 'Latchkey: sends events to EventBridge',
      memorySize: 512,
      timeout: TIMEOUT,
      whyNoDeadLetterQueue: 'The queue and the stream that feed it have dead letter queues.',
      environment: {
        ISSUER: issuer,
        EVENTS_TABLE: tables.byId.events.tableName,
        EVENT_BUS_ARN: this.bus.eventBusArn,
        EVENT_QUEUE_URL: this.queue.queueUrl,
      },
    })
    allowEventWorker(this.function, tables)
    allowReceive(this.function, this.queue)
    allowSend(this.function, this.queue, this.unread)
    allowPutEvents(this.function, this.bus)
    this.#feed(tables.byId.events.tableStreamArn as string)
  }

  #bus({ busArn }: EventSettings): IEventBus {
    if (busArn !== undefined) return EventBus.fromEventBusArn(this, 'Bus', busArn)
    return new EventBus(this, 'Bus', { description: 'Events of Latchkey' }) as IEventBus
  }

  #feed(eventSourceArn: string): void {
    const isNew = FilterRule.isEqual('INSERT') as unknown
    new EventSourceMapping(this, 'FromStream', {
      target: this.function,
      eventSourceArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        // Of the trail all but refusals, which are counted.
        FilterCriteria.filter({
          eventName: isNew,
          dynamodb: {
            NewImage: {
              event: { S: FilterRule.exists() },
              times: { N: FilterRule.notExists() as unknown },
            },
          },
        }),
        FilterCriteria.filter({
          eventName: isNew,
          dynamodb: {
            Keys: { userId: { S: FilterRule.isEqual(erasedKey('').userId) as unknown } },
          },
        }),
      ],
      batchSize: STREAM_BATCH,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Only SQS, DynamoDB or the function itself can be what fails, and the next try is as good as this one.
      retryAttempts: 10_000,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: { bind: () => ({ destination: this.unread.queueArn }) },
    })
    const fromQueue = new EventSourceMapping(this, 'FromQueue', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: QUEUE_BATCH,
      maxConcurrency: MAX_CONCURRENCY,
      reportBatchItemFailures: true,
    })
    acknowledge(fromQueue, {
      'Serverless-LambdaEventSourceMappingDestination':
        'A queue takes none: what it gives up goes to its own dead letter queue.',
    })
  }
}
