import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { profileItem } from '../../src/dynamodb/user-items.js'
import { newId, systemRandom } from '../../src/lib/random.js'
import { en } from '../../src/pages/texts/en.js'
import { createClient } from '../../src/dynamodb/client.js'
import { sharedChromium } from '../support/chromium.js'
import { sharedEngine } from '../support/engine.js'
import { newAdmin } from '../support/keys.js'
import type { Service } from '../support/service.js'
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
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  t.equal(overflow, 0, `${what} is no wider than the window`)
}

const { url, service } = await startSite(t)
await makeUsers(t, service)

interface Walk {
  /** Without them nothing is there that checks a page for faults. */
  readonly hasScripts: boolean
  /** Who is found, disabled and deleted. */
  readonly person: string
}

/** Through the list, a search and the page of a person, at 320 px. */
async function walk(t: Test, { hasScripts, person }: Walk): Promise<void> {
  const { account } = await newAdmin(service)
  recordSecret('password', account.password)
  const browser = await sharedChromium()
  const viewport = { width: 320, height: 800 }
  const context = await browser.newContext({
    ...{ baseURL: url, viewport },
    javaScriptEnabled: hasScripts,
  })
  t.teardown(() => context.close())
  const page = await context.newPage()
  const check = async (what: string) => {
    if (hasScripts) await assertAccessible(t, page, what)
  }
  const addresses = () => page.locator('section[aria-labelledby=list] .rows a').allTextContents()
  const search = async (text: string) => {
    await page.getByLabel(en['field.query']).fill(text)
    await page.getByRole('button', { name: en['users.find'], exact: true }).click()
  }

  await page.goto('/login')
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/dashboard/)
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

t.test('an administrator finds, disables and deletes one of 10,000, without scripts', (t) =>
  walk(t, { hasScripts: false, person: 'person04317@example.com' }),
)

t.test('the pages of the directory have no faults for axe at 320 px', (t) =>
  walk(t, { hasScripts: true, person: 'person04318@example.com' }),
)
