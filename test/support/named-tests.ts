import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TESTS = join(import.meta.dirname, '..')

/** A test, by its file below `test/` and its title as the file has it. */
export type NamedTest = `${string}.ts: ${string}`

export function partsOf(test: NamedTest): { file: string; title: string } {
  const [, file = '', title = ''] = /^(.*?\.ts): (.*)$/.exec(test) ?? []
  return { file, title }
}

const LITERAL = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g

/** What a test is called: one literal, or several that are added. */
// eslint-disable-next-line security/detect-non-literal-regexp -- it is made of a literal
const TITLE = new RegExp(
  String.raw`^ *(?:await )?t\.test\(\s*((?:(?:${LITERAL.source})[\s+]*)+),`,
  'gm',
)

const textOf = (literals: string): string =>
  [...literals.matchAll(LITERAL)]
    .map(([literal]) => literal.slice(1, -1).replaceAll(/\\(.)/g, '$1'))
    .join('')

const titles = new Map<string, readonly string[]>()

/** The titles of a file's tests, but for those that are worked out when it runs. */
function titlesOf(file: string): readonly string[] {
  const known = titles.get(file)
  if (known) return known
  const path = join(TESTS, file)
  const source = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const found = [...source.matchAll(TITLE)].map(([, literals = '']) => textOf(literals))
  titles.set(file, found)
  return found
}

/** How many tests of its file have this title: one, unless a file or a title changed or is there twice. */
export function countOf(test: NamedTest): number {
  const { file, title } = partsOf(test)
  return titlesOf(file).filter((each) => each === title).length
}
