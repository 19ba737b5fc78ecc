import t from 'tap'
import { type KeyDefinition, type TableDefinition, tables } from '../../src/dynamodb/tables.js'
import { DAY, SECOND } from '../support/clock.js'
import { allItems, type Item, makeFullAccount } from '../support/full-account.js'
import { startWithOpenProviders } from '../support/identity-provider.js'
import { MAIL } from '../support/mail.js'

/** Longer than anything is kept; milliseconds in the place of seconds are far beyond. */
const LONGEST = 3650 * DAY

/** What an item says of a key or of an index that it is in. */
const keysOf = (item: Item, { partitionKey, sortKey }: KeyDefinition): unknown[] =>
  [partitionKey, ...(sortKey === undefined ? [] : [sortKey])].map((name) => item[name])

function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value
  if (value instanceof Set) value = [...(value as Set<unknown>)]
  if (typeof value !== 'object' || value === null) return
  for (const part of Object.values(value)) yield* numbersIn(part)
}

t.test('what the DynamoDB tables hold of an account that has everything', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], MAIL)
  const start = service.clock()
  await makeFullAccount(t, service, providers.north)
  const found = await allItems(service)
  const definitions = Object.entries(tables) as [string, TableDefinition][]

  t.test('an item ends in DynamoDB at a whole number of seconds', async (t) => {
    const ending = definitions.filter(([, { ttlAttribute }]) => ttlAttribute !== undefined)
    for (const [table, { ttlAttribute = '' }] of ending) {
      const all = found[table] ?? []
      t.ok(
        all.some((item) => ttlAttribute in item),
        table,
      )
      for (const item of all.filter((item) => ttlAttribute in item)) {
        const ttl = Number(item[ttlAttribute])
        t.type(item[ttlAttribute], 'number', table)
        t.ok(Number.isInteger(ttl), `${table}: ${ttl}`)
        t.ok(ttl * SECOND > start && ttl * SECOND < start + LONGEST, `${table}: ${ttl}`)
      }
    }
  })

  t.test(
    'an item has strings for keys in DynamoDB, and numbers that JavaScript has exactly',
    async (t) => {
      for (const [table, definition] of definitions) {
        for (const item of found[table] ?? []) {
          for (const key of keysOf(item, definition)) t.type(key, 'string', table)
          for (const index of Object.values(definition.indexes ?? {})) {
            for (const key of keysOf(item, index))
              if (key !== undefined) t.type(key, 'string', table)
          }
          for (const number of numbersIn(item)) t.ok(Math.abs(number) <= Number.MAX_SAFE_INTEGER)
        }
      }
    },
  )
})
