import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { encode, newApp, requestOf } from '../support/authorization.js'
import { launchChromium } from '../support/chromium.js'
import { testClock } from '../support/clock.js'
import { withTotp } from '../support/factors.js'
import { startForeignHosts } from '../support/foreign.js'
import { startService } from '../support/service.js'
import { startListening } from '../support/socket.js'
import { recordSecret } from '../support/transcript.js'

const browser = await launchChromium()
t.teardown(() => browser.close())

const AGENT = 'https://agent.example/client.json'
const hosts = await startForeignHosts(t, ['agent.example'])
hosts.json('/client.json', {
  client_id: AGENT,
  client_name: 'An Agent',
  redirect_uris: ['http://127.0.0.1/cb'],
})

const { url, service } = await startListening((issuer) =>
  startService(t, {
    clock: testClock(Date.now()),
    env: { ISSUER: issuer },
    foreignNetwork: hosts.network,
  }),
)

/** An app at an origin of its own: a page with a link, and the place where it gets its answer. */
async function startApp(t: Test, host: string): Promise<string> {
  const server = createServer(({ url: path = '' }, answer) => {
    recordSecret('code', new URL(path, 'http://app').searchParams.get('code'))
    answer.setHeader('content-type', 'text/html')
    answer.end('<!doctype html><title>App</title><a id="go">Sign in</a>')
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

const SCHEME = 'com.example.app:/cb'

/** A person's browser, with what it refuses by policy, and where answers of the service send it. */
async function open(t: Test, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ baseURL: url, ...options })
  t.teardown(() => context.close())
  context.setDefaultTimeout(10_000)
  const refusals: string[] = []
  const locations: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') refusals.push(message.text())
  })
  context.on('response', (response) => {
    const { location } = response.headers()
    if (location !== undefined) locations.push(location)
  })
  return { context, page: await context.newPage(), refusals, locations }
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: { html: string }[] }[]
}

/** Whether the page can be read and used by everyone, in each look. */
async function check(t: Test, page: Page) {
  const path = new URL(page.url()).pathname
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1200]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const { violations } = await page.evaluate<AxeResult>(
        `axe.run({ runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] })`,
      )
      const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
      t.same(found, [], `${path}, ${colorScheme}, ${width} px`)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      t.ok(overflow <= 0, `${path} fits ${width} px`)
    }
  }
}

interface Walk {
  readonly options?: BrowserContextOptions
  readonly isChecked?: boolean
  /** Takes the app out of the policy of our pages, as if it had never been in it. */
  readonly isNarrowed?: boolean
}

/** From a link of the app through password, factor and consent, by forms alone. */
async function walk(t: Test, app: string, uri: string, { options, isChecked, isNarrowed }: Walk) {
  const { account, app: totp } = await withTotp(service)
  const client = await newApp(service, { isFirstParty: false, redirectUris: [uri] })
  const opened = await open(t, options)
  const { context, page, locations } = opened
  if (isNarrowed) {
    await context.route(`${url}/**`, async (route) => {
      if (route.request().method() !== 'GET') return route.continue()
      const answer = await route.fetch({ maxRedirects: 0 })
      const headers = answer.headers()
      const policy = headers['content-security-policy']?.replace(
        /form-action [^;]*/,
        "form-action 'self'",
      )
      return route.fulfill({
        response: answer,
        headers: { ...headers, ...(policy && { 'content-security-policy': policy }) },
      })
    })
  }
  const scope = { scope: 'openid profile email offline_access', login_hint: account.email }
  await page.goto(app)
  const link = `${url}/oauth/authorize?${encode(requestOf(client, scope))}`
  await page.goto(link, { referer: app })
  await page.getByText('to go on to Orders').waitFor()
  t.equal(await page.getByLabel('E-mail address').inputValue(), account.email)
  if (isChecked) await check(t, page)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('/login/factor')
  if (isChecked) await check(t, page)
  await page.getByLabel('Code of your authenticator app').fill(totp.nextCode())
  await page.getByRole('button', { name: 'Continue', exact: true }).first().click()
  await page.waitForURL(/\/consent/)
  // A page that a redirect leads to is not intercepted.
  if (isNarrowed) await page.reload()
  t.equal(await page.locator('.place').textContent(), placeOf(uri))
  if (isChecked) await check(t, page)
  await page.getByRole('button', { name: 'Yes, give it access' }).click({ noWaitAfter: true })
  return { ...opened, client, account, answer: () => answerIn(page, locations, uri) }
}

const placeOf = (uri: string) => {
  const { protocol, host } = new URL(uri)
  return protocol === 'http:' ? host : protocol
}

/** What the service has sent the browser to the app with. */
async function answerIn(page: Page, locations: readonly string[], uri: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const found = locations.find((location) => location.startsWith(uri))
    if (found !== undefined) {
      recordSecret('code', new URL(found).searchParams.get('code'))
      return found
    }
    await page.waitForTimeout(50)
  }
  throw new Error('The app got no answer')
}

const OFF = { javaScriptEnabled: false }
const isPolicy = (text: string) => text.includes('Content Security Policy')

t.test('an app of another origin', async (t) => {
  for (const host of ['127.0.0.1', '::1']) {
    const app = await startApp(t, host)
    for (const options of host === '::1' ? [OFF] : [{}, OFF]) {
      const isChecked = host !== '::1' && options !== OFF
      const { page, refusals } = await walk(t, app, `${app}/cb`, { options, isChecked })
      await page.waitForURL(/\/cb\?code=/)
      const query = new URL(page.url()).searchParams
      t.match(Object.fromEntries(query), { code: /^[\w-]{64}$/, state: 'a state', iss: url })
      t.same(refusals.filter(isPolicy), [])
      await page.goBack()
      await page.waitForURL(/\/consent|\/oauth\/authorize/)
      t.equal(await page.getByRole('button', { name: 'Yes, give it access' }).count(), 0)
      t.match(await page.content(), /has ended/, 'after the back button it is over')
    }
  }
})

t.test('an app with a scheme of its own', async (t) => {
  const app = await startApp(t, '127.0.0.1')
  for (const options of [{}, OFF]) {
    const { refusals, answer } = await walk(t, app, SCHEME, { options })
    t.match(await answer(), /^com\.example\.app:\/cb\?code=/)
    t.same(refusals.filter(isPolicy), [], 'the browser goes on to it')
  }
})

t.test('without the app in the policy the browser stays where it is', async (t) => {
  const app = await startApp(t, '127.0.0.1')
  for (const uri of [`${app}/cb`, SCHEME]) {
    const { page, refusals } = await walk(t, app, uri, { isNarrowed: true })
    for (let tries = 0; tries < 100 && !refusals.some(isPolicy); tries++) {
      await page.waitForTimeout(50)
    }
    t.match(refusals.find(isPolicy), /form-action/, uri)
    t.match(page.url(), /\/consent/)
  }
})

t.test('a refusal right after the sign-in reaches an app that no one has registered', async (t) => {
  const app = await startApp(t, '127.0.0.1')
  const { email, password } = await service.signUp()
  const client = { ...(await newApp(service)), clientId: AGENT, redirectUris: [`${app}/cb`] }
  const { page, refusals } = await open(t)
  await page.goto(`/oauth/authorize?${encode(requestOf(client, { scope: 'burn' }))}`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  const link = page.getByRole('link', { name: `Back to the app at ${new URL(app).host}` })
  await link.waitFor()
  await check(t, page)
  await link.click()
  await page.waitForURL(/\/cb\?error=invalid_scope&/)
  t.same(refusals.filter(isPolicy), [])
})

t.test('no, step-up, apps and logout', async (t) => {
  const app = await startApp(t, '127.0.0.1')
  const uri = `${app}/cb`
  const { page, client, refusals, account } = await walk(t, app, uri, {})
  await page.waitForURL(/\/cb\?code=/)
  const ask = (overrides: object) =>
    page.goto(`/oauth/authorize?${encode(requestOf(client, { ...overrides }))}`)

  await ask({ scope: 'openid' })
  await page.getByRole('button', { name: 'No', exact: true }).click()
  await page.waitForURL(/\/cb\?error=access_denied/)

  service.clock.advance(1)
  await ask({ prompt: 'login' })
  await page.getByText('The app wants you to prove once more').waitFor()
  await check(t, page)

  await page.goto('/account/apps')
  await check(t, page)
  await page.goto('/dashboard/sessions')
  await check(t, page)

  const target = `${app}/bye`
  const leaving = await newApp(service, { name: 'Leaving', postLogoutRedirectUris: [target] })
  const query = new URLSearchParams({
    client_id: leaving.clientId,
    post_logout_redirect_uri: target,
    state: 'x',
  })
  await page.goto(`/oauth/logout?${query.toString()}`)
  await page.getByText('Leaving asks whether you want to sign out').waitFor()
  await page.getByText(account.email).waitFor()
  await check(t, page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${target}?state=x`)
  await page.goto('/dashboard')
  t.match(page.url(), '/login')
  t.same(refusals.filter(isPolicy), [])
})
