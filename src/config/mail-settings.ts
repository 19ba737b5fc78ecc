import { isPlainAddress } from '../email/plain-address.js'
import { ConfigError } from './environment.js'

/**
 * `MAIL_FROM` and `EMAIL_VERIFICATION`.
 * @throws {ConfigError}
 */
export function parseMail(from: string | undefined, verification: 'optional' | 'required') {
  if (from !== undefined && !isPlainAddress(from)) {
    throw new ConfigError('MAIL_FROM: must be one plain address, such as auth@example.com.')
  }
  if (from === undefined && verification === 'required') {
    throw new ConfigError(
      'EMAIL_VERIFICATION: required needs mail. Set MAIL_FROM to the address that mails come from.',
    )
  }
  return {
    /** Undefined for a service that sends no mail. */
    mail: from === undefined ? undefined : { from },
    emailVerification: verification,
  }
}
