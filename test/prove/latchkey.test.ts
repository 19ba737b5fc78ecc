import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { createKeyVerifier, createVerifier } from '../../src/relying-party/verifier.js'
import { temporaryFolder } from '../support/engine.js'
import { builtEntry } from '../support/entries.js'
import { newOwner } from '../support/keys.js'
import { type Exit, runLatchkey } from '../support/process.js'
import { startService } from '../support/service.js'
import { listen } from '../support/socket.js'
import { recordSecret } from '../support/transcript.js'

t.test('the command line of partners', async (t) => {
  t.jobs = 2
  const service = await startService(t)
  const { url } = await listen(service)
  const owner = await newOwner(service)
  const key = await owner.generate({ scopes: ['data:read'] })
  const writer = await owner.generate({ scopes: ['data:write'] })
  const limited = await owner.generate({ rateLimit: { limit: 1, windowSeconds: 3600 } })
  await service.get('/api/data', { headers: { 'x-api-key': limited.secret } })

  const spent = await owner.generate({ monthlyQuota: 1 })
  await service.get('/api/data', { headers: { 'x-api-key': spent.secret } })
  const expiresAt = new Date(service.clock() + 1000).toISOString()
  const expired = await owner.generate({ expiresAt })
  service.clock.advance(1000)

  const run = async (args: readonly string[], secret = key.secret, more = {}): Promise<Exit> => {
    const env = { LATCHKEY_URL: url, LATCHKEY_API_KEY: secret, ...more }
    const exit = await runLatchkey(t, args, { env })
    t.notOk((exit.stdout + exit.stderr).includes(secret), 'shows no key')
    return exit
  }

  t.test('call', async (t) => {
    const { code, stdout } = await run(['call', '/api/data'])
    t.equal(code, 0)
    t.same(JSON.parse(stdout), { data: { keyId: key.id } })
    const json = await run(['call', '/api/data', '--json'])
    t.same(JSON.parse(json.stdout), { status: 200, body: { data: { keyId: key.id } } })
  })

  t.test('call, refused in one sentence and by an exit code', async (t) => {
    const cases: [args: string[], secret: string | undefined, code: number, said: RegExp][] = [
      [
        ['call', '/api/data'],
        writer.secret,
        3,
        /^Insufficient scope \(INSUFFICIENT_SCOPE\)\. The key needs: data:read\. Request /,
      ],
      [['call', '/nowhere'], undefined, 4, /^Not found \(NOT_FOUND\)/],
      [['call', '/api/data', '-d', '{}'], undefined, 4, /^Method not allowed/],
      [
        ['call', '/api/data'],
        limited.secret,
        5,
        /^Too many requests .*Try again in \d+ minutes?\./,
      ],
      [
        ['call', '/api/data', '--url', 'http://127.0.0.1:1'],
        undefined,
        6,
        /^http:\/\/127\.0\.0\.1:1 does not answer: HTTP clients refuse to call this port\.$/m,
      ],
      [
        ['call', '/api/data', '--url', 'http://api.example.com'],
        undefined,
        2,
        /must be an https:\/\/ URL/,
      ],
      [['call', 'api/data'], undefined, 2, /must begin with \//],
      [['call', '/api/data', '-d', 'x'], undefined, 2, /must be JSON/],
      [['call', '/api/data', '-d', '@/nowhere.json'], undefined, 2, /cannot be read \(ENOENT\)/],
      [['call', '/api/data', '-H', 'nonsense'], undefined, 2, /^A header must look like/],
      [['call', '/api/data', '-H', 'X-API-Key: x'], undefined, 2, /^The key is sent by itself/],
      [['rotate', '--overlap', 'soon'], undefined, 2, /must be a number of seconds/],
      [['call', '/api/data'], expired.secret, 3, /^The API key has expired \(API_KEY_EXPIRED\)/],
      [['key'], expired.secret, 3, /^The API key has expired/],
      [
        ['call', '/api/data'],
        spent.secret,
        5,
        /Try again (on \d+ \w+ \(\d+ days\)|in \d+ hours)\./,
      ],
      [['call', '/api/data'], key.secret.slice(1), 3, /^The key is mistyped or cut/],
      [['call'], undefined, 2, /missing required argument/],
    ]
    for (const [args, secret, code, said] of cases) {
      const exit = await run(args, secret)
      t.match(exit, { code, stdout: '', stderr: said }, args.join(' '))
    }
    const json = await run(['call', '/api/data', '--json'], writer.secret)
    t.equal(json.code, 3)
    t.match(JSON.parse(json.stdout), { status: 403, body: { code: 'INSUFFICIENT_SCOPE' } })
  })

  t.test('token', async (t) => {
    const { code, stdout } = await run(['token', '--scope', 'data:read'])
    t.equal(code, 0)
    const token = stdout.trim()
    recordSecret('token', token)
    t.match(await service.services.tokenVerifier.verify(token), { sub: key.id, scope: 'data:read' })
    const json = JSON.parse((await run(['token', '--json'])).stdout) as {
      body: { access_token: string }
    }
    recordSecret('token', json.body.access_token)
    t.match(json, { status: 200, body: { token_type: 'Bearer', expires_in: 900 } })
    const elsewhere = await run(['token', '--resource', 'https://orders.example.com'])
    t.match(elsewhere, { code: 4, stderr: /invalid_target/ })
    const wrong = await run(['token', '--scope', 'data:write'])
    t.match(wrong, { code: 4, stderr: /^The key does not have that scope \(invalid_scope\)/ })
  })

  t.test('key: what it may do, until when, and what is left', async (t) => {
    const { code, stdout } = await run(['key'], limited.secret)
    t.equal(code, 0)
    t.match(stdout, /^name +k\nkey id +\w+\nstatus +active\nscopes +data:read\nexpires +never\n/)
    t.match(stdout, /\nrate limit +1 calls in 3600 seconds, 0 left until 20/)
    t.match(stdout, /\nquota +none\naddresses +any\n$/)
    const json = JSON.parse((await run(['key', '--json'])).stdout)
    t.match(json, { status: 200, body: { key: { id: key.id, remaining: { rateLimit: null } } } })
  })

  t.test('usage', async (t) => {
    await service.services.keyUsage.flush()
    const day = new Date(service.clock()).toISOString().slice(0, 10)
    const { code, stdout } = await run(['usage'], writer.secret)
    t.equal(code, 0)
    const head = 'day          allowed   limited forbidden'
    t.match(stdout, new RegExp(`^${head}\n${day} +0 +0 +\\d+\n$`))
    const unused = await owner.generate()
    t.equal((await run(['usage'], unused.secret)).stdout, 'No calls in the last 30 days.\n')
  })

  t.test('rotate prints the new key alone', async (t) => {
    const old = await owner.generate()
    const { code, stdout, stderr } = await run(['rotate', '--overlap', '60'], old.secret)
    t.equal(code, 0)
    const next = stdout.trim()
    recordSecret('token', next)
    t.match(next, /^lk_live_\w{79}$/)
    t.match(stderr, /^The old key works until 20.*\. Store the new one now\.\n$/)
    t.match(await run(['call', '/api/data'], next), { code: 0 })
    t.match(await run(['rotate'], writer.secret), { code: 0 })
  })

  t.test('call sends headers, and a body from a file', async (t) => {
    const file = join(temporaryFolder(), 'body.json')
    writeFileSync(file, '{"name": 7}')
    const args = ['call', '/api/apikeys/x/rotate', '-X', 'post', '-d', `@${file}`]
    const { code, stderr } = await run([...args, '-H', 'Accept-Language: de', '-H', 'X-Two: b'])
    t.equal(code, 4)
    t.match(stderr, /VALIDATION_FAILED/, 'the file arrived as JSON')
  })

  t.test('key inspect, of rubbish, in one line', async (t) => {
    for (const [input, said] of [
      ['rubbish', /^This is no API key: one begins like lk_live_ [^\n]*\n$/],
      ['lk_live_short', /^This begins like an API key \(lk_live_\), but is mistyped or cut\.\n$/],
    ] as const) {
      const exit = await runLatchkey(t, ['key', 'inspect'], { input: `${input}\n` })
      t.match(exit, { code: 3, stdout: said, stderr: '' })
    }
  })

  t.test('key inspect, of a key that is piped in, asking nobody', async (t) => {
    const inspect = (input: string, ...args: string[]) =>
      runLatchkey(t, ['key', 'inspect', ...args], { input: `${input}\n` })
    const whole = { prefix: 'lk', environment: 'live', keyId: key.id, ownerId: owner.id }
    const good = await inspect(key.secret, '--json')
    t.same(
      { ...good, stdout: JSON.parse(good.stdout) as object },
      { code: 0, stderr: '', stdout: { ...whole, checksum: 'valid' } },
    )
    const typo = key.secret.slice(0, -1) + (key.secret.endsWith('a') ? 'b' : 'a')
    const bad = await inspect(typo, '--json')
    t.equal(bad.code, 3)
    t.match(JSON.parse(bad.stdout), { prefix: 'lk', keyId: null, checksum: 'invalid' })
    const said = await inspect(key.secret)
    t.match(said.stdout, /^prefix +lk\nenvironment +live\n/)
    t.notOk(said.stdout.includes(key.secret.slice(38, 80)), 'shows no secret')
    t.match(await runLatchkey(t, ['key', 'inspect'], { input: '' }), {
      code: 2,
      stderr: /^There is no key/,
    })
  })

  t.test('--help says how it ends, and where the key comes from', async (t) => {
    const { code, stdout } = await runLatchkey(t, ['--help'])
    t.equal(code, 0)
    t.match(stdout, /LATCHKEY_API_KEY[^]*Exit codes:[^]* {2}6 {2}no answer/)
    t.match(await runLatchkey(t, ['--version']), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/ })
    for (const args of [
      ['frobnicate'],
      ['frobnicate', '--help'],
      ['key', 'frobnicate', '--help'],
    ]) {
      const unknown = { code: 2, stdout: '', stderr: /unknown command 'frobnicate'/ }
      t.match(await runLatchkey(t, args), unknown, args.join(' '))
    }
    t.match((await runLatchkey(t, ['call', '--help'])).stdout, /Examples:\n {2}latchkey call /)
    for (const args of [
      ['call', '--help'],
      ['help'],
      ['help', 'call'],
      ['help', 'key'],
      ['key', '--help'],
    ]) {
      t.match(
        await runLatchkey(t, args),
        { code: 0, stdout: /^Usage: /, stderr: '' },
        args.join(' '),
      )
    }
  })
})

t.test('an issuer for an API that is being written', async (t) => {
  const resource = 'http://localhost:4000'
  const child = spawn(process.execPath, [
    builtEntry('latchkey.ts'),
    ...['dev', '--port', '0', '--resource', resource, '--scope', 'orders:read'],
  ])
  t.teardown(() => child.kill())
  const said = new Map<string, string>()
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name = '', value = ''] = /^(.*?)(?:=|: +)(\S+)$/.exec(line) ?? []
    said.set(name, value)
    if (name === 'an API key') break
  }
  const issuer = said.get('ISSUER') ?? ''
  const verifier = createVerifier({ issuer, resource, accept: 'both' })
  const requirement = { scopes: ['orders:read'] }
  t.match(await verifier.verify(said.get('a person') ?? '', requirement), { role: 'user' })
  t.match(await verifier.verify(said.get('an administrator') ?? '', requirement), { role: 'admin' })
  const ofOthers = said.get('an app of others') ?? ''
  t.match(await verifier.verify(ofOthers, requirement), { role: undefined, sid: /./ })
  await t.rejects(verifier.verify(ofOthers), { code: 'INSUFFICIENT_SCOPE' })
  t.match(await verifier.verify(said.get('a machine') ?? '', requirement), { sid: undefined })
  const introspectionKey = said.get('INTROSPECTION_KEY')
  const keys = createKeyVerifier({ issuer, introspectionKey })
  const address = '127.0.0.1'
  t.match(await keys.verify(said.get('an API key'), { address, ...requirement }), {})
  const taken = await runLatchkey(t, ['dev', '--port', new URL(issuer).port])
  t.match([taken.code, taken.stderr], [2, /^Port \d+ is taken\. Give another one with --port\./])
  const none = await runLatchkey(t, ['dev', '--port', 'x'])
  t.match([none.code, none.stderr], [2, /^The port must be a number/])
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number]
  t.equal(code, 0, 'ends by Ctrl-C')
})
