import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type TableId, type TableNames, tables as definitions } from '../../src/dynamodb/tables.js'
import type { AccountExport } from '../../src/personal-data/schemas.js'
import type { MailTicketKind } from '../../src/tickets/mail-secrets.js'
import type { TicketKind } from '../../src/tickets/store.js'
import { record } from './transcript.js'

type Item = Readonly<Record<string, unknown>>

/** The part of an export that has items of a kind; or, in a sentence, why they are no one's. */
type Kept = keyof AccountExport | { readonly why: string }

const TOMBSTONE = { why: 'says that an account was erased, and when' }

const TICKETS: Readonly<Record<TicketKind | `mail-${MailTicketKind}`, Kept>> = {
  'social-flow': { why: 'says that a flow was used, by its digest alone' },
  'social-arrival': 'tickets',
  freeing: { why: 'says that a question was asked; the rest is sealed in the browser' },
  'second-factor': 'tickets',
  enrolment: 'tickets',
  'step-up': 'tickets',
  'passkey-creation': 'tickets',
  'passkey-request': { why: 'a challenge, made before its person is known' },
  // It may have the address as a hint.
  'authorization-request': 'tickets',
  'authorization-code': 'tickets',
  'mail-verification': 'tickets',
  'mail-password-reset': 'tickets',
  'mail-sign-in': 'tickets',
  'mail-address-change': 'tickets',
  'mail-address-undo': 'tickets',
  'mail-factors-removal': 'tickets',
  'mail-invitation': 'tickets',
}

/**
 * Every kind of item that the service writes, by its table and by what its key begins with. The whole suite writes under
 * this list (`assertKnownKinds`), and fails where a kind of it is never written.
 */
export const ITEM_KINDS: ReadonlyMap<string, Kept> = new Map<string, Kept>([
  ['users USER', 'account'],
  ['users EMAIL', 'addresses'],
  ['users IDENTITY', 'identities'],
  ['users CREDENTIAL', 'passkeys'],
  ['users RESTORATION', { why: 'says how far a restore has come' }],
  ['refreshTokens', 'sessions'],
  ['apiKeys', 'apiKeys'],
  ['apiKeys OWNER', 'apiKeyLists'],
  ['apiKeys USAGE', 'apiKeyUse'],
  ['rateLimits', { why: 'counts, and names people by digests alone' }],
  ['clients', { why: 'an app; an erase renames the administrator in it' }],
  ['events', 'events'],
  ['events erased', { why: 'an event of an erased person, without their name' }],
  ['events MAIL', 'mails'],
  ['events NOTICES', 'noticeCounts'],
  ['events NUMBERS', 'eventNumbers'],
  ['events REFUSED', { why: 'counts refusals of addresses that no account has' }],
  ['events INVITATIONS', 'invitations'],
  ['events ERASED', TOMBSTONE],
  ['events ERASING', { why: 'goes with the end of the erase' }],
  ...Object.entries(TICKETS).map(([kind, kept]): [string, Kept] => [`tickets ${kind}`, kept]),
])

/** The parts of an export by the kinds of items that are in them. */
export const PERSONAL_KINDS: ReadonlyMap<string, keyof AccountExport> = new Map(
  [...ITEM_KINDS].flatMap(([kind, kept]) => (typeof kept === 'string' ? [[kind, kept]] : [])),
)

/** @param key of an item, or all of it. */
export function kindOf(table: TableId, key: Item): string {
  // Keys of limits, and those of apps and API keys themselves, begin with what no list foresees.
  if (table === 'rateLimits' || table === 'clients') return table
  const value = key[definitions[table].partitionKey] as string | { readonly S: string }
  // A test may write an item as DynamoDB has it.
  const partition = typeof value === 'string' ? value : value.S
  const [, name] = /^(erased)-/.exec(partition) ?? /^([^#]+)#/.exec(partition) ?? []
  if (name !== undefined) return `${table} ${name}`
  return /^[A-Z]+$/.test(partition) ? `${table} ${partition}` : table
}

interface Write {
  readonly TableName: string
  readonly Key?: Item
  readonly Item?: Item
}

interface Input extends Partial<Write> {
  readonly TransactItems?: readonly Readonly<Record<string, Write>>[]
}

/** What puts an item, or may make one. */
const WRITES = /^(Put|Update)(Item)?(Command|$)/

/** Refuses a client an item of a kind that the list does not have, and writes down which it writes. */
export function assertKnownKinds(client: DynamoDBClient, tables: TableNames): void {
  const ids = new Map(Object.entries(tables).map(([id, name]) => [name, id as TableId]))
  const known = new Set<string>()
  client.middlewareStack.add(
    (next, context) => (args) => {
      for (const { TableName, Key, Item } of writesOf(
        context.commandName ?? '',
        args.input as Input,
      )) {
        const table = ids.get(TableName)
        if (table === undefined) continue
        const name = kindOf(table, Key ?? Item ?? {})
        if (!ITEM_KINDS.has(name)) {
          throw new Error(`test/support/item-kinds.ts does not list this kind of item: ${name}`)
        }
        if (!known.has(name)) record({ kind: 'item', name })
        known.add(name)
      }
      return next(args)
    },
    { step: 'initialize', name: 'assertKnownKinds' },
  )
}

function writesOf(command: string, input: Input): Write[] {
  const { TransactItems = [], ...one } = input
  const parts = TransactItems.flatMap((item) => Object.entries(item))
  const all = [...parts, [command, one as Write] as const]
  return all.filter(([name]) => WRITES.test(name)).map(([, write]) => write)
}
