import t, { type Test } from 'tap'
import { MINUTE } from '../support/clock.js'
import { type Example, installExamples, realClock, ROOT, startExample } from '../support/example.js'
import { forgerFor } from '../support/forge.js'
import { type Issuer, startIssuer } from '../support/issuer.js'
import { newAdmin, newOwner } from '../support/keys.js'
import { machineToken } from '../support/social.js'
import { BILLING, newTokenFor, ORDERS, signInTo } from '../support/resources.js'

const FASTIFY = { args: ['--import', 'tsx', 'examples/fastify/main.ts'], cwd: ROOT }
const OWN_TOKEN = "this app sends us Latchkey's own token"

const statusOf = async (url: string, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(url, { headers })).status

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** What every API must do with the tokens of an issuer. */
async function checkOrders(
  t: Test,
  { service }: Issuer,
  { url, said, says }: Example,
): Promise<void> {
  const orders = `${url}/orders`
  const token = await newTokenFor(service, ORDERS)
  const forger = await forgerFor(service, token)
  t.equal(await statusOf(orders, bearer(token)), 200)
  t.equal(await statusOf(orders), 401, 'no token')
  t.equal(
    await statusOf(orders, bearer(await newTokenFor(service, BILLING))),
    401,
    'of another API',
  )
  t.notMatch(said(), OWN_TOKEN)
  const { accessToken: own } = await service.signIn(await service.signUp())
  t.equal(await statusOf(orders, bearer(own)), 401, 'Latchkey’s own token')
  t.match(await says(OWN_TOKEN), OWN_TOKEN)
  const machine = await machineToken(service, await (await newOwner(service)).generate())
  t.equal(await statusOf(orders, bearer(machine)), 401, 'a machine’s token')
  const now = Math.floor(service.clock() / 1000)
  for (const [what, forgery] of Object.entries({
    'another audience': { claims: { aud: 'another' } },
    'another issuer': { claims: { iss: 'https://evil.example.com' } },
    'another type': { header: { typ: 'JWT' } },
    'an unknown key': { header: { kid: 'unknown' } },
    expired: { claims: { iat: now - 900, exp: now - 60 } },
  })) {
    t.equal(await statusOf(orders, bearer(forger.forge(forgery))), 401, what)
  }
}

t.test('Fastify, by one command', async (t) => {
  const issuer = await startIssuer(t, { clock: realClock() })
  const admin = await newAdmin(issuer.service)
  const { secret: INTROSPECTION_KEY } = await admin.generate({ scopes: ['token:introspect'] })
  const partner = await (await newOwner(issuer.service)).generate()
  const env = { ISSUER: issuer.url, INTROSPECTION_KEY }
  const example = await startExample(t, FASTIFY, env)
  await checkOrders(t, issuer, example)
  const genuine = await newTokenFor(issuer.service, ORDERS)
  const forger = await forgerFor(issuer.service, genuine)
  const refund = (token: string) =>
    fetch(`${example.url}/refunds`, { method: 'POST', headers: bearer(token) })
  const weak = await refund(genuine)
  t.equal(weak.status, 401, 'a password is one factor')
  t.match(weak.headers.get('www-authenticate'), /acr_values="urn:latchkey:2", max_age="300"/)
  const strong = forger.forge({ claims: { acr: 'urn:latchkey:2' } })
  t.equal((await refund(strong)).status, 200)
  const orders = `${example.url}/partners/orders`
  t.equal(await statusOf(orders, { 'x-api-key': partner.secret }), 200)
  t.equal(await statusOf(orders, { 'x-api-key': 'nonsense' }), 401)
})

t.test('Express and Hono, in a folder of their own', async (t) => {
  const folder = await installExamples()
  for (const name of ['express', 'hono']) {
    await t.test(name, async (t) => {
      const issuer = await startIssuer(t, { clock: realClock() })
      const env = { ISSUER: issuer.url }
      const command = { args: [`${name}/main.mjs`], cwd: folder }
      await checkOrders(t, issuer, await startExample(t, command, env))
      // One that has no keys yet, and so must ask for them.
      const { url } = await startExample(t, command, env)
      const token = await newTokenFor(issuer.service, ORDERS)
      issuer.away = true
      t.equal(await statusOf(`${url}/orders`, bearer(token)), 503, 'the issuer is away')
      issuer.away = false
    })
  }
})

t.test('keys rotate under a running example without a refused token', async (t) => {
  const ring = await startIssuer(t, { clock: realClock() })
  const { service } = ring
  const { url } = await startExample(t, FASTIFY, {
    ISSUER: ring.url,
  })
  const account = await service.signUp()
  const tokens: string[] = []
  const use = async () => {
    tokens.push((await signInTo(service, ORDERS, account)).accessToken)
    for (const token of tokens) t.equal(await statusOf(`${url}/orders`, bearer(token)), 200)
  }
  // The example's copy of the JWKS is an hour old at most, and a key signs two hours after it was published.
  await service.services.keyRing.maintain({ force: true })
  await use()
  const { store } = ring.service.keyRing
  const stored = await store.read()
  if (!stored) throw new Error('there is no ring')
  const [first, second] = stored.ring.signing
  if (!first || !second) throw new Error('the ring has no successor')
  const now = service.clock()
  const due = { ...second, publishedAt: now - 125 * MINUTE, signsFrom: now }
  await store.write({
    ring: { ...stored.ring, signing: [first, due] },
    revision: stored.revision + 1,
  })
  await service.services.keyRing.maintain()
  await use()
  const kids = tokens.map((token) => token.split('.')[0])
  t.equal(new Set(kids).size, 2, 'two keys signed')
})

t.test('an MCP server, in a folder of its own', async (t) => {
  const resource = 'https://notes.example.com/mcp'
  const RESOURCES = JSON.stringify({
    [resource]: { scopes: { 'notes:read': ['user', 'admin'], 'notes:write': ['admin'] } },
    [BILLING]: {},
  })
  const { service, url: ISSUER } = await startIssuer(t, { clock: realClock(), env: { RESOURCES } })
  const command = { args: ['mcp/main.mjs'], cwd: await installExamples() }
  const { url } = await startExample(t, command, { ISSUER, RESOURCE: resource })
  const document = `${new URL(resource).origin}/.well-known/oauth-protected-resource/mcp`
  const described = await fetch(`${url}/.well-known/oauth-protected-resource/mcp`)
  t.match(await described.json(), { resource, authorization_servers: [ISSUER] })

  const ask = (method: string, params: object, token?: string) =>
    fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
        ...(token !== undefined && bearer(token)),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  const write = { name: 'write-note', arguments: { note: 'Buy milk' } }
  const silent = await ask('tools/list', {})
  t.equal(silent.status, 401)
  t.match(silent.headers.get('www-authenticate'), `resource_metadata="${document}"`)
  t.match(silent.headers.get('www-authenticate'), 'scope="notes:read"')
  const person = await newTokenFor(service, resource)
  const listed = await ask('tools/list', {}, person)
  t.equal(listed.status, 200)
  t.match(await listed.text(), /read-notes.*write-note/s)
  const refused = await ask('tools/call', write, person)
  t.equal(refused.status, 403)
  t.match(refused.headers.get('www-authenticate'), 'scope="notes:read notes:write"')
  t.equal((await ask('tools/call', write, await newTokenFor(service, BILLING))).status, 401)
  const admin = await newAdmin(service)
  const { accessToken } = await signInTo(service, resource, admin.account)
  t.match(await (await ask('tools/call', write, accessToken)).text(), 'It is written.')
  t.match(
    await (await ask('tools/call', { name: 'read-notes', arguments: {} }, person)).text(),
    `${admin.id}: Buy milk`,
  )
})
