import { cpus } from 'node:os'

/** What a figure depends on before it depends on the code. */
export const machine = (): string => `Node ${process.version}, ${processor()}`

export function processor(): string {
  const [{ model } = { model: 'unknown processor' }, ...others] = cpus()
  return `${process.platform} ${process.arch}, ${others.length + 1} cores, ${model.trim()}`
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] as number
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number
  return (lower + upper) / 2
}

/** Prints rows under their names, the first column to the left, numbers to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [header, ...rows]
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  for (const line of lines) {
    const cells = line.map((cell, column) => {
      const width = widths[column] ?? 0
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    })
    console.log(cells.join('  '))
  }
}
