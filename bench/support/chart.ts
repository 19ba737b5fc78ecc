import { isMissed, type Result, type Row } from './result.js'

const WIDTH = 720
const NAMES = 210
const BAR = 380
const LINE = 26
const TOP = 64
const FONT = 'font-family="system-ui, sans-serif"'

/** A result as SVG: a bar for each median, a line from least to most, and a mark at each goal. */
export function chart({ title, setting, rows }: Result): string {
  const height = TOP + rows.length * LINE + 12
  const longest = Math.max(1, ...rows.map(({ ratio }) => ratio))
  const scale = (ratio: number) => Math.round((Math.min(ratio, longest) / longest) * BAR)
  const { date, machine, node, rounds } = setting
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ${FONT} font-size="13">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(12, 24, title, 'font-size="16" font-weight="600"'),
    text(
      12,
      46,
      `rate over the baseline’s, median of ${rounds} rounds; Node ${node}, ${machine}, ${date}`,
      'fill="#555"',
    ),
    ...rows.map((row, index) => bar(row, TOP + index * LINE, scale)),
    '</svg>\n',
  ].join('\n')
}

function bar(row: Row, y: number, scale: (ratio: number) => number): string {
  const { name, ratio, least, most, goal } = row
  const middle = y + LINE / 2
  const [from, to] = [NAMES + scale(least), NAMES + scale(most)]
  const goalAt = NAMES + scale(goal ?? 0)
  const said = goal === undefined ? '' : `, goal ${goal} ${isMissed(row) ? 'missed' : 'reached'}`
  return [
    text(NAMES - 10, middle + 4, name, 'text-anchor="end"'),
    `<rect x="${NAMES}" y="${y + 4}" width="${scale(ratio)}" height="${LINE - 8}" fill="${name.startsWith('Latchkey') ? '#3453d1' : '#b8bec9'}"/>`,
    `<path d="M${from} ${middle}H${to}" stroke="#222"/>`,
    ...(goal === undefined
      ? []
      : [`<path d="M${goalAt} ${y + 1}V${y + LINE - 1}" stroke="#c22" stroke-width="2"/>`]),
    text(NAMES + BAR + 12, middle + 4, `${ratio.toFixed(2)}${said}`, 'font-size="11"'),
  ].join('\n')
}

const text = (x: number, y: number, content: string, attributes: string) =>
  `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`

const escaped = (content: string) => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
