import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { accepts } from '../../src/local/engine.js'
import { enginePids, soon } from '../support/engine-process.js'
import { DEAD_ENDPOINT, sharedEngine, temporaryFolder } from '../support/engine.js'
import { listenOnLoopback } from '../support/loopback.js'
import { optionalRoutes } from '../support/optional-routes.js'
import {
  type Exit,
  NO_COVERAGE,
  type ServerProcess,
  startRefused,
  startServer,
} from '../support/process.js'

t.jobs = 2

const run = promisify(execFile)
const REPOSITORY = join(import.meta.dirname, '../..')

interface Manifest {
  readonly scripts: { readonly start: string; readonly admin: string }
}

t.test('the local server', async (t) => {
  const dataDir = temporaryFolder()
  const server = await startServer(t, { dataDir })

  t.test('is the only one on its data folder', async (t) => {
    const second = await startRefused(t, { dataDir })
    const inUse = `The data folder ${dataDir} is in use by process ${server.pid}.`
    checkRefusal(t, second, `${inUse} Stop it, or set DATA_DIR to another folder.`)
    t.equal((await server.get('/healthz')).status, 200, 'the first goes on')
  })

  t.test('is the only one on its port', async (t) => {
    const other = temporaryFolder()
    const { port } = new URL(server.url)
    const second = await startRefused(t, { dataDir: other, env: { PORT: port } })
    checkRefusal(t, second, `Port ${port} on 127.0.0.1 is taken. Set PORT to another`)
    t.same(enginePids(other), [], 'no engine stays')
    t.equal((await server.get('/healthz')).status, 200, 'the first goes on')
  })

  t.test('outlives connections that break before they have their answers', async (t) => {
    const { account, status } = await server.signUp()
    t.equal(status, 201)
    const body = JSON.stringify({ email: account.email, password: account.password })
    const { host, port } = new URL(server.url)
    const head = `POST /api/auth/login HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json`
    const asked = [
      `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(1)}`,
      `GET /login HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(50),
    ]
    const breakOff = async (request: string, isKnown: boolean) => {
      const socket = connect(Number(port), '127.0.0.1')
      await once(socket, 'connect')
      if (isKnown) {
        socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
        await once(socket, 'data')
      }
      await new Promise((written) => socket.write(request, written))
      socket.resetAndDestroy()
    }
    for (const request of asked) {
      await breakOff(request, false)
      // The server has seen whose connection it is, and answers.
      await breakOff(request, true)
    }
    t.equal((await server.signIn(account)).status, 200, 'which takes longer than what was asked')
  })

  t.test('keeps accounts and sessions from one run to the next', async (t) => {
    const { account, status } = await server.signUp()
    t.equal(status, 201)
    const { body } = await server.signIn(account)
    const profile = await server.get('/api/profile', { token: body.accessToken })
    t.equal(profile.body.user.email, account.email)
    await checkStop(t, server, 'SIGTERM')

    const next = await startServer(t, { dataDir })
    t.equal((await next.signIn(account)).status, 200)
    t.equal((await next.refresh(body.refreshToken)).status, 200)
    await checkStop(t, next, 'SIGINT')
  })
})

t.test('takes its arguments for variables, and refuses others in a sentence', async (t) => {
  const dataDir = temporaryFolder()
  const args = ['--port', '0', '--host', '127.0.0.1', '--data-dir', dataDir]
  const env = { PORT: '1', HOST: '203.0.113.1', DATA_DIR: '/proc/latchkey' }
  const server = await startServer(t, { args, env })
  t.equal((await server.get('/healthz')).status, 200)
  t.ok(readdirSync(dataDir).includes('engine.json'))

  const help = await startRefused(t, { args: ['--help'] })
  t.match(help, { code: 0, stderr: '' })
  for (const option of ['--port', '--host', '--data-dir', '--help']) t.match(help.stdout, option)
  const refusals = {
    '--prot=4000': "unknown option '--prot=4000'",
    '4000': 'too many arguments',
    '--port=http': 'PORT: must be',
  }
  for (const [argument, sentence] of Object.entries(refusals)) {
    const { code, stderr } = await startRefused(t, { args: [argument] })
    t.equal(code, 1)
    t.match(stderr, sentence)
    t.notMatch(stderr, /^ {4}at /m, 'no stack')
  }
})

t.test('goes on with the data of a run that had another issuer', async (t) => {
  const dataDir = temporaryFolder()
  const before = await startServer(t, { dataDir, env: { ISSUER: 'http://127.0.0.1:3000' } })
  const { account } = await before.signUp()
  const { body: old } = await before.signIn(account)
  await before.kill('SIGINT')

  const server = await startServer(t, { dataDir })
  const refused = await server.get('/api/profile', { token: old.accessToken })
  t.match(refused, { status: 401, body: { code: 'TOKEN_INVALID' } })
  const { status, body } = await server.refresh(old.refreshToken)
  t.equal(status, 200)
  t.equal((await server.get('/api/profile', { token: body.accessToken })).status, 200)
})

t.test('starts with every route that there can be', async (t) => {
  const server = await startServer(t, { env: optionalRoutes() })
  t.match((await server.get('/docs/json')).body, {
    paths: { '/api/apikeys/leaked': {}, '/api/auth/acme': {} },
  })
  t.equal((await server.get('/openapi.json')).status, 200)
})

interface Refusal {
  /** A part of it, or a pattern. */
  readonly sentence: string | RegExp
  readonly env?: Readonly<Record<string, string>>
  /** What is the matter with the data folder. */
  readonly spoil?: (dataDir: string) => void
}

t.test('a boot that cannot succeed says why in a sentence', async (t) => {
  t.jobs = 2
  const refusals: Record<string, Refusal> = {
    'a password length below the floor': {
      env: { PASSWORD_MIN_LENGTH: '4' },
      sentence: /^PASSWORD_MIN_LENGTH: must be >= 8\./,
    },
    'an issuer without TLS': {
      env: { ISSUER: 'http://example.com' },
      sentence: /^ISSUER: must be an https:\/\/ URL/,
    },
    'a word that is no choice': {
      env: { RATE_LIMIT_ON_OUTAGE: 'maybe' },
      sentence: /^RATE_LIMIT_ON_OUTAGE: .*\(refuse, allow\)/,
    },
    'an address of another machine': {
      env: { HOST: '203.0.113.1' },
      sentence: /^Can't listen on 203\.0\.113\.1.*HOST/,
    },
    'the embedded engine in production': {
      env: { NODE_ENV: 'production' },
      sentence: /^The embedded DynamoDB is for development.*AWS_ENDPOINT_URL_DYNAMODB/,
    },
    'an endpoint where nothing listens': {
      env: { AWS_ENDPOINT_URL_DYNAMODB: DEAD_ENDPOINT },
      sentence: `DynamoDB at ${DEAD_ENDPOINT} does not answer`,
    },
    'a mail server that is none': {
      env: { SMTP_URL: 'smtp:user:hunter2', MAIL_FROM: 'auth@example.com' },
      sentence: /^SMTP_URL: must be smtps:(?!.*hunter2)/s,
    },
    'a mail server without a sender': {
      env: { SMTP_URL: 'smtp://localhost:25' },
      sentence: /^SMTP_URL: needs MAIL_FROM/,
    },
    'mail in production without a mail server': {
      env: {
        NODE_ENV: 'production',
        MAIL_FROM: 'auth@example.com',
        AWS_ENDPOINT_URL_DYNAMODB: (await sharedEngine()).endpoint,
      },
      sentence: /^MAIL_FROM: with NODE_ENV=production it needs SMTP_URL/,
    },
    'a data folder that cannot be made': {
      spoil: (dataDir) => writeFileSync(dataDir, 'a file stands in its place'),
      sentence: /^The data folder .* can't be written .*DATA_DIR/,
    },
    'a data folder where none can be': {
      env: { DATA_DIR: '/proc/latchkey' },
      sentence: /^The data folder \/proc\/latchkey can't be written .*DATA_DIR/,
    },
    'a key ring cut short': {
      spoil: (dataDir) => {
        mkdirSync(join(dataDir, 'keyring'), { recursive: true })
        writeFileSync(join(dataDir, 'keyring', '1.json'), '{"signing":[{"kid":"a')
      },
      sentence: /key ?ring/,
    },
  }
  for (const [what, { env = {}, spoil, sentence }] of Object.entries(refusals)) {
    t.test(what, async (t) => {
      const dataDir = join(temporaryFolder(), 'data')
      spoil?.(dataDir)
      checkRefusal(t, await startRefused(t, { dataDir, env }), sentence)
      t.ok(await soon(() => enginePids(dataDir).length === 0), 'no engine stays')
    })
  }
})

t.test('a DynamoDB that the developer names', async (t) => {
  const signedBy = async (env: Readonly<Record<string, string>>) => {
    const signatures = new Set<string>()
    const server = createServer(({ headers }, response) => {
      const [, signedAs = ''] = /Credential=([^,]+)/.exec(headers.authorization ?? '') ?? []
      signatures.add(signedAs.replace(/\d{8}/, 'today'))
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>')
    })
    const endpoint = await listenOnLoopback(t, server)
    const refused = await startRefused(t, {
      env: { ...NO_ACCESS, ...env, AWS_ENDPOINT_URL_DYNAMODB: endpoint },
    })
    checkRefusal(t, refused, `${endpoint} answered with status 404 and is no DynamoDB.`)
    return [...signatures]
  }
  t.same(await signedBy({}), ['local/today/local/dynamodb/aws4_request'])
  const own = { AWS_REGION: 'eu-west-2', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'x' }
  t.same(await signedBy(own), ['AKID/today/eu-west-2/dynamodb/aws4_request'])
})

/** What a developer's shell may have. */
const NO_ACCESS = {
  AWS_REGION: '',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_PROFILE: '',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
}

t.test('npm start says which Node it needs, to one that can’t read the rest', async (t) => {
  const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as Manifest
  const [, ...args] = manifest.scripts.start.split(' ')
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '18.20.8' })`
  const old = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
  const ended = run(process.execPath, [...old, ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, ...NO_COVERAGE },
  })
  await t.rejects(ended, { code: 1, stderr: 'Latchkey needs Node >=20.19; this is 18.20.8.\n' })
})

t.test('npm start says that the packages are missing where they are', async (t) => {
  const root = temporaryFolder()
  cpSync(join(REPOSITORY, 'src'), join(root, 'src'), { recursive: true })
  cpSync(join(REPOSITORY, 'package.json'), join(root, 'package.json'))
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  for (const script of [manifest.scripts.start, manifest.scripts.admin]) {
    const [, ...args] = script.split(' ')
    const ended = run(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...NO_COVERAGE },
    })
    const stderr = 'The packages of Latchkey are not installed. Run “npm ci” first.\n'
    await t.rejects(ended, { code: 1, stderr })
  }
})

t.test('an installation without the packaged engine', async (t) => {
  const root = installWithoutEngine()
  const systemPath = '/usr/bin:/bin'

  t.test('names the ways out', async (t) => {
    const refused = await startRefused(t, { root, env: { PATH: systemPath } })
    checkRefusal(
      t,
      refused,
      /^There is no embedded DynamoDB .*--omit=optional.*PATH.*AWS_ENDPOINT_URL_DYNAMODB/,
    )
  })

  t.test('runs a dynoxide from PATH', async (t) => {
    const bin = temporaryFolder()
    const { resolve } = createRequire(import.meta.url)
    const name = `@dynoxide/${process.platform}-${process.arch}/dynoxide`
    symlinkSync(resolve(name), join(bin, 'dynoxide'))
    const server = await startServer(t, { root, env: { PATH: `${bin}:${systemPath}` } })
    t.equal((await server.signUp()).status, 201)
  })

  t.test('uses the endpoint it is given, and starts no engine', async (t) => {
    const { endpoint } = await sharedEngine()
    const env = { PATH: systemPath, AWS_ENDPOINT_URL_DYNAMODB: endpoint }
    const server = await startServer(t, { root, env })
    t.equal((await server.signUp()).status, 201)
    t.same(readdirSync(server.dataDir), ['keyring'])
    t.equal((await server.kill('SIGTERM')).code, 0)
    const { hostname, port } = new URL(endpoint)
    t.ok(await accepts(Number(port), hostname), 'the endpoint is left alone')
  })
})

/** The process ends well and takes its engine along. */
async function checkStop(t: Test, server: ServerProcess, signal: NodeJS.Signals): Promise<void> {
  const { code, stderr } = await server.kill(signal)
  t.equal(code, 0, signal)
  t.equal(stderr, '')
  t.same(enginePids(server.dataDir), [], 'the engine has ended before it')
  const kept = readdirSync(server.dataDir).filter((name) => name !== 'mail')
  t.same(kept.sort(), ['dynamodb.sqlite', 'keyring'])
}

/** One line, no stack, and a code that a script can test. */
function checkRefusal(t: Test, { code, stderr }: Exit, sentence: string | RegExp): void {
  t.equal(code, 1)
  t.match(stderr, sentence)
  t.equal(stderr.trimEnd().split('\n').length, 1, 'one sentence')
}

/** What `npm ci --omit=optional` leaves. */
function installWithoutEngine(): string {
  const root = temporaryFolder()
  cpSync(join(REPOSITORY, 'src'), join(root, 'src'), { recursive: true })
  for (const folder of ['.', 'packages/latchkey']) {
    cpSync(join(REPOSITORY, folder, 'package.json'), join(root, folder, 'package.json'))
  }
  const modules = join(REPOSITORY, 'node_modules')
  mkdirSync(join(root, 'node_modules'))
  for (const name of readdirSync(modules).filter((name) => name !== '@dynoxide')) {
    symlinkSync(join(modules, name), join(root, 'node_modules', name))
  }
  return root
}
