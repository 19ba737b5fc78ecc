import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'

const ROOT = join(import.meta.dirname, '../..')

/** Every document of the repository's root and of `docs/`, by its path. */
export const DOCUMENTS: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].sort()

export const pathOf = (document: string): string => join(ROOT, document)

export const readDocument = (document: string): string => readFileSync(pathOf(document), 'utf8')

/** GitHub's name of a heading: lower case, without marks, a hyphen for each space. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

/** The headings of a document, by the name that a link has for them. */
export function anchorsOf(document: string): ReadonlyMap<string, string> {
  const headings = readDocument(document).matchAll(/^#+ (.*)$/gm)
  return new Map([...headings].map(([, heading = '']) => [anchorOf(heading), heading]))
}

/**
 * A document with its generated parts made again. A part is between `<!-- name: npm run generate -->` and
 * `<!-- /name -->`.
 */
export async function withParts(
  document: string,
  parts: Readonly<Record<string, string>>,
): Promise<string> {
  let text = readDocument(document)
  for (const [name, content] of Object.entries(parts)) {
    const begin = `<!-- ${name}: npm run generate -->\n`
    const end = `<!-- /${name} -->\n`
    const [before, rest] = text.split(begin)
    const after = rest?.split(end)[1]
    if (before === undefined || after === undefined) throw new Error(`${document} has no ${name}`)
    text = `${before}${begin}\n${content}\n\n${end}${after}`
  }
  const path = pathOf(document)
  return format(text, { ...(await resolveConfig(path)), filepath: path })
}
