import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../support/engine.js'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
const subpaths = Object.keys(manifest.exports).filter((name) => name !== './package.json')

/** What who uses an export has anyway: its peers, and what the types of Node need. */
const CONSUMER = ['fastify', 'aws-cdk-lib', 'constructs', '@types/node']
const versions = CONSUMER.map((name) => `${name}@${manifest.devDependencies[name]}`)

const tarball = await pack()
const project = await newProject([tarball, ...versions])

/** The tarball that `npm publish` would upload. */
async function pack(): Promise<string> {
  const folder = temporaryFolder()
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
  })
  return join(folder, stdout.trim().split('\n').at(-1) ?? '')
}

/** An empty folder with some packages installed, for production. */
async function newProject(packages: readonly string[]): Promise<string> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const quiet = ['--no-audit', '--no-fund', '--omit=dev', '--prefer-offline']
  await run('npm', ['install', ...quiet, ...packages], { cwd: folder })
  return folder
}

/** @returns what `node` printed. */
async function node(folder: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, args, { cwd: folder })).stdout
}

/** @returns the names that a module exports. */
const exportsOf = (folder: string, name: string): Promise<string> =>
  node(folder, '-e', `import('${name}').then((module) => console.log(Object.keys(module).join()))`)

t.test('has what is exported, and nothing of ours beside it', async (t) => {
  const { stdout } = await run('tar', ['-tzf', tarball])
  const files = stdout.trim().split('\n')
  for (const name of ['app', 'authorizer', 'rotate-keys']) {
    t.ok(files.includes(`package/dist/lambda/${name}/index.mjs`), `the function ${name}`)
  }
  const foreign = files.filter(
    (file) => !/^package\/(dist\/(src|infra|lambda)\/|package\.json$|README|LICENSE)/.test(file),
  )
  const documents = ['CHANGELOG.md', 'SECURITY.md', 'docs/relying-parties.md', 'docs/upgrade.md']
  t.same(
    foreign.sort(),
    documents.map((name) => `package/${name}`),
    'what the README leads to',
  )
  t.same(
    files.filter((file) => /\.test\.|\.map$|\.env|\.pem$/.test(file)),
    [],
  )
})

t.test('the client alone needs neither Fastify nor the CDK', async (t) => {
  const folder = await newProject([tarball, '--omit=peer', '--legacy-peer-deps'])
  const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: folder })
  t.notMatch(stdout, /node_modules\/(fastify|aws-cdk-lib|@aws-sdk|argon2|esbuild|typescript)\b[^-]/)
  t.match(await exportsOf(folder, 'latchkey/client'), 'LatchkeyClient')
})

t.test('each export is imported', async (t) => {
  for (const subpath of subpaths) {
    t.match(await exportsOf(project, subpath.replace('.', 'latchkey')), /\w/, subpath)
  }
})

for (const [module, moduleResolution] of [
  ['node16', 'node16'],
  ['esnext', 'bundler'],
] as const) {
  t.test(`its types hold with moduleResolution ${moduleResolution}, and it runs`, async (t) => {
    cpSync(join(ROOT, 'test/package/consumer'), join(project, moduleResolution), {
      recursive: true,
    })
    await compile(t, moduleResolution, {
      module,
      moduleResolution,
      target: 'es2022',
      strict: true,
      skipLibCheck: false,
      types: ['node'],
    })
    const said = await node(project, `${moduleResolution}/consumer.js`)
    t.equal(
      said,
      [
        'TypeError: introspectionKey: must be a whole API key of the issuer, with the scope token:introspect.',
        '401 nosniff true',
        'function function false',
        'string true Error: given up',
        '',
      ].join('\n'),
    )
  })
}

async function compile(t: Test, folder: string, compilerOptions: object): Promise<void> {
  const config = join(project, folder, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ compilerOptions }))
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const failed = await run(process.execPath, [tsc, '--project', config]).then(
    () => '',
    (error: unknown) => (error as { stdout: string }).stdout,
  )
  t.equal(failed, '', 'tsc has nothing to say')
}
