import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { managedEntry } from '../audit/listed.js'
import { MADE_KINDS, type MadeKind, madeKindOf } from '../audit/made.js'
import { spanPages } from '../audit/span.js'
import type { TrailItem } from '../events/trail.js'
import { systemClock } from '../lib/clock.js'

interface Made {
  readonly made: MadeKind
  readonly item: TrailItem
}

/**
 * `admin keys replace-now --since`: lists what a person with a stolen signing key may have made, the oldest first, one
 * JSON object a line. Whose it is and whether it is good, the owners know.
 * @param table of events.
 */
export async function listMade(client: DynamoDBClient, table: string, since: Date): Promise<void> {
  const span = { since: since.toISOString(), until: new Date(systemClock()).toISOString() }
  const found: Made[] = []
  for await (const { items } of spanPages(client, table, span)) {
    for (const item of items) {
      const made = madeKindOf(item)
      if (made !== undefined) found.push({ made, item })
    }
  }
  found.sort((a, b) => a.item.eventId.localeCompare(b.item.eventId))
  for (const { made, item } of found) {
    console.log(JSON.stringify({ made, userId: item.userId, ...managedEntry(item) }))
  }
  const counts = MADE_KINDS.map(
    (kind) => `${kind} ${found.filter((one) => one.made === kind).length}`,
  )
  console.error(`Made or changed since ${span.since}: ${counts.join(', ')}.`)
}
