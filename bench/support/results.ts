import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart } from './chart.js'
import { isMissed, type Result, type Row } from './result.js'

export const HEADER = ['', 'of baseline', 'least', 'most', 'goal', 'answers/s', 'CPU us'] as const

export const cells = (row: Row): string[] => [
  row.name,
  ...[row.ratio, row.least, row.most].map((ratio) => ratio.toFixed(2)),
  row.goal === undefined ? '' : `${row.goal.toFixed(2)} ${isMissed(row) ? 'missed' : 'reached'}`,
  row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
  row.cpuMicroseconds.toFixed(row.cpuMicroseconds < 1000 ? 1 : 0),
]

/** Writes each result as JSON and as a chart, and a page with the tables of all that the folder has. */
export function writeResults(folder: string, results: readonly Result[]): void {
  mkdirSync(folder, { recursive: true })
  for (const result of results) {
    const file = join(folder, result.scenario)
    writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`)
    writeFileSync(`${file}.svg`, chart(result))
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  const all = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result)
  writeFileSync(join(folder, 'README.md'), page(all))
}

const page = (results: readonly Result[]): string =>
  ['# Results', 'Written by `npm run bench`.', ...results.map(section)].join('\n\n') + '\n'

function section({ scenario, title, setting, rows }: Result): string {
  const { date, machine, node, cores, connections, rounds, versions } = setting
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `## ${scenario}`,
    `${title}. ${date}, ${machine}, Node ${node}, ${cores}, ${connections} connections, ${rounds} rounds; ${packages.join(', ')}.`,
    table([[...HEADER], ...rows.map(cells)]),
    `![${title}](${scenario}.svg)`,
  ].join('\n\n')
}

/** As prettier writes it. */
function table(lines: readonly (readonly string[])[]): string {
  const [header = [], ...rows] = lines
  const widths = header.map((_, column) =>
    Math.max(3, ...lines.map((line) => (line[column] ?? '').length)),
  )
  const rule = widths.map((width) => '-'.repeat(width))
  return [header, rule, ...rows]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
}
