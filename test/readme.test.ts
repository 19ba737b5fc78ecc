import { readFileSync } from 'node:fs'
import t from 'tap'
import { environmentTables } from './support/environment-table.js'

t.test('the README documents every variable as the schema has it', async (t) => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const unpadded = readme.replaceAll(/ *\| */g, '|').replaceAll(/-+/g, '-')
  for (const table of environmentTables()) {
    for (const row of table.split('\n').slice(2)) {
      t.ok(unpadded.includes(row.replaceAll(/ *\| */g, '|').replaceAll(/-+/g, '-')), row)
    }
  }
  const [, configuration = ''] = readme.split('\n## Configuration\n')
  const documented = [...configuration.matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map(
    ([, name]) => name,
  )
  const known = environmentTables()
    .flatMap((table) => table.split('\n').slice(2))
    .map((row) => row.split('`')[1])
  t.same(documented.sort(), known.sort(), 'and no other')
})
