import { readFileSync } from 'node:fs'
import t from 'tap'
import { CATALOGUE } from '../../src/events/catalogue.js'
import { CLOUD_EVENT_SCHEMA, cloudEventSchema } from '../support/cloud-event-document.js'
import { EVENTS_DOCUMENT, eventsDocument } from '../support/events-document.js'

t.test('docs/events.md lists every event', async (t) => {
  t.equal(readFileSync(EVENTS_DOCUMENT, 'utf8'), await eventsDocument(), 'npm run generate')
})

t.test('the schema of events that are sent has the events of the trail', async (t) => {
  const schema = readFileSync(CLOUD_EVENT_SCHEMA, 'utf8')
  t.equal(schema, await cloudEventSchema(), 'npm run generate')
  const { properties } = JSON.parse(schema) as { properties: { type: { enum: string[] } } }
  const kept = Object.entries(CATALOGUE).filter(([, { kept }]) => kept === 'trail')
  t.same(
    properties.type.enum,
    kept.map(([name]) => `latchkey.${name}`),
  )
})

t.test('no two events share a metric', async (t) => {
  const metrics = Object.values(CATALOGUE).flatMap(({ metric }) => metric ?? [])
  t.equal(new Set(metrics).size, metrics.length)
})
