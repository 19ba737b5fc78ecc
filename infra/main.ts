import { buildCdkApp } from './app.js'
import { SettingsError } from './settings/settings-error.js'

try {
  buildCdkApp()
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
