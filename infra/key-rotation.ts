import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Trigger } from 'aws-cdk-lib/triggers'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.js'
import { LatchkeyFunction, type LatchkeyFunctionProps } from './latchkey-function.js'
import { allowSecret } from './permissions.js'

export interface KeyRotationProps extends Pick<
  LatchkeyFunctionProps,
  'logLevel' | 'logRetention' | 'tracing'
> {
  readonly keyRing: Secret
  /** Longest life of a refresh token, seconds. @default - the service's own */
  readonly sessionSeconds?: string | undefined
}

/** Makes the key ring when it is deployed, and looks every day whether its next keys are due. */
export class KeyRotation extends Construct {
  readonly function: LatchkeyFunction
  /** The keys are there when this is. */
  readonly firstKeys: Trigger

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id)
    const { keyRing, sessionSeconds, ...common } = props
    const failed = new Queue(this, 'Failed', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const isLast = 'It is a dead letter queue itself.'
    acknowledge(failed, { 'AwsSolutions-SQS3': isLast, 'Serverless-SQSRedrivePolicy': isLast })
    this.function = new LatchkeyFunction(this, 'Function', {
      ...common,
      bundle: 'rotate-keys',
      description: 'Latchkey: makes the key ring, and its next keys when they are due',
      memorySize: 512,
      timeout: Duration.minutes(1),
      deadLetterQueue: failed,
      environment: {
        KEY_RING_SECRET: keyRing.secretArn,
        ...(sessionSeconds !== undefined && { SESSION_ABSOLUTE_SECONDS: sessionSeconds }),
      },
    })
    allowSecret(this.function, keyRing, { write: true })
    this.firstKeys = new Trigger(this, 'FirstKeys', {
      handler: this.function,
      executeAfter: [keyRing],
    })
    new Rule(this, 'Daily', {
      description: 'Lets Latchkey look whether its keys are due',
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(this.function, { retryAttempts: 2, deadLetterQueue: failed })],
    })
  }
}
