import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ToolsMissing } from '../../support/python-environment.js'
import { FOLDER, installLinters, type Linters } from '../tools.js'
import { cfnLint } from './cfn-lint.js'
import { checkov } from './checkov.js'
import { EXCEPTIONS } from './exceptions.js'
import { type Finding, type Lint, type Template, TOOLS } from './finding.js'
import { guard } from './guard.js'
import { Judge, type Verdict } from './judge.js'
import { synthesizeVariants } from './synthesis.js'
import { VARIANTS } from './variants.js'

/**
 * Synthesizes the service with many settings, and has every linter look at the templates.
 * @returns the exit code: 0 when all is well, 1 when something is not, 3 when a linter can't be installed.
 */
export async function checkTemplates(): Promise<number> {
  try {
    const linters = await installLinters()
    const folder = mkdtempSync(join(FOLDER, 'templates-'))
    try {
      return (await check(linters, folder)) ? 0 : 1
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    const isMissing = error instanceof ToolsMissing
    console.error(isMissing ? error.message : error)
    return isMissing ? 3 : 1
  }
}

/** @returns whether each tool is content with each variant, and each exception is needed. */
async function check(linters: Linters, folder: string): Promise<boolean> {
  const startedAt = performance.now()
  const made = await synthesizeVariants(VARIANTS, folder)
  const twins = distinct(made.flatMap(({ templates }) => templates))
  const different = [...new Set(twins.values())]
  const said = await lintAll(linters, different)
  const saidOf = (template: Template) => said.get(twins.get(template) as Template) ?? []

  const judge = new Judge(EXCEPTIONS)
  const verdicts = made.flatMap((variant) => {
    const findings = [...variant.findings, ...variant.templates.flatMap(saidOf)]
    return TOOLS.map((tool) => judge.judge(variant, tool, findings))
  })
  const stale = judge.stale()
  report(verdicts, stale)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(
    `\n${made.length} variants, ${twins.size} templates of which ${different.length} differ, ${seconds} s\n`,
  )
  const checks = [...verdicts.map(({ findings }) => findings.length === 0), stale.length === 0]
  const pass = checks.filter(Boolean).length
  console.log(`# { total: ${checks.length}, pass: ${pass}, fail: ${checks.length - pass} }`)
  return pass === checks.length
}

/** For each template the first one that is the same and goes to the same region. */
function distinct(templates: readonly Template[]): Map<Template, Template> {
  const firsts = new Map<string, Template>()
  return new Map(
    templates.map((template) => {
      const key = template.region + readFileSync(template.file, 'utf8')
      const first = firsts.get(key) ?? template
      firsts.set(key, first)
      return [template, first]
    }),
  )
}

/** The linters look at the templates beside each other. */
async function lintAll(
  linters: Linters,
  templates: readonly Template[],
): Promise<Map<Template, Finding[]>> {
  const lints: Lint[] = [
    guard(linters.guard, linters.guardRules),
    cfnLint(linters.cfnLint),
    checkov(linters.checkov),
  ]
  const found = await Promise.all(lints.map((lint) => lint(templates)))
  return new Map(
    templates.map((template) => [template, found.flatMap((said) => said.get(template) ?? [])]),
  )
}

/** Prints what is wrong, and a table of all: findings, and in brackets those that there are exceptions for. */
function report(verdicts: readonly Verdict[], stale: readonly string[]): void {
  for (const { name, tool, findings } of verdicts) {
    if (findings.length > 0) fail(`${name}: ${tool}`, findings.map(lineOf))
  }
  if (stale.length > 0) fail('no exception is stale; delete', stale)
  const names = [...new Set(verdicts.map(({ name }) => name))]
  const width = Math.max(...names.map((name) => name.length))
  const row = (name: string, cells: readonly string[]) =>
    console.log([name.padEnd(width), ...cells.map((cell) => cell.padStart(13))].join('  '))
  row('', TOOLS)
  for (const name of names) {
    const cells = verdicts.filter((verdict) => verdict.name === name)
    row(
      name,
      cells.map(({ findings, excepted }) => `${findings.length} (${excepted})`),
    )
  }
}

function fail(what: string, lines: readonly string[]): void {
  console.log(`not ok - ${what}`)
  for (const line of lines) console.log(`    ${line}`)
}

const lineOf = ({ rule, resource, type, message }: Finding): string =>
  `${rule} ${resource}${type === undefined ? '' : ` (${type})`}: ${message}`
