import type { AskedMail, MailRequests } from '../email/requests.js'
import type { Caller } from '../http/caller.js'
import { normalizeEmail } from '../users/email.js'
import type { Admissions } from '../users/invitations/admissions.js'
import type { User } from '../users/user.js'
import type { Users } from '../users/users.js'
import { isTakeable } from './taking-over.js'

interface Dependencies {
  readonly users: Users
  readonly requests: MailRequests
  /** Where a mail signs up too: invited people. */
  readonly admissions?: Pick<Admissions, 'invitationOf'>
}

/**
 * Sends a link and a code to the address of an account, or of an invitation. Known, unknown and disabled accounts cost the same calls.
 * @throws {Problem} MAIL_NOT_CONFIGURED, STORE_UNAVAILABLE.
 */
export async function askForMail(
  { users, requests, admissions }: Dependencies,
  caller: Caller,
  kind: 'password-reset' | 'sign-in',
  email: string,
): Promise<AskedMail> {
  requests.assertConfigured()
  const address = normalizeEmail(email)
  const found = await users.find(address)
  const isFor = found?.status === 'active' && (kind === 'sign-in' || isResettable(found))
  const invitation = await admissions?.invitationOf(address)
  const invited = found ? undefined : invitation && { id: invitation.id, epoch: 0 }
  const user = isFor ? found : invited
  return requests.ask(caller, { kind, message: kind, address, user })
}

/** Whether a reset by mail would be taken: an administrator proves the address first. */
const isResettable = (user: User): boolean => user.emailVerified === true || isTakeable(user)
