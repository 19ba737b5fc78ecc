import t from 'tap'
import { sweepAll } from '../support/faults/deeds.js'
import { PAGE_DEEDS } from '../support/faults/page-deeds.js'

t.test('a fault of the store on a page leaves everything whole', (t) => sweepAll(t, PAGE_DEEDS))
