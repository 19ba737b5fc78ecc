import type { TicketRecord } from '../tickets/store.js'
import type { User } from '../users/user.js'

/**
 * What a ticket is bound to that stands for something its user has proved: it ends where their sessions end, and where
 * their factors change.
 */
export const recordFor = (
  { id: userId, epoch, factorsVersion = 0 }: User,
  detail: Readonly<Record<string, unknown>> = {},
): TicketRecord => ({ userId, epoch, detail: { ...detail, factorsVersion } })

/** Whether the account is still what the ticket was made for. */
export const isStillFor = (
  { userId, epoch, detail }: TicketRecord,
  { id, status, epoch: epochNow, factorsVersion = 0 }: User,
): boolean =>
  id === userId &&
  status === 'active' &&
  epochNow === epoch &&
  factorsVersion === detail?.factorsVersion
