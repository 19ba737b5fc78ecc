import { Duration } from 'aws-cdk-lib'
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Trigger } from 'aws-cdk-lib/triggers'
import { Construct } from 'constructs'
import { type KeySecrets, keyVariables } from './data.js'
import { DeadLetterQueue } from './dead-letter-queue.js'
import { LatchkeyFunction, type LatchkeyFunctionProps } from './function.js'
import { allowSecret } from '../permissions/grants.js'

export interface KeyRotationProps extends Pick<
  LatchkeyFunctionProps,
  'logLevel' | 'logs' | 'tracing' | 'architecture'
> {
  readonly keys: KeySecrets
  /** Longest life of a refresh token, seconds. @default - the service's own */
  readonly sessionSeconds?: string | undefined
}

/** Makes the keys when it is deployed, and looks every day whether their successors are due. */
export class KeyRotation extends Construct {
  readonly function: LatchkeyFunction
  /** The keys are there when this is. */
  readonly firstKeys: Trigger
  /** How old the newest signing key is, days; the function logs it every day. */
  readonly keyAge: IMetric
  /** Runs that failed after all tries. */
  readonly failed: DeadLetterQueue

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id)
    const { keys, sessionSeconds, ...common } = props
    const secrets = Object.values(keys) as Secret[]
    const failed = new DeadLetterQueue(this, 'Failed')
    this.failed = failed
    this.function = new LatchkeyFunction(this, 'Function', {
      ...common,
      bundle: 'rotate-keys',
      description:
        'Latchkey: makes the keys, their successors when due, and replaces them when told to',
      memorySize: 512,
      timeout: Duration.minutes(1),
      deadLetterQueue: failed,
      environment: {
        ...keyVariables(keys),
        SPARE_KEY_SECRET: keys.spareKey.secretArn,
        ...(sessionSeconds !== undefined && { SESSION_ABSOLUTE_SECONDS: sessionSeconds }),
      },
    })
    for (const secret of secrets) allowSecret(this.function, secret, { write: true })
    this.firstKeys = new Trigger(this, 'FirstKeys', {
      handler: this.function,
      executeAfter: secrets,
    })
    this.keyAge = new MetricFilter(this, 'KeyAge', {
      logGroup: this.function.logGroup,
      filterPattern: FilterPattern.exists('$.newestKeyAgeDays'),
      metricNamespace: 'Latchkey',
      metricName: 'NewestKeyAge',
      metricValue: '$.newestKeyAgeDays',
      dimensions: { function: '$.function' },
    }).metric({
      dimensionsMap: { function: this.function.functionName },
      statistic: Stats.MAXIMUM,
      period: Duration.days(1),
    })
    new Rule(this, 'Daily', {
      description: 'Lets Latchkey look whether its keys are due',
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(this.function, { retryAttempts: 2, deadLetterQueue: failed })],
    })
  }
}
