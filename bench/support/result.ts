import type { Contender, Scenario } from '../scenarios.js'
import type { Slice } from './contest.js'
import { median } from './report.js'

/** What a reader needs in order to measure the same. */
export interface Setting {
  /** ISO 8601, of the day. */
  readonly date: string
  readonly machine: string
  readonly node: string
  /** Where processes ran. */
  readonly cores: string
  readonly connections: number
  readonly rounds: number
  readonly versions: Readonly<Record<string, string>>
}

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

export interface Result {
  readonly scenario: string
  readonly title: string
  readonly setting: Setting
  readonly rows: readonly Row[]
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

const rounded = (value: number, digits: number) => Number(value.toFixed(digits))
