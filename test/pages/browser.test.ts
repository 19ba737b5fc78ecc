import axe from 'axe-core'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { bounds } from '../support/bounds.js'
import { registeredApp } from '../support/apps.js'
import { sharedChromium } from '../support/chromium.js'
import { SECOND } from '../support/clock.js'
import { newEmail } from '../support/identity-provider.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { newAccount } from '../support/service.js'
import { startSite } from '../support/site.js'
import { recordSecret } from '../support/transcript.js'

const browser = await sharedChromium()
const { url, service } = await startSite(t, {
  CORS_ORIGINS: 'https://app.example.com',
  ...MAIL,
})

/**
 * A person's browser. Whatever it refuses by policy, which is an error of its console, asks another origin
 * for, or fails at is kept.
 */
async function open(t: Test, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ baseURL: url, ...options })
  t.teardown(() => context.close())
  context.setDefaultTimeout(10_000)
  const faults: string[] = []
  const own = new Set([url])
  context.on('request', (request) => {
    const { origin } = new URL(request.url())
    if (!own.has(origin)) faults.push(`asked ${origin}`)
  })
  context.on('weberror', (error) => faults.push(String(error.error())))
  context.on('console', (message) => {
    // A form that is refused answers 4xx, which Chromium takes for a failure to load.
    const isAnswer = /status of 4\d\d/.test(message.text())
    if (message.type() === 'error' && !isAnswer) faults.push(message.text())
  })
  return { context, page: await context.newPage(), faults, own }
}

async function signUp(page: Page, account = newAccount(), name = 'Ada') {
  recordSecret('password', account.password)
  recordSecret('email', account.email)
  await page.goto('/register')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('/dashboard')
  return account
}

async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  await page.goto('/login')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const alertOf = (page: Page) => page.getByRole('alert').textContent()
const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

/** Nothing that a script of the page can reach is a token. */
async function holdsNoToken(t: Test, context: BrowserContext, page: Page) {
  const cookies = await context.cookies()
  t.equal(cookies.length, 4)
  for (const { name, httpOnly, secure, sameSite, value } of cookies) {
    t.match(
      { name, httpOnly, secure, sameSite },
      { httpOnly: true, secure: false, sameSite: 'Lax' },
    )
    recordSecret('token', value)
    t.notOk((await page.content()).includes(value))
  }
  const reachable = await page.evaluate(() => [
    document.cookie,
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
  ])
  t.same(reachable, ['', '{}', '{}'])
}

t.test('in a browser, the pages sign up, sign out, go back, and sign in', async (t) => {
  const { context, page, faults } = await open(t)
  const account = await signUp(page)
  t.equal(await headingOf(page), 'Hello, Ada')
  await holdsNoToken(t, context, page)

  await page.getByRole('link', { name: 'Sessions' }).click()
  t.match(await page.locator('.rows').textContent(), 'Chrome on Linux')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('/login?done=SIGNED_OUT')
  const left = (await context.cookies()).map(({ name }) => name)
  t.notOk(
    left.some((name) => /_(access|refresh)$/.test(name)),
    'no session is left',
  )
  for (let steps = 0; steps < 2; steps++) {
    await page.goBack()
    await page.waitForURL(/\/login/)
    t.notMatch(await page.content(), account.email, 'going back shows nothing of the account')
  }

  const { password } = newAccount()
  await signIn(page, { ...account, password })
  t.equal(await alertOf(page), 'E-mail address or password is wrong.')
  t.equal(await page.getByLabel('E-mail address').inputValue(), account.email, 'stays')
  t.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '')
  t.ok(await page.getByRole('alert').evaluate((alert) => alert === document.activeElement))
  await signIn(page, account)
  await page.waitForURL('/dashboard')
  t.same(faults, [])

  await page.evaluate(() => {
    document.head.append(document.createElement('style'))
    document.head.querySelector('style')?.append('body { color: red }')
  })
  t.match(faults[0], /violates the following Content Security Policy/, 'a violation is heard')
})

t.test('in a browser, a page judges a password while it is typed', async (t) => {
  const { page, faults } = await open(t)
  await page.goto('/register')
  const email = newEmail()
  const [local = ''] = email.split('@')
  await page.getByLabel('E-mail address').fill(email)
  const verdict = page.locator('#password-rules')
  const says = (sentence: string) => verdict.filter({ hasText: sentence }).waitFor()
  await says('At least 12 characters.')
  const top = async () =>
    (await page.getByRole('button', { name: 'Create account' }).boundingBox())?.y
  const before = await top()
  for (const [typed, sentence] of [
    ['short', 'Too short: it needs at least 12 characters.'],
    ['leavemealone', 'This is one of the most common passwords, or little more.'],
    [`my ${local} it is`, 'Your e-mail address must not be in it.'],
    ['dragonmonkeys', 'Strength: Easy to guess'],
    ['seven herons on quiet ice', 'Strength: Strong'],
  ] as const) {
    await page.getByLabel('Password', { exact: true }).fill(typed)
    await says(sentence)
  }
  t.equal(await top(), before, 'and nothing jumps')
  const field = page.getByLabel('Password', { exact: true })
  await page.getByRole('button', { name: 'Show password' }).click()
  t.equal(await field.getAttribute('type'), 'text')
  t.equal(
    await page.getByRole('button', { name: 'Show password' }).getAttribute('aria-pressed'),
    'true',
  )
  t.same(faults, [])
})

t.test(
  'in a browser, the link of a reset mail leaves no ticket in the address, and does nothing by itself',
  async (t) => {
    const account = await service.signUp()
    await proveAddress(service, account.id)
    const { context, page, faults } = await open(t)
    const asked: string[] = []
    context.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer}`))
    await signIn(page, account)
    await page.waitForURL('/dashboard')
    await page.goto('/forgot')
    await page.getByLabel('E-mail address').fill(account.email)
    await page.getByRole('button', { name: 'Send the mail' }).click()
    await page.waitForURL('/reset')
    t.ok(await page.getByLabel('Code of the mail').isVisible())

    const { link, secret } = await lastMail(service, account.email)
    await page.goto(link)
    await page.waitForURL(`${url}/reset`)
    t.pass('in the tab that shows the page already')
    await page.goto('/login?error=SIGN_IN_EXPIRED')
    await page.goto(link)
    t.equal(page.url(), `${url}/reset`, 'a person who is signed in stays here')
    t.equal(await page.getByLabel('Code of the mail').count(), 1)
    t.notOk(await page.getByLabel('Code of the mail').isVisible(), 'there is no code to type')
    await page.goBack()
    await page.goForward()
    t.notMatch(page.url(), secret, 'it is in no history')
    t.ok(await page.getByLabel('Code of the mail').isVisible())

    await page.goto(link)
    const { password } = newAccount()
    recordSecret('password', password)
    // The page was there already, so that nothing is loaded that could be waited for.
    await page.locator('input[type=password]:focus').waitFor()
    await page.keyboard.type(password)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.waitForURL('/login?done=PASSWORD_RESET')
    await signIn(page, { ...account, password })
    await page.waitForURL('/dashboard')
    t.notOk(
      asked.some((line) => line.includes(secret)),
      'no server gets it but by the form',
    )
    t.same(faults, [])
  },
)

t.test('in a browser, the page of the link that undoes a change of address', async (t) => {
  const { page, faults } = await open(t)
  const account = await signUp(page)
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  const { email: to } = newAccount()
  service.clock.advance(SECOND)
  await page.getByLabel('New e-mail address').fill(to)
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.getByLabel('Code of the mail').fill((await lastMail(service, to)).code)
  service.clock.advance(SECOND)
  await page.getByRole('button', { name: 'Change the address' }).click()
  await page.waitForURL('/dashboard?done=EMAIL_CHANGED')

  const { link, secret } = await lastMail(service, account.email)
  await page.goto(link)
  t.equal(page.url(), `${url}/undo`, 'its ticket leaves the address at once')
  t.equal(await page.getByLabel('Link of the mail').isVisible(), false)
  await page.getByLabel('Password before the change').fill(account.password)
  await page.getByRole('button', { name: 'Undo the change' }).click()
  await page.waitForURL('/login?done=EMAIL_CHANGE_UNDONE')
  t.equal((await service.services.users.find(account.email))?.email, account.email)
  await page.goBack()
  t.notMatch(page.url(), secret, 'nor does the history have it')
  t.same(faults, [])
})

t.test('in a browser, the page of the link that proves an address', async (t) => {
  const { page } = await open(t)
  const account = await signUp(page)
  const { link, secret } = await lastMail(service, account.email)
  const isVerified = async () => (await service.services.users.find(account.email))?.emailVerified
  const confirm = { name: 'Confirm the address' }

  await t.test(
    'in a browser, the page that proves an address, pressed by a program, proves nothing',
    async (t) => {
      const { page: elsewhere, faults } = await open(t)
      await elsewhere.goto(link)
      t.equal(elsewhere.url(), `${url}/verify`)
      await elsewhere.getByRole('button', confirm).click()
      await elsewhere.getByLabel('Password', { exact: true }).waitFor()
      t.notOk(await isVerified())
      t.notMatch(elsewhere.url(), secret)
      await elsewhere.getByText('I did not create this account').click()
      await elsewhere.getByRole('button', { name: 'Take the account over' }).click()
      t.ok(await service.services.users.find(account.email), 'nor without the box')
      await page.goto('/dashboard')
      t.equal(page.url(), `${url}/dashboard`, 'the one who registered is still signed in')

      await elsewhere.getByLabel('Password', { exact: true }).fill(account.password)
      await elsewhere.getByRole('button', confirm).click()
      await elsewhere.waitForURL('/login?done=EMAIL_VERIFIED')
      t.ok(await isVerified())
      t.same(faults, [])
    },
  )

  await t.test(
    'in a browser, the page that proves an address gives the account to the owner of the mailbox',
    async (t) => {
      const { page: squatter } = await open(t)
      const { email } = await signUp(squatter)
      const mail = await lastMail(service, email)
      const { page: owner, faults } = await open(t)
      await owner.goto(mail.link)
      await owner.getByText('I did not create this account').click()
      await owner.getByLabel('Another person created this account').check()
      await owner.getByRole('button', { name: 'Take the account over' }).click()
      await owner.waitForURL('/login?done=ACCOUNT_DISOWNED')
      await squatter.goto('/dashboard')
      t.match(squatter.url(), '/login?error=SESSION_ENDED')
      t.same(faults, [])
    },
  )
})

t.test('in a browser, the sign-in page leads to a provider and back', async (t) => {
  // The provider has the machine's clock.
  service.clock.advance(Date.now() - service.clock())
  const { page, faults, own } = await open(t)
  const email = newEmail()
  await page.goto('/login')
  own.add(new URL(service.config.oauth.providers.acme?.issuer ?? url).origin)
  await page.getByRole('link', { name: 'Sign in with Acme' }).click()
  await page.getByRole('button', { name: 'Deny' }).click()
  await page.waitForURL('/login?error=ACCESS_DENIED')
  t.equal(await alertOf(page), 'You did not let the provider sign you in.')
  await page.getByRole('link', { name: 'Sign in with Acme' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('/dashboard')
  t.match(
    await page.getByRole('region', { name: 'Linked identities' }).textContent(),
    `Acme${email}`,
  )

  const { password } = newAccount()
  recordSecret('password', password)
  await page.getByLabel('New password').fill(password)
  await page.getByRole('button', { name: 'Set a password' }).click()
  await page.getByText('Your password is changed').waitFor()
  t.equal(await page.getByRole('link', { name: 'Link Acme' }).count(), 0, 'it is linked already')
  await page.getByLabel(`Unlink Acme, ${email}`).click()
  await page.getByRole('button', { name: 'Unlink it' }).click()
  await page.getByText('The identity is unlinked.').waitFor()
  await page.getByRole('link', { name: 'Link Acme' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel(`Unlink Acme, ${email}`).waitFor()
  t.same(faults, [])
})

t.test(
  'in a browser, pages of a session that is ended from another browser are over at once',
  async (t) => {
    const [first, second] = [await open(t), await open(t)]
    const account = await signUp(first.page)
    await signIn(second.page, account)
    await second.page.waitForURL('/dashboard')
    await second.page.goto('/dashboard/sessions')
    t.equal(await second.page.locator('.rows li').count(), 2)
    await second.page
      .locator('.rows li', { hasNotText: 'This one' })
      .getByRole('button', { name: /^End/ })
      .click()
    await second.page.getByText('The session has ended.').waitFor()
    t.equal(await second.page.locator('.rows li').count(), 1)

    await first.page.getByRole('link', { name: 'API keys' }).click()
    await first.page.waitForURL(/\/login\?error=SESSION_ENDED/)
    t.equal(await alertOf(first.page), 'Your session has ended. Sign in to go on.')
    await first.page.getByLabel('Password', { exact: true }).fill(account.password)
    await first.page.getByLabel('E-mail address').fill(account.email)
    await first.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await first.page.waitForURL('/dashboard/keys')
    t.same([...first.faults, ...second.faults], [])
  },
)

t.test('in a browser, the page of keys makes, uses, rotates and deletes a key', async (t) => {
  const { context, page, faults } = await open(t)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signUp(page)
  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByText('No keys yet').waitFor()
  await page.getByLabel('Name').fill('billing export')
  await page.getByLabel('data:write').check()
  await page.getByLabel('Expires').selectOption('in 30 days')
  await page.getByRole('button', { name: 'Create key' }).click()

  const use = async (key: string) =>
    (await fetch(`${url}/api/data`, { headers: { 'x-api-key': key } })).status
  const readKey = async () => {
    await page.getByRole('button', { name: 'Copy' }).first().click()
    await page.getByText('Copied').waitFor()
    const key = await page.evaluate(() => navigator.clipboard.readText())
    recordSecret('token', key)
    t.equal(key, await page.getByLabel('The key').textContent())
    return key
  }
  const first = await readKey()
  t.match(first, /^lk_live_\w{79}$/)
  t.equal(await use(first), 200)
  t.equal(new URL(page.url()).pathname, '/dashboard/keys')
  await page.reload()
  t.equal(await page.locator('.rows li').count(), 1, 'loading it again makes no other')
  t.notOk((await page.content()).includes(first), 'and shows it no more')

  await service.services.keyUsage.flush()
  await page.getByRole('link', { name: 'billing export' }).click()
  await page.getByText('1 in all, 1 on the busiest day').waitFor()
  await page.getByText('Rotate', { exact: true }).click()
  await page.getByLabel('Old secret works for').selectOption('a day')
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const second = await readKey()
  t.not(second, first)
  t.same([await use(first), await use(second)], [200, 200], 'both, for the overlap')

  await page.getByRole('link', { name: 'I have saved it' }).click()
  await page.getByText('Delete', { exact: true }).click()
  await page.getByRole('button', { name: 'Delete this key' }).click()
  await page.getByText('The key is deleted.').waitFor()
  service.clock.advance(60_000)
  t.same([await use(first), await use(second)], [401, 401])
  t.same(faults, [])
})

t.test('in a browser with scripts off, the pages work', async (t) => {
  const { page, faults } = await open(t, { javaScriptEnabled: false })
  const account = newAccount()
  const { email } = account
  await page.goto('/register')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill('leavemealone')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('This is one of the most common passwords, or little more.').waitFor()
  await signUp(page, account)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('/login?done=SIGNED_OUT')
  await signIn(page, account)
  await page.waitForURL('/dashboard')
  t.equal(await headingOf(page), 'Hello, Ada')
  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByLabel('Name').fill('k')
  await page.getByRole('button', { name: 'Create key' }).click()
  recordSecret('token', await page.getByLabel('The key').textContent())
  t.equal(await page.getByRole('button', { name: 'Copy' }).count(), 0, 'what needs one is hidden')
  await page.getByRole('link', { name: 'k', exact: true }).click()
  await page.getByText('Delete', { exact: true }).click()
  await page.getByRole('button', { name: 'Delete this key' }).click()
  await page.getByText('The key is deleted.').waitFor()
  t.same(faults, [])
})

t.test('in a browser, a page sends a form once, until it is shown again', async (t) => {
  const { page, faults } = await open(t)
  for (const path of ['/login', '/register']) {
    await page.goto(path)
    await page.getByLabel('E-mail address').fill(newEmail())
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    const stopped = await page.evaluate(() => {
      const ignored: boolean[] = []
      addEventListener('submit', (event) => {
        ignored.push(event.defaultPrevented)
        event.preventDefault()
      })
      const send = () => document.querySelector('form')?.requestSubmit()
      send()
      send()
      send()
      dispatchEvent(new PageTransitionEvent('pageshow'))
      send()
      return ignored
    })
    t.same(stopped, [false, true, true, false], path)
  }
  t.same(faults, [])
})

t.test('in a browser, the focus goes to the first field that a page refused', async (t) => {
  const { page, faults } = await open(t)
  /** A page focuses its field when it is first drawn, which may be later than its loading. */
  const isFocused = (id: string) => page.locator(`#${id}:focus`).waitFor()
  await page.goto('/login')
  await isFocused('email')
  const account = await signUp(page)
  await page.setViewportSize({ width: 1000, height: 500 })
  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill('nor this one it is')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.locator('#currentPassword-wrong').waitFor()
  await isFocused('currentPassword')
  t.ok(await page.getByLabel('Current password').isVisible())
  await page.getByRole('button', { name: 'Sign out' }).click()

  await page.goto('/register')
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill('another long enough one')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('There is an account with this address.').waitFor()
  await isFocused('email')
  await page.getByRole('button', { name: 'Sign in instead' }).click()
  t.equal(await page.getByLabel('E-mail address').inputValue(), account.email)
  await isFocused('password')
  t.equal(new URL(page.url()).pathname, '/login', 'loading it again asks nothing')
  t.notMatch(page.url(), account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.keyboard.press('Enter')
  await page.waitForURL('/dashboard')
  t.same(faults, [])
})

t.test('in a browser, the pages work by keyboard alone', async (t) => {
  const { page, faults } = await open(t)
  const account = newAccount()
  recordSecret('password', account.password)
  recordSecret('email', account.email)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  /** Goes on with Tab to what is called so; the focus must be seen on each stop. */
  const reach = async (name: string) => {
    for (let steps = 0; steps < 30; steps++) {
      await press('Tab')
      const focus = await page.evaluate(() => {
        const { activeElement: at } = document
        if (!(at instanceof HTMLElement)) return { name: '', seen: true }
        const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined
        const { outlineStyle } = getComputedStyle(at)
        return {
          name: (at.ariaLabel ?? label ?? at.textContent).trim(),
          seen: at === document.body || outlineStyle !== 'none' || at.tabIndex === -1,
        }
      })
      t.ok(focus.seen, `focus is seen on ${focus.name}`)
      if (focus.name.startsWith(name)) return
    }
    throw new Error(`${name} is not reached by Tab`)
  }
  await page.goto('/login')
  await reach('Create one')
  await press('Enter')
  await page.waitForURL('/register')
  await reach('E-mail address')
  await page.keyboard.type(account.email)
  await reach('Password')
  await page.keyboard.type(account.password)
  await press('Enter')
  await page.waitForURL('/dashboard')
  await press('Tab')
  t.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
  await press('Enter')
  t.equal(await page.evaluate(() => document.activeElement?.id), 'content')
  await page.goto('/dashboard/keys')
  await reach('Name')
  await page.keyboard.type('by hand')
  await reach('Create key')
  await press('Enter')
  await page.locator('#secret').waitFor()
  recordSecret('token', await page.locator('#secret').textContent())
  await reach('by hand')
  await press('Enter')
  await page.waitForURL(/keys\/\w+$/)
  await reach('Delete')
  await press('Enter')
  await reach('Delete this key')
  await press('Space')
  await page.getByText('The key is deleted.').waitFor()
  await reach('Sign out')
  await press('Enter')
  await page.waitForURL('/login?done=SIGNED_OUT')
  t.same(faults, [])
})

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { html: string }[]
  }[]
}

const LOOKS = [
  { colorScheme: 'light', width: 1200 },
  { colorScheme: 'light', width: 320 },
  { colorScheme: 'dark', width: 1200 },
  { colorScheme: 'dark', width: 320 },
] as const

const skip = bounds.isProve ? false : 'it takes a quarter of a minute: npm run prove has it'

t.test('axe finds nothing on the pages, light and dark, wide and narrow', { skip }, async (t) => {
  const { context, page, faults } = await open(t)
  const account = await signUp(page)
  const user = await service.services.users.find(account.email)
  if (!user) throw new Error('nobody signed up')
  await service.services.users.store.change(user.id, { role: 'admin' })
  const profile = {
    provider: 'acme',
    issuer: 'https://idp.example',
    subject: user.id,
    email: account.email,
  }
  service.clock.advance(1)
  await service.services.identities.link({ language: 'en' }, user, {
    ...profile,
    emailVerified: false,
    domains: [],
  })
  const session = { amr: [], authTime: service.clock(), account: user }
  const { key, secret } = await service.services.keyDesk.generate(
    { log: service.app.log, language: 'en' },
    session,
    {
      name: 'billing export',
      scopes: ['data:read'],
      rateLimit: { limit: 10, windowSeconds: 60 },
      monthlyQuota: 1000,
    },
  )
  recordSecret('token', secret)
  await fetch(`${url}/api/data`, { headers: { 'x-api-key': secret } })
  await service.services.keyUsage.flush()

  const check = async (what: string) => {
    for (const { colorScheme, width } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const { violations } = await page.evaluate<AxeResult>(
        `axe.run({ runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] })`,
      )
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      )
      t.same(found, [], `${what}, ${colorScheme}, ${width} px`)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      t.ok(overflow <= 0, `${what} fits ${width} px`)
    }
  }
  const visit = async (path: string) => {
    await page.goto(path)
    await page.evaluate(axe.source)
    // All that opens is open, of confirmations the last.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    await check(path)
  }
  const { keyId } = key
  const app = await registeredApp(service)
  const apps = ['/apps', `/apps/${app.client.clientId}`]
  const own = ['', '/sessions', '/keys', `/keys/${keyId}`, ...apps, `/users/${user.id}`]
  for (const path of own) await visit(`/dashboard${path}`)
  await page.goto('/dashboard/keys')
  await page.getByLabel('Name').fill('shown')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.evaluate(axe.source)
  recordSecret('token', await page.locator('#secret').textContent())
  await check('a key that is shown')
  await page.goto('/dashboard/apps')
  await page.getByLabel('Name').fill('Orders')
  await page.getByLabel('Redirect URIs').fill('https://orders.example.com/callback')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.evaluate(axe.source)
  recordSecret('client-secret', await page.locator('#secret').textContent())
  await check('a secret of an app that is shown')
  const { password: newPassword } = newAccount()
  recordSecret('password', newPassword)
  await page.goto('/dashboard?done=PASSWORD_CHANGED')
  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill('nor this one it is')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.evaluate(axe.source)
  await check('a form that is refused')
  await page.getByLabel('Current password').fill(account.password)
  await page.getByLabel('New password').fill(newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed').waitFor()
  await page.getByLabel('Enable billing export').waitFor()
  await page.getByLabel(`Enable Acme, ${account.email}`).waitFor()
  await visit('/dashboard')
  await visit('/dashboard/email')
  await visit(`/dashboard/keys/${keyId}`)
  await page.goto('/dashboard')
  await page.getByLabel('Enable billing export').click()
  await page.getByRole('button', { name: 'Enable this key' }).click()
  await page.getByText('The key is enabled.').waitFor()
  await context.clearCookies()
  for (const path of [
    '/login?error=ACCOUNT_EXISTS',
    '/login?done=SIGNED_OUT',
    '/register',
    '/forgot',
    '/reset',
    '/verify',
    '/undo',
  ]) {
    await visit(path)
  }
  t.same(faults, [])
})
