import { cleanName } from '../../lib/display-name.js'
import { parseAgent } from '../../lib/user-agent.js'
import type { Facts, StoredMessage } from '../message.js'
import type { TextKey } from './texts/en.js'
import type { Words } from './words.js'

/** A row that a notice may have. */
export type FactName =
  'time' | 'device' | 'key' | 'app' | 'provider' | 'role' | 'factor' | 'codesLeft' | ListName

/** A row with several names. */
type ListName = 'suspendedPasskeys' | 'suspendedKeys' | 'suspendedIdentities' | 'suspendedApps'

/** Characters of a value; what is longer is cut. */
const MAX_LENGTH = 100

const LABELS: Readonly<Record<FactName, TextKey>> = {
  time: 'fact.time',
  device: 'fact.device',
  key: 'fact.key',
  app: 'fact.app',
  provider: 'fact.provider',
  role: 'fact.role',
  factor: 'fact.factor',
  codesLeft: 'fact.codesLeft',
  suspendedPasskeys: 'fact.suspendedPasskeys',
  suspendedKeys: 'fact.suspendedKeys',
  suspendedIdentities: 'fact.suspendedIdentities',
  suspendedApps: 'fact.suspendedApps',
}

/** As few recovery codes as a mail asks to replace. */
const FEW_CODES = 2

/** The rows that a message has values for. */
export function factRows(names: readonly FactName[], message: StoredMessage, words: Words) {
  return names.flatMap((name): (readonly [string, string])[] => {
    const value = valueOf(name, message, words)
    return value === undefined ? [] : [[words.text(LABELS[name]), value]]
  })
}

function valueOf(name: FactName, { createdAt, facts = {} }: StoredMessage, words: Words) {
  const { userAgent, keyName, appName, provider, role, factor, codesLeft } = facts
  switch (name) {
    case 'time':
      return words.time(createdAt)
    case 'device':
      return userText(deviceOf(userAgent, words))
    case 'key':
      return userText(keyName)
    case 'app':
      return userText(appName)
    case 'provider':
      return userText(provider)
    case 'role':
      return roleOf(role, words)
    case 'factor':
      return factor && words.text(`factor.${factor}`)
    case 'codesLeft':
      return codesLeft === undefined ? undefined : codesLeftOf(codesLeft, words)
    default:
      return facts[name]?.map(userText).join(', ')
  }
}

function deviceOf(userAgent: Facts['userAgent'], words: Words): string | undefined {
  const { browser, system } = parseAgent(userAgent ?? '')
  if (browser === undefined || system === undefined) return browser ?? system
  return words.text('device.both', { browser, system })
}

const roleOf = (role: string | undefined, words: Words): string | undefined =>
  role === 'admin' || role === 'user' ? words.text(`role.${role}`) : userText(role)

const codesLeftOf = (count: number, words: Words): string =>
  count > FEW_CODES ? String(count) : words.text('codesLeft.few', { count: String(count) })

/** What joins the parts of an address on the web or of a mailbox. */
const JOINTS = /[./:@](?=\S)/g
const ZERO_WIDTH_SPACE = '\u200b'

/**
 * Text that a user chose: one line of visible characters, cut, and no address that a mail program would make a
 * link of: what a stranger names a key must not lead anyone to the stranger's site.
 */
function userText(text: string | undefined): string | undefined {
  return cleanName(text ?? '', MAX_LENGTH)?.replaceAll(JOINTS, `$&${ZERO_WIDTH_SPACE}`)
}
