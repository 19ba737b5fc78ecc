import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'

/** Modules with schemas, of routes and of settings, and the events. What they describe is read through `textOf`. */
const DESCRIBED =
  /\/src\/(config\/[\w-]+|events\/catalogue|http\/openapi\/problems|[\w-]+\/(?:[\w-]+\/)?([\w-]*routes|[\w-]*settings|schemas|discovery|leaks))\.ts$/
const TEXT =
  /\b(description|summary|meaning):\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`\\$]*`)(?=\s*[,}])/g
const READER = /\/src\/lib\/late-text\.ts$/
const FILE = 'texts.cjs'

/**
 * Puts the texts of schemas and events into a file of their own, and a short name in place of each: people read them,
 * in `/openapi.json`, where a setting is wrong, and in `docs/`. A text that stands elsewhere, or is no plain literal,
 * stays in place.
 */
export function lateTexts(): Plugin {
  return {
    name: 'late-texts',
    setup(build) {
      /** Literals by their names. */
      const texts = new Map<string, string>()
      let isRead = false
      build.onLoad({ filter: DESCRIBED, namespace: 'file' }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        const contents = source.replaceAll(TEXT, (_, property: string, literal: string) => {
          const name = nameOf(literal)
          if ((texts.get(name) ?? literal) !== literal) {
            throw new Error(`Reword a text, because two have the name ${name}: ${literal}`)
          }
          texts.set(name, literal)
          return `${property}:'${name}'`
        })
        return { contents, loader: 'ts' }
      })
      build.onResolve({ filter: new RegExp(`^\\./${FILE}$`) }, ({ path }) => ({
        path,
        external: true,
      }))
      build.onLoad({ filter: READER, namespace: 'file' }, () => {
        isRead = true
        return { contents: `export const textOf=(text)=>require('./${FILE}')[text]??text` }
      })
      build.onEnd(({ errors }) => {
        const { outdir } = build.initialOptions
        if (errors.length > 0 || outdir === undefined || !isRead) return
        // In an order of their own: the modules were read in any.
        const entries = [...texts].sort().map(([name, literal]) => `'${name}':${literal}`)
        writeFileSync(join(outdir, FILE), `module.exports={${entries.join()}}`)
      })
    },
  }
}

const nameOf = (literal: string): string =>
  createHash('sha256').update(literal).digest('base64url').slice(0, 4)
