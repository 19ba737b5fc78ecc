import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Test } from 'tap'
import { createClient } from '../../src/dynamodb/client.js'
import type { TableNames } from '../../src/dynamodb/tables.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { ACCEPTED, type AwsApi, startAwsApi } from '../support/aws-api.js'
import { ISSUER } from '../support/contract.js'
import { sharedEngine } from '../support/engine.js'
import { type MailQueueApi, startMailQueue } from '../support/mail-queue.js'
import { GENERATED, type SecretsManager, startSecretsManager } from '../support/secrets-manager.js'
import { newTableNames, tableVariables } from '../support/tables.js'
import {
  type Architecture,
  type Deployed,
  OWN_ARCHITECTURE,
  synthesizeFunctions,
} from './deployed.js'

/** What a deployment leaves behind, on this machine. */
export interface World {
  readonly deployed: ReturnType<typeof synthesizeFunctions>
  readonly manager: SecretsManager
  readonly ses: AwsApi
  readonly queue: MailQueueApi
  readonly tables: TableNames
  readonly client: DynamoDBClient
  /** The environment of a function: what its template says, and what Lambda itself gives. */
  readonly environmentOf: (
    what: Deployed,
    more?: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }

/** The synthesized functions, with tables of their own and a secret that CloudFormation has made. */
export async function openWorld(
  t: Test,
  architecture: Architecture = OWN_ARCHITECTURE,
): Promise<World> {
  const deployed = synthesizeFunctions(architecture)
  const manager = await startSecretsManager(t)
  const ses = await startAwsApi(t, () => ACCEPTED)
  const queue = await startMailQueue(t)
  const { endpoint } = await sharedEngine()
  const tables = newTableNames()
  Object.assign(process.env, CREDENTIALS)
  const client = createClient({ region: 'eu-west-1', endpoint })
  await createMissingTables(client, tables)
  t.teardown(() => client.destroy())
  for (const secret of ['key-ring', 'ticket-keys', 'data-keys', 'spare-key']) {
    manager.versions.set(secret, new Map([['made-by-cloudformation', GENERATED]]))
  }

  /** What CloudFormation puts in place of references. */
  const resolved: Readonly<Record<string, string>> = {
    ISSUER,
    KEY_RING_SECRET: 'key-ring',
    TICKET_KEYS_SECRET: 'ticket-keys',
    DATA_KEYS_SECRET: 'data-keys',
    SPARE_KEY_SECRET: 'spare-key',
    SES_CONFIGURATION_SET: 'latchkey',
    MAIL_QUEUE_URL: queue.url,
    ...tableVariables(tables),
  }
  return {
    deployed,
    manager,
    ses,
    queue,
    tables,
    client,
    environmentOf({ variables }, more = {}) {
      const said = Object.entries(variables).map(([name, value]) => {
        const known = typeof value === 'string' ? value : resolved[name]
        if (known === undefined) throw new Error(`${name} refers to what this test does not know`)
        return [name, known]
      })
      return {
        ...(Object.fromEntries(said) as Record<string, string>),
        ...CREDENTIALS,
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
        AWS_ENDPOINT_URL_SESV2: ses.endpoint,
        AWS_ENDPOINT_URL_SQS: queue.api.endpoint,
        ...more,
      }
    },
  }
}
