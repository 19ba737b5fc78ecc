import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { Refusals } from '../dynamodb/refusals.js'
import { report } from '../events/report.js'
import type { Tried } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { settleAll } from '../lib/settle-all.js'
import { ticketInvalid } from './errors.js'
import {
  linkSecret,
  mailCode,
  type MailTicket,
  type MailTicketKind,
  type TicketKey,
  type TicketKeys,
} from './mail-secrets.js'
import {
  idOf,
  type IssuedMailTicket,
  keyOf,
  type NewMailTicket,
  type StoredTicket,
  type TicketDetail,
  type TicketHolder,
  TicketMaker,
  type TicketOwner,
} from './ticket-maker.js'

/** What a ticket is bound to beside its user. */
interface Binding {
  /** The account must still have the address that the mail went to. */
  readonly isOfHolder: boolean
  /** It ends with the sessions of its account. */
  readonly isOfEpoch: boolean
  /** Its link is for the browser that asked, as every code is. */
  readonly isOfBrowser: boolean
}

const BINDINGS: Readonly<Record<MailTicketKind, Binding>> = {
  'password-reset': { isOfHolder: true, isOfEpoch: true, isOfBrowser: false },
  'sign-in': { isOfHolder: true, isOfEpoch: true, isOfBrowser: true },
  verification: { isOfHolder: true, isOfEpoch: false, isOfBrowser: false },
  'address-change': { isOfHolder: false, isOfEpoch: true, isOfBrowser: false },
  'address-undo': { isOfHolder: false, isOfEpoch: false, isOfBrowser: false },
  // It is bound to the removal, which names it.
  'factors-removal': { isOfHolder: false, isOfEpoch: false, isOfBrowser: false },
  // Likewise to the invitation.
  invitation: { isOfHolder: false, isOfEpoch: false, isOfBrowser: false },
}

const MARK_BYTES = 16
/** Of one flow; each is counted before it is compared. */
const MAX_CODES = 5

const LINK = /^([\w-]{22})([\w-]{43})$/
const FLOW = /^[\w-]{22}$/
const CODE = /^\d{8}$/
/** How a person may type a code, and a mail write one. */
const CODE_SPACING = /[\s-]/g

const OPEN = 'attribute_exists(pk) AND attribute_not_exists(usedBy) AND expiresAt > :now'
const CODE_OPEN =
  'attribute_exists(pk) AND attribute_not_exists(usedBy) AND codeUntil > :now AND (attribute_not_exists(codes) OR size(codes) < :max OR contains(codes, :id))'

/** A ticket that was presented with its link or its code, as it is stored. */
export interface MailTicketRecord {
  readonly ticket: MailTicket
  readonly epoch: number
  readonly detail: TicketDetail
  /** Tells the write of this request from those of others. */
  readonly mark: string
}

/** What a person has of a mail: its link, or its code with the flow of the browser or program that asked. */
export type MailProof = LinkProof | CodeProof
interface LinkProof {
  readonly ticket: string
  /** What this browser was given when it last asked, where a kind of ticket is bound to it. */
  readonly flow?: string | undefined
}
interface CodeProof {
  readonly flow: string
  readonly code: string
}

/** A code that was counted against its account. */
interface CountedCode {
  takeBack(): Promise<void>
}

/** Bounds the wrong codes of an account, over all kinds and flows. */
export interface CodeLimit {
  /** @returns undefined where no more are compared. */
  count(
    caller: Caller,
    subject: string,
    owner?: Omit<TicketOwner, 'epoch'>,
  ): Promise<CountedCode | undefined>
}

export interface MailTicketsOptions {
  readonly database: Database
  /** The table of tickets. */
  readonly table: string
  readonly ticketKeys: TicketKeys
  readonly codeLimit: CodeLimit
  readonly refusals: Refusals
  readonly clock: Clock
  readonly random: Random
}

/**
 * The tickets of mails: one record for a link and a code, whose secrets are derived from it and stored nowhere. Its id
 * is the digest of the flow, so that a person who has only the link knows no flow.
 */
export class MailTickets {
  readonly #options: MailTicketsOptions
  readonly #maker: TicketMaker

  constructor(options: MailTicketsOptions) {
    const { ticketKeys } = options
    this.#options = options
    this.#maker = new TicketMaker({ ...options, currentKey: () => ticketKeys.current() })
  }

  /** @see TicketMaker.issue */
  issue(of: NewMailTicket): Promise<IssuedMailTicket> {
    return this.#maker.issue(of)
  }

  /**
   * The ticket that a person has proved to have.
   * @throws {Problem} TICKET_INVALID for any that is not good; STORE_UNAVAILABLE.
   */
  async prove(caller: Caller, kind: MailTicketKind, proof: MailProof): Promise<MailTicketRecord> {
    const record = await ('ticket' in proof
      ? this.#byLink(kind, proof)
      : this.#byCode(caller, kind, proof))
    if (!record) throw ticketInvalid()
    return record
  }

  /**
   * Whether a ticket still is its account's.
   * @param holder as the base table has them now.
   */
  isOf({ ticket, epoch }: MailTicketRecord, holder: TicketHolder): boolean {
    const { isOfHolder, isOfEpoch } = BINDINGS[ticket.kind]
    return (
      holder.id === ticket.userId &&
      (!isOfHolder || holder.email === ticket.address) &&
      (!isOfEpoch || holder.epoch === epoch)
    )
  }

  /** Whether a ticket was asked for in the browser that has this flow. */
  isOfFlow({ ticket }: MailTicketRecord, flow: string | undefined): boolean {
    return flow !== undefined && idOf(flow) === ticket.id
  }

  /**
   * The part of the change's transaction that uses a ticket up: of any number of them, one is written. A write that
   * was repeated because its answer was lost finds its own mark.
   */
  consumption({ ticket, mark }: MailTicketRecord): Part {
    const { table, clock } = this.#options
    return {
      item: {
        Update: {
          TableName: table,
          Key: keyOf(ticket.kind, ticket.id),
          UpdateExpression: 'SET usedBy = :by',
          ConditionExpression: OPEN,
          ExpressionAttributeValues: { ':by': mark, ':now': clock() },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: (found) => (found?.usedBy === mark ? undefined : ticketInvalid()),
    }
  }

  /**
   * Uses a ticket up for nothing.
   * @throws {Problem} TICKET_INVALID.
   */
  async spend(record: MailTicketRecord): Promise<void> {
    await this.#options.database.writeTogether([this.consumption(record)])
  }

  /** @returns undefined for a link that is not good. */
  async #byLink(
    kind: MailTicketKind,
    { ticket: text, flow = '' }: LinkProof,
  ): Promise<MailTicketRecord | undefined> {
    const { database, table, clock } = this.#options
    const [, id = '', secret = ''] = LINK.exec(text) ?? []
    if (id === '' || (BINDINGS[kind].isOfBrowser && idOf(flow) !== id)) return undefined
    const item = (await database.get(table, keyOf(kind, id))) as StoredTicket | undefined
    if (!item || item.usedBy !== undefined || item.expiresAt <= clock()) return undefined
    const ticket = ticketOf(kind, id, item)
    const isRight = await this.#isRight(ticket, (key) => isEqual(secret, linkSecret(key, ticket)))
    return isRight && !item.isDecoy ? this.#record(ticket, item) : undefined
  }

  /** Whether the key of a ticket made what was presented. */
  async #isRight({ keyId }: MailTicket, isOf: (key: TicketKey) => boolean): Promise<boolean> {
    const { ticketKeys } = this.#options
    if (keyId === undefined) return (await ticketKeys.find(isOf)) !== undefined
    const key = await ticketKeys.byId(keyId)
    return key !== undefined && isOf(key)
  }

  /**
   * Counts before it compares, so that no number of tries at once compares more than are allowed; a right code is
   * taken back. Unknown flows and those of unknown addresses cost the same calls. The link stays as it is.
   * @returns undefined for a code that is not good.
   */
  async #byCode(
    caller: Caller,
    kind: MailTicketKind,
    { flow, code }: CodeProof,
  ): Promise<MailTicketRecord | undefined> {
    const typed = code.replaceAll(CODE_SPACING, '')
    if (!FLOW.test(flow) || !CODE.test(typed)) return undefined
    const id = idOf(flow)
    const mark = this.#newMark()
    const item = await this.#countInFlow(kind, id, mark)
    const { address = id } = item ?? {}
    const counted = await this.#options.codeLimit.count(caller, address, item && ownerOf(item))
    if (!counted) return undefined
    if (!item) return this.#refuse(caller, { tried: id })
    const ticket = ticketOf(kind, id, item)
    const isRight = await this.#isRight(ticket, (key) => isEqual(typed, mailCode(key, ticket)))
    if (isRight && !item.isDecoy) {
      await settleAll([counted.takeBack(), this.#takeBackInFlow(kind, id, mark)])
      return this.#record(ticket, item)
    }
    report(caller.log, 'authn_code_fail', { kind })
    return this.#refuse(caller, {
      ...(!item.isDecoy && { userId: item.userId }),
      tried: id,
    })
  }

  async #refuse(caller: Caller, tried: Tried): Promise<undefined> {
    await this.#options.refusals.count(caller, 'authn_code_fail', tried)
    return undefined
  }

  /** @returns the ticket whose code may be compared once more. */
  async #countInFlow(
    kind: MailTicketKind,
    id: string,
    mark: string,
  ): Promise<StoredTicket | undefined> {
    const { database, table, clock } = this.#options
    const written = await database.update({
      TableName: table,
      Key: keyOf(kind, id),
      UpdateExpression: 'ADD codes :self',
      ConditionExpression: CODE_OPEN,
      ExpressionAttributeValues: {
        ':self': new Set([mark]),
        ':id': mark,
        ':now': clock(),
        ':max': MAX_CODES,
      },
      ReturnValues: 'ALL_NEW',
    })
    return written.conflict ? undefined : (written.item as unknown as StoredTicket)
  }

  async #takeBackInFlow(kind: MailTicketKind, id: string, mark: string): Promise<void> {
    const { database, table } = this.#options
    await database.update({
      TableName: table,
      Key: keyOf(kind, id),
      UpdateExpression: 'DELETE codes :self',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':self': new Set([mark]) },
    })
  }

  #record(ticket: MailTicket, { epoch, detail }: StoredTicket): MailTicketRecord {
    return { ticket, epoch, detail, mark: this.#newMark() }
  }

  #newMark(): string {
    return this.#options.random(MARK_BYTES).toString('base64url')
  }
}

const ticketOf = (
  kind: MailTicketKind,
  id: string,
  { keyId, userId, address }: StoredTicket,
): MailTicket => ({ kind, id, ...(keyId !== undefined && { keyId }), userId, address })

const ownerOf = ({ userId: id, ownedSince }: StoredTicket): Omit<TicketOwner, 'epoch'> => ({
  id,
  ...(ownedSince !== undefined && { ownedSince }),
})

const isEqual = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
