import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { readClients } from '../src/config/declared-clients.js'
import { loadConfig } from '../src/config/service.js'
import { anchorsOf, DOCUMENTS, pathOf, readDocument } from './support/documents.js'
import { CONFIGURATION_DOCUMENT, configurationDocument } from './support/environment-table.js'
import { isSecretOf } from '../src/oauth/clients/secret.js'
import { startServer } from './support/process.js'
import { CONTRIBUTING, contributingDocument } from './support/route-table.js'
import { recordSecret } from './support/transcript.js'

const run = promisify(execFile)

/** Blocks that run in one shell, one after the other, by document and the first words of the block. */
const PASTED = [
  ['README.md', "curl -sw '\\n' http://localhost:3000/api/auth/register"],
  ['README.md', 'MADE=$(curl'],
  ['docs/api-keys.md', 'export LATCHKEY_URL='],
  ['docs/api-keys.md', 'curl "$LATCHKEY_URL/api/data"'],
  ['docs/api-keys.md', 'curl "$LATCHKEY_URL/api/key"'],
  ['docs/api-keys.md', 'KEY_ID=$(curl'],
  ['docs/api-keys.md', 'curl "$LATCHKEY_URL/oauth/token"'],
  ['docs/api-keys.md', "curl -sw '\\n' http://localhost:3000/oauth/token"],
] as const

/** Makes what the settings have of an app. */
const NEW_APP = ['docs/clients.md', 'node -e'] as const

/** What runs the commands of every other block: a file of this repository. */
const RUN_ELSEWHERE = {
  'npm ci && npm start': 'test/local/server.test.ts',
  'npm ci\nnpm run dev': '.ci/run',
  'npm ci\nnpm run synth': '.ci/run',
  'npm run admin -- --help': 'test/prove/admin.test.ts',
  'npm run admin -- list': 'test/prove/admin.test.ts',
  'npm run admin -- factors': 'test/prove/admin.test.ts',
  'npm run admin -- clients': 'test/prove/admin.test.ts',
  'npm run admin -- import': 'test/prove/import.test.ts',
  'npx --no -- latchkey': 'test/prove/latchkey.test.ts',
  'export LATCHKEY_URL=https://auth.example.com\nnpx --no': 'test/prove/latchkey.test.ts',
  'npm run --workspace latchkey build': 'test/package/package.test.ts',
  'apt-get install python3-flask': '.ci/run',
  'apt-get install python3-fastapi': '.ci/run',
  'cd examples/go': '.ci/run',
  "RESOURCES='{": 'test/package/examples.test.ts',
  "export RESOURCES='{": 'test/package/examples.test.ts',
  "export CLIENTS='{": 'test/prove/mcp.test.ts',
  'export RESOURCES=\'{"http://localhost:4000":{"name":"Orders"}}\'\nexport CLIENTS=\'{"app_A':
    'test/prove/app-client.test.ts',
  'export RESOURCES=\'{"http://localhost:4000":{"name":"Orders"}}\'\nexport CLIENTS=\'{"app_C':
    'test/prove/sign-users-in.test.ts',
  'export CLIENT_ID=': 'test/prove/sign-users-in.test.ts',
  'node server.mjs': 'test/prove/sign-users-in.test.ts',
  'node cli.mjs': 'test/prove/sign-users-in.test.ts',
  "export OAUTH_PROVIDERS='{": 'test/social/set-up.test.ts',
  'npm run admin -- --aws after-restore': 'test/prove/after-restore.test.ts',
  'npm run admin -- --aws replay': 'test/entry/event-worker.test.ts',
  'STACK=Latchkey': 'test/rehearsal/steps/runbook.ts',
  'alarm ': 'test/rehearsal/steps/runbook.ts',
} as const

const blocks = DOCUMENTS.flatMap((document) =>
  [...readDocument(document).matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block = '']) => ({
    document,
    block,
  })),
)

function pasted([document, start]: readonly [string, string]): string {
  const found = blocks.filter((one) => one.document === document && one.block.startsWith(start))
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${document} begin: ${start}`)
  return found[0]?.block ?? ''
}

t.test('CONTRIBUTING.md lists every decorator, and there are at most 26', async (t) => {
  const sources = readdirSync(pathOf('src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(pathOf('src'), file), 'utf8'))
  const decorators = sources.flatMap((source) =>
    [
      ...source.matchAll(/\.decorate(?:Request|Reply)?\(\s*'(\w+)'/g),
      ...source.matchAll(/decorateGuard(?:Of)?\(\s*app,\s*'(\w+)'/g),
    ].map(([, name = '']) => name),
  )
  const listed =
    readDocument('CONTRIBUTING.md').match(/^- (?:guards|of (?:a|the) \w+): .*$/gm) ?? []
  const names = listed.flatMap((line) =>
    [...line.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  )
  t.same([...new Set(decorators)].sort(), names.sort())
  t.ok(names.length <= 26)
})

t.test('the first steps, and a partner’s, can be pasted in order into one shell', async (t) => {
  const server = await startServer(t)
  const script = PASTED.map(pasted)
    .join('\n')
    .replaceAll(/http:\/\/localhost:3000|https:\/\/auth\.example\.com/g, server.url)
    .replace('read -rs LATCHKEY_API_KEY', 'LATCHKEY_API_KEY=$KEY')
    .replaceAll(/\bcurl "/g, 'curl -s "')
    .replaceAll('curl -X', 'curl -s -X')
  const { stdout, stderr } = await run('sh', ['-eu', '-c', script])
  t.equal(stderr, '')
  const answers = [
    '"email":"ada@example.com"',
    '"apiKey":"lk_live_',
    '"keyId":"',
    '"remaining":',
    '"access_token":"',
  ]
  for (const answer of answers) t.ok(stdout.includes(answer), answer)
  t.equal(stdout.split('"access_token":"').length - 1, 2, 'of the partner, and of the owner')
  t.notMatch(stdout, /"code"/, 'nothing is refused')
})

t.test('an app of the settings boots with what makes its id and its hash', async (t) => {
  const { stdout } = await run('sh', ['-eu', '-c', pasted(NEW_APP)])
  const [id = '', secret = '', hash = ''] = stdout.split('\n').map((line) => line.split(' ')[1])
  recordSecret('client-secret', secret)
  const app = { name: 'Orders', redirectUris: ['https://a.example/'], secretHashes: [hash] }
  const env = { ISSUER: 'https://auth.example.com', CLIENTS: JSON.stringify({ [id]: app }) }
  const [client] = await readClients(loadConfig(env))
  t.ok(client && isSecretOf(client, secret, 0))
})

t.test('each shell block of a document runs in a test', async (t) => {
  for (const { document, block } of blocks) {
    const isPasted = [...PASTED, NEW_APP].some(
      ([of, start]) => of === document && block.startsWith(start),
    )
    const held = Object.entries(RUN_ELSEWHERE).filter(([start]) => block.startsWith(start))
    t.ok(isPasted || held.length > 0, `${document}: ${block}`)
    for (const [, file] of held) t.ok(existsSync(pathOf(file)), file)
  }
})

t.test('the examples of variables boot', async (t) => {
  const examples = blocks.flatMap(({ block }) => [
    ...block.matchAll(/(CLIENTS|RESOURCES|OAUTH_PROVIDERS)='([^']+)'(?=\s)/g),
  ])
  t.ok(examples.length > 5)
  for (const [text, name = '', value] of examples) {
    const env = { ISSUER: 'https://auth.example.com', [name]: value }
    t.doesNotThrow(() => loadConfig(env), text)
  }
})

t.test('CONTRIBUTING.md leads from each URL to its folder', async (t) => {
  t.equal(readDocument(CONTRIBUTING), await contributingDocument(), 'npm run generate')
})

t.test('docs/configuration.md lists every variable as the schema has it', async (t) => {
  t.equal(readDocument(CONFIGURATION_DOCUMENT), await configurationDocument(), 'npm run generate')
})

t.test('a link between documents leads to a file and a heading', async (t) => {
  for (const document of DOCUMENTS) {
    for (const [link, target = ''] of readDocument(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? document : normalize(join(dirname(document), path))
      t.ok(existsSync(pathOf(file)), `${document}: ${link}`)
      if (anchor === undefined || !file.endsWith('.md')) continue
      t.ok(anchorsOf(file).has(anchor), `${document}: ${link}`)
    }
  }
})
