import { run } from '../../support/children.js'
import { type Finding, findingOf, type Lint, type Template } from './finding.js'

interface Match {
  readonly Filename: string
  readonly Rule: { readonly Id: string }
  readonly Message: string
  readonly Location: { readonly Path: readonly (string | number)[] | null }
}

/** Bits of its exit code: errors, warnings, remarks. Another bit says that it did not work. */
const FOUND = 2 | 4 | 8

/** Errors and warnings, by what each region knows. Remarks on style are left out: CDK writes these templates. */
export const cfnLint =
  (program: string): Lint =>
  async (templates) => {
    const found = new Map<Template, Finding[]>(templates.map((template) => [template, []]))
    for (const region of new Set(templates.map((template) => template.region))) {
      const files = templates.filter((template) => template.region === region)
      const names = files.map(({ file }) => file)
      const options = ['--format', 'json', '--regions', region]
      const { code, out, output } = await run(program, [...options, '--', ...names])
      if ((code & ~FOUND) !== 0) throw new Error(`cfn-lint ended with ${code}:\n${output}`)
      for (const { Filename, Rule, Message, Location } of JSON.parse(out) as Match[]) {
        const template = files.find(({ file }) => file === Filename)
        if (!template) throw new Error(`cfn-lint looked at ${Filename}, which is no template`)
        const [section, id] = Location.Path ?? []
        const logicalId = section === 'Resources' && id !== undefined ? String(id) : undefined
        const what = { tool: 'cfn-lint', rule: Rule.Id, message: Message } as const
        found.get(template)?.push(findingOf(template, logicalId, what))
      }
    }
    return found
  }
