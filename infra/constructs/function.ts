import type { Duration } from 'aws-cdk-lib'
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
  type VersionOptions,
} from 'aws-cdk-lib/aws-lambda'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { EnvironmentName } from '../../src/config/environment-names.js'
import { acknowledge } from './acknowledge.js'
import { checkFunctionEnvironment } from '../settings/function-environment.js'
import { Logs, type LogsProps } from './logs.js'
import { functionFolder, type FunctionName } from './function-folder.js'
import type { LatchkeySettings } from '../settings/latchkey-settings.js'

export interface LatchkeyFunctionProps {
  readonly bundle: FunctionName
  readonly description: string
  readonly memorySize: number
  readonly timeout: Duration
  readonly environment: Partial<Record<EnvironmentName, string>>
  readonly logLevel: string
  readonly logs: LogsProps
  readonly tracing: boolean
  readonly architecture: NonNullable<LatchkeySettings['architecture']>
  /** What becomes of the version that is published where one is asked for. @default - it goes with the next one */
  readonly currentVersionOptions?: VersionOptions
  /** Where events go that the function has failed at, if it takes asynchronous ones. */
  readonly deadLetterQueue?: Queue
  /** Why it needs none otherwise. @default - API Gateway waits for its answer */
  readonly whyNoDeadLetterQueue?: string
}

/** One function of the service: a bundle of `dist/lambda`, its own log group, and a role without permissions. */
export class LatchkeyFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: LatchkeyFunctionProps) {
    const { bundle, logs, tracing, architecture, logLevel, environment, ...others } = props
    const {
      whyNoDeadLetterQueue = 'API Gateway waits for its answer: nothing is queued.',
      ...rest
    } = others
    const variables = { ...environment, LOG_LEVEL: logLevel }
    const other = architecture === 'arm64' ? 'x64' : 'arm64'
    super(scope, id, {
      ...rest,
      runtime: Runtime.NODEJS_24_X,
      architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      code: Code.fromAsset(functionFolder(bundle), { exclude: [`argon2-${other}.node`] }),
      handler: 'index.handler',
      environment: variables,
      // The service writes JSON itself; Lambda's own lines must be JSON too.
      loggingFormat: LoggingFormat.JSON,
      // By default Lambda drops what is below INFO. Nothing stricter: lines of metrics have no level, and
      // count as INFO. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
      ...(logLevel === 'debug' && { applicationLogLevelV2: ApplicationLogLevel.DEBUG }),
      // Of Lambda's own lines those of failed calls: two for each call that went well would be half of the log.
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup: new Logs(scope, `${id}Log`, logs),
      tracing: tracing ? Tracing.ACTIVE : Tracing.DISABLED,
    })
    checkFunctionEnvironment(this, bundle, variables)
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
