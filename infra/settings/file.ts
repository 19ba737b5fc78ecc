import { existsSync, readFileSync } from 'node:fs'
import type { Static } from 'typebox'
import { jsonFaultIn } from '../../src/config/json-position.js'
import { checkSettings } from './check.js'
import { checkAuthorizers, checkKey, checkTags } from './rules.js'
import type { LatchkeySettings } from './latchkey-settings.js'
import { appSettingsSchema, settingsSchema } from './schema.js'
import { SettingsError } from './settings-error.js'
import { checkShape } from './shape.js'

type Written = Static<typeof appSettingsSchema>

/** Scopes that a key needs, by the names of authorizers. */
export type ApiKeyAuthorizers = Readonly<Record<string, readonly string[]>>

/** The settings of a file, parted by whom they are for. */
export interface AppSettings {
  readonly encryptionKeyArn: string | undefined
  readonly stage: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly apiKeyAuthorizers: ApiKeyAuthorizers
  readonly ofService: LatchkeySettings
}

/**
 * Settings of the app, from a file or the context of CDK. Two places would leave open which of them holds.
 * @param context what `-c latchkey='{"…"}'` gave: JSON, or the object in it.
 * @param region of the stacks, where it is known.
 * @throws {SettingsError} one sentence for the first setting that is wrong.
 */
export function readAppSettings(
  file: string,
  context: unknown,
  region: string | undefined,
): AppSettings {
  const isThere = existsSync(file)
  if (isThere && context !== undefined) {
    throw new SettingsError(
      `Settings are both in ${file} and in the context latchkey: keep one of them.`,
    )
  }
  const given = isThere ? readFileSync(file, 'utf8') : (context ?? {})
  const settings = asObject(given, isThere ? file : 'The context latchkey')
  checkShape(appSettingsSchema, settings)
  const parted = partedSettings(settings)
  const { encryptionKeyArn, ofService } = parted
  checkSettings(ofService, region)
  checkTags(parted.tags)
  checkAuthorizers(parted.apiKeyAuthorizers)
  if (encryptionKeyArn !== undefined) checkKey(encryptionKeyArn, region)
  return parted
}

/** What is the app's, and what is the service's. */
function partedSettings(settings: object): AppSettings {
  const { encryptionKeyArn, stage, tags = {}, apiKeyAuthorizers = {} } = settings as Written
  const names = Object.keys(settingsSchema.properties)
  const ofService = Object.entries(settings).filter(([name]) => names.includes(name))
  const rest = Object.fromEntries(ofService) as LatchkeySettings
  return { encryptionKeyArn, stage, tags, apiKeyAuthorizers, ofService: rest }
}

function asObject(given: unknown, where: string): object {
  const value: unknown = typeof given === 'string' ? parse(given, where) : given
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new SettingsError(`${where} must be an object, such as {"logRetentionDays": 90}.`)
}

function parse(json: string, where: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new SettingsError(`${where} must be JSON, and is none at ${jsonFaultIn(json)}.`)
  }
}
