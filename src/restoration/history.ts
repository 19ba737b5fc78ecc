import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Span, spanPages } from '../audit/span.js'
import type { EventName } from '../events/catalogue.js'
import type { TrailItem } from '../events/trail.js'

/** What happened in a span, by what it happened to. Each list has the oldest first. */
export interface History {
  readonly events: number
  readonly accounts: ReadonlyMap<string, readonly TrailItem[]>
  readonly keys: ReadonlyMap<string, readonly TrailItem[]>
  readonly apps: ReadonlyMap<string, readonly TrailItem[]>
}

/** Events of an app itself, and not of what people did with it. */
const OF_APPS: ReadonlySet<EventName> = new Set<EventName>([
  ...(['client_registered', 'client_changed', 'client_secret_rotated'] as const),
  ...(['client_removed', 'client_suspended', 'client_suspension_lifted'] as const),
])

/**
 * An event has the time at which its request was answered, and its change may have been written that much later; clocks
 * of instances differ; and a restore is to the second. An event of a change that the tables have is taken for one that
 * they lack: it takes away once more.
 */
const MARGIN_MS = 60_000

/** Reads the whole trail of a span, and of the minute before it. @param onPage is told how many items were looked at so far. */
export async function readHistory(
  client: DynamoDBClient,
  table: string,
  { since, until }: Span,
  onPage: (looked: number) => void,
): Promise<History> {
  const found: TrailItem[] = []
  const from = new Date(Date.parse(since) - MARGIN_MS).toISOString()
  let looked = 0
  for await (const { items, scanned } of spanPages(client, table, { since: from, until })) {
    found.push(...items)
    looked += scanned
    onPage(looked)
  }
  found.sort((a, b) => a.eventId.localeCompare(b.eventId))
  return {
    events: found.length,
    accounts: grouped(found, (item) => (OF_APPS.has(item.event) ? undefined : item.userId)),
    keys: grouped(found, ({ facts }) => facts?.keyId),
    apps: grouped(found, ({ event, facts }) => (OF_APPS.has(event) ? facts?.clientId : undefined)),
  }
}

function grouped(
  items: readonly TrailItem[],
  nameOf: (item: TrailItem) => unknown,
): ReadonlyMap<string, readonly TrailItem[]> {
  const groups = new Map<string, TrailItem[]>()
  for (const item of items) {
    const name = nameOf(item)
    if (typeof name !== 'string') continue
    groups.set(name, [...(groups.get(name) ?? []), item])
  }
  return groups
}
