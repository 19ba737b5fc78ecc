import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../support/children.js'
import { type Finding, findingOf, type Lint, type Template } from './finding.js'

interface Result {
  readonly name: string
  /** Trees of rules and what they asked, of which each leaf names a path of the template. */
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[]
}

/** Of its exit code: all is well, rules are broken. */
const ENDED = [0, 19]

/**
 * The rules by which AWS Control Tower's proactive controls refuse a deployment, where an organisation has them on.
 * https://docs.aws.amazon.com/controltower/latest/controlreference/proactive-controls.html
 * @param rules their folder.
 */
export const guard =
  (program: string, rules: string): Lint =>
  async (templates) => {
    const { code, out, output } = await run(program, [
      'validate',
      ...rulesFor(templates, rules).flatMap((file) => ['--rules', file]),
      ...templates.flatMap(({ file }) => ['--data', file]),
      ...['--structured', '--show-summary', 'none', '--output-format', 'json'],
    ])
    if (!ENDED.includes(code)) throw new Error(`cfn-guard ended with ${code}:\n${output}`)
    const results = JSON.parse(out) as Result[]
    return new Map(templates.map((template) => [template, findingsIn(template, results)]))
  }

/** Those that name a type of these templates: nine of ten do not, and take most of the time. */
function rulesFor(templates: readonly Template[], folder: string): string[] {
  const types = new Set(templates.flatMap((template) => Object.values(template.types)))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.guard'))
    .map((name) => join(folder, name))
    .filter((file) => {
      const [...named] = readFileSync(file, 'utf8').matchAll(/\bAWS::\w+::\w+/g)
      return named.some(([type]) => types.has(type))
    })
}

function findingsIn(template: Template, results: readonly Result[]): Finding[] {
  const result = results.find(({ name }) => name === template.file)
  if (!result) throw new Error(`cfn-guard did not look at ${template.file}`)
  return result.not_compliant.flatMap((broken) => {
    const tree = JSON.stringify(broken)
    const [, id, said] = /\[(CT\.[A-Z0-9.]+)\]: (.*?)\\n/.exec(tree) ?? []
    const ids = [...tree.matchAll(/"path":"\/Resources\/([^/"]+)/g)].map(([, name]) => name)
    const what = {
      tool: 'Control Tower',
      rule: id ?? broken.Rule.name,
      message: said ?? broken.Rule.name,
    } as const
    const named = [...new Set(ids)]
    return (named.length > 0 ? named : [undefined]).map((name) => findingOf(template, name, what))
  })
}
