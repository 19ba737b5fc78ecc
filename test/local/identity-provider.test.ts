import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { startIdentityProvider } from '../../src/local/identity-provider/server.js'
import { freePort } from '../../src/local/free-port.js'
import { accepts } from '../../src/local/engine.js'
import { Browser } from '../support/browser.js'
import { newEmail } from '../support/identity-provider.js'
import { startServer } from '../support/process.js'

const PAGE = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }

t.test('npm start offers a local identity provider that can be clicked through', async (t) => {
  const server = await startServer(t)
  const browser = new Browser()

  const login = await browser.visit(`${server.url}/login`, { headers: PAGE })
  t.match(login.text, /<a [^>]*href="\/api\/auth\/local"[^>]*>Sign in with Local test account<\/a>/)
  const german = { headers: { ...PAGE, 'accept-language': 'de' } }
  const register = await new Browser().visit(`${server.url}/register`, german)
  t.match(register.text, '>Mit Local test account registrieren</a>')
  const begun = await browser.visit(`${server.url}/api/auth/local`, { headers: PAGE })
  const provider = new URL(begun.location ?? '').origin
  t.match(provider, /^http:\/\/127\.0\.0\.1:\d+$/)
  const form = await browser.follow(begun)
  t.match(form.text, 'sign in as any person you name')

  const email = newEmail()
  const filled = { form: { email, verified: 'on', name: 'Ada' } }
  const arrived = await browser.follow(await browser.visit(form.url, filled))
  t.equal(arrived.url, `${server.url}/dashboard`)
  t.equal(arrived.status, 200)
  const profile = await browser.visit(`${server.url}/api/profile`, { headers: PAGE })
  t.match(JSON.parse(profile.text), { user: { email, name: 'Ada', role: 'user' } })

  const second = await browser.follow(
    await browser.visit(`${server.url}/api/auth/local`, { headers: PAGE }),
  )
  t.equal(new URL(second.url).origin, provider, 'it asks again, though the browser has been there')
  t.match(second.text, /<input id="email"[^>]* required/)
  const other = { form: { email: newEmail(), verified: 'on', name: 'Grace' } }
  await browser.follow(await browser.visit(second.url, other))
  const changed = await browser.visit(`${server.url}/api/profile`, { headers: PAGE })
  t.match(JSON.parse(changed.text), { user: { name: 'Grace' } })

  const again = new Browser()
  const denied = await again.follow(
    await again.visit(`${server.url}/api/auth/local`, { headers: PAGE }),
  )
  const refused = await again.follow(await again.visit(denied.url, { form: { deny: 'true' } }))
  t.equal(refused.url, `${server.url}/login?error=ACCESS_DENIED`)
  t.match(refused.text, 'You did not let the provider sign you in.')

  const { port } = new URL(provider)
  for (const { address, internal, family } of Object.values(
    networkInterfaces(),
  ).flat() as Address[]) {
    if (internal || family !== 'IPv4') continue
    await t.rejects(fetch(`http://${address}:${port}/`), `it does not listen on ${address}`)
  }
  const { code, stdout, stderr } = await server.kill('SIGINT')
  t.equal(code, 0)
  t.match(stdout, `${server.url}/login (identity provider for development: ${provider})`)
  t.notMatch(stdout + stderr, email)
  t.notMatch(stderr, /oidc-provider/, 'no warning for who would run the provider in earnest')
  t.notOk(await accepts(Number(port)), 'it ends with the service')
})

interface Address {
  readonly address: string
  readonly internal: boolean
  readonly family: string
}

t.test(
  'the local identity provider’s pages have our style, and answer to its own name alone',
  async (t) => {
    const redirectUri = 'http://localhost/api/auth/local/callback'
    const provider = await startIdentityProvider({ redirectUri })
    t.teardown(() => provider?.stop())
    const issuer = provider?.issuer ?? ''
    for (const [method, path] of [
      ['POST', '/interaction/none'],
      ['GET', '/auth'],
    ] as const) {
      const page = await fetch(issuer + path, { method, headers: { accept: 'text/html' } })
      const text = await page.text()
      t.match(page.headers.get('content-security-policy'), "default-src 'none'; style-src 'self'")
      t.match(text, 'This sign-in can’t go on', path)
      const [, style = ''] = /rel="stylesheet" href="([^"]+)"/.exec(text) ?? []
      const sheet = await fetch(issuer + style)
      t.match(sheet.headers.get('content-type'), 'text/css')
      t.match(await sheet.text(), '.narrow')
    }
    const { port } = new URL(issuer)
    for (const host of [`evil.example:${port}`, 'localhost', undefined]) {
      t.match(await rawGet(port, host), /^HTTP\/1\.1 421 /, host ?? 'no host')
    }
    t.match(await rawGet(port, `localhost:${port}`), /^HTTP\/1\.1 200 /)
  },
)

async function rawGet(port: string, host: string | undefined): Promise<string> {
  const socket = connect(Number(port), '127.0.0.1')
  const head = [
    'GET /.well-known/openid-configuration HTTP/1.1',
    ...(host === undefined ? [] : [`Host: ${host}`]),
    'Connection: close',
  ]
  socket.write([...head, '', ''].join('\r\n'))
  return text(socket)
}

t.test(
  'the local identity provider takes the port that it is offered, or another if that is taken',
  async (t) => {
    const redirectUri = 'http://127.0.0.1/api/auth/local/callback'
    const preferredPort = await freePort('127.0.0.1')
    const first = await startIdentityProvider({ redirectUri, preferredPort })
    const second = await startIdentityProvider({ redirectUri, preferredPort })
    t.teardown(() => Promise.all([first?.stop(), second?.stop()]))
    t.equal(first?.issuer, `http://127.0.0.1:${preferredPort}`)
    t.match(second?.issuer, /^http:\/\/127\.0\.0\.1:\d+$/)
    t.not(second?.issuer, first?.issuer)
    t.not(second?.clientSecret, first?.clientSecret, 'each with a secret of its own')
  },
)
