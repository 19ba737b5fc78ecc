import { readFileSync } from 'node:fs'
import { pathOf } from '../documents.js'
import { type Fields, parseCsv } from './csv.js'
import type { Trace, Traces } from './trace.js'

/** A part of a checklist, as its source divides it. */
interface Section {
  readonly title: string
  readonly traces: Traces
}

/**
 * A list of what others ask of a service like this one. `docs/security/<name>.csv` has its rows: `id`, `requirement`,
 * `level` where the source has levels, and further columns for the reader.
 */
export interface Checklist {
  readonly name: string
  readonly title: string
  /** What it is, where it is from, and under which licence. Markdown. */
  readonly introduction: string
  readonly sections: readonly Section[]
}

export interface Row {
  readonly id: string
  readonly requirement: string
  readonly level?: string
  /** The other columns. */
  readonly facts: Fields
}

const rowsFile = ({ name }: Checklist): string => `docs/security/${name}.csv`

/** @returns the rows in the order of their file. */
export function rowsOf(checklist: Checklist): Row[] {
  return parseCsv(readFileSync(pathOf(rowsFile(checklist)), 'utf8')).map(
    ({ id = '', requirement = '', level, ...facts }) => ({
      id,
      requirement,
      facts,
      ...(level !== undefined && { level }),
    }),
  )
}

/** @returns every id with what holds it; an id that is in two sections is there twice. */
export const tracesOf = ({ sections }: Checklist): [id: string, traces: readonly Trace[]][] =>
  sections.flatMap(({ traces }) => Object.entries(traces))
