import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { startService } from '../support/service.js'

t.test('a new service has no account, no key and no app (ASVS V6.3.2)', async (t) => {
  const service = await startService(t)
  t.equal((await service.get('/healthz')).status, 200)
  for (const [name, TableName] of Object.entries(service.config.tables)) {
    const { Items = [] } = await service.client.send(new ScanCommand({ TableName }))
    const kept = Items.filter((item) => name !== 'rateLimits' || 'keyId' in item)
    t.same(kept, [], name)
  }
  for (const email of ['admin@example.com', 'root@example.com', 'admin@auth.example.com']) {
    for (const password of ['admin', 'password', 'latchkey', 'changeme']) {
      const { status } = await service.call('POST', '/api/auth/login', {
        body: JSON.stringify({ email, password }),
        headers: { 'content-type': 'application/json' },
      })
      t.equal(status, 401, `${email} ${password}`)
    }
  }
})
