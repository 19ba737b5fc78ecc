import { ticketInvalid } from '../tickets/errors.js'
import type { MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import type { AddressedUser } from '../users/user.js'
import type { Users } from '../users/users.js'

interface Dependencies {
  readonly users: Users
  readonly tickets: MailTickets
}

/**
 * The account that a ticket was made for, as it is now.
 * @throws {Problem} TICKET_INVALID where it is not what it was then.
 */
export async function findHolder(
  dependencies: Dependencies,
  record: MailTicketRecord,
): Promise<AddressedUser> {
  const holder = await findHolderIfAny(dependencies, record)
  if (!holder) throw ticketInvalid()
  return holder
}

/** The same. @returns undefined where it is not what it was then, or is none. */
export async function findHolderIfAny(
  { users, tickets }: Dependencies,
  record: MailTicketRecord,
): Promise<AddressedUser | undefined> {
  const user = await users.store.findById(record.ticket.userId)
  const isOpen = user?.status === 'active' && tickets.isOf(record, user)
  if (!isOpen || user.email === undefined) return undefined
  return { ...user, email: user.email }
}
