import type { Contender, Scenario } from '../scenarios.js'
import type { Line } from './chart.js'
import type { Slice } from './contest.js'
import { median } from './report.js'

/** What a contender has reached. */
export interface Row {
  readonly name: string
  /** Median, least and most, over the rounds, of the rate over the baseline's of the same round. */
  readonly ratio: number
  readonly least: number
  readonly most: number
  readonly perSecond: number
  readonly cpuMicroseconds: number
  readonly goal?: number
}

/** @param slices those of each contender, one of each round. */
export function rowsOf({ contenders }: Scenario, slices: readonly (readonly Slice[])[]): Row[] {
  const [baseline = []] = slices
  return contenders.map(({ name, goal }: Contender, index) => {
    const own = slices[index] ?? []
    const ratios = own.map(
      ({ perSecond }, round) => perSecond / (baseline[round]?.perSecond ?? NaN),
    )
    return {
      name,
      ratio: rounded(median(ratios), 3),
      least: rounded(Math.min(...ratios), 3),
      most: rounded(Math.max(...ratios), 3),
      perSecond: rounded(median(own.map(({ perSecond }) => perSecond)), 1),
      cpuMicroseconds: rounded(median(own.map(({ cpuMicroseconds }) => cpuMicroseconds)), 1),
      ...(goal !== undefined && { goal }),
    }
  })
}

export const isMissed = ({ ratio, goal = 0 }: Row): boolean => ratio < goal

export const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

export const tableOf = (rows: readonly Row[]): string[][] => [
  ['', 'of baseline', 'least', 'most', 'goal', 'answers/s', 'CPU us'],
  ...rows.map(cells),
]

const cells = (row: Row): string[] => [
  row.name,
  ...[row.ratio, row.least, row.most].map((ratio) => ratio.toFixed(2)),
  row.goal === undefined ? '' : `${row.goal.toFixed(2)} ${verdict(row)}`,
  row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
  row.cpuMicroseconds.toFixed(row.cpuMicroseconds < 1000 ? 1 : 0),
]

const verdict = (row: Row) => (isMissed(row) ? 'missed' : 'reached')

export const lineOf = (row: Row): Line => ({
  name: row.name,
  values: [row.ratio],
  range: row,
  goal: row.goal,
  said: `${row.ratio.toFixed(2)}${row.goal === undefined ? '' : `, goal ${row.goal} ${verdict(row)}`}`,
})
