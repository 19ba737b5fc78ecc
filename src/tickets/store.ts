import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import { unlessErased } from '../dynamodb/tombstones.js'
import { type Clock, epochSeconds } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { newSecret, type Random } from '../lib/random.js'

/**
 * What a ticket opens; one of one kind never opens the door of another. `social-flow` is a social sign-in whose
 * callback has come, `social-arrival` says whom it has signed in, `freeing` is the question whether an address is
 * to be freed. `second-factor` is a sign-in that lacks one, `enrolment` a sign-in that may do nothing but get one,
 * `step-up` a session that is to prove more, and the two of passkeys are their challenges. `authorization-request`
 * is what an app asks for while its person signs in, `authorization-code` what it swaps for tokens.
 */
export type TicketKind =
  | 'social-flow'
  | 'social-arrival'
  | 'freeing'
  | 'second-factor'
  | 'enrolment'
  | 'step-up'
  | 'passkey-creation'
  | 'passkey-request'
  | 'authorization-request'
  | 'authorization-code'

/** What a ticket is bound to. */
export interface TicketRecord {
  readonly userId?: string
  /** A keyed digest of an e-mail address, never the address itself. */
  readonly addressDigest?: string
  /** Of the user's sessions: the ticket ends with them. */
  readonly epoch?: number
  /** The session that asked for it. */
  readonly sessionId?: string
  /** What the door that it opens needs to know. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface TicketStoreOptions {
  readonly database: Database
  readonly table: string
  readonly usersTable: string
  readonly clock: Clock
  readonly random: Random
}

/** What those need that keep more of a ticket than the store does. */
export interface TicketUserOptions extends Omit<TicketStoreOptions, 'usersTable'> {
  readonly tickets: TicketStore
}

const MARK_BYTES = 16

const ABSENT = 'attribute_not_exists(pk)'
/** The condition of the write that uses a ticket up; it takes `:now`. */
export const OPEN = 'attribute_exists(pk) AND attribute_not_exists(usedBy) AND expiresAt > :now'

/** A new ticket for `put`: it goes to its person, and the store keeps its SHA-256. */
export const newTicket = (random: Random): string => newSecret(random)

/** Tickets: each is good once, until it expires. */
export class TicketStore {
  readonly #options: TicketStoreOptions

  constructor(options: TicketStoreOptions) {
    this.#options = options
  }

  /**
   * Keeps what a ticket is bound to; one of an account that was erased meanwhile is not kept.
   * @param id the ticket itself, 256 random bits.
   * @param expiresAt milliseconds since the epoch.
   */
  async put(kind: TicketKind, id: string, record: TicketRecord, expiresAt: number): Promise<void> {
    await this.#options.database.writeTogether(this.putting(kind, id, record, expiresAt))
  }

  /** The same as parts of the transaction that is the cause of the ticket. */
  putting(kind: TicketKind, id: string, record: TicketRecord, expiresAt: number): Part[] {
    const { table, usersTable } = this.#options
    const put = { Put: { TableName: table, Item: itemOf(kind, id, expiresAt, record) } }
    const { userId } = record
    return [{ item: put }, ...(userId === undefined ? [] : [unlessErased(usersTable, userId)])]
  }

  /** @returns what a ticket is bound to that is still good; undefined for any other. */
  async find(kind: TicketKind, id: string): Promise<TicketRecord | undefined> {
    const { database, table, clock } = this.#options
    const item = await database.get(table, keyOf(kind, id))
    const isOpen = item && item.usedBy === undefined && (item.expiresAt as number) > clock()
    return isOpen ? recordOf(item) : undefined
  }

  /**
   * Uses a ticket up, by one conditional write: of all who try, one succeeds. A write that was repeated because
   * its answer was lost finds its own mark, and has succeeded.
   * @returns what the ticket is bound to; undefined for one that is unknown, expired or used.
   */
  async consume(kind: TicketKind, id: string): Promise<TicketRecord | undefined> {
    const by = this.#newMark()
    const use = this.#use(kind, id, by)
    const written = await this.#options.database.update({ ...use, ReturnValues: 'ALL_NEW' })
    const { item: used } = written.conflict ?? written
    return used?.usedBy === by ? recordOf(used) : undefined
  }

  /**
   * The same as a part of the transaction that does what the ticket is for.
   * @param refusal what its caller is told where the ticket is unknown, expired or used.
   */
  consumption(kind: TicketKind, id: string, refusal: () => Error): Part {
    const by = this.#newMark()
    return {
      item: { Update: this.#use(kind, id, by) },
      onConflict: (found) => (found?.usedBy === by ? undefined : refusal()),
    }
  }

  /**
   * The same for a ticket whose record is sealed in the browser, so that nothing was put: its use is kept, for as
   * long as its seal opens.
   * @returns true for one caller.
   */
  async consumeSealed(kind: TicketKind, id: string, expiresAt: number): Promise<boolean> {
    const { database, table } = this.#options
    const by = this.#newMark()
    const { conflict } = await database.put({
      TableName: table,
      Item: { ...itemOf(kind, id, expiresAt), usedBy: by },
      ConditionExpression: ABSENT,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return conflict === undefined || conflict.item?.usedBy === by
  }

  #use(kind: TicketKind, id: string, by: string) {
    const { table, clock } = this.#options
    return {
      TableName: table,
      Key: keyOf(kind, id),
      UpdateExpression: 'SET usedBy = :by',
      ConditionExpression: OPEN,
      ExpressionAttributeValues: { ':by': by, ':now': clock() },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }
  }

  /** Tells a caller's own write from the writes of others. */
  #newMark(): string {
    return this.#options.random(MARK_BYTES).toString('base64url')
  }
}

export const keyOf = (kind: TicketKind, id: string) => ({
  pk: `${kind}#${digest(id)}`,
})

const itemOf = (kind: TicketKind, id: string, expiresAt: number, record: TicketRecord = {}) => ({
  ...record,
  ...keyOf(kind, id),
  expiresAt,
  ttl: epochSeconds(expiresAt),
})

const recordOf = (item: Readonly<Record<string, unknown>>) => {
  const { userId, addressDigest, epoch, sessionId, detail } = item
  return { userId, addressDigest, epoch, sessionId, detail } as TicketRecord
}
