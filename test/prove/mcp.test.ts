// MCP's own SDK, unchanged: a program that knows the URL of a server alone gets to calls of its tools.
import t, { type Test } from 'tap'
import { freePort } from '../../src/local/free-port.js'
import { newApp } from '../support/code-flow.js'
import { type Example, installExamples, startExample } from '../support/example.js'
import { startForeignHosts } from '../support/foreign.js'
import { startIssuer } from '../support/issuer.js'
import { Person } from '../support/person.js'
import type { ServiceOptions } from '../support/service.js'

const HOST = '127.0.0.1'
const CLIENT = 'https://notebook.example/client.json'
const REDIRECT_URIS = [`http://${HOST}/callback`]
/** Longer than a token lives. */
const LATE_MS = 1_000_000

const folder = await installExamples()

/**
 * Latchkey, and the server of notes. Latchkey's clock is late until the first token has been given out, so that the
 * server takes it for an old one and the client has to renew it.
 */
async function startNotes(t: Test, options: ServiceOptions = {}) {
  const port = await freePort(HOST)
  const resource = `http://${HOST}:${port}/mcp`
  const scopes = { 'notes:read': ['user', 'admin'], 'notes:write': ['user', 'admin'] }
  let asked: readonly string[] = []
  const tokenRequests = () => asked.filter((request) => request === 'POST /oauth/token').length
  const clock = () => new Date().getTime() - (tokenRequests() < 2 ? LATE_MS : 0)
  const issuer = await startIssuer(t, {
    ...options,
    clock: Object.assign(clock, { advance: () => undefined }),
    env: { RESOURCES: JSON.stringify({ [resource]: { name: 'Notes', scopes } }) },
  })
  asked = issuer.asked
  const { service, url: ISSUER } = issuer
  await startExample(
    t,
    { args: ['mcp/main.mjs'], cwd: folder },
    { ISSUER, RESOURCE: resource, PORT: String(port) },
  )
  const account = await service.signUp()
  return {
    issuer,
    account,
    person: new Person(account),
    resource,
    tokenRequests,
    startClient: (CLIENT_ID: string) =>
      startExample(
        t,
        { args: ['mcp-client/main.mjs'], cwd: folder },
        { SERVER: resource, CLIENT_ID },
      ),
  }
}

/** What the client asks its person to open, once it asks for a scope. */
async function asksFor(client: Example, scope: string): Promise<URL> {
  const said = await client.says(encodeURIComponent(scope))
  const urls = [...said.matchAll(/^Open (\S+)$/gm)].map(([, url = '']) => new URL(url))
  const asked = urls.find((url) => url.searchParams.get('scope')?.split(' ').includes(scope))
  if (!asked) throw new Error(`the client does not ask for ${scope}: ${said}`)
  return asked
}

/** Signs in where that is needed. @returns what the page for consent says, after it was agreed to. */
async function agree(t: Test, person: Person, asked: URL): Promise<string> {
  const { location = '' } = await person.open(asked.href, {
    until: (next) => new URL(next).pathname === '/consent',
  })
  const { text } = await person.browser.visit(location)
  const end = await person.open(location)
  t.match(end, { status: 200, text: 'You can close this tab.' })
  return text
}

/** What both kinds of client do from here on. */
async function useNotes(
  t: Test,
  { person, account, resource, tokenRequests }: Awaited<ReturnType<typeof startNotes>>,
  client: Example,
): Promise<string> {
  const first = await asksFor(client, 'notes:read')
  t.match(Object.fromEntries(first.searchParams), { resource, code_challenge_method: 'S256' })
  t.notOk(first.searchParams.get('scope')?.includes('notes:write'))
  const page = await agree(t, person, first)
  const redirectUri = String(first.searchParams.get('redirect_uri'))
  t.ok(page.includes(new URL(redirectUri).host), 'people read where the answer goes')
  t.ok(page.includes('<code>notes:read</code>'))

  await client.says('There are no notes.')
  t.equal(tokenRequests(), 2, 'the token that was old has been renewed')

  const wider = await asksFor(client, 'notes:write')
  t.ok(wider.searchParams.get('scope')?.includes('notes:read'), 'what it has is kept')
  t.ok((await agree(t, person, wider)).includes('<code>notes:write</code>'))
  await client.says('It is written.')
  t.ok(await client.says(`${account.id}: Buy milk`))
  t.equal(tokenRequests(), 3, 'nothing more was asked for')
  t.notMatch(client.said(), '[mcp-sdk]', 'the SDK warns of nothing')
  t.same(person.met, ['/login', '/consent', '/consent'])
  return page
}

t.test('a client that a document describes', async (t) => {
  const hosts = await startForeignHosts(t, [new URL(CLIENT).hostname])
  const document = { client_id: CLIENT, client_name: 'Notebook', redirect_uris: REDIRECT_URIS }
  hosts.json('/client.json', document, { 'cache-control': 'max-age=3600' })
  const notes = await startNotes(t, { foreignNetwork: hosts.network })
  const client = await notes.startClient(CLIENT)
  const page = await useNotes(t, notes, client)
  t.ok(page.includes('Notebook'))
  t.same(hosts.asked, ['GET notebook.example/client.json'])
  const { asked } = notes.issuer
  t.equal(asked[0], 'GET /.well-known/oauth-authorization-server')
})

t.test('a client that an administrator has registered', async (t) => {
  const notes = await startNotes(t)
  const { service } = notes.issuer
  const settings = { isPublic: true, isFirstParty: false, redirectUris: REDIRECT_URIS }
  const { clientId } = await newApp(service, settings)
  await useNotes(t, notes, await notes.startClient(clientId))
})
