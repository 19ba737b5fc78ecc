import { format } from 'prettier'
import { CloudEvent } from '../../src/cloud-events/schema.js'
import { pathOf } from './documents.js'

export const CLOUD_EVENT_SCHEMA = pathOf('docs/cloud-event.schema.json')

/** What other systems get of an event, for programs. */
export const cloudEventSchema = (): Promise<string> =>
  format(
    JSON.stringify({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'An event that Latchkey sends: CloudEvents 1.0, structured mode, JSON',
      ...(JSON.parse(JSON.stringify(CloudEvent)) as object),
    }),
    { parser: 'json', printWidth: 100 },
  )
