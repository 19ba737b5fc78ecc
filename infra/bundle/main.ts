import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { bundle, FUNCTIONS } from './bundle.js'
import { functionFolder, type FunctionName } from '../constructs/function-folder.js'

/** What each may weigh, kilobytes zipped: Lambda loads it at every cold start. */
const BUDGET: Readonly<Record<FunctionName, number>> = {
  app: 600,
  authorizer: 200,
  'rotate-keys': 200,
}

/** Bundles every function and prints what it weighs; ends with 1 when one is over its budget. */
for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
  await bundle(name)
  const size = Math.round(zippedBytes(functionFolder(name)) / 1000)
  console.log(`${name}: ${size} kB zipped, of ${BUDGET[name]}`)
  if (size > BUDGET[name]) process.exitCode = 1
}

function zippedBytes(folder: string): number {
  const sizes = readdirSync(folder).map(
    (file) => deflateRawSync(readFileSync(join(folder, file)), { level: 9 }).length,
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
