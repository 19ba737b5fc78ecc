import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { createClient } from '../../src/dynamodb/client.js'
import { tables } from '../../src/dynamodb/tables.js'
import { createMissingTables, describeTable } from '../../src/local/create-tables.js'
import { sharedEngine } from '../support/engine.js'
import { newAdmin } from '../support/keys.js'
import { startService } from '../support/service.js'

t.test('a local table of an earlier version gets its indexes when the server starts', async (t) => {
  const { endpoint } = await sharedEngine()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = createClient({ endpoint, region: 'local', credentials })
  t.teardown(() => client.destroy())
  const service = await startService(t)
  const { users: TableName } = service.config.tables
  const { partitionKey } = tables.users
  await client.send(new DeleteTableCommand({ TableName }))
  await client.send(new CreateTableCommand(describeTable(TableName, { partitionKey })))

  const account = await service.signUp()
  const admin = await newAdmin(service)
  const list = () => admin.admin('GET', '')
  t.not((await list()).status, 200, 'no index lists anyone')

  await createMissingTables(client, service.config.tables)
  const { status, body } = await list()
  t.equal(status, 200)
  const ids = body.users.map(({ id }: { readonly id: string }) => id)
  t.same(ids.sort(), [account.id, admin.id].sort(), 'accounts of before too')
  await createMissingTables(client, service.config.tables)
  t.equal((await list()).status, 200, 'and a second start changes nothing')
})
