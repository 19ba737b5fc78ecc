import { digest } from '../../lib/digest.js'
import type { Role } from '../user.js'

/**
 * How long an invitation is open, milliseconds. The link of its mail is good for a day (`LINK_MS`); until the invitation
 * ends, its person comes in by any other way that proves the address, or gets another mail.
 */
export const INVITATION_MS = 7 * 86_400_000

/** A person who may make an account with an address. */
export interface Invitation {
  /** Of the account that its link makes. */
  readonly id: string
  /** In its normal form. */
  readonly email: string
  readonly role: Role
  /** The id of the administrator who sent the last mail; or the command line. */
  readonly invitedBy: string
  /** ISO 8601. */
  readonly createdAt: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Of the ticket of the last mail: the links of those before are good for nothing. */
  readonly ticketId: string
}

const PARTITION = 'INVITATIONS'

/** In the table of events, which no restore takes back: what was withdrawn stays so. */
export const invitationKey = (email: string) => ({ userId: PARTITION, eventId: digest(email) })

/** A query of all of them. */
export const allInvitations = {
  KeyConditionExpression: 'userId = :partition',
  ExpressionAttributeValues: { ':partition': PARTITION },
}
