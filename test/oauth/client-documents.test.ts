import t, { type Test } from 'tap'
import { Resources } from '../../src/access-tokens/resources.js'
import { ForeignFetcher } from '../../src/http/foreign/fetcher.js'
import { Problem } from '../../src/http/problem.js'
import { RateLimitCounter } from '../../src/limits/counter.js'
import {
  ClientDocuments,
  type ClientDocumentsOptions,
} from '../../src/oauth/client-documents/documents.js'
import { DAY, HOUR, MINUTE, SECOND, testClock } from '../support/clock.js'
import { startForeignHosts } from '../support/foreign.js'
import { ISSUER, startService } from '../support/service.js'

const HOST = 'app.example'
const ORIGIN = `https://${HOST}`
const CLIENT = `${ORIGIN}/client.json`
const PERSON = 'person'

/** What a good app says of itself. */
const GOOD = {
  client_id: CLIENT,
  client_name: 'An Example',
  redirect_uris: [`${ORIGIN}/callback`, 'http://127.0.0.1/callback', 'http://localhost:33418/'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}

async function startDocuments(t: Test) {
  const clock = testClock()
  const hosts = await startForeignHosts(t, [HOST, 'auth.example.com'])
  const service = await startService(t, { clock })
  const newInstance = (parts: Partial<ClientDocumentsOptions> = {}) =>
    new ClientDocuments({
      issuer: ISSUER,
      fetcher: new ForeignFetcher({
        ownHosts: ['auth.example.com'],
        network: hosts.network,
        timeoutMs: 500,
      }),
      resources: new Resources([
        { identifier: `${ORIGIN}/api`, name: 'An API', scopes: {}, lifetimeSeconds: 900 },
      ]),
      counter: new RateLimitCounter(service.services.database, service.config.tables.rateLimits),
      log: service.app.log,
      clock,
      ...parts,
    })
  return { clock, hosts, service, newInstance }
}

/** The problem that a call ends in. */
async function problemOf(t: Test, call: Promise<unknown>): Promise<Problem> {
  try {
    await call
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  return t.fail('it was taken') as never
}

t.test('an OAuth client is what the document at its client_id says', async (t) => {
  const { clock, hosts, newInstance } = await startDocuments(t)
  hosts.json('/client.json', { ...GOOD, logo_uri: 'https://evil.example/logo.png', scope: 'admin' })
  t.same(await newInstance().find(CLIENT, PERSON), {
    clientId: CLIENT,
    name: 'An Example',
    redirectUris: GOOD.redirect_uris,
    postLogoutRedirectUris: [],
    isFirstParty: false,
    isPublic: true,
    isDocument: true,
    secrets: [],
    createdAt: clock(),
    createdBy: 'document',
  })
  const { client_id, client_name, redirect_uris } = GOOD
  hosts.json('/client.json', { client_id, client_name, redirect_uris })
  t.match(await newInstance().find(CLIENT, PERSON), { isPublic: true }, 'the least')
})

t.test('a client_id that is no document', async (t) => {
  const { hosts, newInstance } = await startDocuments(t)
  const documents = newInstance()
  for (const [what, clientId] of Object.entries({
    'an app that is registered': `app_${'A'.repeat(22)}`,
    'the identifier of an API': `${ORIGIN}/api`,
    'a host alone': ORIGIN,
    'a host with a slash': `${ORIGIN}/`,
    'with a query': `${CLIENT}?of=me`,
    'with an empty query': `${CLIENT}?`,
    'with a fragment': `${CLIENT}#me`,
    'with dot segments': `${ORIGIN}/a/../client.json`,
    'in plain http': CLIENT.replace('https', 'http'),
    'with a port': `${ORIGIN}:8443/client.json`,
    'with a user': `https://me@${HOST}/client.json`,
    'an address': 'https://93.184.215.14/client.json',
    'too long': `${ORIGIN}/${'a'.repeat(256)}`,
  })) {
    t.equal(await documents.find(clientId, PERSON), undefined, what)
    t.equal(await documents.find(clientId), undefined, what)
  }
  t.same(hosts.connected, [])
})

t.test(
  'no client document is fetched without a person, and such an app is known to be public alone',
  async (t) => {
    const { hosts, newInstance } = await startDocuments(t)
    hosts.json('/client.json', GOOD)
    const documents = newInstance()
    const unread = { clientId: CLIENT, redirectUris: [], isPublic: true, isFirstParty: false }
    t.match(await documents.find(CLIENT), unread)
    t.same(hosts.connected, [])
    await documents.find(CLIENT, PERSON)
    t.match(await documents.find(CLIENT), unread, 'nor is what was read for a person used')
  },
)

t.test('40 hostile client documents are refused', async (t) => {
  const { hosts, service, newInstance } = await startDocuments(t)
  const without = (name: string) =>
    Object.fromEntries(Object.entries(GOOD).filter(([member]) => member !== name))
  const redirectingTo = (...redirect_uris: unknown[]) => ({ ...GOOD, redirect_uris })
  const hostile: [what: string, reason: string, document: unknown][] = [
    ['null', 'document', null],
    ['a list', 'document', [GOOD]],
    ['text', 'document', CLIENT],
    ['no client_id', 'client_id', without('client_id')],
    ['another client_id', 'client_id', { ...GOOD, client_id: `${ORIGIN}/other.json` }],
    ['client_id of another case', 'client_id', { ...GOOD, client_id: CLIENT.toUpperCase() }],
    ['client_id with a slash more', 'client_id', { ...GOOD, client_id: `${CLIENT}/` }],
    ['client_id with a query', 'client_id', { ...GOOD, client_id: `${CLIENT}?` }],
    ['a list of client_id', 'client_id', { ...GOOD, client_id: [CLIENT] }],
    ['no name', 'client_name', without('client_name')],
    ['an empty name', 'client_name', { ...GOOD, client_name: '' }],
    ['an invisible name', 'client_name', { ...GOOD, client_name: '\u200b\u2800 ' }],
    ['a name that is none', 'client_name', { ...GOOD, client_name: { toString: 'x' } }],
    ['a secret', 'client_secret', { ...GOOD, client_secret: 'hunter2' }],
    ['an empty secret', 'client_secret', { ...GOOD, client_secret: '' }],
    ['the end of a secret', 'client_secret_expires_at', { ...GOOD, client_secret_expires_at: 0 }],
    ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'].map(
      (method): [string, string, unknown] => [
        method,
        'token_endpoint_auth_method',
        { ...GOOD, token_endpoint_auth_method: method },
      ],
    ),
    ['implicit alone', 'grant_types', { ...GOOD, grant_types: ['implicit'] }],
    ['grants as text', 'grant_types', { ...GOOD, grant_types: 'authorization_code' }],
    ['tokens alone', 'response_types', { ...GOOD, response_types: ['token'] }],
    ['no redirect URI', 'redirect_uris', without('redirect_uris')],
    ['none in the list', 'redirect_uris', redirectingTo()],
    ['one as text', 'redirect_uris', { ...GOOD, redirect_uris: `${ORIGIN}/callback` }],
    ['a number', 'redirect_uris', redirectingTo(1)],
    ['a foreign one', 'redirect_uris', redirectingTo('https://evil.example/callback')],
    ['a foreign one more', 'redirect_uris', redirectingTo(`${ORIGIN}/`, 'https://evil.example/')],
    ['of a subdomain', 'redirect_uris', redirectingTo(`https://evil.${HOST}/`)],
    ['of a host that begins alike', 'redirect_uris', redirectingTo(`${ORIGIN}.evil.example/`)],
    ['of another port', 'redirect_uris', redirectingTo(`${ORIGIN}:8443/`)],
    ['in plain http', 'redirect_uris', redirectingTo(`http://${HOST}/callback`)],
    ['behind a user', 'redirect_uris', redirectingTo(`https://${HOST}@evil.example/`)],
    ['behind a backslash', 'redirect_uris', redirectingTo(`https://evil.example\\@${HOST}/`)],
    ['of a scheme', 'redirect_uris', redirectingTo('com.example.app:/callback')],
    ['a script', 'redirect_uris', redirectingTo('javascript:alert(1)')],
    ['data', 'redirect_uris', redirectingTo('data:text/html,hello')],
    ['with a fragment', 'redirect_uris', redirectingTo(`${ORIGIN}/callback#`)],
    ['with a wildcard', 'redirect_uris', redirectingTo(`${ORIGIN}/*`)],
    ['of a private network', 'redirect_uris', redirectingTo('http://192.168.0.1/callback')],
    ['our own', 'redirect_uris', redirectingTo(`${ISSUER}/login`)],
    ['with a line break', 'redirect_uris', redirectingTo(`${ORIGIN}/call\nback`)],
    ['21 of them', 'redirect_uris', redirectingTo(...Array<string>(21).fill(`${ORIGIN}/a`))],
    ['one that is too long', 'redirect_uris', redirectingTo(`${ORIGIN}/${'a'.repeat(512)}`)],
  ]
  t.ok(hostile.length >= 40)
  for (const [index, [what, reason, document]] of hostile.entries()) {
    hosts.json('/client.json', document)
    const person = `person ${index}`
    const { type, extras } = await problemOf(t, newInstance().find(CLIENT, person))
    t.equal(type.code, 'CLIENT_DOCUMENT_INVALID', what)
    t.equal(extras.cause, reason, what)
    t.match(extras.detail, reason === 'document' ? 'JSON object' : reason, what)
  }
  const [first] = service.events('client_document_refused')
  t.match(first, { userId: 'person 0', host: HOST, reason: 'document' })
})

t.test('what is no client document is refused', async (t) => {
  const { hosts, newInstance } = await startDocuments(t)
  const refusal = async (clientId = CLIENT) =>
    (await problemOf(t, newInstance().find(clientId, clientId))).extras.detail
  t.match(await refusal(), 'not answered with 200')
  hosts.respond('/client.json', (_request, response) => {
    response.writeHead(302, { location: 'https://evil.example/client.json' }).end()
  })
  t.match(await refusal(), 'redirects')
  hosts.json('/client.json', { ...GOOD, extra: 'x'.repeat(5120) })
  t.match(await refusal(), '5 kB')
  hosts.json('/client.json', GOOD)
  hosts.records.set(HOST, ['10.0.0.1'])
  t.match(await refusal(), 'not public')
  t.match(await refusal(`${ISSUER}/client.json`), 'this service itself')
})

t.test('client documents are remembered', async (t) => {
  const { clock, hosts, newInstance } = await startDocuments(t)
  const fetchesOf = async (cacheControl: string | undefined, ages: readonly number[]) => {
    const documents = newInstance()
    hosts.json(
      '/client.json',
      GOOD,
      cacheControl === undefined ? {} : { 'cache-control': cacheControl },
    )
    hosts.asked.length = 0
    const counts: number[] = []
    await documents.find(CLIENT, PERSON)
    let age = 0
    for (const next of ages) {
      clock.advance(next - age)
      age = next
      await documents.find(CLIENT, PERSON)
      counts.push(hosts.asked.length)
    }
    clock.advance(HOUR)
    return counts
  }
  const aboutMinute = [MINUTE - SECOND, MINUTE]
  t.same(await fetchesOf(undefined, aboutMinute), [1, 2])
  t.same(await fetchesOf('max-age=1', aboutMinute), [1, 2], 'a minute at least')
  t.same(await fetchesOf('no-store, max-age=9999', aboutMinute), [1, 2])
  t.same(await fetchesOf('public, max-age=600', [10 * MINUTE - SECOND, 10 * MINUTE]), [1, 2])
  t.same(await fetchesOf('max-age=99999999', [DAY - SECOND, DAY]), [1, 2], 'a day at most')
})

t.test('failures to fetch a client document are remembered for a minute', async (t) => {
  const { clock, hosts, newInstance } = await startDocuments(t)
  const documents = newInstance()
  await problemOf(t, documents.find(CLIENT, PERSON))
  hosts.json('/client.json', GOOD)
  clock.advance(MINUTE - SECOND)
  await problemOf(t, documents.find(CLIENT, 'another person'))
  t.equal(hosts.asked.length, 1)
  clock.advance(SECOND)
  t.match(await documents.find(CLIENT, PERSON), { name: 'An Example' })
})

t.test('a person has ten client documents fetched in an hour, over all instances', async (t) => {
  const { clock, hosts, service, newInstance } = await startDocuments(t)
  hosts.json('/client.json', GOOD)
  for (let fetch = 0; fetch < 10; fetch++) await newInstance().find(CLIENT, PERSON)
  const documents = newInstance()
  const { type, extras } = await problemOf(t, documents.find(CLIENT, PERSON))
  t.equal(type.code, 'RATE_LIMITED')
  t.match(extras.headers, { 'retry-after': /^\d+$/ })
  t.equal(service.events('excess_rate_limit_exceeded').length, 1)
  t.equal(hosts.asked.length, 10)
  t.match(await documents.find(CLIENT, 'another person'), { name: 'An Example' })
  t.match(await documents.find(CLIENT, PERSON), {}, 'what is remembered costs none')
  clock.advance(HOUR)
  t.match(await newInstance().find(CLIENT, PERSON), {})
})

t.test('people who ask for a client document at once wait for one fetch', async (t) => {
  const { newInstance } = await startDocuments(t)
  const everyone = Array.from({ length: 20 }, (_, index) => `person ${index}`)
  let fetches = 0
  let counted = 0
  let answer: (value: unknown) => void = () => undefined
  const answered = new Promise((resolve) => (answer = resolve))
  const documents = newInstance({
    counter: {
      async add() {
        counted++
        // Those who are counted wait for the document before the next event comes.
        if (counted === everyone.length) setImmediate(answer)
        return 1
      },
    },
    fetcher: {
      async getJson() {
        fetches++
        await answered
        return { value: GOOD, cacheControl: undefined }
      },
    },
  })
  const found = await Promise.all(everyone.map((person) => documents.find(CLIENT, person)))
  t.equal(found.length, everyone.length)
  t.equal(fetches, 1)
})
