import { deflateRawSync } from 'node:zlib'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, bundleFolder, type FunctionName, FUNCTIONS } from './bundle.js'

/** Bundles every function and prints what each weighs. */
for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
  await bundle(name)
  const folder = bundleFolder(name)
  const bytes = readdirSync(folder)
    .map((file) => deflateRawSync(readFileSync(join(folder, file)), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0)
  console.log(`${name}: ${Math.round(bytes / 1000)} kB zipped`)
}
