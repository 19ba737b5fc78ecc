import { join } from 'node:path'
import { format } from 'prettier'
import { CATALOGUE } from '../../src/events/catalogue.js'

export const EVENTS_DOCUMENT = join(import.meta.dirname, '../../docs/events.md')

const INTRODUCTION = `# Events

Each line of the log that has an \`event\` is one of these. A metric counts its lines (namespace \`Latchkey\`, dimension \`service\`: the name of the function). This file is generated from \`src/events/catalogue.ts\`.
`

/** `docs/events.md`: every event of the catalogue. */
export async function eventsDocument(): Promise<string> {
  const rows = Object.entries(CATALOGUE)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, { level, metric, meaning }]) => [
      `\`${name}\``,
      level,
      metric === undefined ? '' : `\`${metric}\``,
      meaning,
    ])
  const table = [['Event', 'Level', 'Metric', 'What happened'], ['-', '-', '-', '-'], ...rows]
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`)
  return format(`${INTRODUCTION}\n${lines.join('\n')}\n`, { parser: 'markdown' })
}
