import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { profileItem } from '../../src/dynamodb/user-items.js'
import { newId, systemRandom } from '../../src/lib/random.js'
import { ACCOUNT_DATA } from '../../src/pages/kit/paths.js'
import { en } from '../../src/pages/texts/en.js'
import { createClient } from '../../src/dynamodb/client.js'
import { registeredApp } from '../support/apps.js'
import { sharedChromium } from '../support/chromium.js'
import { MINUTE } from '../support/clock.js'
import { sharedEngine } from '../support/engine.js'
import { withTotp } from '../support/factors.js'
import { newAdmin } from '../support/keys.js'
import { lastMail, MAIL } from '../support/mail.js'
import { withRoutes } from '../support/routes.js'
import { newAccount, type Service } from '../support/service.js'
import { startSite } from '../support/site.js'
import { recordSecret } from '../support/transcript.js'

const COUNT = 10_000
const BATCH = 25

/** Writes accounts as the service does, in batches that its policy does not allow it. */
async function makeUsers(t: Test, { config, clock }: Service): Promise<void> {
  const { endpoint } = await sharedEngine()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = createClient({ endpoint, region: 'local', credentials })
  t.teardown(() => client.destroy())
  for (let first = 0; first < COUNT; first += BATCH) {
    const requests = Array.from({ length: BATCH }, (_, at) => {
      const number = String(first + at).padStart(5, '0')
      const user = {
        id: newId(systemRandom),
        email: `person${number}@example.com`,
        name: `Person ${number}`,
        role: 'user',
        status: (first + at) % 100 === 0 ? ('disabled' as const) : ('active' as const),
        epoch: 0,
        createdAt: new Date(clock() - (COUNT - first - at) * 1000).toISOString(),
      }
      return { PutRequest: { Item: marshall(profileItem(user)) } }
    })
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { [config.tables.users]: requests } }),
    )
  }
}

async function assertAccessible(t: Test, page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const found = await page.evaluate<axe.AxeResults>(
      `axe.run({ runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] })`,
    )
    const faults = found.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)
    t.same(faults, [], `${what}, ${colorScheme}`)
  }
}

const { app: site, routes } = await withRoutes(() => startSite(t, MAIL))
const { url, service } = site
await makeUsers(t, service)

interface Browsing {
  /** Without them nothing is there that checks a page for faults. */
  readonly hasScripts: boolean
}

/** A browser with a window of 320 px. */
async function open(t: Test, { hasScripts }: Browsing) {
  const browser = await sharedChromium()
  const context = await browser.newContext({
    ...{ baseURL: url, viewport: { width: 320, height: 800 } },
    javaScriptEnabled: hasScripts,
  })
  t.teardown(() => context.close())
  const page = await context.newPage()
  const check = async (what: string) => {
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    t.equal(overflow, 0, `${what} is no wider than the window`)
    if (hasScripts) await assertAccessible(t, page, what)
  }
  return { page, check }
}

/** The browser of an administrator who is signed in. */
async function enter(t: Test, browsing: Browsing) {
  const admin = await newAdmin(service)
  const { account } = admin
  recordSecret('password', account.password)
  const { page, check } = await open(t, browsing)
  await page.goto('/login')
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/dashboard/)
  return { admin, page, check }
}

/** Through the list, a search and the page of a person, who is found, disabled and deleted. */
async function walk(t: Test, browsing: Browsing, person: string): Promise<void> {
  const { page, check } = await enter(t, browsing)
  const addresses = () => page.locator('section[aria-labelledby=list] .rows a').allTextContents()
  const search = async (text: string) => {
    await page.getByLabel(en['field.query']).fill(text)
    await page.getByRole('button', { name: en['users.find'], exact: true }).click()
  }

  await page.goto('/dashboard/users')
  t.ok((await addresses()).includes('person09999@example.com'), 'the newest are first')
  await check('the list')
  await page.getByRole('link', { name: en['users.more'] }).click()
  await page.waitForURL(/cursor=/)
  t.ok((await addresses()).includes('person09975@example.com'), 'the next page')
  t.notMatch(page.url(), /example\.com|%40/)
  await page.getByRole('link', { name: en['users.disabled'], exact: true }).click()
  await page.waitForURL(/status=disabled/)
  t.ok((await addresses()).includes('person09900@example.com'))
  await check('the list of one status')

  await search('person0421')
  await page.getByText(en['users.found']).waitFor()
  t.equal((await addresses()).length, 10)
  await check('what a search has found')
  await search('person04')
  await page.getByRole('button', { name: en['users.more'] }).click()
  await page.getByText('person04020@example.com').waitFor()
  t.equal((await addresses())[0], 'person04020@example.com', 'the next page of a search')
  await search('nobody')
  await page.getByRole('alert').waitFor()
  t.equal(await page.getByRole('alert').textContent(), en['problem.USER_NOT_FOUND'])
  await check('a search that finds nothing')

  await search(person)
  await page.waitForURL(/\/dashboard\/users\/[\w-]+$/)
  await check('a person')
  await page.getByText(en['users.disable'], { exact: true }).click()
  await page.getByRole('button', { name: en['users.disable.submit'] }).click()
  await page.waitForURL(/done=USER_CHANGED/)
  t.equal(
    await page.locator('section[aria-labelledby=found] .head .badge').textContent(),
    'Disabled',
  )
  await check('a person who is disabled')

  await page.getByText(en['users.delete'], { exact: true }).click()
  await page.getByText(en['users.delete.about']).waitFor()
  await check('the question before an account is deleted')
  await page.getByRole('button', { name: en['users.delete.submit'] }).click()
  await page.waitForURL(/users\?done=USER_DELETED/)
  await search(person)
  await page.getByRole('alert').waitFor()
  t.equal(await page.getByRole('alert').textContent(), en['problem.USER_NOT_FOUND'])
}

/** Through the pages of invitations, of the administrator and of the person who is invited. */
async function invite(t: Test, browsing: Browsing): Promise<void> {
  const { admin, page, check } = await enter(t, browsing)
  const send = async (email: string) => {
    recordSecret('email', email)
    await page.getByLabel('E-mail address').fill(email)
    await page.getByRole('button', { name: en['invitations.submit'] }).click()
  }
  const press = (act: 'resend' | 'withdraw', email: string) =>
    page
      .getByRole('button', { name: en[`invitations.${act}.which`].replace('{email}', email) })
      .click()
  await page.goto('/dashboard/users')
  await page.getByRole('link', { name: en['invitations.title'] }).click()
  await page.getByText(en['invitations.none']).waitFor()
  await check('no invitation')
  await send(admin.account.email)
  await page.getByRole('alert').waitFor()
  await check('an invitation that is refused')
  const [{ email }, { email: other }] = [newAccount(), newAccount()]
  await page.getByLabel(en['invitations.asAdmin']).check()
  await send(email)
  await page.waitForURL(/done=INVITED/)
  service.clock.advance(MINUTE)
  await send(other)
  await page.getByText(other, { exact: true }).waitFor()
  await check('open invitations')
  service.clock.advance(MINUTE)
  await press('resend', email)
  await page.waitForURL(/done=INVITED/)
  await press('withdraw', other)
  await page.waitForURL(/done=INVITATION_WITHDRAWN/)
  t.equal(await page.getByText(other, { exact: true }).count(), 0)

  const { link } = await lastMail(service, email)
  const invited = await open(t, browsing)
  const accept = async ({ password }: { readonly password: string }) => {
    const field = invited.page.getByLabel(en['field.link'])
    if (!browsing.hasScripts && (await field.count()) > 0) await field.fill(link)
    await invited.page.getByLabel('Password', { exact: true }).fill(password)
    await invited.page.getByRole('button', { name: en['invitation.submit'] }).click()
  }
  await invited.page.goto(link)
  await invited.check('the page of an invitation')
  await accept({ password: 'leavemealone' })
  await invited.page
    .getByText('This is one of the most common passwords, or little more.')
    .waitFor()
  await invited.check('a password that is refused')
  const account = newAccount()
  recordSecret('password', account.password)
  await accept(account)
  await invited.page.waitForURL(/done=INVITATION_ACCEPTED/)
  t.match(await service.services.users.find(email), { role: 'admin' })
  await invited.page.goto(link)
  await accept(account)
  await invited.page.getByText(en['invitation.refused']).waitFor()
  await invited.check('an invitation that is used')
}

/** Every page for administrators, as the app registers it; of a person whose factors are to be removed. */
async function visitAll(t: Test, browsing: Browsing): Promise<void> {
  const { admin, page, check } = await enter(t, browsing)
  const { account } = await withTotp(service)
  const other = await newAdmin(service)
  await other.admin('POST', `/${account.id}/factors-removal`)
  const ids: Readonly<Record<string, string>> = {
    users: account.id,
    keys: (await admin.generate()).id,
    apps: (await registeredApp(service)).client.clientId,
  }
  const pages = routes.flatMap(({ method, url }) => {
    const isPage = method === 'GET' && url.startsWith('/dashboard') && url !== ACCOUNT_DATA
    return isPage ? url.replace(/(\w+)\/:id/, (_, of: string) => `${of}/${ids[of] ?? ''}`) : []
  })
  t.ok(pages.length > 9)
  for (const path of pages) {
    const answer = await page.goto(path)
    t.equal(answer?.status(), 200, path)
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    await check(path)
  }
}

const NONE = { hasScripts: false }
const SCRIPTS = { hasScripts: true }

t.test('an administrator finds, disables and deletes one of 10,000, without scripts', (t) =>
  walk(t, NONE, 'person04317@example.com'),
)

t.test('the pages of the directory have no faults for axe at 320 px', (t) =>
  walk(t, SCRIPTS, 'person04318@example.com'),
)

t.test('an administrator invites a person, who accepts, without scripts', (t) => invite(t, NONE))

t.test('the pages of invitations have no faults for axe at 320 px', (t) => invite(t, SCRIPTS))

t.test('every page for administrators is there at 320 px without scripts', (t) => visitAll(t, NONE))

t.test('every page for administrators has no faults for axe at 320 px', (t) => visitAll(t, SCRIPTS))
