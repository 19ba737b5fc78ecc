import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { checkSettings, type LatchkeySettings, SettingsError } from './settings.js'
import { StatefulStack } from './stateful-stack.js'
import { StatelessStack } from './stateless-stack.js'

/**
 * `cdk deploy --all`. Settings come from the context: `latchkey` in cdk.json, or `-c latchkey='{"…"}'`.
 * @throws {SettingsError} for a setting that can't be deployed.
 */
export function buildCdkApp(
  app = new App(),
  { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region }: NodeJS.ProcessEnv = process.env,
): {
  stateful: StatefulStack
  stateless: StatelessStack
} {
  const { encryptionKeyArn, ...settings } = readSettings(app.node.tryGetContext('latchkey'))
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

function readSettings(context: unknown): Context {
  const value: unknown = typeof context === 'string' ? parse(context) : (context ?? {})
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new SettingsError('latchkey must be an object.')
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new SettingsError('latchkey must be JSON.')
  }
}
