import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort } from '../../../src/local/free-port.js'
import { newApp } from '../../support/code-flow.js'
import { temporaryFolder } from '../../support/engine.js'
import { realClock } from '../../support/example.js'
import { startIssuer } from '../../support/issuer.js'
import { Person } from '../../support/person.js'

/** Debian's Apache and its module, which `.ci/run` installs. */
const APACHE = '/usr/sbin/apache2'
const MODULES = '/usr/lib/apache2/modules'
const hasModule = existsSync(APACHE) && existsSync(`${MODULES}/mod_auth_openidc.so`)

t.test(
  'mod_auth_openidc, for Apache',
  { skip: hasModule ? false : 'libapache2-mod-auth-openidc is not installed' },
  async (t) => {
    const port = await freePort('127.0.0.1')
    const origin = `http://127.0.0.1:${port}`
    const { service, url, asked } = await startIssuer(t, { clock: realClock() })
    const account = await service.signUp()
    const app = await newApp(service, {
      redirectUris: [`${origin}/protected/cb`],
      postLogoutRedirectUris: [`${origin}/bye.txt`],
    })
    await startApache(t, port, [
      `OIDCProviderMetadataURL ${url}/.well-known/openid-configuration`,
      `OIDCClientID ${app.clientId}`,
      `OIDCClientSecret ${app.secret}`,
      `OIDCRedirectURI ${origin}/protected/cb`,
      'OIDCCryptoPassphrase not-a-secret-of-anything-but-this-test',
      'OIDCScope "openid email"',
      'OIDCPKCEMethod S256',
      'OIDCRemoteUserClaim sub',
      // More than tokens live: each request after the sign-in refreshes.
      'OIDCRefreshAccessTokenBeforeExpiry 1000',
    ])

    const person = new Person(account)
    const page = await person.open(`${origin}/protected/page.txt`)
    t.match(page, { status: 200, text: 'protected' })
    t.equal(page.headers.get('x-user'), account.id)
    t.equal(page.headers.get('x-email'), account.email)
    t.equal(person.met[0], '/login')

    t.test('refreshes', async (t) => {
      const before = asked.filter((request) => request === 'POST /oauth/token').length
      const again = await person.browser.visit(`${origin}/protected/page.txt`)
      t.match(again, { status: 200, text: 'protected' })
      const after = asked.filter((request) => request === 'POST /oauth/token').length
      t.ok(after > before, 'the token endpoint was asked')
    })

    t.test('logs out', async (t) => {
      const bye = encodeURIComponent(`${origin}/bye.txt`)
      const end = await person.open(`${origin}/protected/cb?logout=${bye}`)
      t.match(end, { status: 200, text: 'bye' })
      const { location = '' } = await person.browser.visit(`${origin}/protected/page.txt`)
      t.ok(location.startsWith(`${url}/oauth/authorize?`), 'the app has forgotten the person')
      const next = await person.browser.visit(location)
      t.match(next.location, /\/login\?/, 'and so has Latchkey')
    })
  },
)

async function startApache(t: Test, port: number, settings: readonly string[]): Promise<void> {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const pages = join(folder, 'pages')
  mkdirSync(join(pages, 'protected'), { recursive: true })
  writeFileSync(join(pages, 'protected/page.txt'), 'protected')
  writeFileSync(join(pages, 'bye.txt'), 'bye')
  const modules = [
    ...['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'headers', 'mime'],
  ]
  const lines = [
    `ServerRoot ${folder}`,
    'ServerName 127.0.0.1',
    `Listen 127.0.0.1:${port}`,
    `PidFile ${folder}/apache.pid`,
    `DefaultRuntimeDir ${folder}`,
    `ErrorLog ${folder}/error.log`,
    // Apache refuses to serve as root.
    ...['User www-data', 'Group www-data'],
    ...['StartServers 1', 'ThreadsPerChild 4', 'MinSpareThreads 4', 'MaxSpareThreads 8'],
    ...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    `DocumentRoot ${pages}`,
    'TypesConfig /etc/mime.types',
    ...settings,
    '<Location /protected>',
    'AuthType openid-connect',
    'Require valid-user',
    'Header set X-User "expr=%{REMOTE_USER}"',
    'Header set X-Email "expr=%{reqenv:OIDC_CLAIM_email}"',
    '</Location>',
  ]
  const file = join(folder, 'apache.conf')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const apache = spawn(APACHE, ['-f', file, '-D', 'FOREGROUND'], { stdio: 'inherit' })
  const ended = once(apache, 'exit')
  t.teardown(async () => {
    apache.kill()
    await ended
  })
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/bye.txt`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('Apache did not start')
}
