import { createHash } from 'node:crypto'
import { type Clock, epochSeconds } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { CODE_MS, LINK_MS, LINK_ONLY } from './lifetimes.js'
import type { MailTicket, MailTicketKind } from './mail-secrets.js'

/** The account that a ticket is for, as it is now. */
export interface TicketHolder {
  readonly id: string
  readonly email?: string
  readonly epoch: number
  /** Whose browsers are known to it, see `MarkedAccount`. */
  readonly ownedSince?: string
}

/** The account that a ticket is made for. */
export type TicketOwner = Pick<TicketHolder, 'id' | 'epoch' | 'ownedSince'>

export interface NewMailTicket {
  readonly kind: MailTicketKind
  /** The address that the mail goes to, in its normal form. */
  readonly address: string
  /** Left out where the ticket makes the account. */
  readonly user?: TicketOwner
  /** Kept like any other, and good for nothing: no mail is sent with its secrets. */
  readonly isDecoy?: boolean
  /** What the change needs that the ticket is for, such as the digest of a password. */
  readonly detail?: TicketDetail
}

export type TicketDetail = Readonly<Record<string, string>>

/** A new ticket, for the transaction and the mail of its cause. */
export interface IssuedMailTicket {
  /** 128 random bits, base64url, for the browser or program that asked: a code works with it alone. */
  readonly flow: string
  readonly ticket: MailTicket
  /** The put that keeps it. */
  readonly item: TicketPut
}

interface TicketPut {
  readonly Put: { readonly TableName: string; readonly Item: Record<string, unknown> }
}

export interface TicketMakerOptions {
  /** The table of tickets. */
  readonly table: string
  /** Left out where no ticket key may be read. */
  readonly currentKey?: () => Promise<{ readonly id: string }>
  readonly clock: Clock
  readonly random: Random
}

const ID_BYTES = 16

/** Makes the tickets of mails. One that may read no ticket key makes tickets that have a link alone. */
export class TicketMaker {
  readonly #options: TicketMakerOptions

  constructor(options: TicketMakerOptions) {
    this.#options = options
  }

  /** Makes a ticket. It exists once `item` is written, in the one transaction with its cause and its mail. */
  async issue(of: NewMailTicket): Promise<IssuedMailTicket> {
    const { currentKey, random } = this.#options
    const { kind, address, user, isDecoy = false } = of
    const key = await currentKey?.()
    const flow = random(ID_BYTES).toString('base64url')
    const named = key && { keyId: key.id }
    const ticket = { kind, id: idOf(flow), ...named, userId: user?.id ?? '', address }
    return { flow, ticket, item: this.#put(ticket, { ...of, isDecoy }) }
  }

  #put(
    { kind, id, keyId, userId, address }: MailTicket,
    { user, detail = {}, isDecoy }: NewMailTicket & { readonly isDecoy: boolean },
  ): TicketPut {
    const { table, clock } = this.#options
    const now = clock()
    const stored: StoredTicket = {
      ...(keyId !== undefined && { keyId }),
      userId,
      address,
      isDecoy,
      epoch: user?.epoch ?? 0,
      ...(user?.ownedSince !== undefined && { ownedSince: user.ownedSince }),
      detail,
      expiresAt: now + LINK_MS[kind],
      codeUntil: LINK_ONLY.has(kind) || keyId === undefined ? now : now + CODE_MS,
    }
    const ttl = epochSeconds(stored.expiresAt)
    return { Put: { TableName: table, Item: { ...keyOf(kind, id), ...stored, ttl } } }
  }
}

/** Times are milliseconds since the epoch. */
export interface StoredTicket {
  readonly keyId?: string
  readonly userId: string
  readonly address: string
  readonly isDecoy: boolean
  readonly epoch: number
  readonly ownedSince?: string
  readonly detail: TicketDetail
  readonly expiresAt: number
  readonly codeUntil: number
  readonly usedBy?: string
}

/** The first 128 bits of a flow's SHA-256, base64url. */
export const idOf = (flow: string): string =>
  createHash('sha256').update(flow).digest().subarray(0, ID_BYTES).toString('base64url')

export const keyOf = (kind: MailTicketKind, id: string) => ({ pk: `mail-${kind}#${id}` })
