import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { TableSettings } from '../settings/latchkey-settings.js'
import {
  type KeyDefinition,
  type TableDefinition,
  type TableId,
  tables as definitions,
} from '../../src/dynamodb/tables.js'

export interface TablesProps {
  /** Customer-managed key. @default - a key that AWS manages in this account */
  readonly encryptionKey?: IKey
  /** Tables that are there already. @default - all are made */
  readonly existing?: TableSettings
}

/**
 * The tables of the service. Those that are not there already come from the one definition of them: on demand, restorable to any second of the
 * last 35 days, protected from deletion, and left behind when the stack goes.
 */
export class Tables extends Construct {
  readonly byId: Readonly<Record<TableId, ITableV2>>

  constructor(scope: Construct, id: string, { encryptionKey, existing = {} }: TablesProps = {}) {
    super(scope, id)
    const entries = Object.entries(definitions) as [TableId, TableDefinition][]
    const made = entries.map(([name, definition]) => {
      const tableName = existing[name]
      if (tableName !== undefined) {
        const attributes = {
          tableName,
          globalIndexes: Object.keys(definition.indexes ?? {}),
          ...(definition.hasStream &&
            existing.eventsStreamArn !== undefined && { tableStreamArn: existing.eventsStreamArn }),
          ...(encryptionKey && { encryptionKey }),
        }
        return [name, TableV2.fromTableAttributes(this, name, attributes)] as const
      }
      const table = new TableV2(this, name, {
        ...keysOf(definition),
        globalSecondaryIndexes: indexesOf(definition),
        ...(definition.ttlAttribute !== undefined && {
          timeToLiveAttribute: definition.ttlAttribute,
        }),
        ...(definition.hasStream && { dynamoStream: StreamViewType.NEW_IMAGE }),
        billing: Billing.onDemand(),
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        encryption: encryptionKey
          ? TableEncryptionV2.customerManagedKey(encryptionKey)
          : TableEncryptionV2.awsManagedKey(),
        deletionProtection: true,
        // Not RETAIN_ON_UPDATE_OR_DELETE: CloudFormation can't delete what is protected, and its roll-back would fail.
        removalPolicy: RemovalPolicy.RETAIN,
      })
      return [name, table] as const
    })
    this.byId = Object.fromEntries(made) as Record<TableId, ITableV2>
  }
}

function keysOf({ partitionKey, sortKey }: KeyDefinition) {
  const attribute = (name: string) => ({ name, type: AttributeType.STRING })
  return {
    partitionKey: attribute(partitionKey),
    ...(sortKey !== undefined && { sortKey: attribute(sortKey) }),
  }
}

const indexesOf = ({ indexes = {} }: TableDefinition): GlobalSecondaryIndexPropsV2[] =>
  Object.entries(indexes).map(([indexName, index]) => ({
    indexName,
    ...keysOf(index),
    ...(index.isOfKeys && { projectionType: ProjectionType.KEYS_ONLY }),
  }))
