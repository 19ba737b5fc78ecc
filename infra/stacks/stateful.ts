import { Stack, type StackProps } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { LatchkeyData } from '../constructs/data.js'
import type { TableSettings } from '../settings/latchkey-settings.js'

export interface StatefulStackProps extends StackProps {
  /**
   * ARN of a customer-managed KMS key for tables and secrets.
   * @default - keys that AWS manages
   */
  readonly encryptionKeyArn?: string | undefined
  /** Tables that are there already. */
  readonly tables?: TableSettings | undefined
}

/** Tables and secrets. It can't be deleted while its termination protection is on, and they outlive it. */
export class StatefulStack extends Stack {
  readonly data: LatchkeyData

  constructor(
    scope: Construct,
    id: string,
    { encryptionKeyArn, tables, ...props }: StatefulStackProps,
  ) {
    super(scope, id, { terminationProtection: true, ...props })
    this.data = new LatchkeyData(this, 'Data', {
      tables,
      ...(encryptionKeyArn !== undefined && {
        encryptionKey: Key.fromKeyArn(this, 'Key', encryptionKeyArn),
      }),
    })
  }
}
