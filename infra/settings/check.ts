import type { LatchkeySettings } from './latchkey-settings.js'
import { checkRules } from './rules.js'
import { settingsSchema } from './schema.js'
import { checkShape } from './shape.js'
import { checkVariables } from './variables.js'

/**
 * Everything about settings that needs no function: what each one will read is checked when it is made.
 * @param region of the stack, where it is known.
 * @throws {SettingsError} one sentence for the first setting that is wrong.
 */
export function checkSettings(settings: LatchkeySettings, region?: string): void {
  checkShape(settingsSchema, settings)
  checkRules(settings, region)
  checkVariables(settings.environment ?? {})
}
