import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { launchChromium } from '../support/chromium.js'
import { MINUTE, SECOND, testClock } from '../support/clock.js'
import { temporaryFolder } from '../support/engine.js'
import { type Account, newAccount, startService } from '../support/service.js'
import { startListening } from '../support/socket.js'
import { recordSecret } from '../support/transcript.js'
import { addVirtualAuthenticator } from '../support/virtual-authenticator.js'

const FACTORS = '/account/factors'

const browser = await launchChromium()
t.teardown(() => browser.close())

const { service } = await startListening((url) =>
  startService(t, {
    clock: testClock(Date.now()),
    env: { ISSUER: url.replace('127.0.0.1', 'localhost'), BRAND_NAME: 'Ada & Söhne' },
  }),
)

/** A page, and what its browser refused or failed at. */
async function open(t: Test) {
  const context = await browser.newContext({ baseURL: service.config.issuer })
  t.teardown(() => context.close())
  context.setDefaultTimeout(20_000)
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(String(error.error())))
  context.on('console', (message) => {
    // A form that is refused answers 4xx, which Chromium takes for a failure to load.
    const isAnswer = /status of 4\d\d/.test(message.text())
    if (message.type() === 'error' && !isAnswer) faults.push(message.text())
  })
  return { page: await context.newPage(), faults }
}

async function signUp(page: Page): Promise<Account> {
  const account = newAccount()
  recordSecret('password', account.password)
  recordSecret('email', account.email)
  await page.goto('/register')
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('/dashboard')
  return account
}

async function signInByPassword(page: Page, { email, password }: Account): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/dashboard')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/login/)
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto(FACTORS)
  await page.getByLabel('Name of the passkey').last().fill(name)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
}

async function takeCodes(page: Page): Promise<string[]> {
  const codes = ((await page.locator('#codes').textContent()) ?? '').trim().split('\n')
  for (const code of codes) recordSecret('factor', code)
  return codes
}

const rowsOf = (page: Page) =>
  page.locator('section[aria-labelledby=passkeys] .rows').allTextContents()

/** Light and dark, wide and narrow. */
async function assertAccessible(t: Test, page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 320]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await page.evaluate(axe.source)
      const found = await page.evaluate<axe.AxeResults>(
        `axe.run({ runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] })`,
      )
      const faults = found.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)
      t.same(faults, [], `${what}, ${colorScheme}, ${width}`)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      t.equal(overflow, 0, `${what} is no wider than ${width}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

t.test('passkeys from the first to a lost one', async (t) => {
  const { page, faults } = await open(t)
  const laptop = await addVirtualAuthenticator(page)
  const account = await signUp(page)
  await page.getByRole('link', { name: 'Set up a second factor' }).click()
  await page.waitForURL(FACTORS)
  await assertAccessible(t, page, 'an account without factors')
  await addPasskey(page, 'Laptop')
  await page.getByText('Save your recovery codes').waitFor()
  const codes = await takeCodes(page)
  t.equal(codes.length, 10)
  t.equal(new URL(page.url()).pathname, FACTORS, 'loading it again makes nothing')
  await assertAccessible(t, page, 'recovery codes')
  await page.getByRole('link', { name: 'I have saved them' }).click()
  t.match(await rowsOf(page), [/Laptop.*never used.*stays on one device/])

  // What proved the passkey is no longer recent: the passkey proves it again, and the page comes back.
  service.clock.advance(16 * MINUTE)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.waitForURL(/\/step-up/)
  await assertAccessible(t, page, 'a step-up')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL(`${FACTORS}?done=STEPPED_UP`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('This device has a passkey for your account already.').waitFor()

  await laptop.setPresence(false)
  await signOut(page)
  await page.goto('/login')
  await assertAccessible(t, page, 'the sign-in')
  t.equal(await page.getByLabel('E-mail address').getAttribute('autocomplete'), 'username webauthn')
  await laptop.setPresence(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL('/dashboard')

  await laptop.setPresence(false)
  await signOut(page)
  await signInByPassword(page, account)
  await page.waitForURL('/login/factor')
  await assertAccessible(t, page, 'the second step')
  await page.reload()
  await laptop.setPresence(true)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL('/dashboard')

  await laptop.remove()
  const phone = await addVirtualAuthenticator(page, { isSynced: true })
  await addPasskey(page, 'Phone')
  await page.waitForURL(`${FACTORS}?done=FACTOR_ADDED`)
  t.match((await rowsOf(page))[0], /Phone.*can be on several devices/)
  await page.getByText('Rename', { exact: true }).last().click()
  const rename = page.locator('details[open] input')
  await assertAccessible(t, page, 'passkeys')
  await rename.fill('Pocket')
  await page.getByRole('button', { name: 'Save the name' }).last().click()
  await page.waitForURL(`${FACTORS}?done=PASSKEY_RENAMED`)
  t.match((await rowsOf(page))[0], 'Pocket')
  await page.locator('summary[aria-label="Remove Laptop"]').click()
  await page.getByRole('button', { name: 'Remove this passkey' }).first().click()
  await page.waitForURL(`${FACTORS}?done=FACTOR_REMOVED`)
  t.notMatch((await rowsOf(page))[0], 'Laptop')

  await phone.remove()
  await signOut(page)
  await signInByPassword(page, account)
  await page.waitForURL('/login/factor')
  await page.getByText('Use a recovery code').click()
  await page.getByLabel('Recovery code').fill(codes[0]?.toLowerCase() ?? '')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL('/dashboard')
  await page.goto(FACTORS)
  await page.getByText('You have 9 recovery codes left.').waitFor()
  t.same(faults, [])
})

const byPasskey = () =>
  service.events('authn_login_success').filter(({ method }) => method === 'passkey').length

t.test('the browser offers a passkey where the address is typed', async (t) => {
  const { page, faults } = await open(t)
  await addVirtualAuthenticator(page)
  await signUp(page)
  const canOffer = await page.evaluate(() => PublicKeyCredential.isConditionalMediationAvailable())
  await addPasskey(page, 'Laptop')
  await page.getByText('Save your recovery codes').waitFor()
  await takeCodes(page)
  if (!canOffer) return t.pass('this browser offers none')
  await page.goto('/dashboard')
  const before = byPasskey()
  // The virtual authenticator chooses by itself. The page is the same before and after.
  const used = page.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/login/passkey'),
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  t.equal((await used).status(), 303)
  await page.waitForURL('/dashboard')
  t.equal(byPasskey() - before, 1)
  t.same(faults, [])
})

const hasTools = ['zbarimg', 'oathtool'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

t.test(
  'other programs read the QR code of the page and make its codes',
  { skip: hasTools ? false : 'zbarimg and oathtool are not installed' },
  async (t) => {
    const { page, faults } = await open(t)
    const account = await signUp(page)
    await page.goto(FACTORS)
    await page.getByRole('button', { name: 'Set up an app' }).click()
    await page.waitForURL(`${FACTORS}/totp`)
    await assertAccessible(t, page, 'the secret of an app')
    const secrets: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const picture = join(temporaryFolder(), `${colorScheme}.png`)
      await page.locator('.qr').screenshot({ path: picture })
      const read = execFileSync('zbarimg', ['--quiet', '--raw', picture]).toString().trim()
      const uri = new URL(read)
      t.equal(uri.searchParams.get('issuer'), 'Ada & Söhne')
      secrets.push(uri.searchParams.get('secret') ?? '')
    }
    const [secret = ''] = secrets
    recordSecret('factor', secret)
    t.same(new Set(secrets).size, 1)
    const codeNow = () => {
      const now = `--now=@${Math.floor(service.clock() / SECOND)}`
      return execFileSync('oathtool', ['--totp', '--base32', now, secret]).toString().trim()
    }
    await page.getByLabel('Code of your authenticator app').fill(codeNow())
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('Save your recovery codes').waitFor()
    await takeCodes(page)
    service.clock.advance(MINUTE)
    await signOut(page)
    await signInByPassword(page, account)
    await page.waitForURL('/login/factor')
    await page.getByLabel('Code of your authenticator app').fill(codeNow())
    await page.getByLabel('This is my own device').check()
    await page.getByRole('button', { name: 'Continue' }).first().click()
    await page.waitForURL('/dashboard')
    await page.goto(FACTORS)
    await page.getByText('Your own devices').waitFor()
    await assertAccessible(t, page, 'an account with an app and a device')
    t.same(faults, [])
  },
)
