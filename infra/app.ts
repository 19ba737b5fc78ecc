import { existsSync, readFileSync } from 'node:fs'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { checkSettings, type LatchkeySettings, SettingsError } from './settings.js'
import { StatefulStack } from './stacks/stateful.js'
import { StatelessStack } from './stacks/stateless.js'

/** Beside cdk.json, and not part of this repository: an upgrade leaves it alone. */
const SETTINGS_FILE = 'latchkey.json'

/**
 * `cdk deploy --all`. Settings come from `latchkey.json`, or else from the context: `-c latchkey='{"…"}'`.
 * @throws {SettingsError} for a setting that can't be deployed.
 */
export function buildCdkApp(
  app = new App(),
  { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region }: NodeJS.ProcessEnv = process.env,
  settingsFile = SETTINGS_FILE,
): {
  stateful: StatefulStack
  stateless: StatelessStack
} {
  const { encryptionKeyArn, ...settings } = readSettings(
    app.node.tryGetContext('latchkey'),
    settingsFile,
  )
  checkSettings(settings, region)
  if (encryptionKeyArn !== undefined && region === undefined) {
    throw new SettingsError(
      'encryptionKeyArn can only be deployed to a known region: give the CLI credentials, or a profile.',
    )
  }
  const known = account !== undefined && region !== undefined ? { env: { account, region } } : {}
  const stateful = new StatefulStack(app, 'LatchkeyData', { ...known, encryptionKeyArn })
  const stateless = new StatelessStack(app, 'Latchkey', { ...known, data: stateful.data, settings })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  return { stateful, stateless }
}

type Context = LatchkeySettings & { readonly encryptionKeyArn?: string }

/** Two places would leave open which of them holds. */
function readSettings(context: unknown, file: string): Context {
  if (!existsSync(file)) return asSettings(context ?? {}, 'latchkey')
  if (context !== undefined) {
    throw new SettingsError(
      `Settings are both in ${file} and in the context latchkey: keep one of them.`,
    )
  }
  return asSettings(readFileSync(file, 'utf8'), file)
}

function asSettings(given: unknown, where: string): Context {
  const value: unknown = typeof given === 'string' ? parse(given, where) : given
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new SettingsError(`${where} must be an object.`)
}

function parse(json: string, where: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new SettingsError(`${where} must be JSON.`)
  }
}
