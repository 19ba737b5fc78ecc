import t from 'tap'
import { ADMIN_DEEDS } from '../support/faults/admin-deeds.js'
import { DEEDS, routeNames, routeOf, sweepAll } from '../support/faults/deeds.js'
import { MACHINE_DEEDS } from '../support/faults/machine-deeds.js'

t.test('every route has a deed that is done with faults of the store', async (t) => {
  const swept = [...new Set(Object.keys(DEEDS).map(routeOf))].sort()
  t.same(swept, await routeNames(), 'a new route is to be given one')
})

t.test('a fault of the store leaves keys, apps and accounts of others whole', (t) =>
  sweepAll(t, { ...MACHINE_DEEDS, ...ADMIN_DEEDS }),
)
