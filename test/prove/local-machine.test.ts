import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { launchChromium } from '../support/chromium.js'
import { engineEndpoint } from '../support/engine-process.js'
import { newEmail } from '../support/identity-provider.js'
import { startServer } from '../support/process.js'

const REBOUND = 'rebound.example'
const FOREIGN = 'foreign.example'

t.test('a browser on the machine of the local server', async (t) => {
  const server = await startServer(t)
  const { port } = new URL(server.url)
  const browser = await launchChromium({ names: [REBOUND, FOREIGN] })
  t.teardown(() => browser.close())

  t.test('shows no page of another origin the engine', async (t) => {
    const page = await browser.newPage()
    await page.goto(`http://${FOREIGN}:${await servePage(t)}/`)
    const engine = new URL(engineEndpoint(server.dataDir))
    const places = ['127.0.0.1', 'localhost', '[::1]'].flatMap((host) => [
      `http://${host}:${engine.port}`,
      `http://${host}:${port}`,
    ])
    for (const place of places) t.equal(await listTables(page, place), undefined, place)
    t.match(await listTables(page, engine.origin), 'TableNames', 'only a page that knew its place')
  })

  t.test('gets nothing by a name that was rebound to it', async (t) => {
    const page = await browser.newPage()
    for (const path of ['/', '/login', '/openapi.json', '/no-such-page']) {
      const answer = await page.goto(`http://${REBOUND}:${port}${path}`)
      t.equal(answer?.status(), 421, path)
      t.notMatch(await page.content(), /<form|"paths"/)
    }
    const statuses = await page.evaluate(async () => {
      const calls = ['/api/auth/login', '/oauth/token'].map((path) =>
        fetch(path, { method: 'POST' }),
      )
      return (await Promise.all(calls)).map(({ status }) => status)
    })
    t.same(statuses, [421, 421])
  })

  t.test('shows the API page without an error, and keeps its authorization', async (t) => {
    const { account } = await server.signUp()
    const { body } = await server.signIn(account)
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('console', (said) => said.type() === 'error' && errors.push(said.text()))
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(`${server.url}/docs`)
    t.equal(await page.title(), 'Latchkey API')
    // The page's script draws it, an empty .info first.
    await page.getByText('Every failure is application/problem+json').first().waitFor()
    t.equal(await page.locator('.topbar').count(), 0)

    await page.click('.btn.authorize')
    await page.fill('#auth-bearer-value', body.accessToken)
    await page.click('.auth-btn-wrapper .authorize')
    await page.reload()
    await page.click('#operations-Protected_resources-get_api_profile')
    await page.click('.try-out__btn')
    await page.click('.execute')
    const answer = page.locator('.live-responses-table .response-col_status').last()
    t.match(await answer.textContent(), '200')
    t.same(errors, [])
  })

  t.test('is asked by the local identity provider who it is, each time', async (t) => {
    const page = await browser.newPage()
    for (const email of [newEmail(), newEmail()]) {
      await page.goto(`${server.url}/login`)
      await page.click('text=Local test account')
      await page.fill('#email', email)
      await page.click('.main')
      await page.waitForURL(`${server.url}/dashboard`)
      t.match(await page.content(), email)
      await page.context().clearCookies({ domain: 'localhost' })
    }
  })
})

/** A page of another site. */
async function servePage(t: Test): Promise<number> {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Foreign</title>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    site.closeAllConnections()
    site.close()
  })
  return (site.address() as AddressInfo).port
}

/** What DynamoDB at a place tells a page. */
const listTables = (page: Page, place: string): Promise<string | undefined> =>
  page.evaluate(async (url) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
    }
    const answer = fetch(url, { method: 'POST', headers, body: '{}' })
    return answer.then((known) => known.text()).catch(() => undefined)
  }, place)
