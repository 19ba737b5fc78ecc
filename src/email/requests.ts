import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import { unlessErased } from '../dynamodb/tombstones.js'
import type { Caller } from '../http/caller.js'
import type { Late } from '../lib/late.js'
import { newId, type Random } from '../lib/random.js'
import type { MailboxLimit } from '../limits/by-mailbox.js'
import type { MarkedAccount } from '../limits/known-devices.js'
import type { MailTicketKind } from '../tickets/mail-secrets.js'
import type { MailTickets } from '../tickets/mail-tickets.js'
import type { TicketDetail, TicketOwner } from '../tickets/ticket-maker.js'
import { mailNotConfigured } from './errors.js'
import type { MessageKind } from './message.js'
import type { Outbox } from './outbox.js'

/** A mail with a ticket that anyone may ask for, for any address. */
export interface MailRequest {
  readonly kind: MailTicketKind
  readonly message: MessageKind
  /** In its normal form. */
  readonly address: string
  /** The account that the ticket is for; undefined where there is none that may have one. */
  readonly user: TicketOwner | undefined
  /** Whether the mail goes out although its ticket is good for nothing: it tells the owner of the address something. */
  readonly isNotice?: boolean
  /** The account whose browsers may have more mails; that of `user` where it is left out. */
  readonly asker?: MarkedAccount
  readonly detail?: TicketDetail
  /** The account that has the address, where it is not that of `user`. */
  readonly ownerId?: string | undefined
}

/** What a request is answered with, whether a mail goes out or not. */
export interface AskedMail {
  readonly flow: string
  /** Whether the address, known or not, has had as many mails as it may: what the browser has from before stays good. */
  readonly isLimited: boolean
}

/** The same before it is written. */
export interface PreparedMail extends AskedMail {
  /** For the transaction of the mail's cause. */
  readonly parts: readonly Part[]
}

export interface MailRequestsOptions {
  /** False for a service that sends no mail. */
  readonly hasMail: boolean
  readonly database: Database
  readonly usersTable: string
  readonly tickets: Late<MailTickets>
  readonly outbox: Outbox
  readonly limit: MailboxLimit
  readonly random: Random
}

/**
 * Mails that strangers can ask for. One for an address without an account costs the same calls on items of the same
 * size: a ticket that is good for nothing, and a message that is never sent.
 */
export class MailRequests {
  readonly #options: MailRequestsOptions

  constructor(options: MailRequestsOptions) {
    this.#options = options
  }

  get hasMail(): boolean {
    return this.#options.hasMail
  }

  /** @throws {Problem} MAIL_NOT_CONFIGURED. */
  assertConfigured(): void {
    if (!this.hasMail) throw mailNotConfigured()
  }

  /** @throws {Problem} MAIL_NOT_CONFIGURED, STORE_UNAVAILABLE. */
  async ask(caller: Caller, request: MailRequest): Promise<AskedMail> {
    const { parts, ...asked } = await this.prepare(caller, request)
    await this.write(parts)
    return asked
  }

  /** Writes what was prepared, with what else belongs to it. */
  write(parts: readonly Part[]): Promise<void> {
    return this.#options.database.writeTogether(parts)
  }

  /**
   * The same for a mail that another change is the cause of. It counts from now on.
   * @throws {Problem} MAIL_NOT_CONFIGURED, STORE_UNAVAILABLE.
   */
  async prepare(
    caller: Caller,
    { message, user, isNotice = false, asker = user, ownerId, ...of }: MailRequest,
  ): Promise<PreparedMail> {
    this.assertConfigured()
    const { usersTable, tickets, outbox, limit, random } = this.#options
    const admitted = await limit.count(caller, of.address, asker)
    const isLimited = admitted === undefined
    const isDecoy = user === undefined || isLimited
    const holder = user ?? { id: newId(random), epoch: 0 }
    const { flow, ticket, item } = await tickets.issue({ ...of, user: holder, isDecoy })
    const mail = outbox.item(
      {
        kind: message,
        to: of.address,
        isDecoy: isDecoy && (isLimited || !isNotice),
        language: caller.language,
        ticket,
      },
      ownerId,
    )
    const guard = unlessErased(usersTable, ownerId ?? holder.id)
    return { flow, isLimited, parts: [{ item }, { item: mail }, guard] }
  }
}
