import type { Database } from '../dynamodb/database.js'
import { erasedKey } from '../dynamodb/tombstones.js'
import { type EventLog, report } from '../events/report.js'
import type { Clock } from '../lib/clock.js'
import { newId, type Random } from '../lib/random.js'
import { LINK_MS } from '../tickets/lifetimes.js'
import {
  linkTicket,
  mailCode,
  type MailTicket,
  type TicketKey,
  type TicketKeys,
} from '../tickets/mail-secrets.js'
import { type Mailer, MailRefused } from './mailer.js'
import { type MessageKey, ownerOfMessage, type StoredMessage } from './message.js'
import { KEPT_MS } from './outbox.js'
import { NoticeCounter } from './notice-counter.js'
import { type MailBrand, renderMail, type RenderOptions } from './templates/render.js'

export interface MailDeliveryOptions {
  readonly database: Database
  /** The table of events. */
  readonly table: string
  readonly ticketKeys: Omit<TicketKeys, 'find'>
  readonly mailer: Mailer
  readonly issuer: string
  readonly brand: MailBrand
  /** Address that mails come from. */
  readonly from: string
  readonly clock: Clock
  readonly random: Random
  readonly log: EventLog
}

export type Outcome = 'sent' | 'already-sent' | 'dropped' | 'refused'

/** What is written when a message is done with. */
type Mark = 'sentAt' | 'droppedAt' | 'refusedAt'

const MARKS: Readonly<Record<Mark, Outcome>> = {
  sentAt: 'already-sent',
  droppedAt: 'dropped',
  refusedAt: 'refused',
}

const OPEN = `attribute_exists(userId)${Object.keys(MARKS)
  .map((mark) => ` AND attribute_not_exists(${mark})`)
  .join('')}`

/**
 * How long a worker has a message to itself: longer than the function may run that sends it (`infra/constructs/mail.ts`),
 * and shorter than the queue waits before it brings the message of one that has ended in the middle again.
 */
const CLAIM_MS = 30_000
const UNCLAIMED = '(attribute_not_exists(claimedUntil) OR claimedUntil <= :now OR claimedBy = :me)'
const OWN = 'claimedBy = :me'

/** So that no program answers a mail (RFC 3834 §5; the second is what Exchange looks at). */
const HEADERS = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'OOF, AutoReply',
}

/** A message that this worker has to itself. */
interface Claimed {
  readonly message: StoredMessage
  /** Tells its claim from those of others. */
  readonly by: string
}

/**
 * Sends the messages of the outbox. Of several workers one sends each, and another one only where that one has ended in
 * the middle, or where the answer of the mail server was lost; under the same `Message-ID`, where the mail server takes
 * one.
 */
export class MailDelivery {
  readonly #options: MailDeliveryOptions
  readonly #notices: NoticeCounter

  constructor(options: MailDeliveryOptions) {
    this.#options = options
    this.#notices = new NoticeCounter(options)
  }

  /**
   * Sends a message that has not been sent yet. May be called again and again, also at once.
   * @throws {Error} where another try may succeed, or another worker has the message; its message holds no address.
   */
  async deliver(key: MessageKey): Promise<Outcome> {
    const claim = await this.#claim(key)
    if (typeof claim === 'string') return claim
    const { message, by } = claim
    try {
      const mark = await this.#treat(key, message)
      return mark === undefined ? await this.#forget(key, message) : await this.#finish(key, mark)
    } catch (error) {
      // Where it can't be given back, the next try waits for the claim to end.
      await this.#giveBack(key, by).catch(() => undefined)
      throw error
    }
  }

  /** One write claims a message and reads it. @returns the outcome of one that is done with. */
  async #claim(key: MessageKey): Promise<Claimed | Outcome> {
    const { database, table, clock, random } = this.#options
    const [now, by] = [clock(), newId(random)]
    const written = await database.update({
      TableName: table,
      Key: { ...key },
      UpdateExpression: 'SET claimedUntil = :until, claimedBy = :me',
      ConditionExpression: `${OPEN} AND ${UNCLAIMED}`,
      ExpressionAttributeValues: { ':until': now + CLAIM_MS, ':now': now, ':me': by },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    if (!written.conflict) return { message: written.item as unknown as StoredMessage, by }
    const found = written.conflict.item as StoredMessage | undefined
    // Erased, or kept for long enough.
    if (!found) return 'dropped'
    const done = outcomeOf(found)
    if (!done) throw new Error('another worker has the message')
    return done
  }

  /** Whether the person was erased meanwhile whose message it is. */
  async #isErased(key: MessageKey): Promise<boolean> {
    const { database, table } = this.#options
    return (await database.get(table, erasedKey(ownerOfMessage(key)))) !== undefined
  }

  async #forget(key: MessageKey, message: StoredMessage): Promise<Outcome> {
    const { database, table, log } = this.#options
    const { id: messageId, kind, account } = message
    if (account !== undefined) await this.#notices.forget(account, message)
    await database.delete({ TableName: table, Key: { ...key } })
    report(log, 'mail_dropped', { messageId, kind, reason: 'erased' })
    return 'dropped'
  }

  async #giveBack(key: MessageKey, by: string): Promise<void> {
    const { database, table } = this.#options
    await database.update({
      TableName: table,
      Key: { ...key },
      UpdateExpression: 'REMOVE claimedUntil, claimedBy',
      ConditionExpression: OWN,
      ExpressionAttributeValues: { ':me': by },
    })
  }

  /**
   * Sends a message, or finds that it is not to be sent.
   * @returns what it is marked with; undefined where its person was erased meanwhile.
   * @throws {Error} where another try may succeed.
   */
  async #treat(key: MessageKey, message: StoredMessage): Promise<Mark | undefined> {
    const { clock, log } = this.#options
    const { id: messageId, kind, ticket, account } = message
    const isCounted = account !== undefined && !isTooOld(message, clock())
    const place = isCounted ? await this.#notices.count(account, message) : 'one'
    // Looked at after the count: an erase that comes between finds it, and one that has come before is found here.
    if (await this.#isErased(key)) return undefined
    if (message.isDecoy) return 'droppedAt'
    if (isTooOld(message, clock())) {
      report(log, 'mail_dropped', { messageId, kind, reason: 'expired' })
      return 'droppedAt'
    }
    const ticketKey = ticket && (await this.#keyOf(ticket))
    if (ticket && !ticketKey) {
      report(log, 'mail_refused', { messageId, kind, reason: 'ticket_key_gone' })
      return 'refusedAt'
    }
    if (place === 'none') {
      report(log, 'mail_dropped', { messageId, kind, reason: 'too_many' })
      return 'droppedAt'
    }
    try {
      await this.#send(message, { ticketKey, isLast: place === 'last' })
    } catch (error) {
      const cause = (error as Error).message
      if (!(error instanceof MailRefused)) {
        report(log, 'mail_failed', { messageId, kind, cause })
        throw error
      }
      report(log, 'mail_refused', { messageId, kind, reason: 'mail_server', cause })
      return 'refusedAt'
    }
    report(log, 'mail_sent', { messageId, kind })
    return 'sentAt'
  }

  async #keyOf({ keyId }: MailTicket): Promise<TicketKey | undefined> {
    const { ticketKeys } = this.#options
    return keyId === undefined ? ticketKeys.current() : ticketKeys.byId(keyId)
  }

  async #send(
    message: StoredMessage,
    { ticketKey, isLast }: { readonly ticketKey: TicketKey | undefined; readonly isLast: boolean },
  ): Promise<void> {
    const { mailer, issuer, brand, from } = this.#options
    const { id: messageId, to, ticket } = message
    const secrets: RenderOptions['secrets'] =
      ticket && ticketKey
        ? { code: mailCode(ticketKey, ticket), link: linkTicket(ticketKey, ticket) }
        : undefined
    const rendered = renderMail(message, { issuer, brand, isLast, ...(secrets && { secrets }) })
    await mailer.send({
      ...rendered,
      from: { name: brand.name, address: from },
      to,
      messageId: `${messageId}@${from.slice(from.lastIndexOf('@') + 1)}`,
      headers: HEADERS,
    })
  }

  /**
   * Marks a message, and forgets its address with all that only sending needed. Another worker may have been
   * quicker, whose mark stays.
   */
  async #finish(key: MessageKey, mark: Mark): Promise<Outcome> {
    const { database, table, clock } = this.#options
    await database.update({
      TableName: table,
      Key: { ...key },
      UpdateExpression: `SET ${mark} = :now REMOVE #to, ticket, facts, account, claimedUntil, claimedBy`,
      ConditionExpression: OPEN,
      ExpressionAttributeNames: { '#to': 'to' },
      ExpressionAttributeValues: { ':now': new Date(clock()).toISOString() },
    })
    return mark === 'sentAt' ? 'sent' : MARKS[mark]
  }
}

/** Its link has expired, or the news in it has: the table keeps it no longer. */
function isTooOld({ createdAt, ticket }: StoredMessage, now: number): boolean {
  const lifetime = Math.min(KEPT_MS, ticket ? LINK_MS[ticket.kind] : KEPT_MS)
  return Date.parse(createdAt) + lifetime <= now
}

function outcomeOf(message: StoredMessage): Outcome | undefined {
  const [, outcome] =
    Object.entries(MARKS).find(([mark]) => message[mark as Mark] !== undefined) ?? []
  return outcome
}
