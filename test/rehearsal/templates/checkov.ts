import { run } from '../../support/children.js'
import { type Finding, findingOf, type Lint, type Template } from './finding.js'

interface Report {
  readonly results: {
    readonly passed_checks: readonly Check[]
    readonly failed_checks: readonly Check[]
    readonly parsing_errors: readonly string[]
  }
}

interface Check {
  readonly check_id: string
  readonly check_name: string
  readonly file_abs_path: string
  /** Type and logical id, with a dot between. */
  readonly resource: string
}

/** @param program where it is. */
export const checkov =
  (program: string): Lint =>
  async (templates) => {
    // Without a download of what its makers' service would add.
    const options = ['--framework', 'cloudformation', '--skip-download', '--output', 'json']
    const files = templates.flatMap(({ file }) => ['--file', file])
    const { code, out, output } = await run(program, [...options, '--compact', ...files])
    if (code > 1) throw new Error(`checkov ended with ${code}:\n${output}`)
    const { results } = JSON.parse(out) as Report
    const { passed_checks: passed, failed_checks: failed, parsing_errors: unread } = results
    if (unread.length > 0) throw new Error(`checkov can't read ${unread.join(', ')}`)
    const found = new Map<Template, Finding[]>()
    for (const template of templates) {
      const isOf = ({ file_abs_path: path }: Check) => path === template.file
      const findings = failed.filter(isOf)
      if (findings.length === 0 && !passed.some(isOf)) {
        throw new Error(`checkov did not look at ${template.file}`)
      }
      found.set(
        template,
        findings.map(({ check_id: rule, check_name: message, resource }) =>
          findingOf(template, resource.split('.').at(-1), { tool: 'checkov', rule, message }),
        ),
      )
    }
    return found
  }
