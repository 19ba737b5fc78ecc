import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UserManager } from 'oidc-client-ts'
import type { Page } from 'playwright-core'
import t from 'tap'
import { newApp } from '../../support/code-flow.js'
import { sharedChromium } from '../../support/chromium.js'
import { realClock } from '../../support/example.js'
import { startIssuer } from '../../support/issuer.js'
import { startRelyingApp } from '../../support/relying-app.js'
import { recordSecret } from '../../support/transcript.js'

const LIBRARY = 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'

/** Of the page: what the library's bundle leaves there, and what the page makes of it. */
declare const oidc: typeof import('oidc-client-ts')
declare const manager: UserManager

t.test('oidc-client-ts, in a browser and of another origin', async (t) => {
  const library = await readFile(join(import.meta.dirname, '../../..', LIBRARY))
  const origin = await startRelyingApp(t, () => (request, response) => {
    const isLibrary = request.url === '/library.js'
    response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html')
    response.end(
      isLibrary ? library : '<!doctype html><title>App</title><script src="/library.js"></script>',
    )
  })
  const { service, url } = await startIssuer(t, {
    clock: realClock(),
    env: { CORS_ORIGINS: origin },
  })
  const account = await service.signUp()
  const app = await newApp(service, {
    isPublic: true,
    redirectUris: [`${origin}/cb`],
    postLogoutRedirectUris: [`${origin}/bye`],
  })
  const context = await (await sharedChromium()).newContext()
  t.teardown(() => context.close())
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()

  /** Opens a page of the app, with the library set up as its documentation says. */
  const open = async (path: string) => {
    await page.goto(origin + path)
    await setUp(page, { authority: url, client_id: app.clientId, origin })
  }

  await open('/')
  // Nothing is waited for in a page that is about to be left.
  await page.evaluate(() => void manager.signinRedirect())
  await page.getByLabel('E-mail address').fill(account.email)
  recordSecret('password', account.password)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/consent?**')
  await page.locator('main button.main').click()
  await page.waitForURL(`${origin}/cb?**`)
  await setUp(page, { authority: url, client_id: app.clientId, origin })
  const user = await page.evaluate(async () => {
    const { profile, access_token, refresh_token } = await manager.signinRedirectCallback()
    return { profile, access_token, refresh_token }
  })
  recordSecret('token', user.access_token)
  recordSecret('token', user.refresh_token)
  t.match(user.profile, { sub: account.id, iss: url, aud: app.clientId, email: account.email })

  t.test('refreshes', async (t) => {
    const renewed = await page.evaluate(async () => {
      const renewed = await manager.signinSilent()
      return { access_token: renewed?.access_token, refresh_token: renewed?.refresh_token }
    })
    recordSecret('token', renewed.access_token)
    recordSecret('token', renewed.refresh_token)
    t.type(renewed.access_token, 'string')
    t.not(renewed.access_token, user.access_token)
    t.not(renewed.refresh_token, user.refresh_token)
  })

  t.test('logs out, and comes back to the app', async (t) => {
    await page.evaluate(() => void manager.signoutRedirect())
    await page.waitForURL(`${url}/oauth/logout?**`)
    await page.locator('main button.main').click()
    await page.waitForURL(`${origin}/bye`)
    await page.goto(`${url}/dashboard`)
    t.ok(page.url().startsWith(`${url}/login`), 'the browser is signed out')
  })
})

interface Settings {
  readonly authority: string
  readonly client_id: string
  readonly origin: string
}

const setUp = (page: Page, settings: Settings): Promise<void> =>
  page.evaluate(({ origin, ...rest }) => {
    const { UserManager, WebStorageStateStore } = oidc
    Object.assign(globalThis, {
      manager: new UserManager({
        ...rest,
        redirect_uri: `${origin}/cb`,
        post_logout_redirect_uri: `${origin}/bye`,
        scope: 'openid email profile',
        loadUserInfo: true,
        userStore: new WebStorageStateStore({ store: localStorage }),
      }),
    })
  }, settings)
