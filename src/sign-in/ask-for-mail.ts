import type { AskedMail, MailRequests } from '../email/requests.js'
import type { Caller } from '../http/caller.js'
import { normalizeEmail } from '../users/email.js'
import type { Users } from '../users/users.js'

interface Dependencies {
  readonly users: Users
  readonly requests: MailRequests
}

/**
 * Sends a link and a code to the address of an account. Known, unknown and disabled accounts cost the same calls.
 * @throws {Problem} MAIL_NOT_CONFIGURED, STORE_UNAVAILABLE.
 */
export async function askForMail(
  { users, requests }: Dependencies,
  caller: Caller,
  kind: 'password-reset' | 'sign-in',
  email: string,
): Promise<AskedMail> {
  requests.assertConfigured()
  const address = normalizeEmail(email)
  const found = await users.find(address)
  const user = found?.status === 'active' ? found : undefined
  return requests.ask(caller, { kind, message: kind, address, user })
}
