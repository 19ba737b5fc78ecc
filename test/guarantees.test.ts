import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { GUARANTEES } from './support/guarantees.js'
import { countOf } from './support/named-tests.js'

const ROOT = join(import.meta.dirname, '..')
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8')

/** The sentences of the numbered list, without its marks. */
function guaranteed(): string[] {
  const [, section = ''] = read('SECURITY.md').split('\n## What is guaranteed\n')
  const [list = ''] = section.split('\n## ')
  return list
    .split('\n')
    .filter((line) => /^\d+\. /.test(line))
    .flatMap((line) =>
      line
        .replace(/^\d+\. /, '')
        .replaceAll(/\*\*|`/g, '')
        .replaceAll("'", '’')
        .split(/(?<=[.!?]\)?) (?=[A-Z(]|latchkey)/),
    )
}

t.test('each sentence of SECURITY.md’s guarantees has a test that exists', async (t) => {
  const sentences = guaranteed()
  t.ok(sentences.length >= 40, `${sentences.length} sentences`)
  const starts = Object.keys(GUARANTEES)
  for (const sentence of sentences) {
    const named = starts.filter((start) => sentence.startsWith(start))
    t.equal(named.length, 1, `one entry of test/support/guarantees.ts begins: ${sentence}`)
  }
  const idle = starts.filter((start) => !sentences.some((sentence) => sentence.startsWith(start)))
  t.same(idle, [], 'and each entry has a sentence')
  for (const [start, tests] of Object.entries(GUARANTEES)) {
    t.ok(tests.length > 0, start)
    for (const test of tests) {
      t.equal(countOf(test), 1, `one test is called so, for ${start}: ${test}`)
    }
  }
})
