import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { trySynthesize } from '../assemblies.js'
import type { Finding, Template, Tool } from './finding.js'
import type { Variant } from './variants.js'

/** What CDK made of a variant, and what cdk-nag and CloudFormation's schema rules say of it. */
export interface Synthesized {
  readonly name: string
  readonly variant: Variant
  readonly findings: readonly Finding[]
  readonly templates: readonly Template[]
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string
    readonly violations: readonly {
      readonly ruleName: string
      readonly description: string
      readonly violatingConstructs?: readonly { readonly constructPath?: string }[]
    }[]
  }[]
}

/** Of a template that fits any region. */
const ANY = 'us-east-1'

/**
 * Synthesizes all variants in one process. One that breaks a rule has findings, and its templates all the same.
 * @throws {Error} for one that can't be made at all.
 */
export async function synthesizeVariants(
  variants: Readonly<Record<string, Variant>>,
  folder: string,
): Promise<Synthesized[]> {
  const folderOf = (name: string) => join(folder, name.replaceAll(' ', '-'))
  const { output } = await trySynthesize(
    Object.entries(variants).map(([name, variant]) => ({ ...variant, folder: folderOf(name) })),
  )
  return Object.entries(variants).map(([name, variant]) => {
    const made = folderOf(name)
    if (!existsSync(join(made, 'validation-report.json'))) {
      throw new Error(`The templates of ${name} can't be made:\n${output}`)
    }
    const region = variant.target.CDK_DEFAULT_REGION ?? ANY
    return { name, variant, findings: findingsIn(made), templates: templatesIn(made, region) }
  })
}

const templatesIn = (folder: string, region: string): Template[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => {
      const file = join(folder, name)
      const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as {
        Resources: Record<string, { Type: string }>
      }
      const types = Object.entries(Resources).map(([id, { Type }]) => [id, Type])
      return { file, region, types: Object.fromEntries(types) as Record<string, string> }
    })

function findingsIn(folder: string): Finding[] {
  const report = readFileSync(join(folder, 'validation-report.json'), 'utf8')
  const { pluginReports } = JSON.parse(report) as Report
  return pluginReports.flatMap(({ pluginName, violations }) => {
    const tool: Tool = pluginName.startsWith('CloudFormation') ? 'schema' : 'cdk-nag'
    return violations.flatMap(({ ruleName: rule, description: message, violatingConstructs }) =>
      (violatingConstructs ?? [{}]).map(({ constructPath: resource = '(template)' }) => {
        return { tool, rule, resource, message }
      }),
    )
  })
}
