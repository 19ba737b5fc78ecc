import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { freePort } from '../../src/local/free-port.js'
import { createVerifier } from '../../src/relying-party/verifier.js'
import { sharedChromium } from '../support/chromium.js'
import { readDocument } from '../support/documents.js'
import { temporaryFolder } from '../support/engine.js'
import { realClock, ROOT, startExample } from '../support/example.js'
import { startIssuer } from '../support/issuer.js'
import { startRelyingApp } from '../support/relying-app.js'
import type { Account } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

/** A block of a page that a reader copies. */
function blockOf(page: string, language: string, start: string): string {
  const blocks = [...readDocument(page).matchAll(/^```(\w+)\n([^]*?)^```/gm)]
  const found = blocks.find(([, of, block]) => of === language && block?.startsWith(start))
  if (!found) throw new Error(`${page} has no block of ${language} that begins: ${start}`)
  return found[2] ?? ''
}

/** What the commands before `npm start` set. */
async function variablesOf(block: string): Promise<Readonly<Record<string, string>>> {
  const script = block.replace(/^npm start$/m, 'node -p "JSON.stringify(process.env)"')
  const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script])
  return JSON.parse(stdout) as Record<string, string>
}

/** A folder of the reader, with the program and the packages that it wants. */
function folderWith(name: string, program: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), program)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function newPage(t: Test): Promise<Page> {
  const context = await (await sharedChromium()).newContext()
  t.teardown(() => context.close())
  context.setDefaultTimeout(10_000)
  return context.newPage()
}

/** Fills in what the service asks a person, up to the way back to the app. */
async function signIn(page: Page, { email, password }: Account): Promise<void> {
  recordSecret('password', password)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Yes, give it access' }).click()
}

t.test('the server of the page signs in and out', async (t) => {
  const document = 'docs/sign-users-in/server.md'
  const { CLIENTS, CLIENT_ID, CLIENT_SECRET } = (await variablesOf(
    blockOf(document, 'sh', 'export CLIENT_ID'),
  )) as { CLIENTS: string; CLIENT_ID: string; CLIENT_SECRET: string }
  recordSecret('client-secret', CLIENT_SECRET)
  const PORT = String(await freePort('127.0.0.1'))
  const { service, url } = await startIssuer(t, {
    clock: realClock(),
    env: { CLIENTS: CLIENTS.replaceAll('8080', PORT) },
  })
  const account = await service.signUp()
  const folder = folderWith('server.mjs', blockOf(document, 'js', 'import { randomUUID }'))
  const env = { ISSUER: url, CLIENT_ID, CLIENT_SECRET, PORT }
  const app = await startExample(t, { args: ['server.mjs'], cwd: folder }, env)

  const page = await newPage(t)
  await page.goto(app.url)
  await page.click('text=Sign in')
  await signIn(page, account)
  await page.waitForURL(`${app.url}/`)
  t.equal(await page.textContent('p'), account.email)
  const cookies = await page.context().cookies(app.url)
  t.match(cookies.find(({ name }) => name === 'shop')?.value, /^[\w-]{36}$/, 'and no token')

  await page.goto(`${app.url}/logout`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${app.url}/`)
  t.equal(await page.textContent('a'), 'Sign in')
  t.notMatch(app.said(), /Error/)
})

t.test('the command line of the page signs in and calls an API', async (t) => {
  const document = 'docs/sign-users-in/native.md'
  const { CLIENTS = '', RESOURCES = '' } = await variablesOf(
    blockOf(document, 'sh', 'export RESOURCES'),
  )
  const api = { issuer: '' }
  const RESOURCE = await startRelyingApp(t, (origin) => (request, response) => {
    const verifier = createVerifier({ issuer: api.issuer, resource: origin })
    verifier.verifyHeader(request.headers.authorization).then(
      ({ sub }) => response.end(`orders of ${sub}`),
      (error: unknown) => response.end(String(error)),
    )
  })
  const { service, url } = await startIssuer(t, {
    clock: realClock(),
    env: { CLIENTS, RESOURCES: RESOURCES.replaceAll('http://localhost:4000', RESOURCE) },
  })
  api.issuer = url
  const account = await service.signUp()
  const folder = folderWith('cli.mjs', blockOf(document, 'js', 'import { createServer }'))
  const cli = await startExample(t, { args: ['cli.mjs'], cwd: folder }, { ISSUER: url, RESOURCE })
  const page = await newPage(t)
  await page.goto(/^http.*$/m.exec(await cli.says('/oauth/authorize'))?.[0] ?? '')
  await signIn(page, account)
  await page.getByText('You can close this window.').waitFor()
  t.match(await cli.says('orders of'), `Signed in as ${account.id}\norders of ${account.id}`)
})
