import t from 'tap'
import { proveAddressBound } from '../support/instances.js'

t.test('16 instances let an address pass at most limit + 5·16 times', (t) =>
  proveAddressBound(t, 16),
)
