import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

/** What `package.json` says of where the types of each export are. */
type Exports = Readonly<Record<string, string | { readonly types: string }>>

const IMPORT = /(?:from|import)\s*\(?["'](\.[^"']+)["']/g

/**
 * Removes the declarations that no export leads to: `tsc` writes one for each source, and some name libraries that are
 * built in.
 */
function pruneTypes(folder: string, exports: Exports): void {
  const kept = new Set(
    Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [] : [join(folder, target.types)],
    ),
  )
  for (const file of kept) {
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      kept.add(join(dirname(file), path.replace(/\.js$/, '.d.ts')))
    }
  }
  const types = join(folder, 'dist/types')
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const file = join(types, name)
    if (name.endsWith('.d.ts') && !kept.has(file)) rmSync(file)
  }
}

pruneTypes(join(import.meta.dirname, '..'), manifest.exports)
