import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { freePort } from '../../src/local/free-port.js'
import { sharedEngine } from '../support/engine.js'
import { NO_COVERAGE, startServer } from '../support/process.js'

t.test('there is none in production, nor where others may come', async (t) => {
  const settings = [
    { NODE_ENV: 'production' },
    { HOST: '0.0.0.0' },
    { ISSUER: 'https://auth.example.com' },
  ]
  // In production there is no embedded database either.
  const { endpoint } = await sharedEngine()
  const judge = async (given: Record<string, string>) => {
    const env = { ...given, AWS_ENDPOINT_URL_DYNAMODB: endpoint }
    const server = await startServer(t, { env })
    t.equal((await server.get('/api/auth/local')).status, 404, Object.keys(given).join())
    const { stdout } = await server.kill('SIGINT')
    t.notMatch(stdout, 'identity provider')
  }
  await Promise.all(settings.map(judge))
})

t.test('a provider of one’s own that is called local comes first', async (t) => {
  const issuer = `http://127.0.0.1:${await freePort('127.0.0.1')}`
  const local = { clientId: 'c', clientSecret: 'not a real one', issuer }
  const server = await startServer(t, { env: { OAUTH_PROVIDERS: JSON.stringify({ local }) } })
  const { status, body } = await server.get('/api/auth/local')
  t.match({ status, body }, { status: 503, body: { code: 'PROVIDER_UNAVAILABLE' } })
})

t.test('a service without providers loads no code of theirs', async (t) => {
  const script = `
    import { writeSync } from 'node:fs'
    import { createRequire } from 'node:module'
    await import('./src/app.ts')
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    const packages = loaded.map((path) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(path)?.[1])
    writeSync(1, JSON.stringify([...new Set(packages)]))
  `
  const run = promisify(execFile)
  const args = ['--import', 'tsx', '--input-type=module', '-e', script]
  const env = { ...process.env, ...NO_COVERAGE }
  const { stdout } = await run(process.execPath, args, { env })
  const packages = JSON.parse(stdout) as string[]
  t.ok(packages.includes('fastify'), 'the list is one')
  for (const name of ['@fastify/oauth2', 'simple-oauth2', 'oidc-provider']) {
    t.notOk(packages.includes(name), name)
  }
})
