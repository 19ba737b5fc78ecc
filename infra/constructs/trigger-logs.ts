import { CfnResource, Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { Logs, type LogsProps } from './logs.js'

/** Where CDK puts the function by which triggers are invoked: one for each stack. */
const PROVIDER = 'AWSCDK.TriggerCustomResourceProviderCustomResourceProvider'

const LOG = 'LatchkeyTriggerLog'

/** CDK gives that function no log group, so that Lambda makes one, which keeps its lines for ever. */
export function keepTriggerLogs(scope: IConstruct, props: LogsProps): void {
  const stack = Stack.of(scope)
  const handler = stack.node.tryFindChild(PROVIDER)?.node.findAll().find(isFunction)
  if (!handler || stack.node.tryFindChild(LOG)) return
  const { logGroupName } = new Logs(stack, LOG, props)
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroupName })
}

const isFunction = (construct: IConstruct): construct is CfnResource =>
  CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::Lambda::Function'
