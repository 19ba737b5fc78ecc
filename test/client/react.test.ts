import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startAuthorizationServer } from '../support/authorization-server.js'
import { sharedChromium } from '../support/chromium.js'
import { startServer } from '../support/client.js'
import { ORDERS } from '../support/resources.js'

/** An app in React, with one client and two components that both ask who is signed in. */
const APP = `
import { createElement as h, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from './src/client/client.ts'
import { useLatchkey } from './src/client/react.ts'

const { issuer, resources } = globalThis.settings
const latchkey = createClient({ issuer, clientId: 'app_1', resources })
globalThis.latchkey = latchkey
globalThis.shown = []

function Account() {
  const { user, isLoading, error, arrival } = useLatchkey(latchkey)
  const place = arrival && new URL(arrival.returnTo).pathname + ' ' + arrival.appState
  const text = isLoading ? 'loading' : error ? error.code : user ? user.name : 'not signed in'
  globalThis.shown.push(text)
  return h('p', { id: 'account' }, [text, place].filter(Boolean).join(', '))
}
function Name() {
  return h('p', { id: 'name' }, useLatchkey(latchkey).user?.name ?? 'not signed in')
}
const signIn = () => latchkey.signInWithRedirect({ appState: 'cart' })
const app = h('div', null, h(Account), h(Name), h('button', { onClick: signIn }, 'Sign in'))
createRoot(document.body).render(h(StrictMode, null, app))
`

const { outputFiles } = await build({
  stdin: { contents: APP, resolveDir: process.cwd() },
  bundle: true,
  define: { 'process.env.NODE_ENV': '"development"' },
  write: false,
})
const script = outputFiles[0]?.text ?? ''
const browser = await sharedChromium()

/** An app and an issuer, each of an origin of its own. */
async function startApp(t: Test) {
  const server = await startAuthorizationServer(t, { clock: Date.now })
  const settings = JSON.stringify({ issuer: server.url, resources: [ORDERS] })
  const origin = await startServer(t, ({ url }, response) => {
    if (url === '/app.js') response.setHeader('content-type', 'text/javascript').end(script)
    else {
      response.setHeader('content-type', 'text/html')
      response.end(
        `<!doctype html><body></body><script>settings = ${settings}</script><script src="/app.js"></script>`,
      )
    }
  })
  const context = await browser.newContext()
  t.teardown(() => context.close())
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(String(error.error())))
  const open = async (path: string) => {
    const page = await context.newPage()
    await page.goto(origin + path)
    return page
  }
  const count = (path: string) => server.asked.filter((asked) => asked.path === path).length
  return { server, origin, open, count, faults }
}

const shows = (page: Page, text: string) =>
  page.locator(`#account:text-is(${JSON.stringify(text)})`).waitFor()

t.test(
  'the client’s React hook signs in once under StrictMode, and a reload keeps that',
  async (t) => {
    const { open, origin, count, faults } = await startApp(t)
    const page = await open('/orders?page=2')
    await shows(page, 'not signed in')
    await page.click('button')
    await shows(page, 'Ada, /orders cart')
    t.equal(await page.textContent('#name'), 'Ada', 'in each component')
    t.equal(page.url(), `${origin}/orders?page=2`)
    t.equal(count('POST /oauth/token'), 1)

    await page.reload()
    await shows(page, 'Ada')
    const shown = await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
    t.notOk(shown.includes('not signed in'), 'nothing flickers')
    t.equal(count('POST /oauth/token'), 1)
    const stored = await page.evaluate(() => sessionStorage.length + localStorage.length)
    t.equal(stored, 1, 'nothing but the list of attempts is in storage while the page is open')

    await page.goto(`${origin}/elsewhere`)
    await shows(page, 'Ada')
    await page.goBack()
    await shows(page, 'Ada')
    t.same(faults, [])
  },
)

t.test('the client’s React hook tells of a sign-out in another tab', async (t) => {
  const { open, server, faults } = await startApp(t)
  const [one, two] = [await open('/'), await open('/')]
  for (const page of [one, two]) {
    await page.click('button')
    await shows(page, 'Ada, / cart')
  }
  t.equal(server.live.size, 2)
  await one.evaluate(() =>
    (globalThis as unknown as { latchkey: { signOut(): Promise<void> } }).latchkey.signOut(),
  )
  await shows(one, 'not signed in, / cart')
  await shows(two, 'not signed in, / cart')
  t.same(faults, [])
})

t.test('the client’s React hook says why a sign-in failed', async (t) => {
  const { open, faults } = await startApp(t)
  const page = await open('/?code=of-another&state=of-another')
  await shows(page, 'STATE_UNKNOWN')
  t.notMatch(page.url(), /code/)
  t.same(faults, [])
})
