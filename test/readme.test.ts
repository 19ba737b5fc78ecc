import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { environmentTables } from './support/environment-table.js'
import { startServer } from './support/process.js'

const run = promisify(execFile)
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

t.test('the README’s first steps can be pasted in order into one shell', async (t) => {
  const server = await startServer(t)
  const steps = ['Try it', 'API keys for partners'].flatMap((title) => {
    const [section = ''] = readme.split(`\n## ${title}\n`)[1]?.split('\n## ') ?? []
    return [...section.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block = '']) => block)
  })
  t.equal(steps.length, 3)
  const script = steps.join('\n').replaceAll('http://localhost:3000', server.url)
  const { stdout, stderr } = await run('sh', ['-eu', '-c', script])
  t.equal(stderr, '')
  const answers = [
    '"email":"ada@example.com"',
    '"apiKey":"lk_live_',
    '"keyId":"',
    '"access_token":"',
  ]
  for (const answer of answers) t.ok(stdout.includes(answer), answer)
  t.notMatch(stdout, /"code"/, 'nothing is refused')
})

t.test('the README documents every variable as the schema has it', async (t) => {
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
