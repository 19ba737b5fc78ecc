import type { TrailItem } from '../../src/events/trail.js'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { Service } from './service.js'

/** Every item of the audit trail, the oldest first; counts of refusals that no account had included. */
export async function trailItems({ client, config }: Service): Promise<TrailItem[]> {
  const pages = paginateScan(
    { client: DynamoDBDocumentClient.from(client) },
    {
      TableName: config.tables.events,
      FilterExpression: 'attribute_exists(#event)',
      ExpressionAttributeNames: { '#event': 'event' },
    },
  )
  const items: TrailItem[] = []
  for await (const { Items = [] } of pages) items.push(...(Items as TrailItem[]))
  return items.sort((a, b) => a.at.localeCompare(b.at))
}

/** The items that an act adds. */
export async function trailOf(service: Service, act: () => Promise<unknown>): Promise<TrailItem[]> {
  const before = new Set((await trailItems(service)).map(({ eventId }) => eventId))
  await act()
  return (await trailItems(service)).filter(({ eventId }) => !before.has(eventId))
}
