import type { TSchema } from 'typebox'
import { attributesOf } from '../dynamodb/keys.js'
import { profileKey } from '../dynamodb/user-items.js'
import { type TableId, tables as definitions } from '../dynamodb/tables.js'
import type { Clock } from '../lib/clock.js'
import type { User } from '../users/user.js'
import { type Holding, type HoldingKind, type Holdings, type Item, personOf } from './holdings.js'
import { AccountExport, SECTIONS } from './schemas.js'

const LISTS = {
  address: 'addresses',
  identity: 'identities',
  passkey: 'passkeys',
  session: 'sessions',
  apiKey: 'apiKeys',
  apiKeyList: 'apiKeyLists',
  apiKeyUse: 'apiKeyUse',
  ticket: 'tickets',
  invitation: 'invitations',
  event: 'events',
  eventNumbers: 'eventNumbers',
  mail: 'mails',
  noticeCount: 'noticeCounts',
} as const satisfies Record<HoldingKind, keyof AccountExport>

/** What a schema says of itself, as JSON Schema. */
interface Shape {
  readonly format?: string
  readonly properties?: Readonly<Record<string, Shape>>
  /** A schema where an object has names that nothing foresees; true where these have any values. */
  readonly additionalProperties?: Shape | boolean
  readonly items?: Shape
}

/** Gives people all that is kept of them. */
export class Exports {
  readonly #holdings: Holdings
  readonly #clock: Clock

  constructor(holdings: Holdings, clock: Clock) {
    this.#holdings = holdings
    this.#clock = clock
  }

  /** @throws {Problem} STORE_UNAVAILABLE. */
  async of(user: User): Promise<AccountExport> {
    const lists = Object.fromEntries(Object.values(LISTS).map((name) => [name, [] as unknown[]]))
    const add = ({ kind, table, item }: Holding) =>
      lists[LISTS[kind]]?.push(shownItem(SECTIONS[kind], item, table))
    for (const holding of await this.#holdings.leadingTo(user)) add(holding)
    const person = personOf(user)
    const invitations = await this.#holdings.invitationsOf(person.addresses)
    for (const item of invitations) add({ kind: 'invitation', table: 'events', item: { ...item } })
    const invitationIds = invitations.map(({ id }) => id)
    for await (const holding of this.#holdings.beside({ ...person, invitationIds })) add(holding)
    return {
      version: 1,
      exportedAt: new Date(this.#clock()).toISOString(),
      account: shownItem(
        AccountExport.properties.account,
        { ...user, ...profileKey(user.id) },
        'users',
      ),
      ...lists,
    } as AccountExport
  }
}

/** An item as its schema shows it: what the schema does not have is named alone. */
function shownItem(schema: TSchema, item: Item, table: TableId) {
  const keys = attributesOf(definitions[table])
  const { properties = {} }: Shape = schema
  const withheld = Object.keys(item).filter((name) => !(name in properties) && !keys.includes(name))
  return {
    key: keys.map((name) => String(item[name])).join(' '),
    ...(shown(schema, item) as object),
    withheld: withheld.sort(),
  }
}

function shown(shape: Shape, value: unknown): unknown {
  const { format, properties, additionalProperties: others = false, items } = shape
  if (format === 'date-time') return new Date(value as string | number).toISOString()
  if (items) return [...(value as Iterable<unknown>)].map((each) => shown(items, each))
  if (!properties || others === true) return value
  const members = Object.entries(value as Item).flatMap(([name, member]) => {
    const of = properties[name] ?? others
    return typeof of === 'object' && member !== undefined && member !== null
      ? [[name, shown(of, member)]]
      : []
  })
  return Object.fromEntries(members) as unknown
}
