import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
  type LambdaDeploymentGroupProps,
} from 'aws-cdk-lib/aws-codedeploy'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Alias, type IFunction, type IVersion, type VersionOptions } from 'aws-cdk-lib/aws-lambda'
import { Trigger } from 'aws-cdk-lib/triggers'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.js'
import type { LatchkeyFunction } from './function.js'

export interface ReleaseProps {
  readonly app: LatchkeyFunction
  /** What a version needs to start: its keys. */
  readonly after: Construct
  /** Instances of the version that are always warm. */
  readonly provisionedConcurrency: number
}

const ALIAS = 'live'

/**
 * Versions stay, to go back to. One whose deployment is rolled back goes: Lambda publishes no second version of the same
 * code and settings, so that it would stop the next deployment of them.
 */
export const KEPT: VersionOptions = { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }

/**
 * The version of the app that callers get. A new one is checked before it gets any of them: invoked without an event it
 * starts, reads the store and the keys, and ends with an error otherwise (`src/aws/self-check.ts`), by which the
 * deployment fails. CloudFormation waits for the check at the first deployment too, which CodeDeploy has no part in.
 */
export class Release extends Construct {
  /** What the API calls. It stays when `provisionedConcurrency` changes, and so do its permission and its integration. */
  readonly live: IFunction
  readonly #alias: Alias
  readonly #app: LatchkeyFunction
  readonly #version: IVersion

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id)
    const { app, after, provisionedConcurrency } = props
    this.#app = app
    this.#version = app.currentVersion as IVersion
    const check = new Trigger(this, 'Check', { handler: app, executeAfter: [after] })
    this.#alias = new Alias(this, 'Live', {
      aliasName: ALIAS,
      version: this.#version,
      ...(provisionedConcurrency > 0 && {
        provisionedConcurrentExecutions: provisionedConcurrency,
      }),
    })
    this.#alias.node.addDependency(check)
    this.live = this.#alias as IFunction
  }

  /**
   * Calls of the newest version that ended without an answer. At the next deployment it is another version, so that
   * an alarm of the last one stops no release that fixes it.
   */
  get errors(): Metric {
    const { functionName } = this.#app
    return new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensionsMap: {
        FunctionName: functionName,
        Resource: `${functionName}:${ALIAS}`,
        ExecutedVersion: this.#version.version,
      },
      statistic: Stats.SUM,
      period: Duration.minutes(1),
    })
  }

  /** Gives a new version a tenth of the calls for five minutes, and goes back to the old one when an alarm fires. */
  shiftByCanary(alarms: NonNullable<LambdaDeploymentGroupProps['alarms']>): void {
    const group = new LambdaDeploymentGroup(this, 'Canary', {
      alias: this.#alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms,
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    })
    // The policy of the alias names the group, which CloudFormation must have made by then.
    this.#alias.node.addDependency(group)
    acknowledge(group, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]':
        'What CodeDeploy needs to move an alias, as AWS itself keeps it.',
    })
  }
}
