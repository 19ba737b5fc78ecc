import { join } from 'node:path'
import type { Static } from 'typebox'
import type { LatchkeySettings } from '../../infra/settings/latchkey-settings.js'
import type { appSettingsSchema } from '../../infra/settings/schema.js'
import { type Ended, run } from '../support/children.js'

/** What `latchkey.json` may hold. */
export type FileSettings = LatchkeySettings &
  Pick<Static<typeof appSettingsSchema>, 'encryptionKeyArn' | 'stage' | 'tags'>

/** Where a cloud assembly can be deployed to, as the CDK CLI says it. */
export interface Target {
  readonly CDK_DEFAULT_ACCOUNT?: string
  readonly CDK_DEFAULT_REGION?: string
}

/** A cloud assembly: what `cdk deploy --app` takes. */
export interface Assembly {
  readonly folder: string
  readonly settings: FileSettings
  /** @default the stacks of the service */
  readonly app?: 'orders-api' | undefined
  /** Account and region of AWS; an empty one fits any. @default - the emulator, without what it refuses */
  readonly target?: Target | undefined
  /** Variables of every function that are wrong. @default - none */
  readonly mistake?: Readonly<Record<string, string>> | undefined
}

const SYNTHESIZE = join(import.meta.dirname, 'synthesize.ts')

/** Makes them in one process, since each start of CDK takes seconds. @returns with 1 where one can't be made. */
export function trySynthesize(assemblies: readonly Assembly[]): Promise<Ended> {
  const input = JSON.stringify(assemblies)
  return run(process.execPath, ['--import', 'tsx', SYNTHESIZE], { input })
}

/** Makes all of them. @throws {Error} with what CDK says. */
export async function synthesize(assemblies: readonly Assembly[]): Promise<void> {
  const { code, output } = await trySynthesize(assemblies)
  if (code !== 0) throw new Error(`The stacks can't be synthesized:\n${output}`)
}
