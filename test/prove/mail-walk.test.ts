import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { en as mails } from '../../src/email/templates/texts/en.js'
import { en } from '../../src/pages/texts/en.js'
import { launchChromium } from '../support/chromium.js'
import { soon } from '../support/engine-process.js'
import { startServer } from '../support/process.js'
import { newAccount } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

/** From the start of the server on; a person types more slowly than this browser, and reads. */
const MOST_MS = 60_000

t.test('each mail of an account can be had without network, account and scripts', async (t) => {
  const browser = await launchChromium()
  t.teardown(() => browser.close())
  const startedAt = performance.now()
  // In a root of its own, the server runs as `npm start` runs it.
  const server = await startServer(t, { root: join(import.meta.dirname, '../..') })
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false })
  context.setDefaultTimeout(15_000)
  const asked = new Set<string>()
  context.on('request', (request) => asked.add(new URL(request.url()).origin))
  const page = await context.newPage()
  const mailbox = await context.newPage()

  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const type = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)
  const typeCode = async (to: string, subject: string) => {
    await type(en['field.code'], await readCode(mailbox, to, subject))
  }
  const signIn = async (email: string, password: string) => {
    await page.goto('/login')
    await type(en['field.email'], email)
    await type(en['field.password'], password)
    await press(en['login.submit'])
    await page.waitForURL('/dashboard')
  }
  const signOut = async () => {
    await page.goto('/dashboard')
    await press(en['nav.signOut'])
    await page.waitForURL(/\/login/)
  }
  const newPassword = () => {
    const { password } = newAccount()
    recordSecret('password', password)
    return password
  }

  const { email } = newAccount()
  const first = newPassword()
  await page.goto('/register')
  await type(en['field.email'], email)
  await type(en['field.password'], first)
  await press(en['register.submit'])
  await page.waitForURL('/dashboard')
  t.match(await page.content(), email, 'registered')

  const code = await readCode(mailbox, email, mails['verification.subject'])
  await mailbox.getByRole('link', { name: '/verify#ticket=' }).click()
  t.ok(await mailbox.getByText(email).isVisible(), 'the link opens the page that takes the code')
  await page.goto('/verify')
  await type(en['field.code'], code)
  await press(en['verify.submit'])
  await page.getByText(en['done.EMAIL_VERIFIED']).waitFor()
  t.pass('the address is verified')

  await signOut()
  await page.goto('/login')
  await page.getByRole('link', { name: en['login.forgot'] }).click()
  await type(en['field.email'], email)
  await press(en['forgot.submit'])
  await page.waitForURL('/reset')
  const second = newPassword()
  await typeCode(email, mails['password-reset.subject'])
  await type(en['field.newPassword'], second)
  await press(en['reset.submit'])
  await page.waitForURL(/\/login/)
  await signIn(email, second)
  t.pass('the password is reset')

  await page.goto('/dashboard')
  await page.getByRole('link', { name: en['email.change'], exact: true }).click()
  const { email: newEmail } = newAccount()
  await type(en['field.newEmail'], newEmail)
  await press(en['email.change.submit'])
  await typeCode(newEmail, mails['address-change.subject'])
  await press(en['email.change.confirm'])
  await page.getByText(en['done.EMAIL_CHANGED']).waitFor()
  t.match(await page.content(), newEmail, 'the address is changed')

  await signOut()
  await page.goto('/login')
  await page.getByRole('link', { name: en['login.byMail'] }).click()
  await type(en['field.email'], newEmail)
  await press(en['mailSignIn.submit'])
  await typeCode(newEmail, mails['sign-in.subject'].replace('{brand}', 'Latchkey'))
  await press(en['login.submit'])
  await page.waitForURL('/dashboard')
  t.pass('signed in by a code')

  const took = performance.now() - startedAt
  t.ok(took < MOST_MS, `it took ${Math.round(took / 1000)} s`)
  t.same([...asked], [server.url], 'the browser has asked no one else')
})

/** Opens the newest mail with a subject, once it is there, and reads its code. */
async function readCode(mailbox: Page, to: string, subject: string): Promise<string> {
  const own = mailbox.locator('section', { hasText: `to ${to},` })
  const link = own.getByRole('link', { name: subject, exact: true }).first()
  const isThere = await soon(async () => {
    await mailbox.goto('/local/mail')
    return (await link.count()) > 0
  })
  if (!isThere) throw new Error(`no mail with the subject “${subject}”`)
  await link.click()
  const code = /\b\d{4} \d{4}\b/.exec(await mailbox.innerText('main'))?.[0]
  if (code === undefined) throw new Error('the mail has no code')
  recordSecret('code', code)
  return code
}
