import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import { MESSAGE_PREFIX } from '../../src/email/message.js'
import { domainOf } from '../../src/email/plain-address.js'
import { acknowledge } from './acknowledge.js'
import type { LatchkeyData } from './data.js'
import { DeadLetterQueue } from './dead-letter-queue.js'
import { LatchkeyFunction, type LatchkeyFunctionProps } from './function.js'
import {
  allowMail,
  allowReceive,
  allowSecret,
  allowSend,
  allowWorker,
} from '../permissions/grants.js'
import type { MailSettings } from '../settings/latchkey-settings.js'

export interface MailProps extends Pick<
  LatchkeyFunctionProps,
  'logLevel' | 'logs' | 'tracing' | 'architecture'
> {
  readonly data: LatchkeyData
  readonly settings: MailSettings
  /** Base URL of the service, to which the links of mails lead. */
  readonly issuer: string
  /** Variables of the service, of which mails have the brand. */
  readonly environment: Readonly<Record<string, string>>
}

/** Two calls of DynamoDB, one of Secrets Manager and one of SES, each with its retries. */
const TIMEOUT = Duration.seconds(20)
/** What AWS advises for a queue that feeds a function: six times its timeout. */
const VISIBILITY = Duration.seconds(120)
/** Half an hour of tries: as long as the link of a reset is good. */
const MAX_RECEIVES = 15
/** What SES takes in a second from most accounts, at some four mails a second for each. */
const MAX_CONCURRENCY = 5
/** What one call of SQS takes. */
const STREAM_BATCH = 10
/** A stream keeps records for a day. */
const MAX_RECORD_AGE = Duration.hours(23)

/**
 * Sends mail. The stream of the table of events tells one function of new messages; it puts their keys into a
 * queue, which brings each back until it is sent. So one mail that fails holds up no other, and a key that ends in
 * the dead-letter queue is all that it takes to send the mail later.
 */
export class Mail extends Construct {
  readonly function: LatchkeyFunction
  readonly queue: Queue
  /** Keys of messages that could not be sent. */
  readonly undelivered: DeadLetterQueue
  /** Positions of the stream that the function could not read. */
  readonly unread: DeadLetterQueue
  /** The configuration set, where the stack makes one: its reputation is measured apart. */
  readonly ownConfigurationSet: string | undefined

  constructor(scope: Construct, id: string, props: MailProps) {
    super(scope, id)
    const { data, settings, issuer, environment, ...common } = props
    const { tables, keys } = data
    this.undelivered = new DeadLetterQueue(this, 'Undelivered')
    this.unread = new DeadLetterQueue(this, 'Unread')
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: MAX_RECEIVES },
    })
    const { configurationSet = this.#configurationSet() } = settings
    if (settings.configurationSet === undefined) this.ownConfigurationSet = configurationSet
    this.function = new LatchkeyFunction(this, 'Worker', {
      ...common,
      bundle: 'worker',
      description: 'Latchkey: sends mail',
      memorySize: 512,
      timeout: TIMEOUT,
      whyNoDeadLetterQueue: 'The queue and the stream that feed it have dead letter queues.',
      environment: {
        ...brandOf(environment),
        ISSUER: issuer,
        EVENTS_TABLE: tables.byId.events.tableName,
        TICKET_KEYS_SECRET: keys.ticketKeys.secretArn,
        MAIL_FROM: settings.from,
        MAIL_QUEUE_URL: this.queue.queueUrl,
        SES_CONFIGURATION_SET: configurationSet,
      },
    })
    allowWorker(this.function, tables)
    allowSecret(this.function, keys.ticketKeys)
    allowReceive(this.function, this.queue)
    allowSend(this.function, this.queue, this.unread)
    allowMail(this.function, settings.from, [
      settings.identityArn ?? this.#arn('identity', domainOf(settings.from)),
      this.#arn('configuration-set', configurationSet),
    ])
    this.#feed(tables.byId.events.tableStreamArn as string)
  }

  #feed(eventSourceArn: string): void {
    new EventSourceMapping(this, 'FromStream', {
      target: this.function,
      eventSourceArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT') as unknown,
          dynamodb: { Keys: { userId: { S: FilterRule.beginsWith(MESSAGE_PREFIX) } } },
        }),
      ],
      batchSize: STREAM_BATCH,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Only SQS or the function itself can be what fails, and the next try is as good as this one.
      retryAttempts: 10_000,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: { bind: () => ({ destination: this.unread.queueArn }) },
    })
    const fromQueue = new EventSourceMapping(this, 'FromQueue', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      maxConcurrency: MAX_CONCURRENCY,
      reportBatchItemFailures: true,
    })
    acknowledge(fromQueue, {
      'Serverless-LambdaEventSourceMappingDestination':
        'A queue takes none: what it gives up goes to its own dead letter queue.',
    })
  }

  /** Opens and clicks are never tracked: links of mails are secrets, and lead to the service itself. */
  #configurationSet(): string {
    return new ConfigurationSet(this, 'ConfigurationSet', {
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    }).configurationSetName
  }

  #arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'ses',
      resource,
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })
  }
}

const brandOf = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.startsWith('BRAND_')),
  ) as Partial<Record<EnvironmentName, string>>
