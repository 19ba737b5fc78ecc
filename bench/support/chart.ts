/** One line of a chart: its bars lie one above the other. */
export interface Line {
  readonly name: string
  readonly values: readonly number[]
  /** Drawn across the bar. */
  readonly range?: { readonly least: number; readonly most: number }
  readonly goal?: number | undefined
  /** Written behind the bars. */
  readonly said: string
}

export interface Chart {
  readonly title: string
  readonly subtitle: string
  readonly lines: readonly Line[]
}

const BAR = 380
const LINE = 26
const TOP = 64
const FONT = 'font-family="system-ui, sans-serif"'
/** Of a letter, on average, in the two sizes of text beside the bars. */
const LETTER = 6.8
const SMALL_LETTER = 6
const OURS = ['#3453d1', '#7c93e8', '#b9c6f5']
const OTHERS = ['#b8bec9']

interface Frame {
  /** Where the bars begin. */
  readonly left: number
  readonly scale: (value: number) => number
}

/** A chart as SVG: bars, a thin line over each range, and a mark at each goal. */
export function drawChart({ title, subtitle, lines }: Chart): string {
  const height = TOP + lines.length * LINE + 12
  const left = 20 + Math.ceil(LETTER * longest(lines.map(({ name }) => name)))
  const behind = Math.ceil(SMALL_LETTER * longest(lines.map(({ said }) => said)))
  const width = Math.max(left + BAR + 24 + behind, 24 + Math.ceil(LETTER * subtitle.length))
  const highest = Math.max(...lines.flatMap(({ values }) => values))
  const scale = (value: number) => Math.round((Math.min(value, highest) / highest) * BAR)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${FONT} font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(12, 24, title, 'font-size="16" font-weight="600"'),
    text(12, 46, subtitle, 'fill="#555"'),
    ...lines.map((line, index) => drawLine(line, TOP + index * LINE, { left, scale })),
    '</svg>\n',
  ].join('\n')
}

const longest = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length))

function drawLine({ name, values, range, goal, said }: Line, y: number, { left, scale }: Frame) {
  const middle = y + LINE / 2
  const thickness = Math.floor((LINE - 8) / values.length)
  const isOurs = name.startsWith('Latchkey') || values.length > 1
  return [
    text(left - 10, middle + 4, name, 'text-anchor="end"'),
    ...values.map((value, index) => {
      const fill = (isOurs ? OURS : OTHERS)[index] ?? '#222'
      const top = y + 4 + index * thickness
      return `<rect x="${left}" y="${top}" width="${scale(value)}" height="${thickness}" fill="${fill}"/>`
    }),
    ...(range
      ? [
          `<path d="M${left + scale(range.least)} ${middle}H${left + scale(range.most)}" stroke="#222"/>`,
        ]
      : []),
    ...(goal === undefined
      ? []
      : [
          `<path d="M${left + scale(goal)} ${y + 1}V${y + LINE - 1}" stroke="#c22" stroke-width="2"/>`,
        ]),
    text(left + BAR + 12, middle + 4, said, 'font-size="11"'),
  ].join('\n')
}

const text = (x: number, y: number, content: string, attributes: string) =>
  `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`

const escaped = (content: string) => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
