import { Arn, ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

export interface LogsProps {
  /** @default - CloudFormation makes one up */
  readonly logGroupName?: string
  readonly retention: RetentionDays
  /** Customer-managed key. @default - a key of CloudWatch's own */
  readonly encryptionKey?: IKey | undefined
}

/** A log group that outlives the stack, unless the deployment that makes it fails. */
export class Logs extends LogGroup {
  constructor(scope: Construct, id: string, { encryptionKey, ...props }: LogsProps) {
    super(scope, id, {
      ...props,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(encryptionKey && { encryptionKey }),
    })
    if (encryptionKey) allowLogs(encryptionKey)
  }
}

/**
 * CloudWatch uses the key in its own name: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html.
 * A key that is known by its ARN alone has a policy that no stack can change; docs/deploy.md has the statement.
 */
function allowLogs(key: IKey): void {
  const stack = Stack.of(key)
  const logs = Arn.format(
    {
      service: 'logs',
      resource: 'log-group',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    stack,
  )
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LatchkeyLogs',
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: [
        'kms:Encrypt*',
        'kms:Decrypt*',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:Describe*',
      ],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logs } },
    }),
    true,
  )
}
