import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { App, AspectPriority, Aspects } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { IConstruct } from 'constructs'
import { buildOrders } from '../../examples/orders-api/app.js'
import { buildCdkApp } from '../../infra/app.js'
import { bundle, FUNCTIONS } from '../../infra/bundle/bundle.js'
import type { FunctionName } from '../../infra/constructs/function-folder.js'
import { ACCOUNT, REGION } from './emulator.js'
import { leaveOutAll } from './left-out.js'
import type { Assembly } from './assemblies.js'

/** Makes cloud assemblies, as `cdk synth` does: a list of them comes by standard input. */
const assemblies = JSON.parse(await text(process.stdin)) as readonly Assembly[]
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
await Promise.all((Object.keys(FUNCTIONS) as FunctionName[]).map(bundle))

const EMULATOR = { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: REGION }

for (const { folder, settings, app: which, mistake, target } of assemblies) {
  const app = new App({ outdir: folder, context: { ...context, latchkey: settings } })
  if (which === 'orders-api') buildOrders(app, settings.architecture)
  else buildCdkApp(app, { ...(target ?? EMULATOR) }, 'no settings file')
  const aspects = Aspects.of(app)
  if (!target) aspects.add(leaveOutAll, { priority: AspectPriority.MUTATING })
  if (mistake) {
    aspects.add({ visit: (construct) => makeMistake(construct, mistake) })
  }
  try {
    app.synth()
  } catch (error) {
    // The others may be good.
    console.error(error)
    process.exitCode = 1
  }
}

/** A wrong value of a variable that the settings can't be seen to be wrong by. */
function makeMistake(construct: IConstruct, variables: Readonly<Record<string, string>>): void {
  if (!(construct instanceof CfnFunction)) return
  for (const [name, value] of Object.entries(variables)) {
    construct.addPropertyOverride(`Environment.Variables.${name}`, value)
  }
}
