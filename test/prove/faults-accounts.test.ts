import t from 'tap'
import { ACCOUNT_DEEDS } from '../support/faults/account-deeds.js'
import { sweepAll } from '../support/faults/deeds.js'

t.test('a fault of the store leaves an account whole, and a change with its event', (t) =>
  sweepAll(t, ACCOUNT_DEEDS),
)
