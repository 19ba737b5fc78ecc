import { join } from 'node:path'
import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { readClients } from '../../src/config/declared-clients.js'
import { loadConfig } from '../../src/config/service.js'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { createVerifier, VerificationError } from '../../src/relying-party/verifier.js'
import { sharedChromium } from '../support/chromium.js'
import { MINUTE, testClock } from '../support/clock.js'
import { newApp } from '../support/code-flow.js'
import { readDocument } from '../support/documents.js'
import { buildPackage } from '../support/example.js'
import { temporaryFolder } from '../support/engine.js'
import { startIssuer } from '../support/issuer.js'
import { startRelyingApp } from '../support/relying-app.js'
import { recordSecret } from '../support/transcript.js'

const PAGE = 'docs/sign-users-in/browser.md'

/** A block of the page that a reader copies. */
function blockOf(language: string, start: string): string {
  const blocks = [...readDocument(PAGE).matchAll(/^```(\w+)\n([^]*?)^```/gm)]
  const found = blocks.find(([, of, block]) => of === language && block?.startsWith(start))
  if (!found) throw new Error(`${PAGE} has no block of ${language} that begins: ${start}`)
  return found[2] ?? ''
}

const project = temporaryFolder()
await buildPackage(join(project, 'node_modules/latchkey'), ['client'])

/** The page's script with the package, as a bundler of the reader makes it. */
async function bundle(places: Readonly<Record<string, string>>): Promise<string> {
  let contents = blockOf('js', "import { createClient, errorOf } from 'latchkey/client'")
  for (const [place, ours] of Object.entries(places)) contents = contents.replaceAll(place, ours)
  const { outputFiles } = await build({
    stdin: { contents: `${contents}\nglobalThis.latchkey = latchkey`, resolveDir: project },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** What a server of another team got. */
interface Seen {
  readonly path: string
  readonly authorization: string | undefined
}

/** An API that takes tokens for itself alone, of the pages of any origin. */
async function startApi(t: Test) {
  const seen: Seen[] = []
  const api = { issuer: '', scopes: [] as string[], seen, url: '' }
  api.url = await startRelyingApp(t, (origin) => {
    const answer = async (header: string | undefined): Promise<[number, string]> => {
      try {
        const verifier = createVerifier({ issuer: api.issuer, resource: origin })
        const { sub } = await verifier.verifyHeader(header, { scopes: api.scopes })
        return [200, `orders of ${sub}`]
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error
        return [error.status, JSON.stringify(error.body)]
      }
    }
    return (request, response) => {
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('access-control-allow-headers', 'authorization')
      if (request.method === 'OPTIONS') return void response.writeHead(204).end()
      const { authorization } = request.headers
      seen.push({ path: request.url ?? '', authorization })
      return void answer(authorization).then(([status, body]) => {
        response.writeHead(status).end(body)
      })
    }
  })
  return api
}

/** The app of the page, the service, an API of its own and one of others, and a person. */
async function startWorld(t: Test, settings = '', others: Partial<AppClient> = {}) {
  const [orders, billing] = [await startApi(t), await startApi(t)]
  let script = ''
  const origin = await startRelyingApp(t, () => (request, response) => {
    const isScript = request.url === '/main.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : blockOf('html', '<!doctype html>'))
  })
  const { service, url } = await startIssuer(t, {
    clock: testClock(Date.now()),
    env: {
      RESOURCES: JSON.stringify({
        [orders.url]: { name: 'Orders', scopes: { 'orders:read': ['user'] } },
        [billing.url]: { name: 'B' },
      }),
    },
  })
  orders.issuer = url
  billing.issuer = url
  const account = await service.signUp()
  const app = await newApp(service, {
    isPublic: true,
    redirectUris: [`${origin}/`],
    postLogoutRedirectUris: [`${origin}/`],
    ...others,
  })
  script = await bundle({
    "'http://localhost:4000'": `'${orders.url}'`,
    "'http://localhost:3000'": `'${url}'`,
    'http://localhost:5173': origin,
    app_AAAAAAAAAAAAAAAAAAAAAA: app.clientId,
    'resources: [orders]': `resources: [orders]${settings}`,
  })
  const context = await (await sharedChromium()).newContext()
  t.teardown(() => context.close())
  context.setDefaultTimeout(10_000)
  await context.clock.setFixedTime(service.clock())
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(String(error.error())))
  const grants: string[] = []
  context.on('request', (request) => {
    if (request.method() !== 'POST' || request.url() !== `${url}/oauth/token`) return
    const form = new URLSearchParams(request.postData() ?? '')
    for (const name of ['code', 'refresh_token']) recordSecret('token', form.get(name))
    grants.push(form.get('grant_type') ?? '')
  })
  const advance = async (milliseconds: number) => {
    service.clock.advance(milliseconds)
    await context.clock.setFixedTime(service.clock())
  }
  const open = (path = '/') => openPage(context, origin + path)

  /** From the app's button through password and consent. */
  async function signIn(page: Page) {
    await page.click('#sign-in')
    await page.getByLabel('E-mail address').fill(account.email)
    recordSecret('password', account.password)
    await page.getByLabel('Password', { exact: true }).fill(account.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Yes, give it access' }).click()
    await shows(page, '#person', account.email)
  }

  async function loadOrders(page: Page): Promise<string> {
    await page.locator('#orders').evaluate((place) => void (place.textContent = ''))
    await page.click('#load')
    await page.locator('#orders:not(:empty)').waitFor()
    return (await page.textContent('#orders')) ?? ''
  }

  return {
    ...{ service, url, origin, orders, billing, account, app },
    ...{ open, signIn, loadOrders, advance, grants, faults },
  }
}

async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

const shows = (page: Page, place: string, text: string) =>
  page.locator(`${place}:text-is(${JSON.stringify(text)})`).waitFor()

/** What the page's script has made of its own. */
declare const latchkey: {
  fetch(url: string): Promise<Response>
  token(resource?: string): Promise<string>
}

t.test('an app of another origin with the built package', async (t) => {
  const world = await startWorld(t)
  const { service, url, origin, orders, billing, account } = world
  const page = await world.open('/?page=2#notes')
  await shows(page, '#person', 'not signed in')
  t.equal(await world.loadOrders(page), 'Access token required', 'no one is signed in')

  await world.signIn(page)
  t.equal(page.url(), `${origin}/?page=2#notes`, 'is where the person was')
  t.same(world.grants, ['authorization_code'])

  t.equal(await world.loadOrders(page), `orders of ${account.id}`, 'calls its API')

  const token = await page.evaluate(() => latchkey.token())
  recordSecret('token', token)
  t.test('the token is for this API and nothing else', async (t) => {
    const bearer = { authorization: `Bearer ${token}` }
    t.equal((await fetch(`${billing.url}/`, { headers: bearer })).status, 401)
    t.equal((await service.get('/api/profile', { headers: bearer })).status, 401)
    t.equal((await fetch(`${url}/oauth/userinfo`, { headers: bearer })).status, 401)
    billing.seen.length = 0
    for (const foreign of [`${billing.url}/orders`, `${url}/.well-known/openid-configuration`]) {
      await page.evaluate(
        (foreign) => latchkey.fetch(foreign).then(({ status }) => status),
        foreign,
      )
    }
    t.same(billing.seen, [{ path: '/orders', authorization: undefined }], 'nor is it sent there')
    const refusal = await page.evaluate(
      (resource) => latchkey.token(resource).catch((error: unknown) => String(error)),
      billing.url,
    )
    t.match(refusal, /name one of/)
  })

  await t.test('refreshes', async (t) => {
    await world.advance(16 * MINUTE)
    const answers = await page.evaluate(
      (url) =>
        Promise.all(
          Array.from({ length: 5 }, async () => (await latchkey.fetch(`${url}/orders`)).status),
        ),
      orders.url,
    )
    t.same(new Set(answers), new Set([200]))
    t.same(world.grants.splice(0), ['authorization_code', 'refresh_token'], 'once for all')
    const renewed = await page.evaluate(() => latchkey.token())
    recordSecret('token', renewed)
    t.not(renewed, token)
  })

  await t.test('keeps its tokens in memory while it is open, and over a reload', async (t) => {
    const stored = () => page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))
    t.notMatch(await stored(), /refreshToken/)
    await page.reload()
    await shows(page, '#person', account.email)
    t.notMatch(await stored(), /refreshToken/)
    t.equal(await world.loadOrders(page), `orders of ${account.id}`)
    t.same(world.grants, [], 'without a new sign-in')
  })

  await t.test('signs out, here and at the service', async (t) => {
    await page.click('#sign-out')
    await page.waitForURL(`${url}/oauth/logout?**`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${origin}/`)
    await shows(page, '#person', 'not signed in')
    orders.seen.length = 0
    await world.loadOrders(page)
    t.same(orders.seen, [{ path: '/orders', authorization: undefined }])
    await page.click('#sign-in')
    await page.getByLabel('Password', { exact: true }).waitFor()
  })
  t.same(world.faults, [])
})

t.test('tabs that share a session renew it once', async (t) => {
  const world = await startWorld(t, `, storage: 'browser'`)
  const one = await world.open()
  await world.signIn(one)
  const two = await world.open()
  await shows(two, '#person', world.account.email)
  await world.advance(16 * MINUTE)
  world.grants.length = 0
  const tokens = await Promise.all([one, two].map((tab) => tab.evaluate(() => latchkey.token())))
  recordSecret('token', tokens[0])
  t.equal(tokens[0], tokens[1])
  t.same(world.grants, ['refresh_token'])
  t.equal(world.service.events('authn_token_reuse').length, 0)
})

t.test('an answer that this tab has not asked for signs no one in', async (t) => {
  const world = await startWorld(t)
  const page = await world.open(`/?code=a&state=b&iss=${encodeURIComponent(world.url)}`)
  await shows(page, '#orders', 'This tab has not begun this sign-in: begin it here')
  t.same(world.grants, [])
  t.equal(page.url(), `${world.origin}/`)
})

t.test('a third-party app calls the routes that name a scope of its token', async (t) => {
  const settings = `, scopes: ['email', 'orders:read']`
  const world = await startWorld(t, settings, { isFirstParty: false })
  const { orders, account } = world
  const page = await world.open()
  await world.signIn(page)
  t.equal(await world.loadOrders(page), 'Insufficient scope', 'the API names none')
  orders.scopes = ['orders:read']
  t.equal(await world.loadOrders(page), `orders of ${account.id}`)
})

t.test('the commands of the page boot the service', async (t) => {
  const block = blockOf('sh', 'export RESOURCES')
  const variables = [...block.matchAll(/^export (\w+)='(.+)'$/gm)]
  const given = Object.fromEntries(variables.map(([, name = '', value = '']) => [name, value]))
  const config = loadConfig({ ISSUER: 'http://localhost:3000', ...given })
  t.match(await readClients(config), [{ isPublic: true, redirectUris: ['http://localhost:5173/'] }])
  t.equal(Object.keys(given).length, 2)
  t.ok(config.resources)
  t.match(block, /^npm start$/m)
})
