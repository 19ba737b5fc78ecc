import { cpSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { buildOrders } from '../../examples/orders-api/app.js'
import { Latchkey } from '../../infra/constructs/latchkey.js'
import { temporaryFolder } from '../support/engine.js'

export interface Deployed {
  /** The unpacked asset, where no `node_modules` of ours can be found. */
  readonly folder: string
  readonly handler: string
  readonly runtime: string
  readonly architectures: readonly string[]
  /** Names of the variables that the template sets, and the values that it knows. */
  readonly variables: Readonly<Record<string, unknown>>
}

interface Resource {
  readonly Type: string
  readonly Properties: {
    readonly Code: { readonly S3Key: string }
    readonly Description?: string
    readonly Handler: string
    readonly Runtime: string
    readonly Architectures: string[]
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> }
  }
}

/** What functions can run on. */
export type Architecture = 'arm64' | 'x86_64'

/** What this machine can run. */
export const OWN_ARCHITECTURE: Architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'

/** The functions of a team that has Latchkey in its stack, and of one with mail, with the assets that were synthesized. */
export function synthesizeFunctions(
  architecture: Architecture,
): Record<'app' | 'authorizer' | 'rotation' | 'worker', Deployed> {
  const outdir = temporaryFolder()
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
    context: Record<string, unknown>
  }
  const app = new App({ outdir, context })
  buildOrders(app, architecture)
  new Latchkey(new Stack(app, 'Mailing'), 'Latchkey', {
    architecture,
    mail: { from: 'auth@example.com' },
  })
  app.synth()
  return {
    app: read(outdir, 'Orders', 'Latchkey: sign-in'),
    authorizer: read(outdir, 'Orders', 'Latchkey: takes API keys'),
    rotation: read(outdir, 'Orders', 'Latchkey: makes the keys'),
    worker: read(outdir, 'Mailing', 'Latchkey: sends mail'),
  }
}

function read(outdir: string, stack: string, description: string): Deployed {
  const template = JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8')) as {
    Resources: Record<string, Resource>
  }
  const found = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties.Description?.startsWith(description),
  )
  if (!found) throw new Error(`No function is described by ${description}`)
  const {
    Code,
    Handler: handler,
    Runtime: runtime,
    Architectures: architectures,
  } = found.Properties
  const folder = temporaryFolder()
  cpSync(join(outdir, `asset.${basename(Code.S3Key, '.zip')}`), folder, { recursive: true })
  const variables = found.Properties.Environment?.Variables ?? {}
  return { folder, handler, runtime, architectures, variables }
}
