import { readFileSync } from 'node:fs'
import t from 'tap'
import { CATALOGUE } from '../../src/events/catalogue.js'
import { EVENTS_DOCUMENT, eventsDocument } from '../support/events-document.js'

t.test('docs/events.md lists every event', async (t) => {
  t.equal(readFileSync(EVENTS_DOCUMENT, 'utf8'), await eventsDocument(), 'npm run generate')
})

t.test('no two events share a metric', async (t) => {
  const metrics = Object.values(CATALOGUE).flatMap(({ metric }) => metric ?? [])
  t.equal(new Set(metrics).size, metrics.length)
})
