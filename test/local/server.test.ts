import { readdirSync, statSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { enginePids } from '../support/engine-process.js'
import { temporaryFolder } from '../support/engine.js'
import { startServer } from '../support/process.js'

// One start for all of it. What needs a start of its own is in test/prove/server.test.ts.
t.test('the local server', async (t) => {
  const dataDir = join(temporaryFolder(), 'made by', 'the server')
  const server = await startServer(t, { dataDir })

  t.test('the local server prints its address before any other', async (t) => {
    t.match(server.url, /^http:\/\/localhost:\d+$/)
    t.equal((await server.get('/healthz')).status, 200)
  })

  t.test(
    'the local server listens on both addresses of localhost, and calls itself by that name',
    async (t) => {
      const { port } = new URL(server.url)
      const hosts = ['localhost', '127.0.0.1', ...(HAS_IPV6 ? ['[::1]'] : [])]
      for (const host of hosts) {
        const document = await fetch(`http://${host}:${port}/.well-known/openid-configuration`)
        t.match(await document.json(), { issuer: server.url }, host)
      }
    },
  )

  t.test(
    'the local server shows its API page under a policy that lets the page work',
    async (t) => {
      const page = await server.get('/docs')
      t.equal(page.status, 200)
      t.match(page.text, 'swagger-ui-bundle.js')
      t.notMatch(page.text, /<script[^>]*>\s*[^\s<]/, 'no script stands in the page itself')
      for (const [, path = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
        t.equal((await server.get(path)).status, 200, path)
      }
      t.match((await server.get('/docs/json')).body, { paths: { '/api/auth/login': {} } })

      const policy = String(page.headers['content-security-policy'])
      t.match(policy, /script-src 'self'/)
      t.match(policy, /style-src 'self'/)
      t.notMatch(policy, /upgrade-insecure-requests/, 'scripts come over plain HTTP, as the page')
    },
  )

  t.test(
    'the local server sends pages that are opened by another name of this machine to its own',
    async (t) => {
      const { port } = new URL(server.url)
      // `fetch` names its own mode, which is not that of a browser that opens a page.
      const open = (path: string, headers: Record<string, string>) =>
        new Promise<IncomingMessage>((resolve, reject) => {
          const asked = get({ host: '127.0.0.1', port, path, headers }, resolve)
          asked.on('response', (answer) => answer.resume()).on('error', reject)
        })
      const browser = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }
      const page = await open('/login?returnTo=%2Fdashboard', browser)
      t.equal(page.statusCode, 303)
      t.equal(page.headers.location, `${server.url}/login?returnTo=%2Fdashboard`)
      t.equal(
        (await open('/healthz', { accept: '*/*' })).statusCode,
        200,
        'a program stays where it is',
      )
      const own = await fetch(`${server.url}/login`, { headers: { accept: 'text/html' } })
      t.equal(own.status, 200)
    },
  )

  t.test('the local server hides keys from other users of the machine', async (t) => {
    t.equal(modeOf(dataDir), '700')
    t.equal(modeOf(join(dataDir, 'engine.json')), '600')
    const keyRing = join(dataDir, 'keyring')
    t.equal(modeOf(keyRing), '700')
    t.same(readdirSync(keyRing), ['1.json', 'data', 'spare', 'tickets'])
    t.equal(modeOf(join(keyRing, '1.json')), '600')
  })

  t.test('the local server answers 421 to requests by a name that is not its own', async (t) => {
    const { port, host } = new URL(server.url)
    const ask = (target: string, name?: string) =>
      statusOf(port, `GET ${target} HTTP/1.${name === undefined ? '0' : '1'}`, name)
    for (const foreign of [
      ...['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`, 'localhost'],
      ...['localhost:1', `127.0.0.2:${port}`, `localhost.:${port}`],
    ]) {
      t.equal(await ask('/healthz', foreign), 421, foreign)
      t.equal(await ask('/nothing-here', foreign), 421, `${foreign}, no such route`)
    }
    t.equal(await ask('/healthz', `localhost@evil.example:${port}`), 400, 'no name of a host')
    t.equal(await ask('/healthz'), 421, 'no name at all')
    t.equal(await ask(`http://evil.example:${port}/healthz`, host), 421, 'a foreign target')
    t.equal(
      await ask(`http://${host}/healthz`, `evil.example:${port}`),
      421,
      'its own, a foreign Host',
    )
    t.equal(await ask(`http://${host}/healthz`, host), 200, 'its own in absolute form')
    t.equal(await ask('/healthz', host.toUpperCase()), 200)
    t.equal(await ask('/healthz', `127.0.0.1:${port}`), 200)
  })

  t.test('the local server stops when it is told to, and takes its engine along', async (t) => {
    const { code, stdout, stderr } = await server.kill('SIGINT')
    t.equal(code, 0)
    t.same(enginePids(dataDir), [])
    t.same(readdirSync(dataDir).sort(), ['dynamodb.sqlite', 'keyring'])

    const said = stderr.trimEnd().split('\n')
    for (const line of said) t.match(JSON.parse(line), { event: 'malicious_host' })
    t.notMatch(stdout + stderr, 'evil.example', 'a name that a stranger chose is not logged')
  })

  t.test('the local server prints its address first, and its log after that as JSON', async (t) => {
    const { stdout } = await server.exited
    const lines = stdout.split('\n').filter((line) => line !== '')
    t.equal(lines[0], `Latchkey is listening on ${server.url}`)
    const first = lines.findIndex((line) => line.startsWith('{'))
    t.ok(first > 0)
    for (const line of lines.slice(first)) t.match(JSON.parse(line), { level: String })
  })
})

/** The status that a raw request is answered with. */
async function statusOf(port: string, line: string, host: string | undefined): Promise<number> {
  const socket = connect(Number(port), '127.0.0.1')
  const head = [line, ...(host === undefined ? [] : [`Host: ${host}`]), 'Connection: close', '', '']
  socket.write(head.join('\r\n'))
  return Number((await text(socket)).split(' ')[1])
}

const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((known) => known?.address === '::1')

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
