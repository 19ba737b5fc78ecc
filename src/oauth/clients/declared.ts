import { cleanName } from '../../lib/display-name.js'
import { MAX_REDIRECT_URIS } from './bounds.js'
import { type AppClient, CLIENT_ID } from './client.js'
import { type ClientRules, type ClientSettings, clientOf, settingsFaults } from './settings.js'

/** An app in the settings of a deployment: of its secrets they have the hashes alone. */
export interface DeclaredClientSettings extends ClientSettings {
  /** SHA-256 of its secret, base64url; two while one takes the place of the other. None of a public app. */
  readonly secretHashes?: readonly string[]
}

/** Who made a declared app. */
const SETTINGS = 'settings'

const MAX_NAME = 100
const MAX_HASHES = 2
/** 32 bytes. */
const HASH = /^[\w-]{43}$/

const LISTS = ['postLogoutRedirectUris', 'resources', 'scopes', 'secretHashes'] as const
const FLAGS = ['public', 'firstParty'] as const
const NAMES: readonly string[] = ['name', 'redirectUris', ...LISTS, ...FLAGS]

/** An app that can't be declared: the rest of a sentence that begins with the setting's name. */
export class ClientFault extends Error {
  override readonly name = 'ClientFault'
}

/**
 * The apps of a team, by their client ids, as settings have them.
 * @throws {ClientFault} for the first that is wrong.
 */
export function declaredClients(given: unknown, rules: ClientRules): AppClient[] {
  return Object.entries(objectAt('', given)).map(([clientId, settings]) => {
    if (!CLIENT_ID.test(clientId)) {
      throw new ClientFault(`: ${clientId} must be app_ and 22 random letters of base64url`)
    }
    return declared(clientId, objectAt(`.${clientId}`, settings), rules)
  })
}

function declared(clientId: string, given: object, rules: ClientRules): AppClient {
  const at = `.${clientId}`
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw new ClientFault(`${at}.${unknown}: there is no such setting`)
  assertShape(at, given as Record<string, unknown>)
  const { secretHashes = [], ...settings } = given as DeclaredClientSettings
  const [fault] = settingsFaults(settings, rules)
  if (fault) throw new ClientFault(`${at}${fault.field.replaceAll('/', '.')}: ${fault.message}`)
  if (settings.public === true ? secretHashes.length > 0 : secretHashes.length === 0) {
    throw new ClientFault(
      `${at}.secretHashes: must have the hash of its secret, or be left out where \`public\` is true`,
    )
  }
  const secrets = secretHashes.map((hash) => ({ hash, addedAt: 0 }))
  return {
    ...clientOf(settings, { clientId, secrets, createdAt: 0, createdBy: SETTINGS }),
    isDeclared: true,
  }
}

function assertShape(at: string, given: Record<string, unknown>): void {
  const { name, redirectUris, secretHashes = [] } = given
  if (typeof name !== 'string' || name.length > MAX_NAME || !isDisplayName(name)) {
    throw new ClientFault(`${at}.name: must be one line of at most ${MAX_NAME} characters`)
  }
  for (const list of ['redirectUris', ...LISTS]) {
    const values = given[list]
    if (values !== undefined && !isTexts(values)) {
      throw new ClientFault(`${at}.${list}: must be a list of at most ${MAX_REDIRECT_URIS} texts`)
    }
  }
  if (!isTexts(redirectUris) || redirectUris.length === 0) {
    throw new ClientFault(`${at}.redirectUris: must have at least one URI`)
  }
  for (const flag of FLAGS) {
    if (!['boolean', 'undefined'].includes(typeof given[flag])) {
      throw new ClientFault(`${at}.${flag}: must be true or false`)
    }
  }
  const hashes = secretHashes as readonly string[]
  if (hashes.length > MAX_HASHES || !hashes.every((hash) => HASH.test(hash))) {
    throw new ClientFault(
      `${at}.secretHashes: must be at most ${MAX_HASHES} SHA-256 hashes, base64url, never a secret itself`,
    )
  }
}

const isDisplayName = (text: string): boolean => cleanName(text, MAX_NAME) === text

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= MAX_REDIRECT_URIS &&
  value.every((text) => typeof text === 'string')

function objectAt(at: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new ClientFault(`${at}: must be an object`)
}
