import { type Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import { acknowledge } from './acknowledge.js'
import { functionFolder, type FunctionName } from './function-folder.js'

export interface LatchkeyFunctionProps {
  readonly bundle: FunctionName
  readonly description: string
  readonly memorySize: number
  readonly timeout: Duration
  readonly environment: Partial<Record<EnvironmentName, string>>
  readonly logLevel: string
  readonly logRetention: RetentionDays
  readonly tracing: boolean
  /** Where events go that the function has failed at, if it takes asynchronous ones. */
  readonly deadLetterQueue?: Queue
  /** Why it needs none otherwise. @default - API Gateway waits for its answer */
  readonly whyNoDeadLetterQueue?: string
}

/** One function of the service: a bundle of `dist/lambda`, its own log group, and a role without permissions. */
export class LatchkeyFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: LatchkeyFunctionProps) {
    const { bundle, logRetention, tracing, logLevel, environment, ...others } = props
    const {
      whyNoDeadLetterQueue = 'API Gateway waits for its answer: nothing is queued.',
      ...rest
    } = others
    super(scope, id, {
      ...rest,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(functionFolder(bundle)),
      handler: 'index.handler',
      environment: { ...environment, LOG_LEVEL: logLevel },
      // The service writes JSON itself; Lambda's own lines must be JSON too.
      loggingFormat: LoggingFormat.JSON,
      // By default Lambda drops what is below INFO. Nothing stricter: lines of metrics have no level, and
      // count as INFO. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
      ...(logLevel === 'debug' && { applicationLogLevelV2: ApplicationLogLevel.DEBUG }),
      logGroup: new LogGroup(scope, `${id}Log`, {
        retention: logRetention,
        removalPolicy: RemovalPolicy.RETAIN,
      }),
      tracing: tracing ? Tracing.ACTIVE : Tracing.DISABLED,
    })
    acknowledge(this, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
        'Writing its own logs is all that this policy of AWS allows.',
      ...(tracing
        ? { 'AwsSolutions-IAM5[Resource::*]': 'X-Ray knows no resources to name.' }
        : {
            'Serverless-LambdaTracing':
              'Traces are an option (`tracing`): they cost by the request.',
          }),
      ...(!props.deadLetterQueue && { 'Serverless-LambdaDLQ': whyNoDeadLetterQueue }),
    })
  }
}
