import t, { type Test } from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { answeredTo, encode, requestOf, returnToOf } from '../support/authorization.js'
import { startForeignHosts } from '../support/foreign.js'
import { ISSUER, startService } from '../support/service.js'
import { Tab } from '../support/tab.js'

const NOTES = 'https://notes.example.com/mcp'
const RESOURCES = JSON.stringify({
  [NOTES]: { name: 'Notes', scopes: { 'notes:read': ['user'], 'notes:write': ['user'] } },
})
const ORIGIN = 'https://agent.example'
const CLIENT = `${ORIGIN}/client.json`
const CALLBACK = 'http://127.0.0.1:33418/callback'
const DOCUMENT = {
  client_id: CLIENT,
  client_name: 'An Agent',
  redirect_uris: ['http://127.0.0.1/callback', `${ORIGIN}/callback`],
}

/** What an MCP client asks for. */
const asking = (overrides: Parameters<typeof requestOf>[1] = {}) => {
  const app = { clientId: CLIENT, redirectUris: [CALLBACK] } as unknown as Parameters<
    typeof requestOf
  >[0]
  const request = requestOf(app, { scope: 'notes:read', resource: NOTES, ...overrides })
  return `/oauth/authorize?${encode(request)}`
}

async function start(t: Test) {
  const hosts = await startForeignHosts(t, ['agent.example'])
  hosts.json('/client.json', DOCUMENT)
  const service = await startService(t, { env: { RESOURCES }, foreignNetwork: hosts.network })
  const account = await service.signUp()
  const { id, email, password } = account
  const tab = new Tab(service)
  return {
    hosts,
    service,
    tab,
    id,
    signIn: () => tab.send('/login', { email, password }),
  }
}

t.test(
  'no client document is fetched for /oauth/authorize before a person has signed in',
  async (t) => {
    const { hosts, tab, signIn } = await start(t)
    const asked = await tab.open(asking())
    t.match(asked.headers.location, /^\/login\?returnTo=/)
    t.equal((await tab.follow(asked)).status, 200)
    t.same(hosts.connected, [])
    await signIn()
    const next = await tab.open(returnToOf(asked))
    t.match(next.headers.location, /^\/consent\?returnTo=/)
    t.same(hosts.asked, ['GET agent.example/client.json'])
  },
)

t.test(
  'a person is asked each time for an unregistered OAuth client, and reads where the answer goes',
  async (t) => {
    const { hosts, tab, id, signIn } = await start(t)
    await signIn()
    for (let time = 0; time < 2; time++) {
      const asked = await tab.open(asking())
      const path = String(asked.headers.location)
      const page = await tab.follow(asked)
      t.ok(page.text.includes('An Agent'))
      t.ok(page.text.includes('127.0.0.1:33418'), 'the host of the redirect URI')
      t.ok(page.text.includes('<code>notes:read</code>'))
      const answer = await tab.send(path, { answer: 'yes', account: id })
      t.match(answeredTo(answer), { code: String, state: 'a state', iss: ISSUER })
    }
    t.equal(hosts.asked.length, 1, 'the document is remembered')
  },
)

t.test('a wider scope for an unregistered OAuth client is asked for again', async (t) => {
  const { tab, id, signIn } = await start(t)
  await signIn()
  const wider = await tab.open(asking({ scope: 'notes:read notes:write' }))
  const page = await tab.follow(wider)
  t.ok(page.text.includes('notes:write'))
  const answer = await tab.send(String(wider.headers.location), { answer: 'yes', account: id })
  t.match(answeredTo(answer), { code: String })
})

t.test(
  '/oauth/authorize redirects to no place that the client document does not name',
  async (t) => {
    const { hosts, tab, signIn } = await start(t)
    await signIn()
    for (const redirect_uri of ['https://evil.example/callback', `${ORIGIN}/other`]) {
      const answer = await tab.open(asking({ redirect_uri }))
      t.equal(answer.status, 400, redirect_uri)
      t.equal(answer.headers.location, undefined)
    }
    hosts.records.set('other.example', ['169.254.169.254'])
    const inside = await tab.open(asking({ client_id: 'https://other.example/client.json' }))
    t.equal(inside.status, 400)
    t.equal(inside.headers.location, undefined)
    t.notOk(hosts.connected.some((connection) => connection.startsWith('169.254')))
    for (const client_id of [NOTES, 'https://127.0.0.1/client.json', `${CLIENT}?a=b`]) {
      const answer = await tab.open(asking({ client_id }))
      t.equal(answer.status, 400, client_id)
    }
  },
)

t.test('a person takes the refusal of a faulty OAuth request to the app by a link', async (t) => {
  const { service, tab, signIn } = await start(t)
  const callback = `${ORIGIN}/callback`
  const cases = [
    { overrides: { scope: 'notes:burn' }, error: 'invalid_scope', host: '127.0.0.1:33418' },
    {
      overrides: { acr_values: 'urn:latchkey:2', redirect_uri: callback },
      error: 'unmet_authentication_requirements',
      host: 'agent.example',
    },
    { overrides: { prompt: 'none' }, error: 'consent_required', host: '127.0.0.1:33418' },
  ]
  for (const { overrides, error, host } of cases) {
    const path = asking(overrides)
    const other = new Tab(service)
    const { email, password } = await service.signUp()
    const asked = await other.open(path)
    const returnTo = returnToOf(asked)
    const signedIn = await other.send('/login', { email, password, returnTo })
    t.equal(signedIn.headers.location, returnTo)
    await signIn()
    for (const page of [await other.follow(signedIn), await tab.open(path)]) {
      t.equal(page.status, 400, `${error}: a redirect after a form would be stopped`)
      t.equal(page.headers.location, undefined)
      t.match(page.headers['content-type'], 'text/html')
      t.ok(page.text.includes(en['problem.AUTHORIZATION_REFUSED']))
      t.ok(page.text.includes(`Back to the app at ${host}<`))
      const [, link = ''] = /<a class="button wide" href="([^"]*)"/.exec(page.text) ?? []
      const { searchParams: told, host: to } = new URL(link.replaceAll('&amp;', '&'))
      t.match([to, Object.fromEntries(told)], [host, { error, state: 'a state', iss: ISSUER }])
    }
    const read = await tab.open(path, { accept: 'application/json' })
    t.match(read, { status: 400, body: { code: 'AUTHORIZATION_REFUSED', detail: String } })
  }
})

t.test('an eleventh client document in an hour is not fetched for /oauth/authorize', async (t) => {
  const { hosts, tab, signIn } = await start(t)
  await signIn()
  const statuses: number[] = []
  for (let index = 0; index < 11; index++) {
    const { status } = await tab.open(asking({ client_id: `${ORIGIN}/${index}.json` }))
    statuses.push(status)
  }
  t.same(statuses, [...Array<number>(10).fill(400), 429])
  t.equal(hosts.asked.length, 10)
})
