import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'

/**
 * Modules with schemas, of routes and of settings, and the events. What they describe, and their examples, are read
 * through `textOf`.
 */
const DESCRIBED =
  /\/src\/(config\/[\w-]+|events\/catalogue|http\/openapi\/problems|[\w-]+\/(?:[\w-]+\/)?([\w-]*routes|[\w-]*settings|schemas|discovery|leaks))\.ts$/
const TEXT =
  /\b(description|summary|meaning):\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`\\$]*`)(?=\s*[,}])/g
/** The one example of a value; a short one costs no more than its name. */
const EXAMPLE = /\bexamples:\s*\[\s*('(?:[^'\\\n]|\\.){9,}'),?\s*\](?=\s*[,}])/g
/** A sentence of a module that several of its texts have. */
const SENTENCE = /^const ([A-Z]+) =\s*'([^'\\`\n]*)'$/gm
const READER = /\/src\/lib\/late-text\.ts$/
const FILE = 'texts.cjs'

/**
 * Puts the texts and examples of schemas, and the texts of events, into a file of their own, and a short name in place of each: people read them,
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
        const keep = (literal: string): string => {
          const name = nameOf(literal)
          if ((texts.get(name) ?? literal) !== literal) {
            throw new Error(`Reword a text, because two have the name ${name}: ${literal}`)
          }
          texts.set(name, literal)
          return `'${name}'`
        }
        const contents = withSentences(source)
          .replaceAll(
            TEXT,
            (_, property: string, literal: string) => `${property}:${keep(literal)}`,
          )
          .replaceAll(EXAMPLE, (_, literal: string) => `examples:[${keep(literal)}]`)
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

function withSentences(source: string): string {
  const sentences = [...source.matchAll(SENTENCE)].map(([, name = '', text = '']) => [name, text])
  const known = new Map(sentences as [string, string][])
  return source.replaceAll(
    /\b(description: *\n? *)`([^`\\]*)`/g,
    (_, start: string, text: string) => {
      const spelt = text.replaceAll(
        /\$\{([A-Z]+)\}/g,
        (all, name: string) => known.get(name) ?? all,
      )
      return `${start}\`${spelt}\``
    },
  )
}

const nameOf = (literal: string): string =>
  createHash('sha256').update(literal).digest('base64url').slice(0, 4)
