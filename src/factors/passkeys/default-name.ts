import type { Caller } from '../../http/caller.js'
import { parseAgent } from '../../lib/user-agent.js'
import type { CreatedCredential } from './ceremonies.js'

/** A passkey that is not in the device itself, by language. */
const SECURITY_KEY = { en: 'Security key', de: 'Sicherheitsschlüssel' } as const

/** What a passkey is called whose owner gives it no name: by where it was made, unless it is carried about. */
export function defaultName(
  { userAgent = '', language }: Pick<Caller, 'userAgent' | 'language'>,
  { transports }: Pick<CreatedCredential, 'transports'>,
): string {
  const isCarried =
    transports.length > 0 &&
    !transports.some((name) => name !== 'usb' && name !== 'nfc' && name !== 'ble')
  const { browser, system } = parseAgent(userAgent)
  const known = [browser, system].filter((name) => name !== undefined)
  return isCarried ? SECURITY_KEY[language] : known.length > 0 ? known.join(', ') : 'Passkey'
}
