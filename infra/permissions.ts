import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { TableId } from '../src/dynamodb/tables.js'
import { type Actions, APP_ACTIONS, APP_INDEXES, AUTHORIZER_ACTIONS } from './actions.js'
import type { Tables } from './tables.js'

/** What DynamoDB does with a customer's key on behalf of who uses the table. */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

export function allowApp(app: LambdaFunction, tables: Tables): void {
  allowTables(app, tables, APP_ACTIONS)
  for (const [id, indexes] of Object.entries(APP_INDEXES)) {
    const { tableArn } = tables.byId[id as TableId]
    allow(
      app,
      ['dynamodb:Query'],
      indexes.map((index) => `${tableArn}/index/${index}`),
    )
  }
}

export function allowAuthorizer(authorizer: LambdaFunction, tables: Tables): void {
  allowTables(authorizer, tables, AUTHORIZER_ACTIONS)
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

function allowTables(user: LambdaFunction, tables: Tables, actions: Actions): void {
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
