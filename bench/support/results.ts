import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Chart, drawChart } from './chart.js'
import { processor } from './report.js'

/** What a reader needs in order to measure the same. */
export interface Setting {
  /** ISO 8601, of the day. */
  readonly date: string
  readonly machine: string
  /** Version of Node, with its `v`. */
  readonly node: string
  readonly rounds: number
  /** Where processes ran. */
  readonly cores?: string
  readonly connections?: number
  readonly versions?: Readonly<Record<string, string>>
}

/** What a bench has found. */
export interface Result {
  /** Of its files, without their ending. */
  readonly name: string
  readonly title: string
  readonly setting: Setting
  /** The figures. */
  readonly rows: readonly object[]
}

/** How a result is shown. */
interface Shown extends Omit<Chart, 'title'> {
  /** As the bench prints it, names of columns first. */
  readonly table: readonly (readonly string[])[]
}

/** As it is kept. */
interface Kept extends Result {
  /** Lines of Markdown. */
  readonly table: readonly string[]
}

/** Those of quick runs are not to be quoted, and are apart. */
export const resultsFolder = (isQuick: boolean): string =>
  join(import.meta.dirname, '../results', isQuick ? 'quick' : '')

/** Of this process, today. */
export const settingOf = (known: Partial<Setting> & Pick<Setting, 'rounds'>): Setting => ({
  date: new Date().toISOString().slice(0, 10),
  machine: processor(),
  node: process.version,
  ...known,
})

/** Writes a result as JSON and as a chart, and a page with the tables of all that the folder has. */
export function writeResult(folder: string, result: Result, { table, ...chart }: Shown): void {
  mkdirSync(folder, { recursive: true })
  const { name, title } = result
  const kept: Kept = { ...result, table: markdown(table) }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`)
  writeFileSync(join(folder, `${name}.svg`), drawChart({ title, ...chart }))
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  const all = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Kept)
  writeFileSync(join(folder, 'README.md'), page(all))
  console.log(`\nWritten to ${join(folder, name)}.json and .svg`)
}

const page = (results: readonly Kept[]): string =>
  ['# Results', 'Written by the benches.', ...results.map(section)].join('\n\n') + '\n'

const section = ({ name, title, setting, table }: Kept): string =>
  [
    `## ${name}`,
    `${title}. ${sentence(setting)}`,
    table.join('\n'),
    `![${title}](${name}.svg)`,
  ].join('\n\n')

function sentence({ date, machine, node, rounds, cores, connections, versions = {} }: Setting) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const how = [
    ...[date, machine, `Node ${node}`],
    ...(cores === undefined ? [] : [cores]),
    ...(connections === undefined ? [] : [`${connections} connections`]),
    `${rounds} rounds`,
  ].join(', ')
  return [how, ...(packages.length > 0 ? [packages.join(', ')] : [])].join('; ') + '.'
}

/** As prettier writes it. */
function markdown(lines: readonly (readonly string[])[]): string[] {
  const [header = [], ...rows] = lines
  const widths = header.map((_, column) =>
    Math.max(3, ...lines.map((line) => (line[column] ?? '').length)),
  )
  const rule = widths.map((width) => '-'.repeat(width))
  return [header, rule, ...rows]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
    .map((line) => `| ${line.join(' | ')} |`)
}
