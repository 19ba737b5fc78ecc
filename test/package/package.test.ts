import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../support/engine.js'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

interface Manifest {
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}
const readManifest = (path: string) =>
  JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest
const { dependencies, devDependencies } = readManifest('package.json')
const manifest = readManifest('packages/latchkey/package.json')
const subpaths = Object.keys(manifest.exports).filter((name) => name !== './package.json')

/** A package at the version that the service has. */
const pinned = (name: string): string =>
  `${name}@${{ ...dependencies, ...devDependencies }[name] ?? 'missing'}`

/** What who uses an export has anyway: its peers, and what the types of Node need. */
const CONSUMER = ['fastify', 'aws-cdk-lib', 'constructs', 'react', '@types/node'].map(pinned)

/**
 * Bytes. The functions are most of the tarball; `infra/bundle/main.ts` has their budgets. The construct has what loads
 * their settings, too, to check them at synthesis: 270 kB. The client's types, 270 kB, grow with each route.
 */
const LIMITS = { tarball: 1_500_000, withoutFunctions: 1_500_000 }

const tarball = await pack()
const project = await newProject([tarball, ...CONSUMER])
const verifier = await newProject([tarball, pinned('fastify')])
const alone = await newProject([tarball])

/** The tarball that `npm publish` would upload. */
async function pack(): Promise<string> {
  const folder = temporaryFolder()
  const options = ['--silent', '--workspace', 'latchkey', '--pack-destination', folder]
  const { stdout } = await run('npm', ['pack', ...options], { cwd: ROOT })
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

/** Names of all packages in a project, by npm's own account. */
async function installedIn(folder: string): Promise<string[]> {
  const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: folder })
  const paths = stdout.trim().split('\n').slice(1)
  return paths.map((path) => path.replace(/.*node_modules\//, '')).sort()
}

/** @returns what `node` printed. */
async function node(folder: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, args, { cwd: folder })).stdout
}

/** @returns the names that a module exports. */
const exportsOf = (folder: string, name: string): Promise<string> =>
  node(folder, '-e', `import('${name}').then((module) => console.log(Object.keys(module).join()))`)

/** Runs a tool that this repository has. @returns what it found, nothing if it found nothing. */
async function tool(name: string, ...args: string[]): Promise<string> {
  try {
    await run(join(ROOT, 'node_modules/.bin', name), args, { cwd: ROOT })
    return ''
  } catch (error) {
    const { message, stdout } = error as { message: string; stdout: string }
    return message + stdout
  }
}

t.test('the tarball has what is exported, and nothing of ours beside it', async (t) => {
  const { stdout } = await run('tar', ['-tzf', tarball])
  const files = stdout.trim().split('\n')
  for (const name of ['app', 'authorizer', 'rotate-keys']) {
    t.ok(files.includes(`package/dist/lambda/${name}/index.mjs`), `the function ${name}`)
  }
  t.same(files.filter((file) => !file.startsWith('package/dist/')).sort(), [
    'package/CHANGELOG.md',
    'package/LICENSE',
    'package/README.md',
    'package/SECURITY.md',
    'package/THIRD-PARTY-NOTICES',
    'package/docs/relying-parties.md',
    'package/docs/upgrade.md',
    'package/package.json',
  ])
  t.same(
    files.filter((file) => /\.test\.|\.map$|\.env|\.pem$/.test(file)),
    [],
  )
})

t.test('the tarball is small', async (t) => {
  const { size } = statSync(tarball)
  t.ok(size <= LIMITS.tarball, `${size} bytes`)
  const folder = join(alone, 'node_modules/latchkey')
  const sizes = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => !path.startsWith('dist/lambda/'))
    .map((path) => statSync(join(folder, path)))
    .map((found) => (found.isFile() ? found.size : 0))
  const installed = sizes.reduce((sum, bytes) => sum + bytes, 0)
  t.ok(installed <= LIMITS.withoutFunctions, `${installed} bytes without the functions`)
})

t.test('npm’s linters find nothing in the tarball', async (t) => {
  t.equal(await tool('publint', tarball, '--strict'), '')
  t.equal(await tool('attw', tarball, '--profile', 'esm-only'), '')
})

t.test('a link in a document leads to a file of the tarball', async (t) => {
  const folder = join(alone, 'node_modules/latchkey')
  const files = readdirSync(folder, { recursive: true }).map(String)
  for (const document of files.filter((file) => /^(docs\/)?[^/]+\.md$/.test(file))) {
    const text = readFileSync(join(folder, document), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)) {
      if (/^https?:/.test(target)) continue
      t.ok(files.includes(join(dirname(document), target)), `${document}: ${target}`)
    }
  }
})

t.test('an API that verifies tokens installs two packages beside Fastify', async (t) => {
  const fastify = await installedIn(await newProject([pinned('fastify')]))
  const all = await installedIn(verifier)
  t.same(
    all.filter((name) => !fastify.includes(name)),
    ['fastify-plugin', 'latchkey'],
  )
  const required = await node(verifier, '-p', `typeof require('latchkey/verifier').createVerifier`)
  t.equal(required, 'function\n', 'CommonJS may require it')
  for (const name of ['jwt', 'api-key', 'security-headers']) {
    t.match(await exportsOf(verifier, `latchkey/${name}`), 'default', name)
  }
})

t.test('a verifier for any framework, and one’s tests of it, need no Fastify', async (t) => {
  t.match(await exportsOf(alone, 'latchkey/verifier'), 'createVerifier')
  t.match(await exportsOf(alone, 'latchkey/testing'), 'fakeIssuer')
})

t.test('the client needs neither Fastify nor the CDK, nor Node', async (t) => {
  t.same(await installedIn(alone), ['fastify-plugin', 'latchkey'])
  t.match(await exportsOf(alone, 'latchkey/client'), 'LatchkeyClient')
  const { errors } = await build({
    stdin: { contents: `export * from 'latchkey/client'`, resolveDir: alone },
    bundle: true,
    write: false,
    platform: 'browser',
  })
  t.same(errors, [])
})

t.test('the command line runs from the tarball alone', async (t) => {
  const latchkey = async (...args: string[]) =>
    (await run('npx', ['--no', '--', 'latchkey', ...args], { cwd: alone })).stdout
  t.equal(await latchkey('--version'), `${manifest.version}\n`)
  t.match(await latchkey('--help'), /^Usage: latchkey \[options\] \[command\]\n/)
  const refused = run('npx', ['--no', '--', 'latchkey', 'call', '/api/data'], { cwd: alone })
  await t.rejects(refused, {
    code: 2,
    stderr: 'There is no URL. Set LATCHKEY_URL, or give --url.\n',
  })
})

t.test('the licenses of the libraries that are built in come along', async (t) => {
  const notices = readFileSync(join(alone, 'node_modules/latchkey/THIRD-PARTY-NOTICES'), 'utf8')
  for (const name of ['commander', '@inquirer/password', 'uuid', 'argon2', 'ajv']) {
    t.ok(notices.includes(`\n${name} `), name)
  }
})

t.test('its manifest names what its files import, and nothing else', async (t) => {
  const dist = join(alone, 'node_modules/latchkey/dist')
  const imported = readdirSync(dist, { recursive: true })
    .map(String)
    .filter((path) => /\.(js|d\.ts)$/.test(path))
    .map((path) => readFileSync(join(dist, path), 'utf8'))
    .flatMap((code) => [...code.matchAll(/^(?:import|export|\}) .*from ["']([^."'][^"']*)/gm)])
    .map(([, name = '']) => name.split('/')[0] ?? '')
  t.same(
    [...new Set(imported)].filter((name) => !name.startsWith('node:')).sort(),
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort(),
  )
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
        '/.well-known/oauth-protected-resource function',
        'string true Error: given up',
        'function undefined TypeError: Signing in and out needs a page in a browser.',
        '',
      ].join('\n'),
    )
  })
}

async function compile(t: Test, folder: string, compilerOptions: object): Promise<void> {
  const config = join(project, folder, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ compilerOptions }))
  t.equal(await tool('tsc', '--project', config), '', 'tsc has nothing to say')
}
