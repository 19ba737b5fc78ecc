import type { BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { en } from '../../src/pages/texts/en.js'
import type { MailTicketKind } from '../../src/tickets/mail-secrets.js'
import { launchChromium } from '../support/chromium.js'
import { MINUTE } from '../support/clock.js'
import { addTotp } from '../support/factors.js'
import { newInviter } from '../support/invitations.js'
import { newAdmin } from '../support/keys.js'
import { lastMail, MAIL, proveAddress } from '../support/mail.js'
import { type Account, newAccount, type Service } from '../support/service.js'
import { startSite } from '../support/site.js'
import { recordSecret } from '../support/transcript.js'

const browser = await launchChromium()
t.teardown(() => browser.close())

/** A person in their own browser, who has asked for a mail of one kind. */
interface Asked {
  readonly link: string
  /** Fails where something has happened to the account. */
  readonly assertUntouched: (t: Test) => Promise<unknown>
  /** What the person does with the link, to its end. */
  readonly use: (t: Test) => Promise<unknown>
}

interface Site {
  readonly service: Service
  readonly page: Page
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const type = (page: Page, label: string, text: string) =>
  page.getByLabel(label, { exact: true }).fill(text)

function newPerson(): Account {
  const account = newAccount()
  recordSecret('password', account.password)
  recordSecret('email', account.email)
  return account
}

async function register(page: Page): Promise<Account> {
  const account = newPerson()
  await page.goto('/register')
  await type(page, en['field.email'], account.email)
  await type(page, en['field.password'], account.password)
  await press(page, en['register.submit'])
  await page.waitForURL((url) => url.pathname !== '/register')
  return account
}

async function isVerified(service: Service, account: Account): Promise<boolean> {
  const { accessToken: token } = await service.signIn(account)
  const { body } = await service.get('/api/profile', { token })
  return body.user.emailVerified as boolean
}

/** Every kind of mail that has a link; the mail of an address change has a code alone. */
type LinkKind = Exclude<MailTicketKind, 'address-change'>

const KINDS: Readonly<Record<LinkKind, (site: Site) => Promise<Asked>>> = {
  async verification({ service, page }) {
    const account = await register(page)
    return {
      link: (await lastMail(service, account.email)).link,
      assertUntouched: async (t) => t.notOk(await isVerified(service, account)),
      async use(t) {
        await press(page, en['verify.submit'])
        await page.getByText(en['done.EMAIL_VERIFIED']).waitFor()
        t.ok(await isVerified(service, account))
      },
    }
  },
  async 'password-reset'({ service, page }) {
    const account = await service.signUp()
    await page.goto('/forgot')
    await type(page, en['field.email'], account.email)
    await press(page, en['forgot.submit'])
    await page.waitForURL('/reset')
    return {
      link: (await lastMail(service, account.email)).link,
      assertUntouched: async (t) => t.notOk(await isVerified(service, account)),
      async use(t) {
        const { password } = newPerson()
        await type(page, en['field.newPassword'], password)
        await press(page, en['reset.submit'])
        await page.getByText(en['done.PASSWORD_RESET']).waitFor()
        t.ok(await isVerified(service, { ...account, password }), 'the new password opens it')
      },
    }
  },
  async 'sign-in'({ service, page }) {
    const account = await service.signUp()
    await proveAddress(service, account.id)
    await page.goto('/login/email')
    await type(page, en['field.email'], account.email)
    await press(page, en['mailSignIn.submit'])
    const signIns = () =>
      service.events('authn_login_success').filter(({ userId }) => userId === account.id)
    await page.getByLabel(en['field.code'], { exact: true }).waitFor()
    return {
      link: (await lastMail(service, account.email)).link,
      assertUntouched: async (t) => t.equal(signIns().length, 0),
      async use(t) {
        await press(page, en['login.submit'])
        await page.waitForURL('/dashboard')
        t.equal(signIns().length, 1)
      },
    }
  },
  async 'factors-removal'({ service, page }) {
    const account = await service.signUp()
    await proveAddress(service, account.id)
    const { accessToken: token } = await service.signIn(account)
    await addTotp(service, token)
    const admin = await newAdmin(service)
    service.clock.advance(MINUTE)
    const begun = await admin.admin('POST', `/${account.id}/factors-removal`)
    t.equal(begun.status, 200)
    const isPending = async () =>
      (await service.services.users.store.findById(account.id))?.factorsRemoval !== undefined
    return {
      link: (await lastMail(service, account.email)).link,
      assertUntouched: async (t) => t.ok(await isPending()),
      async use(t) {
        await page.getByLabel(en['keepFactors.sure']).check()
        await press(page, en['keepFactors.submit'])
        await page.getByText(en['done.FACTORS_KEPT']).waitFor()
        t.notOk(await isPending())
      },
    }
  },
  async invitation({ service, page }) {
    const { email } = await (await newInviter(service)).invite()
    const isMade = async () => (await service.services.users.find(email)) !== undefined
    return {
      link: (await lastMail(service, email)).link,
      assertUntouched: async (t) => t.notOk(await isMade()),
      async use(t) {
        await type(page, en['field.password'], newPerson().password)
        await press(page, en['invitation.submit'])
        await page.waitForURL((url) => url.pathname === '/dashboard')
        t.ok(await isMade())
      },
    }
  },
  async 'address-undo'({ service, page }) {
    const account = await service.signUp()
    const { accessToken: token } = await service.signIn(account)
    const { email: newEmail } = newPerson()
    service.clock.advance(MINUTE)
    const asked = await service.post('/api/auth/email', { newEmail }, { token })
    t.equal(asked.status, 202)
    const { code } = await lastMail(service, newEmail)
    service.clock.advance(MINUTE)
    const changed = await service.post('/api/auth/email/confirm', { code }, { token })
    t.equal(changed.status, 200)
    return {
      link: (await lastMail(service, account.email)).link,
      assertUntouched: async (t) =>
        t.equal((await service.services.users.find(newEmail))?.id, account.id),
      async use(t) {
        await type(page, en['undo.password'], account.password)
        await press(page, en['undo.submit'])
        await page.getByText(en['done.EMAIL_CHANGE_UNDONE']).waitFor()
        t.equal((await service.services.users.find(account.email))?.id, account.id)
      },
    }
  },
}

t.test('a program that opens the links of mails', async (t) => {
  const { url, service } = await startSite(t, MAIL)
  const open = async (): Promise<Page> => (await newContext(t, url)).newPage()

  for (const [kind, ask] of Object.entries(KINDS)) {
    t.test(`loses no link of a mail of the kind ${kind}, and gains nothing`, async (t) => {
      const page = await open()
      const { link, assertUntouched, use } = await ask({ service, page })
      await scan(t, url, link)
      await assertUntouched(t)
      await page.goto(link)
      await use(t)
    })
  }

  t.test('verifies no address for a stranger, who registered with it', async (t) => {
    const stranger = await open()
    const account = await register(stranger)
    const { link } = await lastMail(service, account.email)
    await scan(t, url, link)
    t.notOk(await isVerified(service, account))

    const owner = await open()
    await owner.goto(link)
    await press(owner, en['verify.submit'])
    await owner.getByText(en['verify.elsewhere']).waitFor()
    t.notOk(await isVerified(service, account), 'nor does the owner’s own click')
    await scan(t, url, link)
    await owner.goto(link)
    await owner.getByText(en['verify.notMine'], { exact: true }).click()
    await owner.getByLabel(en['verify.notMine.sure']).check()
    await press(owner, en['verify.notMine.submit'])
    await owner.getByText(en['done.ACCOUNT_DISOWNED']).waitFor()
    const { email, password } = account
    t.equal((await service.post('/api/auth/login', { email, password })).status, 401)
    await stranger.goto('/dashboard')
    t.match(stranger.url(), '/login', 'and the stranger is out')
  })
})

t.test('a program that opens the links of mails makes no account', async (t) => {
  const { url, service } = await startSite(t, { ...MAIL, EMAIL_VERIFICATION: 'required' })
  const page = await (await newContext(t, url)).newPage()
  const { email } = await register(page)
  const { link } = await lastMail(service, email)
  await scan(t, url, link)
  t.equal(await service.services.users.find(email), undefined)
  await page.goto(link)
  await press(page, en['verify.submit'])
  await page.waitForURL(/\/dashboard/)
  t.ok((await service.services.users.find(email))?.emailVerified)
})

async function newContext(t: Test, baseURL: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL })
  t.teardown(() => context.close())
  context.setDefaultTimeout(15_000)
  return context
}

/**
 * What scanners of mail do, and more: they ask for the head and for the page, open the link in a browser with scripts,
 * twice, and press each button once.
 */
async function scan(t: Test, url: string, link: string): Promise<void> {
  for (const method of ['HEAD', 'GET']) {
    const { status, headers } = await fetch(link, { method, redirect: 'manual' })
    t.equal(status, 200, method)
    t.same(headers.getSetCookie(), [])
  }
  const context = await newContext(t, url)
  await (await context.newPage()).goto(link)
  let buttons = 1
  for (let index = 0; index < buttons; index++) {
    const page = await context.newPage()
    await page.goto(link)
    t.notMatch(page.url(), 'ticket=', 'the script takes the ticket out of the address')
    buttons = await page.locator(BUTTON).count()
    await pressAt(page, index)
  }
  t.ok(buttons > 0)
  t.equal((await context.request.get('/api/auth/sessions')).status(), 401, 'no session')
  const page = await context.newPage()
  await page.goto('/dashboard')
  t.match(page.url(), '/login')
}

const BUTTON = 'main form button:not([type=button])'

/** Presses a button even where it is hidden. A form that lacks a required field is not sent, as by a click. */
async function pressAt(page: Page, index: number): Promise<void> {
  const button = page.locator(BUTTON).nth(index)
  const isWhole = await button.evaluate((found: HTMLButtonElement) => found.form?.checkValidity())
  const answered = isWhole && page.waitForResponse((answer) => answer.request().method() === 'POST')
  await button.evaluate((found: HTMLButtonElement) => found.form?.requestSubmit(found))
  await answered
}
