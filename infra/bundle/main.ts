import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Metafile } from 'esbuild'
import { bundle, FUNCTIONS } from './bundle.js'
import { functionFolder, type FunctionName } from '../constructs/function-folder.js'

interface Budget {
  /** What a start reads: the entry, and what it imports at once. Lambda reads it at every cold start. */
  readonly start: number
  /** The whole folder, with what is loaded when it is first needed. */
  readonly whole: number
}

/**
 * What each function may weigh, kilobytes zipped. A start may read 5 more than it did when this was last changed:
 * what needs more than that can be loaded late, or raises the budget on purpose.
 */
const BUDGETS: Readonly<Record<FunctionName, Budget>> = {
  app: { start: 228, whole: 850 },
  authorizer: { start: 27, whole: 200 },
  'rotate-keys': { start: 70, whole: 200 },
  // Its start reads one of two late files: what sends mail, or what sends events.
  worker: { start: 14, whole: 250 },
}

/** Bundles every function and prints what it weighs; ends with 1 when one is over its budget. */
for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
  const metafile = await bundle(name)
  const folder = functionFolder(name)
  const weights = {
    start: zippedKilobytes(folder, filesOfStart(metafile)),
    whole: zippedKilobytes(folder, readdirSync(folder).filter(isOfAsset)),
  }
  const budget = BUDGETS[name]
  console.log(
    `${name}: start: ${weights.start} kB of ${budget.start}, whole: ${weights.whole} kB of ${budget.whole} (zipped)`,
  )
  if (weights.start > budget.start || weights.whole > budget.whole) process.exitCode = 1
}

/** An asset has argon2 for one architecture. */
function isOfAsset(file: string): boolean {
  return file !== 'argon2-x64.node'
}

/** The entry's file, and all that it imports by statement. */
function filesOfStart({ outputs }: Metafile): string[] {
  const entry = Object.keys(outputs).find((path) => basename(path) === 'index.mjs') ?? ''
  const found = new Set([entry])
  for (const path of found) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && Object.hasOwn(outputs, imported)) found.add(imported)
    }
  }
  return [...found].map((path) => basename(path))
}

function zippedKilobytes(folder: string, files: readonly string[]): number {
  const sizes = files.map(
    (file) => deflateRawSync(readFileSync(join(folder, file)), { level: 9 }).length,
  )
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)
}
