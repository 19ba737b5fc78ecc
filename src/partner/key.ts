import { text } from 'node:stream/consumers'
import { parseAnyKey, type ParsedKey, prefixOf } from '../api-keys/verification/format.js'
import { table } from './describe.js'
import { CommandError, EXIT } from './exit.js'

export const KEY_HELP = `
The key is read from LATCHKEY_API_KEY, or else asked for at a terminal, or else read from standard input.
It is never an argument: those are in the list of processes and in the shell's history.`

/** The key as its holder gave it. */
export async function readKey(environment: NodeJS.ProcessEnv): Promise<string> {
  const { LATCHKEY_API_KEY: given = '' } = environment
  const key = (given === '' ? await askForKey() : given).trim()
  if (key !== '') return key
  throw new CommandError(EXIT.usage, 'There is no key. Set LATCHKEY_API_KEY, or pipe the key in.')
}

/** The same, taken apart. @throws {CommandError} for one that is mistyped: it would be refused anyway. */
export async function readWholeKey(
  environment: NodeJS.ProcessEnv,
): Promise<ParsedKey & { readonly key: string }> {
  const key = await readKey(environment)
  const parsed = parseAnyKey(key)
  if (parsed) return { ...parsed, key }
  throw new CommandError(EXIT.key, 'The key is mistyped or cut: see latchkey key inspect.')
}

async function askForKey(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? ''
  const { default: askSecretly } = await import('@inquirer/password')
  return askSecretly({ message: 'API key' }, { output: process.stderr })
}

/** What a key says of itself, without its secret. */
export interface KeyInspection {
  readonly prefix: string | null
  readonly environment: string | null
  readonly keyId: string | null
  readonly ownerId: string | null
  readonly checksum: 'valid' | 'invalid'
}

/** Makes no request: a valid checksum means that the key is typed right, not that it is live. */
export function inspectKey(key: string): KeyInspection {
  const prefix = prefixOf(key)
  const parsed = parseAnyKey(key)
  return {
    prefix: prefix?.name ?? null,
    environment: prefix?.environment ?? null,
    keyId: parsed?.keyId ?? null,
    ownerId: parsed?.ownerId ?? null,
    checksum: parsed ? 'valid' : 'invalid',
  }
}

/** One line for what is no key, else what it says. */
export function describeInspection(found: KeyInspection): string {
  const { prefix, environment, keyId, ownerId, checksum } = found
  if (prefix === null) {
    return 'This is no API key: one begins like lk_live_ and has 79 more letters and digits.'
  }
  if (checksum === 'invalid') {
    return `This begins like an API key (${prefix}_${environment}_), but is mistyped or cut.`
  }
  return table([
    ['prefix', prefix],
    ['environment', String(environment)],
    ['key id', String(keyId)],
    ['owner', String(ownerId)],
    ['checksum', checksum],
  ])
}
