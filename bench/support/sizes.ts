import { rounded } from './comparison.js'
import { median, printTable } from './report.js'
import { resultsFolder, settingOf, writeResult } from './results.js'
import type { Units } from './units.js'

/** What one operation has taken. */
interface Taken {
  /** Requests, read units and write units. */
  readonly cost: string
  readonly milliseconds: number
}

/** All that operations have taken at one size. */
export class Tries {
  readonly #units: Units
  readonly #taken = new Map<string, Taken[]>()

  /** @param units of the service in which they are done. */
  constructor(units: Units) {
    this.#units = units
  }

  /** In the order in which they were first done. */
  get names(): string[] {
    return [...this.#taken.keys()]
  }

  /** @param name undefined where what it takes does not count. */
  async do<T>(name: string | undefined, operate: () => Promise<T>): Promise<T> {
    const before = { ...this.#units }
    const start = performance.now()
    const result = await operate()
    const milliseconds = performance.now() - start
    const of = (figure: keyof Units) => this.#units[figure] - before[figure]
    const cost = `${of('requests')}, ${of('readUnits')}, ${of('writeUnits')}`
    if (name !== undefined)
      this.#taken.set(name, [...(this.#taken.get(name) ?? []), { cost, milliseconds }])
    return result
  }

  /** Now and then a request takes a block of permits for its address along, which is not what is measured. */
  costOf(name: string): string {
    const costs = this.#of(name).map(({ cost }) => cost)
    const times = (cost: string) => costs.filter((each) => each === cost).length
    return costs.toSorted((a, b) => times(b) - times(a))[0] ?? ''
  }

  /** Milliseconds, the median. */
  timeOf(name: string): number {
    return median(this.#of(name).map(({ milliseconds }) => milliseconds))
  }

  #of(name: string): readonly Taken[] {
    return this.#taken.get(name) ?? []
  }
}

/** A size, as it stands over its column of costs and over that of times. */
export interface Size {
  readonly title: string
  readonly short: string
}

/** What an operation takes at each size. */
export interface SizesRow {
  readonly name: string
  readonly costs: readonly string[]
  /** Milliseconds. */
  readonly times: readonly number[]
}

export const rowsOf = (all: readonly Tries[]): SizesRow[] =>
  (all[0]?.names ?? []).map((name) => ({
    name,
    costs: all.map((tries) => tries.costOf(name)),
    times: all.map((tries) => tries.timeOf(name)),
  }))

export const hasOneCost = ({ costs }: SizesRow): boolean => new Set(costs).size === 1

/** Prints what operations take at each size, and writes it to `results/`. */
export function reportSizes(
  about: { readonly name: string; readonly title: string; readonly rounds: number },
  { sizes, rows, isQuick }: { sizes: readonly Size[]; rows: readonly SizesRow[]; isQuick: boolean },
): void {
  const { name, title, rounds } = about
  const header = [
    'requests, read and write units',
    ...sizes.map((size) => size.title),
    ...sizes.map(({ short }) => `ms ${short}`),
  ]
  const lines = rows.map((row) => [
    row.name,
    ...row.costs,
    ...row.times.map((time) => time.toFixed(1)),
  ])
  printTable(header, lines)
  const setting = settingOf({ rounds })
  const times = (row: SizesRow) => `${row.times.map((time) => time.toFixed(1)).join(', ')} ms`
  const costs = (row: SizesRow) =>
    hasOneCost(row) ? `(${row.costs[0]}) at each` : row.costs.map((cost) => `(${cost})`).join(' ')
  writeResult(
    resultsFolder(isQuick),
    {
      ...{ name, title, setting },
      rows: rows.map(({ name: operation, costs: all, times: ms }) => ({
        name: operation,
        ...Object.fromEntries(
          sizes.map(({ title: size }, index) => [
            size,
            { cost: all[index], milliseconds: rounded(ms[index] ?? NaN, 2) },
          ]),
        ),
      })),
    },
    {
      table: [header, ...lines],
      subtitle: `milliseconds ${sizes.map(({ short }) => short).join(', ')}, medians of ${rounds}, and (requests, read units, write units); Node ${setting.node}, ${setting.date}`,
      lines: rows.map((row) => ({
        name: row.name,
        values: row.times,
        said: `${times(row)}; ${costs(row)}`,
      })),
    },
  )
}
