import t from 'tap'
import type { TableId } from '../../src/dynamodb/tables.js'
import { DEEDS } from '../support/faults/deeds.js'
import { DELAYS } from '../support/faults/faults.js'
import { type Deed, sweep } from '../support/faults/sweep.js'
import { World } from '../support/faults/world.js'

/** A route that uses each table. */
const ROUTES: Readonly<Record<TableId, string>> = {
  users: 'PATCH /api/profile',
  refreshTokens: 'POST /api/auth/refresh',
  apiKeys: 'POST /api/apikeys/generate',
  rateLimits: 'POST /api/auth/login',
  clients: 'POST /api/admin/clients',
  events: 'POST /api/auth/logout',
  tickets: 'POST /api/auth/password/reset',
}

/** Kinds of delays that last for all attempts, each of which is met at a write. */
const LASTING = 4

/** One attempt of three; what is answered takes a hundredth of it. */
const STORE_TIMEOUT_MS = 400

t.test('a store that is throttled or too slow leaves all whole, and is answered 503', async (t) => {
  const world = await World.start(t, { storeTimeoutMs: STORE_TIMEOUT_MS })
  const { tables } = world.service.config
  for (const [table, route] of Object.entries(ROUTES)) {
    await t.test(`${table}: ${route}`, async (t) => {
      const deed = DEEDS[route] as Deed
      const { bodies, outages } = await sweep(t, world, route, { deed, faults: DELAYS })
      const name = `"${tables[table as TableId]}"`
      t.ok(
        bodies.some((body) => body.includes(name)),
        'which uses the table',
      )
      t.ok(outages >= LASTING, `${outages} times it is unavailable`)
    })
  }
})
