import { join } from 'node:path'
import { format } from 'prettier'
import { CATALOGUE } from '../../src/events/catalogue.js'

export const EVENTS_DOCUMENT = join(import.meta.dirname, '../../docs/events.md')

const INTRODUCTION = `# Events

Each line of the log that has an \`event\` is one of these. A metric counts its lines (namespace \`Latchkey\`, dimension \`service\`: the name of the function). **Kept** says what stays beside the line of the log: \`trail\` is an item of the audit trail, written in the transaction of what it tells of; \`counted\` is one item an account and hour, with a count; \`log\` is the line alone. A person reads the trail of their account at \`GET /api/account/events\` and on the page “Activity”, an administrator that of any user at \`GET /api/admin/users/:id/events\`, and operators with \`npm run admin -- events <user>\`. An item is kept for \`AUDIT_RETENTION_DAYS\`.

This file is generated from \`src/events/catalogue.ts\`.
`

/** `docs/events.md`: every event of the catalogue. */
export async function eventsDocument(): Promise<string> {
  const rows = Object.entries(CATALOGUE)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, { level, kept, metric, meaning }]) => [
      `\`${name}\``,
      level,
      kept,
      metric === undefined ? '' : `\`${metric}\``,
      meaning,
    ])
  const table = [
    ['Event', 'Level', 'Kept', 'Metric', 'What happened'],
    ['-', '-', '-', '-', '-'],
    ...rows,
  ]
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`)
  return format(`${INTRODUCTION}\n${lines.join('\n')}\n`, { parser: 'markdown' })
}
