import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import type { Plugin } from 'esbuild'

/** What Fastify and others load in case they should ever need it, and a function never does. */
const NEVER_USED = /^(node:)?(dns|http2)$/

/** What is asked of a module is little, and is had without loading it. */
const STAND_INS: Readonly<Record<string, string>> = {
  'node:assert':
    "module.exports=(value,message)=>{if(!value)throw message instanceof Error?message:new Error(message??'assertion failed')}",
  'node:perf_hooks': 'exports.performance=globalThis.performance',
  'node:zlib': "exports.crc32=(...given)=>process.getBuiltinModule('node:zlib').crc32(...given)",
}

interface Imported {
  readonly name: string
  /** File that imports it by a statement; undefined where it is required. */
  readonly importer: string | undefined
}

/**
 * Built-in modules through `process.getBuiltinModule`: a static import of `node:http` makes Node link all
 * of its ES module wrapper, which takes ten times as long. Each importer gets lines of its own: an ES module
 * takes the names that it uses, where esbuild would copy all that the built-in one has.
 */
export function builtins(): Plugin {
  return {
    name: 'builtins',
    setup(build) {
      const known = new Set(builtinModules.flatMap((module) => [module, `node:${module}`]))
      build.onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path, importer, kind }) => {
        if (!known.has(path)) return undefined
        const pluginData: Imported = {
          name: path,
          importer: kind === 'import-statement' ? importer : undefined,
        }
        // As CommonJS, for an importer of any name: esbuild goes by the extension.
        return { path: `${path} of ${importer}.cjs`, namespace: 'builtin', pluginData }
      })
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, async ({ pluginData }) => {
        const { name, importer } = pluginData as Imported
        const standIn = STAND_INS[name]
        if (standIn !== undefined) return { contents: standIn }
        const module = `process.getBuiltinModule(${JSON.stringify(name)})`
        if (NEVER_USED.test(name)) {
          return { contents: `module.exports=new Proxy({},{get:(_,name)=>${module}[name]})` }
        }
        const names = importer === undefined ? [] : await importedNames(importer, name)
        return {
          contents:
            names.length > 0
              ? `export const{${names.join(',')}}=${module}`
              : `module.exports=${module}`,
        }
      })
    },
  }
}

/** @returns none where a file takes the whole of a module, too. */
async function importedNames(file: string, module: string): Promise<string[]> {
  const source = await readFile(file, 'utf8').catch(() => '')
  const statements = [
    ...source.matchAll(/\bimport\s+(?!type\b)([^'"]*?)\s*from\s*['"]([^'"]+)['"]/g),
  ]
  const clauses = statements
    .filter(([, , from]) => from === module)
    .map(([, clause = '']) => clause)
  if (!clauses.every((clause) => /^\{[^}]*\}$/.test(clause))) return []
  const names = clauses
    .flatMap((clause) => clause.slice(1, -1).split(','))
    .map((each) => each.trim().split(/\s+as\s+/)[0] ?? '')
  return [...new Set(names)].filter((name) => name !== '' && !name.startsWith('type '))
}
