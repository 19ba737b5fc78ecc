import { Stack } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { TableId } from '../../src/dynamodb/tables.js'
import {
  type Actions,
  ADMIN_ACTIONS,
  APP_ACTIONS,
  AUTHORIZER_ACTIONS,
  EVENT_WORKER_ACTIONS,
  INDEXES,
  WORKER_ACTIONS,
} from './table-actions.js'
import type { Tables } from '../constructs/tables.js'

/** What DynamoDB does with a customer's key on behalf of who uses the table. */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

export function allowApp(app: IGrantable, tables: Tables): void {
  allowTables(app, tables, APP_ACTIONS)
  allowIndexes(app, tables)
}

export function allowAuthorizer(authorizer: IGrantable, tables: Tables): void {
  allowTables(authorizer, tables, AUTHORIZER_ACTIONS)
}

export function allowAdmin(admin: IGrantable, tables: Tables): void {
  allowTables(admin, tables, ADMIN_ACTIONS)
  allowIndexes(admin, tables)
}

/** Reads which functions a stack has, and the variables of those that name the tables and secrets. */
export function allowLookup(operator: IGrantable, functions: readonly IFunction[]): void {
  const [{ stack }] = functions as [IFunction]
  allow(operator, ['cloudformation:ListStackResources'], [stack.stackId])
  allow(
    operator,
    ['lambda:GetFunctionConfiguration'],
    functions.map(({ functionArn }) => functionArn),
  )
}

/** What sends mail, and what Lambda does in its name to read the stream. */
export function allowWorker(worker: IGrantable, tables: Tables): void {
  allowTables(worker, tables, WORKER_ACTIONS)
  allowStream(worker, tables)
}

/** What sends events, likewise. */
export function allowEventWorker(worker: IGrantable, tables: Tables): void {
  allowTables(worker, tables, EVENT_WORKER_ACTIONS)
  allowStream(worker, tables)
}

function allowStream(worker: IGrantable, tables: Tables): void {
  const { tableStreamArn } = tables.byId.events
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']
  allow(
    worker,
    actions.map((action) => `dynamodb:${action}`),
    [tableStreamArn as string],
  )
}

/** Lambda receives in the name of its function. */
export function allowReceive(receiver: IGrantable, queue: IQueue): void {
  const actions = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']
  allow(receiver, actions, [queue.queueArn])
}

export function allowSend(sender: IGrantable, ...queues: readonly IQueue[]): void {
  allow(
    sender,
    ['sqs:SendMessage'],
    queues.map(({ queueArn }) => queueArn),
  )
}

export function allowPutEvents(sender: IGrantable, { eventBusArn }: IEventBus): void {
  allow(sender, ['events:PutEvents'], [eventBusArn])
}

/** Mail from one address, and from no other that the identity may have. */
export function allowMail(sender: IGrantable, from: string, resourceArns: string[]): void {
  Grant.addToPrincipal({
    grantee: sender,
    actions: ['ses:SendEmail'],
    resourceArns,
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  })
}

/** @param write whether it may make new versions too. */
export function allowSecret(user: IGrantable, secret: Secret, { write = false } = {}): void {
  const actions = [
    'secretsmanager:GetSecretValue',
    ...(write ? ['secretsmanager:PutSecretValue'] : []),
  ]
  allow(user, actions, [secret.secretArn])
  if (!secret.encryptionKey) return
  allowKey(
    user,
    secret.encryptionKey,
    ['kms:Decrypt', ...(write ? ['kms:GenerateDataKey'] : [])],
    'secretsmanager',
  )
}

function allowIndexes(user: IGrantable, tables: Tables): void {
  for (const [id, indexes] of Object.entries(INDEXES)) {
    const { tableArn } = tables.byId[id as TableId]
    allow(
      user,
      ['dynamodb:Query'],
      indexes.map((index) => `${tableArn}/index/${index}`),
    )
  }
}

function allowTables(user: IGrantable, tables: Tables, actions: Actions): void {
  for (const [id, names] of Object.entries(actions)) {
    const table = tables.byId[id as TableId]
    allow(
      user,
      names.map((name) => `dynamodb:${name}`),
      [table.tableArn],
    )
    if (table.encryptionKey) allowKey(user, table.encryptionKey, TABLE_KEY_ACTIONS, 'dynamodb')
  }
}

/** A customer's key, for what a service does with it on behalf of its user and nothing else. */
function allowKey(grantee: IGrantable, key: IKey, actions: string[], service: string): void {
  const via = `${service}.${Stack.of(key).region}.amazonaws.com`
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': via } },
  })
}

function allow(grantee: IGrantable, actions: string[], resourceArns: string[]): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns })
}
