import { createHmac } from 'node:crypto'

/** What the ticket of a mail opens; one of one kind never opens the door of another. */
export type MailTicketKind =
  | 'verification'
  | 'password-reset'
  | 'sign-in'
  | 'address-change'
  | 'address-undo'
  | 'factors-removal'
  | 'invitation'

/** The ticket of a mail. Its secrets are derived from it with a ticket key, and stored nowhere. */
export interface MailTicket {
  readonly kind: MailTicketKind
  /** 128 random bits, base64url. */
  readonly id: string
  /**
   * The ticket key that its secrets are derived with. Left out by a maker that may read none: they are derived with the
   * current one when the mail is sent, and tried with each.
   */
  readonly keyId?: string
  /** Empty where no account is behind it. */
  readonly userId: string
  /** The address that the mail goes to, in its normal form. */
  readonly address: string
}

/** A ticket key, its secret base64url. */
export interface TicketKey {
  readonly id: string
  readonly secret: string
}

/** The ticket keys. */
export interface TicketKeys {
  current(): Promise<TicketKey>
  byId(id: string): Promise<TicketKey | undefined>
  find(isIt: (key: TicketKey) => boolean): Promise<TicketKey | undefined>
}

const CODES = 100_000_000n
const CODE_DIGITS = 8

/** The secret of the link: 256 bits, base64url. */
export const linkSecret = (key: TicketKey, ticket: MailTicket): string =>
  derive(key, 'mail link', ticket).toString('base64url')

/** The code that a person types: eight digits, with leading zeros. */
export const mailCode = (key: TicketKey, ticket: MailTicket): string =>
  String(derive(key, 'mail code', ticket).readBigUInt64BE() % CODES).padStart(CODE_DIGITS, '0')

/** What follows `#ticket=` in a link: the id, and the secret. */
export const linkTicket = (key: TicketKey, ticket: MailTicket): string =>
  ticket.id + linkSecret(key, ticket)

/** Each text goes in behind its length, so that no two tickets are the same bytes. */
function derive(key: TicketKey, label: string, ticket: MailTicket): Buffer {
  const hmac = createHmac('sha256', Buffer.from(key.secret, 'base64url'))
  const { kind, id, userId, address } = ticket
  for (const text of [`latchkey ${label}`, kind, id, userId, address]) {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hmac.update(length).update(bytes)
  }
  return hmac.digest()
}
