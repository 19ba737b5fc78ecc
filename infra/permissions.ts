import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { TableId } from '../src/dynamodb/tables.js'
import type { Tables } from './tables.js'

type Action = 'BatchGetItem' | 'DeleteItem' | 'GetItem' | 'PutItem' | 'Query' | 'UpdateItem'

/** What the stores of the app do to each table (`src/**` `store.ts`), and nothing beside it. */
const APP: Readonly<Record<TableId, readonly Action[]>> = {
  users: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
  refreshTokens: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  apiKeys: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
  rateLimits: ['UpdateItem'],
}

/** What DynamoDB does with a customer's key on behalf of who uses the table. */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

/** An authorizer reads a key and its owner in one round trip. */
const AUTHORIZER: Partial<Record<TableId, readonly Action[]>> = {
  users: ['BatchGetItem', 'GetItem'],
  apiKeys: ['BatchGetItem', 'GetItem'],
}

export function allowApp(app: LambdaFunction, tables: Tables): void {
  allowTables(app, tables, APP)
  const { tableArn } = tables.byId.apiKeys
  allow(app, ['dynamodb:Query'], [`${tableArn}/index/byOwner`])
}

export function allowAuthorizer(authorizer: LambdaFunction, tables: Tables): void {
  allowTables(authorizer, tables, AUTHORIZER)
}

/** @param write whether it may make new versions too. */
export function allowSecret(user: LambdaFunction, secret: Secret, { write = false } = {}): void {
  const actions = [
    'secretsmanager:GetSecretValue',
    ...(write ? ['secretsmanager:PutSecretValue'] : []),
  ]
  allow(user, actions, [secret.secretArn])
  secret.encryptionKey?.grant(user, 'kms:Decrypt', ...(write ? ['kms:GenerateDataKey'] : []))
}

function allowTables(
  user: LambdaFunction,
  tables: Tables,
  actions: Partial<Record<TableId, readonly Action[]>>,
): void {
  for (const [id, names] of Object.entries(actions)) {
    const table = tables.byId[id as TableId]
    allow(
      user,
      names.map((name) => `dynamodb:${name}`),
      [table.tableArn],
    )
    table.encryptionKey?.grant(user, ...TABLE_KEY_ACTIONS)
  }
}

function allow(user: LambdaFunction, actions: string[], resources: string[]): void {
  user.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }))
}
