import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { acknowledge } from './acknowledge.js'

/** Keeps what has failed too often for as long as a queue can. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const isLast = 'It is a dead letter queue itself.'
    acknowledge(this, { 'AwsSolutions-SQS3': isLast, 'Serverless-SQSRedrivePolicy': isLast })
  }
}
