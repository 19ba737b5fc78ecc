import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type StreamSpecification, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import t, { type Test } from 'tap'
import { createClient } from '../../src/dynamodb/client.js'
import { startEngine } from '../../src/local/engine.js'
import { LOCAL_ACCESS } from '../../src/local/runtime.js'
import { bounds } from '../support/bounds.js'
import { temporaryFolder } from '../support/engine.js'
import { FIREBASE_CONFIG, VECTORS } from '../support/imported-hashes.js'
import { mailFiles } from '../support/local-mail.js'
import { soon } from '../support/engine-process.js'
import { runAdmin, startAdmin, startServer } from '../support/process.js'
import { newAccount } from '../support/service.js'

const KINDS = [
  ...['bcrypt $2b$', 'PBKDF2 of Django', 'PBKDF2 with SHA-512 of Keycloak'],
  ...['scrypt of Firebase', 'argon2id'],
].map((kind) => VECTORS[kind])
const COUNT = bounds.isFull ? 100_000 : 3000
/** Every so often a line is wrong. */
const WRONG_EACH = 500
const LIMIT_MS = 10 * 60_000

const row = (at: number) => ({
  email: `person${at}@example.com`,
  emailVerified: at % 2 === 0,
  externalId: String(at),
  passwordHash: KINDS[at % KINDS.length]?.passwordHash,
})

function inFolder(): {
  readonly dataDir: string
  readonly write: (name: string, text: string) => string
} {
  const folder = temporaryFolder()
  const write = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  return { dataDir: join(folder, 'data'), write }
}

const ndjson = (rows: readonly unknown[]): string =>
  rows.map((one) => JSON.stringify(one)).join('\n')

/** An administrator, which makes the database. */
async function makeData(t: Test, dataDir: string): Promise<void> {
  const { email, password } = newAccount()
  await runAdmin(t, ['create', email], { dataDir, input: `${password}\n` })
}

/**
 * The embedded engine reads all that a stream has for each record that it adds: a hundred thousand take an hour.
 * DynamoDB does not.
 */
async function setStream(dataDir: string, isOn: boolean): Promise<void> {
  const engine = await startEngine(join(dataDir, 'dynamodb.sqlite'))
  const client = createClient({ endpoint: engine.endpoint, ...LOCAL_ACCESS })
  const StreamSpecification: StreamSpecification = isOn
    ? { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' }
    : { StreamEnabled: false }
  await client.send(new UpdateTableCommand({ TableName: 'latchkey-events', StreamSpecification }))
  client.destroy()
  await engine.stop()
}

t.test(`an import of ${COUNT} users of five kinds of hash, some lines wrong`, async (t) => {
  const { dataDir, write } = inFolder()
  await makeData(t, dataDir)
  await setStream(dataDir, false)
  const wrong: number[] = []
  const rows = Array.from({ length: COUNT }, (_, at) => {
    if ((at + 1) % WRONG_EACH !== 0) return row(at)
    wrong.push(at + 1)
    return { ...row(at), role: 'admin' }
  })
  const file = write('people.ndjson', ndjson(rows))
  const config = write('firebase.txt', FIREBASE_CONFIG)
  const args = ['import', file, '--firebase-config', config]

  const dry = await runAdmin(t, [...args, '--dry-run'], { dataDir })
  t.same({ code: dry.code, stdout: dry.stdout }, { code: 1, stdout: '' })
  t.match(dry.stderr, `${COUNT - wrong.length} accounts can be made; nothing was written.`)

  const startedAt = performance.now()
  const { code, stdout, stderr } = await runAdmin(t, args, { dataDir })
  const took = performance.now() - startedAt
  t.comment(`${COUNT} lines: ${Math.round(took / 1000)} s`)
  t.ok(took < LIMIT_MS, `${Math.round(took / 1000)} s`)
  t.equal(code, 1)
  const reported = [...stderr.matchAll(/^line (\d+): role: must be user/gm)].map(([, at]) =>
    Number(at),
  )
  t.same(reported, wrong, 'each wrong line by its number')
  t.match(
    stderr,
    `${COUNT - wrong.length} accounts made. 0 were imported before. ${wrong.length} lines were refused.`,
  )
  t.match(stderr, 'how long a sign-in takes')
  t.notMatch(stderr, /\$2b\$|pbkdf2_sha256\$|secretData|@example\.com/)
  const ids = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { externalId: string })
  t.equal(ids.length, COUNT - wrong.length)
  t.match(ids[0], { line: 1, outcome: 'created', id: String, externalId: '0' })

  const again = await runAdmin(t, args, { dataDir })
  t.match(again.stderr, `0 accounts made. ${COUNT - wrong.length} were imported before.`)

  await setStream(dataDir, true)
  const server = await startServer(t, { dataDir })
  for (const [at, kind] of KINDS.entries()) {
    const { email } = row(at)
    const answer = await server.post('/api/auth/login', { email, password: kind?.password })
    t.equal(answer.status, 200, kind?.source ?? '')
  }
})

t.test('an import that Ctrl-C stops ends cleanly, and a second run goes on', async (t) => {
  const { dataDir, write } = inFolder()
  await makeData(t, dataDir)
  const file = write('people.ndjson', ndjson(Array.from({ length: 1000 }, (_, at) => row(at))))
  const args = ['import', file, '--firebase-config', write('firebase.txt', FIREBASE_CONFIG)]
  const { child, exited } = startAdmin(t, args, { dataDir })
  child.stdout.once('data', () => child.kill('SIGINT'))
  const { code, stderr } = await exited
  t.equal(code, 130)
  t.match(stderr, 'Stopped. Run the command again to go on.')
  const [, made] = /(\d+) accounts made/.exec(stderr) ?? []
  t.ok(Number(made) < 1000, `${made} accounts`)
  const rest = await runAdmin(t, args, { dataDir })
  t.equal(rest.code, 0)
  t.match(rest.stderr, `${1000 - Number(made)} accounts made. ${made} were imported before.`)
})

t.test('an import from standard input mails links, while the service runs', async (t) => {
  const server = await startServer(t)
  const { dataDir } = server
  const { email } = newAccount()
  const input = ndjson([{ email, emailVerified: true, passwordHash: KINDS[0]?.passwordHash }])
  const { code } = await runAdmin(t, ['import', '-', '--reset'], { dataDir, input })
  t.equal(code, 0)
  const linkTo = () =>
    mailFiles(dataDir)
      .filter(({ to }) => to === email)
      .flatMap(({ text }) => /reset#ticket=([\w-]{65})/.exec(text)?.[1] ?? [])
  t.ok(await soon(() => linkTo().length === 1))
  const { password: newPassword } = newAccount()
  const [ticket] = linkTo()
  t.equal((await server.post('/api/auth/password/reset', { ticket, newPassword })).status, 204)
  t.equal((await server.post('/api/auth/login', { email, password: newPassword })).status, 200)
})

t.test('an import that can’t be run as it is given ends with 2, in one sentence', async (t) => {
  const { dataDir, write } = inFolder()
  await makeData(t, dataDir)
  const file = write('people.ndjson', ndjson([row(0)]))
  const wrong: [readonly string[], RegExp][] = [
    [['/nowhere/people.ndjson'], /^There is no file \/nowhere/],
    [[file, '--firebase-config', '/nowhere'], /^There is no file \/nowhere/],
    [[file, '--firebase-config', file], /^--firebase-config: .* has no `algorithm: SCRYPT`\.$/m],
    [[file, '--roles'], /^error: unknown option '--roles'/],
    [[], /^error: missing required argument 'file'/],
  ]
  for (const [args, sentence] of wrong) {
    const { code, stdout, stderr } = await runAdmin(t, ['import', ...args], { dataDir })
    t.same({ code, stdout }, { code: 2, stdout: '' })
    t.match(stderr, sentence)
  }
})
