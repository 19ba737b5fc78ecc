import type { KeyDefinition } from './tables.js'

/** The names of its keys, the partition's first. */
export const attributesOf = ({ partitionKey, sortKey }: KeyDefinition): string[] =>
  sortKey === undefined ? [partitionKey] : [partitionKey, sortKey]

/** The key of an item, as a request that names the item has it. */
export const keyOf = (
  table: KeyDefinition,
  item: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(attributesOf(table).map((name) => [name, item[name]]))
