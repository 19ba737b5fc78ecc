import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { launchChromium } from '../support/chromium.js'
import { DAY } from '../support/clock.js'
import type { Service } from '../support/service.js'
import { startSite } from '../support/site.js'
import { openSession } from '../support/opened-session.js'

/**
 * Writes a picture of each page into `docs/screenshots`, as `npm run screenshots` does: light and wide, and
 * of some also dark, or as a telephone shows them.
 */
const FOLDER = join(import.meta.dirname, '../../docs/screenshots')
const WIDE = { width: 1000, height: 720 }
const KEY_HEIGHT = 812
const NARROW = { width: 360, height: 720 }

const PASSWORD = 'correct horse battery staple'
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const LAPTOP =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'

/** Calls of the key in the pictures, the newest last. */
const CALLS = [9, 14, 11, 3, 2, 16, 18, 21, 17, 15, 4, 3, 19, 24, 22, 26, 20, 5, 6, 23, 28]

t.test('each page has its picture', async (t) => {
  const { url, service } = await startSite(t)
  const browser = await launchChromium()
  t.teardown(() => browser.close())
  const context = await browser.newContext({
    baseURL: url,
    viewport: WIDE,
    userAgent: LAPTOP,
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  const take = (name: string, options?: PictureOptions) => picture(page, name, options)
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })

  await page.goto('/register')
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail address').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByText('Strength: Strong').waitFor()
  await take('register')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('/dashboard')
  const ada = await service.services.users.find('ada@example.com')
  if (!ada) throw new Error('nobody signed up')
  await furnish(service, ada)

  await page.goto('/login')
  await page.goto('/dashboard')
  await take('account')
  await page.goto('/dashboard/sessions')
  await take('sessions')
  await page.goto('/dashboard/keys')
  await take('keys')
  await page.getByRole('link', { name: 'billing export' }).click()
  // The form below is long.
  await page.setViewportSize({ ...WIDE, height: KEY_HEIGHT })
  await take('key', { dark: true, height: KEY_HEIGHT })
  await page.goto('/dashboard/keys')
  await page.getByLabel('Name').fill('nightly backup')
  await page.getByRole('button', { name: 'Create key' }).click()
  await take('key-shown')
  const bob = await service.signUp({ email: 'bob@example.com' })
  await service.services.users.store.change(ada.id, { role: 'admin' })
  await page.goto('/dashboard/users')
  await page.getByLabel('Beginning of the e-mail address').fill(bob.email)
  await page.getByRole('button', { name: 'Find' }).click()
  await take('users')
  await page.context().clearCookies()
  await page.goto('/login?error=PROVIDER_UNAVAILABLE')
  await take('login-error')
  await page.goto('/login')
  await take('login', { dark: true })
})

type User = NonNullable<Awaited<ReturnType<Service['services']['users']['find']>>>

/** A life before the pictures: sessions, an identity, keys and their calls. */
async function furnish(service: Service, user: User): Promise<void> {
  const profile = { provider: 'acme', issuer: 'https://idp.example', subject: user.id }
  const { email } = user
  await service.services.identities.link({ language: 'en' }, user, {
    ...profile,
    email,
    emailVerified: true,
    domains: ['*'],
  })
  await openSession(service, user, { ip: '2001:db8::7', userAgent: PHONE })
  await openSession(service, user, { ip: '198.51.100.23', userAgent: LAPTOP })
  const { keyDesk, keyUsage } = service.services
  const acting = [
    { log: service.app.log, language: 'en' },
    { amr: [], authTime: service.clock(), account: user },
  ] as const
  const settings = { scopes: ['data:read'], expiresAt: service.clock() + 120 * DAY }
  const { key } = await keyDesk.generate(...acting, { ...settings, name: 'billing export' })
  await keyDesk.generate(...acting, {
    ...settings,
    name: 'orders import',
    scopes: ['data:write'],
  })
  const { key: old } = await keyDesk.generate(...acting, { name: 'old script' })
  await keyDesk.update(...acting, old.keyId, { status: 'disabled' })
  // The clock goes back a month and comes again: calls are counted on the days that they are made.
  service.clock.advance(-CALLS.length * DAY)
  for (const calls of CALLS) {
    service.clock.advance(DAY)
    for (let call = 0; call < calls; call++) await keyUsage.count(key.keyId, 'allowed')
    await keyUsage.flush()
  }
}

interface PictureOptions {
  readonly dark?: boolean
  readonly height?: number
}

/** @param options.height how much of a long page is shown, pixels; all of it unless given. */
async function picture(page: Page, name: string, options: PictureOptions = {}): Promise<void> {
  const { dark = false, height } = options
  const shot = async (variant: string) => {
    const path = join(FOLDER, `${name}${variant}.png`)
    if (height === undefined) await page.screenshot({ path, fullPage: true })
    else await page.screenshot({ path, clip: { x: 0, y: 0, width: WIDE.width, height } })
  }
  await shot('')
  if (dark) {
    await page.emulateMedia({ colorScheme: 'dark' })
    await shot('-dark')
    await page.emulateMedia({ colorScheme: 'light' })
  }
  await page.setViewportSize(NARROW)
  if (height === undefined) await shot('-narrow')
  await page.setViewportSize(WIDE)
}
