import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { ApiKey } from '../../src/api-keys/api-key.js'
import type { TableId, TableNames } from '../../src/dynamodb/tables.js'
import { directoryOf } from '../../src/dynamodb/user-items.js'
import { MESSAGE_PREFIX, type StoredMessage } from '../../src/email/message.js'
import type { EventName } from '../../src/events/catalogue.js'
import type { TrailItem } from '../../src/events/trail.js'
import type { Session } from '../../src/sessions/session.js'
import { hasSecondFactor } from '../../src/users/factors.js'
import { identityKey } from '../../src/users/identities/identity.js'
import type { Reservation } from '../../src/users/reservation.js'
import type { User } from '../../src/users/user.js'

type Item = Readonly<Record<string, any>>

/** Everything that the tables hold at one moment, by the table. */
export type Snapshot = Readonly<Record<TableId, readonly Item[]>>

/** Where the tables are. */
interface Stored {
  readonly client: DynamoDBClient
  readonly config: { readonly tables: TableNames }
}

/** All items of all tables. */
export async function snapshotOf({ client, config }: Stored): Promise<Snapshot> {
  const documents = DynamoDBDocumentClient.from(client)
  const scan = async (TableName: string): Promise<Item[]> => {
    const pages = paginateScan({ client: documents }, { TableName, ConsistentRead: true })
    const items: Item[] = []
    for await (const { Items = [] } of pages) items.push(...Items)
    return items
  }
  const scanned = Object.entries(config.tables).map(
    async ([table, name]) => [table, await scan(name)] as const,
  )
  return Object.fromEntries(await Promise.all(scanned)) as Record<TableId, Item[]>
}

/** A snapshot in the order that the rules ask for. */
interface World {
  readonly now: number
  readonly users: ReadonlyMap<string, User & { readonly directory: string }>
  /** Ids of erased accounts, by the table of users and by the table of events. */
  readonly buried: ReadonlySet<string>
  readonly erased: ReadonlySet<string>
  readonly erasing: ReadonlySet<string>
  /** Items of the table of users that lead to a profile, by what precedes their key. */
  readonly pointers: (prefix: string) => readonly (readonly [key: string, item: Item])[]
  readonly sessions: readonly Session[]
  readonly keys: readonly ApiKey[]
  readonly owners: ReadonlyMap<string, Item>
  readonly tickets: readonly Item[]
  readonly events: readonly TrailItem[]
  readonly messages: readonly StoredMessage[]
  readonly invitations: readonly Item[]
  readonly clients: ReadonlyMap<string, Item>
}

type Rule = (world: World) => Iterable<string>

const after = (prefix: string, text: unknown): string | undefined =>
  String(text).startsWith(prefix) ? String(text).slice(prefix.length) : undefined

function grouped<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = by(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

function worldOf(snapshot: Snapshot, now: number): World {
  const withKey = (items: readonly Item[], name: string, prefix: string) =>
    items.flatMap((item) => {
      const key = after(prefix, item[name])
      return key === undefined ? [] : [[key, item] as const]
    })
  const profiles = withKey(snapshot.users, 'pk', 'USER#')
  const isAlive = ([, { erasedAt }]: readonly [string, Item]) => erasedAt === undefined
  const inPartition = (partition: string) =>
    snapshot.events.filter(({ userId }) => userId === partition)
  const idsIn = (partition: string) =>
    new Set(inPartition(partition).map(({ eventId }) => String(eventId)))
  return {
    now,
    users: new Map(profiles.filter(isAlive)) as unknown as World['users'],
    buried: new Set(profiles.filter((each) => !isAlive(each)).map(([id]) => id)),
    erased: idsIn('ERASED'),
    erasing: idsIn('ERASING'),
    pointers: (prefix) => withKey(snapshot.users, 'pk', prefix),
    sessions: snapshot.refreshTokens as readonly Session[],
    keys: snapshot.apiKeys.filter(({ hash }) => hash !== undefined) as unknown as ApiKey[],
    owners: new Map(withKey(snapshot.apiKeys, 'keyId', 'OWNER#')),
    tickets: snapshot.tickets,
    events: snapshot.events.filter(({ event }) => event !== undefined) as TrailItem[],
    messages: snapshot.events.filter(
      ({ userId }) => after(MESSAGE_PREFIX, userId) !== undefined,
    ) as unknown as StoredMessage[],
    invitations: inPartition('INVITATIONS'),
    clients: new Map(
      snapshot.clients.flatMap((client) =>
        client.redirectUris ? [[String(client.clientId), client] as const] : [],
      ),
    ),
  }
}

/** Every address is reserved for the user who has it, and every reservation has its user. */
function* addresses({ users, pointers, now }: World) {
  const reserved = new Map(pointers('EMAIL#')) as ReadonlyMap<string, Reservation>
  for (const [id, { email }] of users) {
    if (email === undefined) continue
    const { userId, keptUntil } = reserved.get(email) ?? {}
    if (userId !== id || keptUntil !== undefined) yield `the address of ${id} is not reserved`
  }
  for (const [email, { userId, keptUntil, former }] of reserved) {
    const user = userId === undefined ? undefined : users.get(userId)
    const isHeld = keptUntil === undefined && user?.email === email
    const isEarlier = user?.earlierAddresses?.some((earlier) => earlier.email === email) === true
    const isKept = keptUntil !== undefined && (keptUntil <= now || isEarlier)
    if (userId !== undefined && !isHeld && !isKept) yield `a reservation is of ${userId} alone`
    const before = former && users.get(former.userId)
    if (
      former &&
      former.until > now &&
      before?.email === undefined &&
      before?.formerEmail !== email
    )
      yield `a former address leads to ${former.userId}, and not back`
  }
}

/** Identities and passkeys lead to the profile that has them, and no others do. */
function* references({ users, pointers }: World) {
  const kinds: [prefix: string, of: (user: User) => readonly string[]][] = [
    [
      'IDENTITY#',
      ({ identities = [] }) => identities.map((each) => identityKey(each.issuer, each.subject)),
    ],
    ['CREDENTIAL#', ({ passkeys = [] }) => passkeys.map(({ id }) => id)],
  ]
  for (const [prefix, of] of kinds) {
    const led = new Map(pointers(prefix).map(([key, { userId }]) => [key, String(userId)]))
    for (const [id, user] of users) {
      for (const key of of(user)) if (led.get(key) !== id) yield `${prefix} of ${id} leads nowhere`
    }
    for (const [key, id] of led) {
      const user = users.get(id)
      if (!user || !of(user).includes(key)) yield `${prefix} leads to ${id}, who has it not`
    }
  }
}

/** A profile is in the list of its status, and has recovery codes and trusted browsers for a second factor alone. */
function* profiles({ users }: World) {
  for (const [id, user] of users) {
    if (user.directory !== directoryOf(id, user.status)) yield `${id} is in the wrong list`
    const { recoveryCodes, trustedDevices = [], adminSince, role } = user
    if (hasSecondFactor(user)) continue
    if (recoveryCodes !== undefined) yield `${id} has recovery codes and no factor`
    if (trustedDevices.length > 0) yield `${id} trusts browsers and has no factor`
    if (adminSince !== undefined && role !== 'admin') yield `${id} is no administrator`
  }
}

/** Of an erased account both tombstones are there, and once its erase has ended nothing else. */
function* erasures({ buried, erased, erasing, sessions, keys, owners, tickets, events }: World) {
  for (const id of buried) if (!erased.has(id)) yield `${id} is buried, and not erased`
  for (const id of erased) {
    if (!buried.has(id)) yield `${id} is erased, and not buried`
    if (erasing.has(id)) continue
    const left = [...sessions, ...tickets, ...events].filter(({ userId }) => userId === id)
    if (left.length > 0 || keys.some(({ ownerId }) => ownerId === id) || owners.has(id))
      yield `something is left of ${id}`
  }
}

/** The count and the list of an owner's keys are those of the keys. */
function* keyCounts({ keys, owners, users }: World) {
  const byOwner = grouped(keys, ({ ownerId }) => ownerId)
  for (const [ownerId, { keyCount, keyIds = new Set() }] of owners) {
    const ids = (byOwner.get(ownerId) ?? []).map(({ keyId }) => keyId)
    const listed = [...(keyIds as ReadonlySet<string>)]
    if (keyCount !== ids.length || listed.sort().join() !== ids.sort().join())
      yield `${ownerId} has ${ids.length} keys, and ${keyCount} are counted`
  }
  for (const ownerId of byOwner.keys()) {
    if (!owners.has(ownerId)) yield `the keys of ${ownerId} are not counted`
    if (!users.has(ownerId)) yield `keys have no owner ${ownerId}`
  }
}

/** An account that begins with a session has one event for both. */
const OPENING: readonly EventName[] = ['authn_login_success', 'authn_app_login', 'user_created']
const ENDING: readonly EventName[] = [
  ...(['authn_logout', 'authn_session_ended', 'authn_token_revoked'] as const),
  'authn_token_reuse',
]

/** A family of tokens has one head, one user and one event that began it; one that an event ended is gone. */
function* sessions({ sessions: all, users, events, erasing }: World) {
  const ids = (names: readonly EventName[]) =>
    events.flatMap(({ event, facts }) =>
      names.includes(event) && typeof facts?.sessionId === 'string' ? [facts.sessionId] : [],
    )
  const opened = grouped(ids(OPENING), (id) => id)
  const ended = new Set(ids(ENDING))
  for (const [id, { length }] of opened) if (length > 1) yield `session ${id} was begun twice`
  for (const { userId, sessionId, currentHash, previousHash, epoch } of all) {
    if (erasing.has(userId)) continue
    const user = users.get(userId)
    if (!user || epoch > user.epoch) yield `session ${sessionId} has no user`
    if (!currentHash || currentHash === previousHash) yield `session ${sessionId} has no head`
    if (!opened.has(sessionId)) yield `session ${sessionId} was never begun`
    if (ended.has(sessionId)) yield `session ${sessionId} has ended, and is there`
  }
}

/** A key and an app come, change and go with their event. */
function* changes({ keys, clients, events }: World) {
  const count = (name: string, value: unknown, ...names: EventName[]) =>
    events.filter(({ event, facts }) => names.includes(event) && facts?.[name] === value).length
  for (const { keyId, events: told = [] } of keys) {
    if (count('keyId', keyId, 'sensitive_create') !== 1) yield `key ${keyId} was never made`
    const deleted = events.some(
      ({ event, facts }) =>
        facts?.keyId === keyId && (event === 'sensitive_delete' || facts.action === 'delete_key'),
    )
    if (deleted) yield `key ${keyId} is deleted, and there`
    const rotations = told.filter(({ what }) => what === 'rotated').length
    const byAdmin = events.filter(
      ({ facts }) => facts?.keyId === keyId && facts.action === 'rotate_key',
    ).length
    const kept = count('keyId', keyId, 'sensitive_rotate') + byAdmin
    if (kept !== rotations) yield `key ${keyId} was rotated ${rotations} times, by ${kept} events`
  }
  for (const [clientId, { createdBy }] of clients) {
    const made = count('clientId', clientId, 'client_registered')
    if (createdBy !== 'command-line' && made !== 1) yield `app ${clientId} was never registered`
    if (count('clientId', clientId, 'client_removed') > 0) yield `app ${clientId} is removed`
  }
  const created = grouped(
    events.filter(({ event }) => event === 'user_created'),
    ({ userId }) => userId,
  )
  for (const [id, { length }] of created) if (length > 1) yield `${id} was made twice`
}

/** The events that say what a ticket of a kind was spent for. */
const EFFECTS: Readonly<Record<string, readonly EventName[]>> = {
  'mail-verification': ['address_verified', 'account_taken_over', 'user_created'],
  'mail-password-reset': ['authn_password_reset', 'account_taken_over'],
  'mail-address-change': ['address_changed'],
  'mail-address-undo': ['address_change_undone'],
  'mail-factors-removal': ['authn_factors_removal_cancelled'],
  'mail-invitation': ['invitation_accepted'],
  'second-factor': ['authn_login_success', 'user_created'],
  enrolment: ['authn_login_success', 'user_created'],
  'step-up': ['authn_step_up'],
}

/** Events that nothing but a ticket of a kind is spent for. */
const CAUSES: Readonly<Partial<Record<EventName, string>>> = {
  authn_password_reset: 'mail-password-reset',
  address_change_undone: 'mail-address-undo',
  authn_factors_removal_cancelled: 'mail-factors-removal',
  authn_step_up: 'step-up',
  authn_app_login: 'authorization-code',
}

/** A ticket is spent with its effect, and an effect that takes a ticket has spent one. */
function* tickets({ tickets: all, events, erased }: World) {
  const spent = all.filter(({ usedBy }) => usedBy !== undefined)
  const kindOf = ({ pk }: Item) => String(pk).split('#')[0] ?? ''
  const told = (userId: unknown, names: readonly EventName[]) =>
    events.filter((item) => item.userId === userId && names.includes(item.event)).length
  const groups = grouped(spent, (ticket) => `${kindOf(ticket)} ${ticket.userId}`)
  for (const [ticket] of groups.values()) {
    if (!ticket?.userId || erased.has(ticket.userId as string)) continue
    const [kind, userId] = [kindOf(ticket), ticket.userId as string]
    const used = groups.get(`${kind} ${userId}`)?.length ?? 0
    const names = EFFECTS[kind]
    if (names && told(userId, names) < used)
      yield `a ticket ${kind} of ${userId} is spent for nothing`
  }
  for (const { pk, usedBy, usedFrom } of spent) {
    const isRedeemed = String(pk).startsWith('authorization-code#') && usedFrom !== undefined
    const isTold = events.some(
      ({ event, facts }) => event === 'authn_app_login' && facts?.sessionId === usedBy,
    )
    if (isRedeemed && !isTold) yield 'a code is redeemed for no session'
  }
  for (const [event, kind] of Object.entries(CAUSES)) {
    const counts = grouped(
      events.filter((item) => item.event === event),
      ({ userId }) => userId,
    )
    for (const [userId, { length }] of counts) {
      const used = groups.get(`${kind} ${userId}`)?.length ?? 0
      if (used < length) yield `${event} of ${userId} has spent no ticket`
    }
  }
}

/** A mail with a ticket has it, and an invitation that is open has the ticket of its last mail. */
function* mails({ messages, tickets: all, invitations, now }: World) {
  const ids = new Set(all.map(({ pk }) => String(pk)))
  const named = new Set(
    messages.flatMap(({ ticket }) => (ticket ? [`mail-${ticket.kind}#${ticket.id}`] : [])),
  )
  for (const id of named) if (!ids.has(id)) yield `a mail has no ticket ${id}`
  for (const id of ids) {
    if (id.startsWith('mail-') && !named.has(id)) yield `a ticket ${id} has no mail`
  }
  for (const { id, ticketId, expiresAt } of invitations) {
    const isOpen = Number(expiresAt) > now
    if (isOpen && !ids.has(`mail-invitation#${ticketId}`)) yield `invitation ${id} has no ticket`
  }
}

/** A notice is the news of an event of its account. */
const NEWS: Readonly<Partial<Record<StoredMessage['kind'], readonly EventName[]>>> = {
  'password-changed': ['authn_password_change', 'authn_password_reset'],
  'api-key-created': ['sensitive_create'],
  'identity-linked': ['identity_linked'],
  'factor-added': ['authn_factor_added'],
  'factor-removed': ['authn_factor_removed'],
  'factors-removed': ['authn_factors_removed'],
  'recovery-codes-replaced': ['authn_recovery_codes_replaced'],
  'recovery-code-used': ['authn_recovery_code_used'],
  'address-undone': ['address_change_undone'],
  'address-changed': ['address_changed'],
}

/** There is no notice without what it tells of. */
function* notices({ messages, events }: World) {
  const groups = grouped(messages, ({ kind, account }) => `${kind} ${account}`)
  for (const [first, ...more] of groups.values()) {
    const names = first && NEWS[first.kind]
    if (!names || first.account === undefined) continue
    const told = events.filter(
      ({ event, userId }) => userId === first.account && names.includes(event),
    )
    if (told.length < more.length + 1) yield `${first.kind} tells ${first.account} of nothing`
  }
}

const RULES: readonly Rule[] = [
  ...[addresses, references, profiles, erasures, keyCounts],
  ...[sessions, changes, tickets, mails, notices],
]

/**
 * What does not hold of the tables at a time (milliseconds), though it must at every moment: nothing, whatever the store
 * has done to whichever request.
 */
export function brokenInvariants(snapshot: Snapshot, now: number): string[] {
  const world = worldOf(snapshot, now)
  return RULES.flatMap((rule) => [...rule(world)].map((fault) => `${rule.name}: ${fault}`))
}
