import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { BrowserContext } from 'playwright-core'
import t, { type Test } from 'tap'
import type * as latchkey from '../../src/client/client.js'
import { sharedChromium } from '../support/chromium.js'
import { testClock, MINUTE } from '../support/clock.js'
import { type Account, startService } from '../support/service.js'
import { listen } from '../support/socket.js'

/** What the page's script has made of its own. */
declare const globalThis: {
  latchkey: typeof latchkey
  client: latchkey.LatchkeyClient
}

const script = await bundle(`export * from './src/client/client.js'`)
const browser = await sharedChromium()

t.test('latchkey/client is little to load', async (t) => {
  /** What a page loads that imports these. */
  const sizeOf = async (names: string) =>
    gzipSync(await bundle(`export { ${names} } from './src/client/client.js'`)).length
  const app = await sizeOf('createClient, errorOf, StepUpRequiredError')
  t.ok(app < 7_000, `an app of another origin: ${app} bytes`)
  const own = await sizeOf('LatchkeyClient')
  t.ok(own < 5_500, `a page of the service’s own: ${own} bytes`)
})

for (const useCookies of [false, true]) {
  t.test(
    `latchkey/client in a browser at another origin, ${useCookies ? 'by cookies' : 'by tokens'}`,
    async (t) => {
      const { service, account, open, refreshes, faults } = await startApp(t, useCookies)
      const first = await open()
      t.same(await first.signIn(account), { id: account.id, email: account.email, role: 'user' })
      t.same(await first.profiles(1), [account.id])
      const second = await open()
      t.same(await second.profiles(1), [account.id], 'signed in in another tab too')
      t.equal(refreshes(), 0)

      service.clock.advance(16 * MINUTE)
      const ids = await Promise.all([first.profiles(50), second.profiles(50)])
      t.same(new Set(ids.flat()), new Set([account.id]))
      // Nothing tells a tab that the other has renewed a cookie; a store does.
      t.ok(refreshes() <= (useCookies ? 2 : 1), `${refreshes()} refreshes`)
      t.equal(service.events('authn_token_reuse').length, 0)

      await first.signOut()
      t.equal(await second.failure(), 'SignInRequiredError')
      t.same(faults, [])
    },
  )
}

/** The client as a page loads it. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'latchkey',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** An app at an origin of its own, and a service that admits it. */
async function startApp(t: Test, useCookies: boolean) {
  const pages = createServer((request, response) => {
    const isScript = request.url === '/client.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><script src="/client.js"></script>')
  })
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  t.teardown(() => pages.close())
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
  const service = await startService(t, {
    clock: testClock(Date.now()),
    env: { CORS_ORIGINS: origin },
  })
  const { url: issuer } = await listen(service)
  const account = await service.signUp()
  const context = await browser.newContext()
  t.teardown(() => context.close())

  let refreshes = 0
  const faults: string[] = []
  context.on('request', (request) => {
    if (request.url() === `${issuer}/api/auth/refresh` && request.method() === 'POST') refreshes++
  })
  context.on('weberror', (error) => faults.push(String(error.error())))
  const open = () => openTab(context, origin, { issuer, useCookies })
  return { service, account, open, refreshes: () => refreshes, faults }
}

/** A tab of the app, whose store is shared by all tabs as `localStorage` is. */
async function openTab(
  context: BrowserContext,
  origin: string,
  options: { issuer: string; useCookies: boolean },
) {
  const page = await context.newPage()
  await page.goto(origin)
  await page.evaluate(({ issuer, useCookies }) => {
    const store: latchkey.TokenStore = {
      get: () => JSON.parse(localStorage.getItem('tokens') ?? 'null') ?? undefined,
      set(tokens) {
        if (tokens) localStorage.setItem('tokens', JSON.stringify(tokens))
        else localStorage.removeItem('tokens')
      },
    }
    const { LatchkeyClient } = globalThis.latchkey
    globalThis.client = new LatchkeyClient({ issuer, useCookies, store })
  }, options)
  return {
    signIn: ({ email, password }: Account) =>
      page.evaluate((credentials) => globalThis.client.signIn(credentials), { email, password }),
    signOut: () => page.evaluate(() => globalThis.client.signOut()),
    /** Whose profile each of so many calls at once is answered with. */
    profiles: (times: number) =>
      page.evaluate(async (times) => {
        const calls = Array.from({ length: times }, () => globalThis.client.get('/api/profile'))
        return (await Promise.all(calls)).map(({ user }) => user.id)
      }, times),
    failure: () =>
      page.evaluate(() =>
        globalThis.client.get('/api/profile').then(
          () => 'none',
          (error: unknown) => (error as Error).name,
        ),
      ),
  }
}
