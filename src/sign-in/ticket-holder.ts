import { ticketInvalid } from '../tickets/errors.js'
import type { MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import type { AddressedUser } from '../users/user.js'
import type { Users } from '../users/users.js'

/**
 * The account that a ticket was made for, as it is now.
 * @throws {Problem} TICKET_INVALID where it is not what it was then.
 */
export async function findHolder(
  { users, tickets }: { readonly users: Users; readonly tickets: MailTickets },
  record: MailTicketRecord,
): Promise<AddressedUser> {
  const user = await users.store.findById(record.ticket.userId)
  const isOpen = user?.status === 'active' && tickets.isOf(record, user)
  if (!isOpen || user.email === undefined) throw ticketInvalid()
  return { ...user, email: user.email }
}
