import type { Test } from 'tap'
import { checkSettings, SettingsError } from '../../infra/settings.js'

/** Settings as somebody may write them, the region of the stack, and how the sentence begins that refuses them. */
export type Refusal = [settings: object, region: string | undefined, message: string]

export function checkRefusals(t: Test, rows: readonly Refusal[]): void {
  for (const [settings, region, message] of rows) {
    try {
      checkSettings(settings, region)
      t.fail(`${message}: taken`)
    } catch (error) {
      t.ok(error instanceof SettingsError)
      t.ok((error as Error).message.startsWith(message), (error as Error).message)
    }
  }
}
