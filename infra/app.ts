import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { readAppSettings } from './settings/file.js'
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
  const context: unknown = app.node.tryGetContext('latchkey')
  const settings = readAppSettings(settingsFile, context, region)
  const { encryptionKeyArn, stage, tags, apiKeyAuthorizers, ofService } = settings
  const env = account !== undefined && region !== undefined ? { env: { account, region } } : {}
  const common = { ...env, tags }
  const end = stage === undefined ? '' : `-${stage}`
  const stateful = new StatefulStack(app, `LatchkeyData${end}`, {
    ...common,
    encryptionKeyArn,
    tables: ofService.tables,
  })
  const { data } = stateful
  const stateless = new StatelessStack(app, `Latchkey${end}`, {
    ...common,
    data,
    settings: ofService,
    apiKeyAuthorizers,
  })
  for (const [name, value] of Object.entries(tags)) Tags.of(app).add(name, value)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  return { stateful, stateless }
}
