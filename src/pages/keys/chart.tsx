import type { View } from '../kit/view.js'

/** Calls of one day, ISO 8601, by outcome. */
export interface Day {
  readonly day: string
  readonly allowed: number
  readonly limited: number
  readonly forbidden: number
}

const WIDTH = 600
const HEIGHT = 96
const GAP = 4

/** Bars of calls per day: one path, which weighs a third of as many rectangles. */
export function Chart({ view, days }: { readonly view: View; readonly days: readonly Day[] }) {
  const { text, number, day } = view.language
  const counts = days.map(({ allowed, limited, forbidden }) => allowed + limited + forbidden)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const most = Math.max(...counts)
  if (total === 0) return <p class="quiet">{text('key.calls.none')}</p>

  const refused = days.reduce((sum, { limited, forbidden }) => sum + limited + forbidden, 0)
  const step = WIDTH / days.length
  const bars = counts.map((count, index) => {
    // A day with a single call must be visible beside one with thousands.
    const height = count === 0 ? 0 : Math.max(2, Math.round((count / most) * (HEIGHT - 4)))
    const x = Math.round(index * step + GAP / 2)
    return height === 0 ? '' : `M${x} ${HEIGHT - 1}v-${height}h${step - GAP}v${height}z`
  })
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? '']
  return (
    <figure class="chart stack tight">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={bars.join('')} fill="currentColor" />
        <path class="axis" d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} />
      </svg>
      <div class="days" aria-hidden="true">
        <span>{day(new Date(first))}</span>
        <span>{day(new Date(last))}</span>
      </div>
      <figcaption class="small">
        {text('key.calls.summary', { total: number(total), most: number(most) })}
        {refused > 0 && ` ${text('key.calls.refused', { count: number(refused) })}`}
      </figcaption>
    </figure>
  )
}
